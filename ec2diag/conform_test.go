package ec2diag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

func TestReadOnly(t *testing.T) {
	diagtest.ReadOnly[ec2diag.NetworkAPI](t)
	diagtest.ReadOnly[ec2diag.VPCAttributeAPI](t)
}

func TestConformPath(t *testing.T) {
	broken := map[diag.Code]func(*ec2fake.Client){
		"ec2.security-group-blocks-ingress": func(c *ec2fake.Client) {
			group(c, ec2fake.TaskGroup).IpPermissions = []types.IpPermission{ec2fake.TCP(ec2fake.TaskPort, ec2fake.FromList(ec2fake.OfficeList))}
		},
		"ec2.security-group-blocks-egress": func(c *ec2fake.Client) {
			group(c, ec2fake.BalancerGroup).IpPermissionsEgress = []types.IpPermission{ec2fake.TCP(443, ec2fake.FromList(ec2fake.OfficeList))}
		},
	}
	healthy := func(c *ec2fake.Client) {}
	for _, check := range ec2diag.PathChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.Path]{
			Healthy: pathWorld(healthy, fromBalancer, toTasks, ec2fake.TaskPort),
			Broken:  pathWorld(broken[check.Code], fromBalancer, toTasks, ec2fake.TaskPort),
		})
	}
}
