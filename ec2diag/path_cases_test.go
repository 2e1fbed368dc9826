package ec2diag_test

import (
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// pathCase is a path through the healthy world, changed, and the findings it has; none means reachable.
type pathCase struct {
	name     string
	change   func(*ec2fake.Client)
	from, to ec2diag.End
	protocol ec2diag.Protocol
	port     int32
	want     []diag.Code
}

func runCases(t *testing.T, cases []pathCase) {
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			p := path(edit(test.change), test.from, test.to, test.protocol, test.port)
			diagtest.Want(t, diagtest.Run(t, p, ec2diag.PathChecks()...), test.want...)
		})
	}
}

func admit(id string, rules ...types.IpPermission) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) { group(c, id).IpPermissions = rules }
}

func denies(number int32, egress bool, protocol, cidr string, ports ...int32) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		c.NetworkACLs[0].Entries = append(c.NetworkACLs[0].Entries,
			ec2fake.ACLEntry(number, egress, types.RuleActionDeny, protocol, cidr, ports...))
	}
}

func changes(list ...func(*ec2fake.Client)) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		for _, change := range list {
			change(c)
		}
	}
}

// TestReachMatrix is the acceptance matrix of luhring/reach: instances of one subnet, references between security
// groups, tightened network ACLs, ESP and UDP.
func TestReachMatrix(t *testing.T) {
	a, b := ec2diag.InterfaceEnd(ec2fake.TaskA), ec2diag.InterfaceEnd(ec2fake.TaskB)
	database := ec2diag.InterfaceEnd(ec2fake.Database) // in the subnet of a, behind another security group
	const acl, in, out = diag.Code("ec2.network-acl-blocks"), blocksIngress, diag.Code("ec2.security-group-blocks-egress")
	runCases(t, []pathCase{
		{"same subnet, nothing admitted", admit(ec2fake.DatabaseGroup), a, database, ec2diag.TCP, 5432, []diag.Code{in}},
		{"same subnet, reference to the group", nil, a, database, ec2diag.TCP, 5432, nil},
		{"same subnet, address", admit(ec2fake.DatabaseGroup, ec2fake.TCP(5432, ec2fake.FromCIDR("10.0.10.20/32"))), a,
			database,
			ec2diag.TCP, 5432, nil},
		{"same subnet, another address", admit(ec2fake.DatabaseGroup, ec2fake.TCP(5432, ec2fake.FromCIDR("10.0.10.21/32"))),
			a,
			database, ec2diag.TCP, 5432, []diag.Code{in}},
		{"same subnet, its network ACL does not matter", denies(1, true, "-1", "0.0.0.0/0"), a, database, ec2diag.TCP, 5432,
			nil},
		{"same subnet, no way out", func(c *ec2fake.Client) { group(c, ec2fake.TaskGroup).IpPermissionsEgress = nil }, a,
			database,
			ec2diag.TCP, 5432, []diag.Code{out}},
		{"other subnet, the group itself", admit(ec2fake.TaskGroup, ec2fake.TCP(80, ec2fake.FromGroup(ec2fake.TaskGroup))), a,
			b,
			ec2diag.TCP, 80, nil},
		{"other subnet, another group", admit(ec2fake.TaskGroup, ec2fake.TCP(80, ec2fake.FromGroup(ec2fake.BalancerGroup))),
			a, b,
			ec2diag.TCP, 80, []diag.Code{in}},
		{"other subnet, another port", admit(ec2fake.TaskGroup, ec2fake.TCP(81, ec2fake.FromGroup(ec2fake.TaskGroup))), a, b,
			ec2diag.TCP, 80, []diag.Code{in}},
		{"tightened: the port on the way in",
			changes(admit(ec2fake.TaskGroup, ec2fake.TCP(80, ec2fake.FromGroup(ec2fake.TaskGroup))),
				denies(90, false, "6", "10.0.10.0/24", 80, 80)), a, b, ec2diag.TCP, 80, []diag.Code{acl}},
		{"tightened: the port on the way out",
			changes(admit(ec2fake.TaskGroup, ec2fake.TCP(80, ec2fake.FromGroup(ec2fake.TaskGroup))),
				denies(90, true, "6", "10.0.11.0/24", 80, 80)), a, b, ec2diag.TCP, 80, []diag.Code{acl}},
		{"tightened: the answers", changes(admit(ec2fake.TaskGroup, ec2fake.TCP(80, ec2fake.FromGroup(ec2fake.TaskGroup))),
			denies(90, false, "6", "10.0.11.0/24", 1024, 65535)), a, b, ec2diag.TCP, 80, []diag.Code{acl}},
		{"tightened: another protocol",
			changes(admit(ec2fake.TaskGroup, ec2fake.TCP(80, ec2fake.FromGroup(ec2fake.TaskGroup))),
				denies(90, false, "17", "0.0.0.0/0", 1, 65535)), a, b, ec2diag.TCP, 80, nil},
		{"UDP", admit(ec2fake.TaskGroup, ec2fake.Permission("udp", 53, 53, ec2fake.FromGroup(ec2fake.TaskGroup))), a, b,
			ec2diag.UDP,
			53, nil},
		{"UDP where TCP is admitted", admit(ec2fake.TaskGroup, ec2fake.TCP(53, ec2fake.FromGroup(ec2fake.TaskGroup))), a, b,
			ec2diag.UDP, 53, []diag.Code{in}},
		{"UDP, the answers",
			changes(admit(ec2fake.TaskGroup, ec2fake.Permission("udp", 53, 53, ec2fake.FromGroup(ec2fake.TaskGroup))),
				denies(90, true, "17", "10.0.10.0/24", 1024, 65535)), a, b, ec2diag.UDP, 53, []diag.Code{acl}},
		{"ESP", admit(ec2fake.TaskGroup, ec2fake.Permission("50", -1, -1, ec2fake.FromGroup(ec2fake.TaskGroup))), a, b, 50, 0,
			nil},
		{"ESP where all TCP is admitted", admit(ec2fake.TaskGroup, ec2fake.Permission("tcp", 0, 65535,
			ec2fake.FromGroup(ec2fake.TaskGroup))), a, b, 50, 0, []diag.Code{in}},
		{"ESP, network ACL",
			changes(admit(ec2fake.TaskGroup, ec2fake.Permission("-1", -1, -1, ec2fake.FromGroup(ec2fake.TaskGroup))),
				denies(90, false, "50", "10.0.10.0/24")), a, b, 50, 0, []diag.Code{acl}},
	})
}

