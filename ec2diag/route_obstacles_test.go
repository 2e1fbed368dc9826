package ec2diag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// TestRoutes judges the way of tcp 443 from a task in a private subnet to somebody on the internet, or else.
func TestRoutes(t *testing.T) {
	task, face := ec2diag.InterfaceEnd(ec2fake.TaskA), ec2diag.InterfaceEnd(ec2fake.BalancerA)
	for _, test := range []struct {
		name     string
		change   func(*ec2fake.Client)
		from, to ec2diag.End
		want     []diag.Code
		at       string
	}{
		{"through a NAT gateway", nil, task, vendor, nil, ""},
		{"through an internet gateway", nil, face, vendor, nil, ""},
		{"from the internet to the balancer", nil, ec2diag.Internet(), fromBalancer, nil, ""},
		{"no route", func(c *ec2fake.Client) {
			table(c, ec2fake.PrivateTable).Routes = table(c, ec2fake.PrivateTable).Routes[:2]
		},
			task, vendor, []diag.Code{"ec2.route-missing"}, ec2fake.PrivateTable},
		{"falls back on the main table", func(c *ec2fake.Client) { table(c, ec2fake.PrivateTable).Associations = nil },
			task, vendor, []diag.Code{"ec2.route-missing"}, ec2fake.MainTable},
		{"the longest prefix wins", func(c *ec2fake.Client) {
			r := ec2fake.Route("192.0.2.0/24", "tgw-0gone")
			r.State = types.RouteStateBlackhole
			table(c, ec2fake.PrivateTable).Routes = append(table(c, ec2fake.PrivateTable).Routes, r)
		}, task, vendor, []diag.Code{"ec2.route-blackhole"}, ec2fake.PrivateTable},
		{"a longer prefix elsewhere does not", func(c *ec2fake.Client) {
			r := ec2fake.Route("192.0.3.0/24", "tgw-0gone")
			r.State = types.RouteStateBlackhole
			table(c, ec2fake.PrivateTable).Routes = append(table(c, ec2fake.PrivateTable).Routes, r)
		}, task, vendor, nil, ""},
		{"the NAT gateway failed", func(c *ec2fake.Client) { c.NATGateways[0].State = types.NatGatewayStateFailed },
			task, vendor, []diag.Code{"ec2.nat-gateway-unusable"}, ec2fake.NATGateway},
		{"a private NAT gateway",
			func(c *ec2fake.Client) { c.NATGateways[0].ConnectivityType = types.ConnectivityTypePrivate },
			task, vendor, []diag.Code{"ec2.nat-gateway-unusable"}, ec2fake.NATGateway},
		{"the NAT gateway sits in a private subnet",
			func(c *ec2fake.Client) { c.NATGateways[0].SubnetId = aws.String(ec2fake.PrivateB) },
			task, vendor, []diag.Code{"ec2.route-missing"}, ec2fake.PrivateTable},
		{"the public subnets lost their route", func(c *ec2fake.Client) {
			routeTo(c, ec2fake.PublicTable, "0.0.0.0/0").State = types.RouteStateBlackhole
		}, task, vendor, []diag.Code{"ec2.route-blackhole"}, ec2fake.PublicTable},
		{"nobody gets in through a NAT gateway", nil, ec2diag.Internet(), task, []diag.Code{"ec2.route-missing",
			blocksIngress}, ""},
		{"a public subnet without a public address", func(c *ec2fake.Client) { c.NetworkInterfaces[0].Association = nil },
			face, vendor, []diag.Code{"ec2.no-public-address"}, ec2fake.BalancerA},
		{"block public access", func(c *ec2fake.Client) { blockPublicAccess(c, types.BlockPublicAccessModeBlockIngress) },
			face, vendor, []diag.Code{"ec2.public-access-blocked"}, ec2fake.PublicA},
		{"block public access lets NAT gateways", func(c *ec2fake.Client) {
			blockPublicAccess(c,
				types.BlockPublicAccessModeBlockIngress)
		},
			task, vendor, nil, ""},
		{"the NAT gateway of an account that shares the subnet", func(c *ec2fake.Client) { c.NATGateways = nil },
			task, vendor, []diag.Code{"ec2.path-beyond-sight"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := diagtest.Run(t, path(edit(test.change), test.from, test.to, ec2diag.TCP, 443), ec2diag.PathChecks()...)
			diagtest.Want(t, report, test.want...)
			if test.at != "" {
				assert.Equal(t, test.at, report.Findings[0].Resource.ID)
			}
		})
	}
}

