package ec2diag_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// TestPasses is which traffic gets through all layers together.
func TestPasses(t *testing.T) {
	task := ec2diag.InterfaceEnd(ec2fake.TaskA)
	narrow := func(c *ec2fake.Client) { // the NAT gateway's subnet lets answers in to few ports, and to tcp alone
		splitACL(open(true), open(false))(c)
		c.NetworkACLs[0].Entries = []types.NetworkAclEntry{
			open(true),
			ec2fake.ACLEntry(10, false, allow, "-1", "10.0.0.0/16"),
			ec2fake.ACLEntry(20, false, allow, "6", "0.0.0.0/0", 60000, 65535),
		}
	}
	for _, test := range []struct {
		name     string
		change   func(*ec2fake.Client)
		from, to ec2diag.End
		want     []string
	}{
		{"one port", nil, fromBalancer, toTasks, []string{"tcp 8080"}},
		{"everything out", nil, task, vendor, []string{"all protocols"}},
		{"answers to the NAT gateway", narrow, task, vendor, []string{"tcp"}},
		{"two rules of two groups", wears(ec2fake.EndpointGroup), fromBalancer, task, []string{"tcp 443", "tcp 8080"}},
		{"a port of the list's office", nil, ec2diag.CIDREnd(netip.MustParsePrefix("198.51.100.7/32")), fromBalancer,
			[]string{"tcp 443"}},
		{"nothing", isolated(), task, vendor, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			traffic, err := path(edit(test.change), test.from, test.to, ec2diag.TCP, 1).Passes(t.Context())
			require.NoError(t, err)
			var got []string
			for _, x := range traffic {
				got = append(got, x.String())
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// TestManyTargets is that more targets than a filter takes are asked for in parts, and each only once.
func TestManyTargets(t *testing.T) {
	c := edit(nil)
	at := ec2diag.Location{VPC: ec2fake.VPC}
	for i := range 450 {
		at.Addresses = append(
			at.Addresses,
			netip.AddrFrom4([4]byte{10, 0, 20, byte(i)}),
			netip.AddrFrom4([4]byte{10, 0, 21, byte(i)}),
		)
	}
	interfaces, err := ec2diag.NewNetwork(c, window).Locate(t.Context(), at)
	require.NoError(t, err)
	assert.Len(t, interfaces, 512, "addresses without an interface lie outside, each once")
	assert.Len(t, c.Calls(), 5)
}

func TestPathSurvey(t *testing.T) {
	links := func(from, to ec2diag.End) map[[2]string]string {
		p := path(edit(nil), from, to, ec2diag.TCP, 8080)
		report := diag.Run(t.Context(), diag.Observe(p, ec2diag.PathSurvey))
		require.NoError(t, report.Err())
		roles := map[[2]string]string{}
		for _, l := range report.Links {
			roles[[2]string{l.From.ID, l.To.ID}] = l.Role
		}
		return roles
	}
	roles := links(fromBalancer, toTasks)
	for _, group := range []string{ec2fake.BalancerGroup, ec2fake.TaskGroup} {
		assert.Equal(t, "guarded by", roles[[2]string{"web", group}])
		assert.Equal(t, "guarded by", roles[[2]string{"web-tasks", group}], "targets are judged from the load balancer")
	}
	assert.Equal(t, "routed by", roles[[2]string{ec2fake.PrivateA, ec2fake.PrivateTable}])
	assert.Equal(t, "filtered by", roles[[2]string{ec2fake.PrivateA, ec2fake.ACL}])
	assert.Equal(t, "routes to", roles[[2]string{ec2fake.PrivateTable, ec2fake.NATGateway}])

	roles = links(ec2diag.InterfaceEnd(ec2fake.TaskA), ec2diag.InterfaceEnd(ec2fake.Database))
	assert.Equal(
		t,
		"guarded by",
		roles[[2]string{ec2fake.TaskA, ec2fake.DatabaseGroup}],
		"the caller depends on the whole way",
	)
	assert.Empty(t, roles[[2]string{ec2fake.Database, ec2fake.TaskGroup}], "a database does without its callers")
}

// TestErrorsAreToldOnce is that a fact which many pairs share fails with one line.
func TestErrorsAreToldOnce(t *testing.T) {
	c := edit(nil)
	c.Deny("ec2:DescribeRouteTables")
	_, err := ec2diag.RouteMissing.Run(t.Context(), path(c, fromBalancer, toTasks, ec2diag.TCP, 8080))
	assert.Equal(t, diag.KindDenied, diag.KindOf(err))
	assert.Equal(t, 1, strings.Count(err.Error(), "describing the route tables"))
}

// TestDatabaseConnectivity are the questions of the runbook AWSSupport-ConnectivityToRDS: an instance to a database.
func TestDatabaseConnectivity(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*ec2fake.Client)
		from   ec2diag.End
		want   []diag.Code
	}{
		{"connects", nil, ec2diag.InstanceEnd(ec2fake.InstanceA), nil},
		{"from another subnet", nil, ec2diag.InterfaceEnd(ec2fake.TaskB), nil},
		{"security group of the database", func(c *ec2fake.Client) { group(c, ec2fake.DatabaseGroup).IpPermissions = nil },
			ec2diag.InstanceEnd(ec2fake.InstanceA), []diag.Code{blocksIngress}},
		{"security group of the instance", func(c *ec2fake.Client) { group(c, ec2fake.TaskGroup).IpPermissionsEgress = nil },
			ec2diag.InstanceEnd(ec2fake.InstanceA), []diag.Code{blocksEgress}},
		{"network ACL of the database's subnet, in and out", func(c *ec2fake.Client) {
			acl := &c.NetworkACLs[0]
			other := types.NetworkAcl{NetworkAclId: aws.String("acl-0db"), VpcId: aws.String(ec2fake.VPC),
				Associations: acl.Associations[2:3]}
			acl.Associations = append(acl.Associations[:2:2], acl.Associations[3])
			c.NetworkACLs = append(c.NetworkACLs, other)
		}, ec2diag.InterfaceEnd(ec2fake.TaskB), []diag.Code{aclBlocks, aclBlocks}},
		{"a more specific route into a blackhole", func(c *ec2fake.Client) {
			r := ec2fake.Route("10.0.10.0/24", "eni-0appliance")
			r.State = types.RouteStateBlackhole
			moved := types.RouteTable{RouteTableId: aws.String("rtb-0b"), VpcId: aws.String(ec2fake.VPC),
				Routes:       append([]types.Route{r}, table(c, ec2fake.PrivateTable).Routes...),
				Associations: []types.RouteTableAssociation{{SubnetId: aws.String(ec2fake.PrivateB)}}}
			t := table(c, ec2fake.PrivateTable)
			t.Associations = t.Associations[:1]
			c.RouteTables = append(c.RouteTables, moved)
		}, ec2diag.InterfaceEnd(ec2fake.TaskB), []diag.Code{"ec2.route-blackhole"}},
		{"from the internet", nil, ec2diag.Internet(), []diag.Code{blocksIngress, "ec2.route-missing"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := path(edit(test.change), test.from, ec2diag.InterfaceEnd(ec2fake.Database), ec2diag.TCP, ec2fake.DatabasePort)
			diagtest.Want(t, diagtest.Run(t, p, ec2diag.PathChecks()...), test.want...)
		})
	}
}