// TestConnectivityToRDS takes the three evaluations of the runbook AWSSupport-ConnectivityToRDS,
// SecurityGroupEvaluation, NetworkAclEvaluation and RouteTableEvaluation, each sound and broken, and all broken at
// once.
func TestConnectivityToRDS(t *testing.T) {
	host, database := ec2diag.InstanceEnd(ec2fake.InstanceA), ec2diag.InterfaceEnd(ec2fake.Database)
	elsewhere := func(c *ec2fake.Client) { // the database sits in the other zone, as a failover leaves it
		for i := range c.NetworkInterfaces {
			if *c.NetworkInterfaces[i].NetworkInterfaceId == ec2fake.Database {
				c.NetworkInterfaces[i].SubnetId = aws.String(ec2fake.PrivateB)
			}
		}
	}
	noEgress := func(c *ec2fake.Client) { group(c, ec2fake.TaskGroup).IpPermissionsEgress = nil }
	noLocal := func(c *ec2fake.Client) { table(c, ec2fake.PrivateTable).Routes = nil }
	onMain := func(c *ec2fake.Client) { table(c, ec2fake.PrivateTable).Associations = nil }
	const acl = diag.Code("ec2.network-acl-blocks")
	runCases(t, []pathCase{
		{"reachable", nil, host, database, ec2diag.TCP, 5432, nil},
		{"reachable in another zone", elsewhere, host, database, ec2diag.TCP, 5432, nil},
		{"main route table", changes(elsewhere, onMain), host, database, ec2diag.TCP, 5432, nil},
		{"security group of the database", admit(ec2fake.DatabaseGroup), host, database, ec2diag.TCP, 5432,
			[]diag.Code{blocksIngress}},
		{"security group of the instance", noEgress, host, database, ec2diag.TCP, 5432,
			[]diag.Code{"ec2.security-group-blocks-egress"}},
		{"network ACL, out of the instance", changes(elsewhere, denies(1, true, "6", "10.0.11.0/24", 5432, 5432)), host,
			database,
			ec2diag.TCP, 5432, nil}, // the database keeps its address: 10.0.10.30
		{"network ACL, the port", changes(elsewhere, denies(1, true, "6", "10.0.10.30/32", 5432, 5432)), host, database,
			ec2diag.TCP,
			5432, []diag.Code{acl}},
		{"network ACL, the answers", changes(elsewhere, denies(1, true, "6", "10.0.10.40/32", 1024, 65535)), host, database,
			ec2diag.TCP, 5432, []diag.Code{acl}},
		{"route table, there and back", changes(elsewhere, noLocal), host, database, ec2diag.TCP, 5432,
			[]diag.Code{"ec2.route-missing", "ec2.route-missing"}},
		{"all of it", changes(elsewhere, noLocal, noEgress, admit(ec2fake.DatabaseGroup),
			denies(1, true, "6", "0.0.0.0/0", 5432, 5432)),
			host, database, ec2diag.TCP, 5432,
			[]diag.Code{acl, "ec2.route-missing", "ec2.route-missing", "ec2.security-group-blocks-egress", blocksIngress}},
	})
}