func TestIPv6Routes(t *testing.T) {
	world := func(change func(*ec2fake.Client)) *ec2fake.Client {
		c := edit(change)
		for i, n := range c.NetworkInterfaces {
			if *n.NetworkInterfaceId == ec2fake.TaskA {
				c.NetworkInterfaces[i].Ipv6Addresses = []types.NetworkInterfaceIpv6Address{
					{Ipv6Address: aws.String("2001:db8:1:10::20")},
				}
			}
		}
		return c
	}
	task := ec2diag.InterfaceEnd(ec2fake.TaskA)
	out := path(world(nil), task, ec2diag.InternetIPv6(), ec2diag.TCP, 443)
	diagtest.Want(t, diagtest.Run(t, out, ec2diag.PathChecks()...))
	in := path(world(nil), ec2diag.InternetIPv6(), task, ec2diag.TCP, 443)
	diagtest.Want(t, diagtest.Run(t, in, ec2diag.RouteMissing), "ec2.route-missing")
	lost := world(func(c *ec2fake.Client) {
		table(c, ec2fake.PrivateTable).Routes[3].State = types.RouteStateBlackhole
	})
	f := diagtest.Only(
		t,
		diagtest.Run(t, path(lost, task, ec2diag.InternetIPv6(), ec2diag.TCP, 443), ec2diag.PathChecks()...),
		"ec2.route-blackhole",
	)
	assert.Contains(t, f.NextSteps[len(f.NextSteps)-1].Command, "--destination-ipv6-cidr-block ::/0")
}

// TestSharedSubnet is that a subnet whose route table belongs to another account is unknown, not broken.
func TestSharedSubnet(t *testing.T) {
	c := edit(func(c *ec2fake.Client) { c.RouteTables, c.NetworkACLs = nil, nil })
	report := diagtest.Run(
		t,
		path(c, ec2diag.InterfaceEnd(ec2fake.TaskA), vendor, ec2diag.TCP, 443),
		ec2diag.PathChecks()...)
	assert.Empty(t, report.Findings)
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(report.Err()))
}

func TestNATGatewayDeleted(t *testing.T) {
	c := savedWorld(t, "nat-gateway-deleted-image-pull-timeout")
	tasks := ec2diag.EndIn(diag.ResourceOf("AWS::ECS::Service", "fleet-prod/console", ""), ec2diag.Location{
		Subnets: []string{"subnet-0a83994c358a15501", "subnet-0c693c3d0316cc232"}, Groups: []string{"sg-002eb5dc7e30b750a"},
	})
	report := diagtest.Run(t, path(c, tasks, ec2diag.Internet(), ec2diag.TCP, 443), ec2diag.PathChecks()...)
	f := diagtest.Only(t, report, "ec2.route-blackhole")
	assert.Equal(
		t,
		"route table rtb-00fda3a1e697ca269 sends 0.0.0.0/0 into a blackhole: nat-09e28978d987cadd8 is deleted, so tcp 443 "+
			"from service fleet-prod/console to internet cannot pass",
		f.Summary,
	)
	assert.Equal(t, "rtb-00fda3a1e697ca269", f.Resource.ID)
	assert.Equal(t, "2026-05-06T21:06:40Z", f.Since.Format("2006-01-02T15:04:05Z"))
	assert.Equal(t, "nat-09e28978d987cadd8", f.Related[2].Resource.ID)
	assert.Equal(
		t,
		"aws ec2 create-nat-gateway --subnet-id subnet-0258fa47f5c128715 --allocation-id eipalloc-09f896dcb50c012fb",
		f.NextSteps[1].Command,
	)
	assert.Equal(
		t,
		"aws ec2 replace-route --route-table-id rtb-00fda3a1e697ca269 --destination-cidr-block 0.0.0.0/0 "+
			"--nat-gateway-id <nat-id>",
		f.NextSteps[2].Command,
	)
	assert.Len(t, report.Findings, 1)
}

// TestRouteToStoppedInstance is a way through an instance that AWS shows as a blackhole, because it is stopped.
func TestRouteToStoppedInstance(t *testing.T) {
	c := edit(func(c *ec2fake.Client) {
		r := ec2fake.Route("192.0.2.0/24", "eni-0nat")
		r.State, r.InstanceId = types.RouteStateBlackhole, aws.String("i-0nat")
		table(c, ec2fake.PrivateTable).Routes = append(table(c, ec2fake.PrivateTable).Routes, r)
	})
	f := diagtest.Only(t, diagtest.Run(t, path(c, ec2diag.InterfaceEnd(ec2fake.TaskA), vendor, ec2diag.TCP, 443),
		ec2diag.PathChecks()...), "ec2.route-blackhole")
	assert.Contains(t, f.Summary, "into a blackhole: eni-0nat of instance i-0nat is gone or detached, or the instance is "+
		"stopped")
	assert.Equal(t, "aws ec2 start-instances --instance-ids i-0nat", f.NextSteps[1].Command)
	assert.True(t, f.NextSteps[1].Changes)
}
