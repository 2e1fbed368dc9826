package ec2diag_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
)

func TestTaskIngressRuleRevoked(t *testing.T) {
	c := savedWorld(t, "task-ingress-rule-revoked")
	from := ec2diag.EndIn(balancer, ec2diag.Location{
		VPC: "vpc-0be30cb8fe3879dad", LoadBalancer: "app/booking-public/4dcc7457ecbbf4d5",
		Subnets: []string{"subnet-0ea454c63f7c1dedb", "subnet-0eb4a83505863ebbe"}, Groups: []string{"sg-0c460ce4fe23fe629"},
	})
	targets := func(addresses ...string) ec2diag.End {
		at := ec2diag.Location{VPC: "vpc-0be30cb8fe3879dad"}
		for _, a := range addresses {
			at.Addresses = append(at.Addresses, netip.MustParseAddr(a))
		}
		return ec2diag.EndIn(targetGroup, at)
	}
	report := diagtest.Run(
		t,
		path(c, from, targets("172.20.33.144", "172.20.39.130"), ec2diag.TCP, 5000),
		ec2diag.PathChecks()...)
	diagtest.Want(t, report, "ec2.security-group-blocks-ingress")
	f := diagtest.Only(t, report, "ec2.security-group-blocks-ingress")
	assert.Equal(t, "sg-0a7e19e3f5065562a", f.Resource.ID)
	assert.Equal(t, "905811346720", f.Resource.Account)
	assert.Contains(t, f.Summary, "no ingress rule at all")
	assert.Contains(
		t,
		f.NextSteps[1].Command,
		"--group-id sg-0a7e19e3f5065562a --ip-permissions 'IpProtocol=tcp,FromPort=5000,"+
			"ToPort=5000,UserIdGroupPairs=[{GroupId=sg-0c460ce4fe23fe629}]'",
	)

	diagtest.Want(
		t,
		diagtest.Run(t, path(c, from, targets("172.20.32.111", "172.20.38.16"), ec2diag.TCP, 9090), ec2diag.PathChecks()...),
	)
}