// TestSharedSubnetIsNotJudged is that a subnet whose owner shares it, so that its route table cannot be seen, is
// neither called broken nor fine, and that an endpoint with a closed security group or without private DNS is found.
func TestSharedSubnetIsNotJudged(t *testing.T) {
	run := func(change func(*ec2fake.Client)) *diag.Report {
		c := edit(change)
		e := ec2diag.NewEgress(ec2diag.NewNetwork(c, window), c, ec2diag.SubnetEnd(ec2fake.PrivateA, ec2fake.TaskGroup),
			"eu-west-1",
			ec2diag.SSM)
		return diag.Run(t.Context(), e.Plan())
	}
	shared := run(func(c *ec2fake.Client) { c.RouteTables, c.NetworkACLs = nil, nil })
	assert.Empty(t, shared.Findings, "not seen is not broken")
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(shared.Err()), "nor fine")

	endpoint := func(privateDNS bool, groups ...string) func(*ec2fake.Client) {
		return func(c *ec2fake.Client) {
			x := types.VpcEndpoint{VpcEndpointId: aws.String("vpce-0ssm"), VpcId: aws.String(ec2fake.VPC), State: "available",
				ServiceName: aws.String("com.amazonaws.eu-west-1.ssm"), VpcEndpointType: types.VpcEndpointTypeInterface,
				PrivateDnsEnabled: aws.Bool(privateDNS), SubnetIds: []string{ec2fake.PrivateA}}
			for _, g := range groups {
				x.Groups = append(x.Groups, types.SecurityGroupIdentifier{GroupId: aws.String(g)})
			}
			c.VPCEndpoints = append(c.VPCEndpoints, x)
			table(c, ec2fake.PrivateTable).Routes = table(c, ec2fake.PrivateTable).Routes[:2]
		}
	}
	diagtest.Want(t, run(endpoint(true, ec2fake.EndpointGroup)))
	diagtest.Want(t, run(endpoint(true, ec2fake.DatabaseGroup)), blocksIngress)
	diagtest.Want(t, run(endpoint(false, ec2fake.EndpointGroup)), "ec2.endpoint-private-dns-off")
}

// TestAnswersThroughNetworkACL is that an egress rule of the destination's network ACL which allows the answers is
// enough, whatever stands after it.
func TestAnswersThroughNetworkACL(t *testing.T) {
	p := path(edit(func(c *ec2fake.Client) {
		c.NetworkACLs[0].Entries = []types.NetworkAclEntry{
			ec2fake.ACLEntry(100, true, types.RuleActionAllow, "-1", "0.0.0.0/0"),
			ec2fake.ACLEntry(100, false, types.RuleActionAllow, "-1", "0.0.0.0/0"),
			ec2fake.ACLEntry(200, true, types.RuleActionDeny, "-1", "0.0.0.0/0"),
			ec2fake.ACLEntry(200, false, types.RuleActionDeny, "-1", "0.0.0.0/0"),
		}
	}), fromBalancer, toTasks, ec2diag.TCP, ec2fake.TaskPort)
	diagtest.Want(t, diagtest.Run(t, p, ec2diag.PathChecks()...))
}

// TestTargetsByAddress is that targets by address, such as all tasks of Fargate, are judged, and that IPv6 is.
func TestTargetsByAddress(t *testing.T) {
	six := func(rules ...types.IpPermission) func(*ec2fake.Client) {
		return func(c *ec2fake.Client) {
			for i := range c.NetworkInterfaces {
				switch *c.NetworkInterfaces[i].NetworkInterfaceId {
				case ec2fake.BalancerA:
					c.NetworkInterfaces[i].Ipv6Addresses = []types.NetworkInterfaceIpv6Address{{Ipv6Address: aws.String("2001:db8:1::10")}}
				case ec2fake.TaskA:
					c.NetworkInterfaces[i].Ipv6Addresses = []types.NetworkInterfaceIpv6Address{{Ipv6Address: aws.String("2001:db8:1:10::20")}}
				}
			}
			group(c, ec2fake.TaskGroup).IpPermissions = rules
		}
	}
	address := func(text string) ec2diag.End {
		return ec2diag.EndIn(targetGroup, ec2diag.Location{VPC: ec2fake.VPC,
			Addresses: []netip.Addr{netip.MustParseAddr(text)}})
	}
	const port = ec2fake.TaskPort
	runCases(t, []pathCase{
		{"an address", nil, fromBalancer, address("10.0.10.20"), ec2diag.TCP, port, nil},
		{"an address, not admitted", admit(ec2fake.TaskGroup), fromBalancer, address("10.0.10.20"), ec2diag.TCP, port,
			[]diag.Code{blocksIngress}},
		{"IPv6", six(ec2fake.TCP(port, ec2fake.FromCIDR("2001:db8:1::/56"))), ec2diag.InterfaceEnd(ec2fake.BalancerA),
			address("2001:db8:1:10::20"), ec2diag.TCP, port, nil},
		{"IPv6, only IPv4 admitted", six(ec2fake.TCP(port, ec2fake.FromCIDR("10.0.0.0/16"))),
			ec2diag.InterfaceEnd(ec2fake.BalancerA),
			address("2001:db8:1:10::20"), ec2diag.TCP, port, []diag.Code{blocksIngress}},
	})
}
