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

func TestConformGroups(t *testing.T) {
	for check, broken := range map[*diag.Check[*ec2diag.Path]]func(*ec2fake.Client){
		ec2diag.SecurityGroupBlocksIngress: func(c *ec2fake.Client) {
			group(c, ec2fake.TaskGroup).IpPermissions = []types.IpPermission{ec2fake.TCP(ec2fake.TaskPort, ec2fake.FromList(ec2fake.OfficeList))}
		},
		ec2diag.SecurityGroupBlocksEgress: func(c *ec2fake.Client) {
			group(c, ec2fake.BalancerGroup).IpPermissionsEgress = []types.IpPermission{ec2fake.TCP(443, ec2fake.FromList(ec2fake.OfficeList))}
		},
	} {
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.Path]{
			Healthy: pathWorld(nil, fromBalancer, toTasks, ec2fake.TaskPort), Broken: pathWorld(broken, fromBalancer, toTasks, ec2fake.TaskPort),
		})
	}
}

// TestConformNetwork takes the way out, through the internet gateway and the NAT gateway both.
func TestConformNetwork(t *testing.T) {
	out := ec2diag.EndIn(balancer, ec2diag.Location{Interfaces: []string{ec2fake.BalancerA, ec2fake.TaskA}})
	for check, broken := range map[*diag.Check[*ec2diag.Path]]func(*ec2fake.Client){
		ec2diag.NetworkACLBlocks: func(c *ec2fake.Client) {
			c.NetworkACLs[0].Entries = append(c.NetworkACLs[0].Entries, ec2fake.ACLEntry(90, false, types.RuleActionDeny, "6", "192.0.2.0/24", 1024, 65535))
		},
		ec2diag.RouteMissing: func(c *ec2fake.Client) { table(c, ec2fake.PrivateTable).Routes = nil },
		ec2diag.RouteBlackhole: func(c *ec2fake.Client) {
			routeTo(c, ec2fake.PrivateTable, "0.0.0.0/0").State = types.RouteStateBlackhole
			c.NATGateways[0].State = types.NatGatewayStateDeleted
		},
		ec2diag.NATGatewayUnusable:  func(c *ec2fake.Client) { c.NATGateways[0].State = types.NatGatewayStateFailed },
		ec2diag.NoPublicAddress:     func(c *ec2fake.Client) { c.NetworkInterfaces[0].Association = nil },
		ec2diag.PublicAccessBlocked: func(c *ec2fake.Client) { blockPublicAccess(c, types.BlockPublicAccessModeBlockBidirectional) },
	} {
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.Path]{
			Healthy: pathWorld(nil, out, vendor, 443), Broken: pathWorld(broken, out, vendor, 443),
		})
	}
}
