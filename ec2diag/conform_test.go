package ec2diag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

func TestReadOnly(t *testing.T) {
	diagtest.ReadOnly[ec2diag.NetworkAPI](t)
	diagtest.ReadOnly[ec2diag.VPCAttributeAPI](t)
	diagtest.ReadOnly[ec2diag.ResolverAPI](t)
}

func TestConformGroups(t *testing.T) {
	for check, broken := range map[*diag.Check[*ec2diag.Path]]func(*ec2fake.Client){
		ec2diag.SecurityGroupBlocksIngress: func(c *ec2fake.Client) {
			group(c, ec2fake.TaskGroup).IpPermissions = []types.IpPermission{ec2fake.TCP(ec2fake.TaskPort,
				ec2fake.FromList(ec2fake.OfficeList))}
		},
		ec2diag.SecurityGroupBlocksEgress: func(c *ec2fake.Client) {
			group(c, ec2fake.BalancerGroup).IpPermissionsEgress = []types.IpPermission{ec2fake.TCP(443,
				ec2fake.FromList(ec2fake.OfficeList))}
		},
	} {
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.Path]{
			Healthy: pathWorld(
				nil,
				fromBalancer,
				toTasks,
				ec2fake.TaskPort,
			), Broken: pathWorld(broken, fromBalancer, toTasks, ec2fake.TaskPort),
		})
	}
}

// TestConformNetwork takes the way out, through the internet gateway and the NAT gateway both.
func TestConformNetwork(t *testing.T) {
	out := ec2diag.EndIn(balancer, ec2diag.Location{Interfaces: []string{ec2fake.BalancerA, ec2fake.TaskA}})
	for check, broken := range map[*diag.Check[*ec2diag.Path]]func(*ec2fake.Client){
		ec2diag.NetworkACLBlocks: func(c *ec2fake.Client) {
			c.NetworkACLs[0].Entries = append(c.NetworkACLs[0].Entries, ec2fake.ACLEntry(90, false, types.RuleActionDeny, "6",
				"192.0.2.0/24", 1024, 65535))
		},
		ec2diag.PathBeyondSight: func(c *ec2fake.Client) {
			table(c, ec2fake.PrivateTable).Routes = append(table(c, ec2fake.PrivateTable).Routes, ec2fake.Route("192.0.2.0/24",
				"tgw-0a1"))
		},
		ec2diag.RouteMissing: func(c *ec2fake.Client) { table(c, ec2fake.PrivateTable).Routes = nil },
		ec2diag.RouteBlackhole: func(c *ec2fake.Client) {
			routeTo(c, ec2fake.PrivateTable, "0.0.0.0/0").State = types.RouteStateBlackhole
			c.NATGateways[0].State = types.NatGatewayStateDeleted
		},
		ec2diag.NATGatewayUnusable: func(c *ec2fake.Client) { c.NATGateways[0].State = types.NatGatewayStateFailed },
		ec2diag.NoPublicAddress:    func(c *ec2fake.Client) { c.NetworkInterfaces[0].Association = nil },
		ec2diag.PublicAccessBlocked: func(c *ec2fake.Client) {
			blockPublicAccess(c,
				types.BlockPublicAccessModeBlockBidirectional)
		},
	} {
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.Path]{
			Healthy: pathWorld(nil, out, vendor, 443), Broken: pathWorld(broken, out, vendor, 443),
		})
	}
}

func TestConformSubnet(t *testing.T) {
	world := func(free *int32) diagtest.World[*ec2diag.Subnet] {
		return func() (*ec2diag.Subnet, []diagfake.Fake) {
			c := edit(func(c *ec2fake.Client) { c.Subnets[2].AvailableIpAddressCount = free })
			return ec2diag.NewSubnet(ec2diag.NewNetwork(c, window), ec2fake.PrivateA), []diagfake.Fake{c}
		}
	}
	for _, check := range ec2diag.SubnetChecks() {
		diagtest.Conform(
			t,
			check,
			diagtest.Worlds[*ec2diag.Subnet]{Healthy: world(aws.Int32(8)), Broken: world(aws.Int32(0))},
		)
	}
	few, _ := world(aws.Int32(7))()
	f := diagtest.Only(t, diagtest.Run(t, few, ec2diag.SubnetOutOfAddresses), "ec2.subnet-out-of-addresses")
	assert.Equal(t, diag.SeverityWarning, f.Severity)
	assert.Equal(t, "subnet-0a1priv (10.0.10.0/24) has 7 free addresses of 251", f.Summary)
}

// TestCatalogue is that every check has a code of its own and says what it must.
func TestCatalogue(t *testing.T) {
	var infos []diag.Info
	for _, c := range ec2diag.PathChecks() {
		infos = append(infos, c.Info)
	}
	for _, c := range ec2diag.EgressChecks() {
		infos = append(infos, c.Info)
	}
	for _, c := range ec2diag.InstanceChecks() {
		infos = append(infos, c.Info)
	}
	for _, c := range ec2diag.SubnetChecks() {
		infos = append(infos, c.Info)
	}
	assert.NoError(t, diag.Validate(infos...))
	for _, c := range ec2diag.PathChecks() {
		if c.Severity == diag.SeverityError {
			assert.NotEmpty(t, ec2diag.ReachabilityCode(c.Code), c.Code)
		}
	}
}
