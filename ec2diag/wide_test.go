package ec2diag_test

import (
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// standIn is a service whose tasks get interfaces in a public subnet.
func standIn(private bool) ec2diag.End {
	return ec2diag.EndIn(diag.ResourceOf("AWS::ECS::Service", "prod/web", ""), ec2diag.Location{
		Subnets: []string{ec2fake.PublicA}, Groups: []string{ec2fake.TaskGroup}, Private: private,
	})
}

// TestPublicSubnetWithoutPublicAddress is that tasks in a public subnet that are given no public address are told to
// have no way out, and that nothing is said of those that are, nor of ways within the VPC.
func TestPublicSubnetWithoutPublicAddress(t *testing.T) {
	run := func(from, to ec2diag.End, port int32) *diag.Report {
		return diagtest.Run(t, path(edit(nil), from, to, ec2diag.TCP, port), ec2diag.PathChecks()...)
	}
	f := diagtest.Only(t, run(standIn(true), ec2diag.Internet(), 443), "ec2.no-public-address")
	assert.Equal(t, "EC2::Subnet subnet-0a1pub", f.Resource.String())
	assert.Equal(t,
		"subnet-0a1pub gives what runs in it no public IPv4 address, without which igw-0a1 passes nothing on, so "+
			"tcp 443 from service prod/web to internet cannot pass", f.Summary)
	assert.Contains(t, f.NextSteps[0].Text, "assignPublicIp=ENABLED")
	assert.True(t, f.NextSteps[0].Changes)

	diagtest.Want(t, run(standIn(false), ec2diag.Internet(), 443))
	diagtest.Want(t, run(standIn(true), ec2diag.InterfaceEnd(ec2fake.Database), ec2fake.DatabasePort))
	diagtest.Want(t, run(standIn(true), ec2diag.InternetIPv6(), 443))
}

// TestEgressOfPublicSubnetWithoutPublicAddress asks the same of the services that a task needs.
func TestEgressOfPublicSubnetWithoutPublicAddress(t *testing.T) {
	c := edit(nil)
	e := ec2diag.NewEgress(ec2diag.NewNetwork(c, window), c, standIn(true), "eu-west-1", ec2diag.ECRAPI, ec2diag.Logs)
	report := diag.Run(t.Context(), e.Plan())
	assert.NoError(t, report.Err())
	diagtest.Want(t, report, "ec2.no-public-address")
}

// TestWidePrefixes judges prefixes that the routes tell apart: 172.16.0.0/12, of which only some VPCs are known.
func TestWidePrefixes(t *testing.T) {
	add := func(routes ...types.Route) func(*ec2fake.Client) {
		return func(c *ec2fake.Client) {
			private := table(c, ec2fake.PrivateTable)
			private.Routes = append(private.Routes[:2:2], routes...) // without a default route
		}
	}
	gone := ec2fake.Route("172.19.0.0/16", "pcx-0gone")
	gone.State = types.RouteStateBlackhole
	wide := ec2diag.CIDREnd(netip.MustParsePrefix("172.16.0.0/12"))
	for _, test := range []struct {
		name   string
		change func(*ec2fake.Client)
		want   []diag.Code
	}{
		{"a part has a route", add(ec2fake.Route("172.19.0.0/16", "tgw-0a1")), []diag.Code{"ec2.path-beyond-sight"}},
		{"a part leads nowhere", add(gone), []diag.Code{"ec2.route-blackhole", "ec2.route-missing"}},
		{"one part of two", add(gone, ec2fake.Route("172.18.0.0/16", "tgw-0a1")), []diag.Code{"ec2.path-beyond-sight"}},
		{"no part", add(), []diag.Code{"ec2.route-missing"}},
		{"a part blocked by its network ACL", func(c *ec2fake.Client) {
			add(ec2fake.Route("172.19.0.0/16", "tgw-0a1"))(c)
			c.NetworkACLs[0].Entries = append(c.NetworkACLs[0].Entries,
				ec2fake.ACLEntry(90, true, types.RuleActionDeny, "6", "172.19.0.0/16", 5432, 5432))
		}, []diag.Code{"ec2.path-beyond-sight"}},
		{"all of it blocked by its network ACL", func(c *ec2fake.Client) {
			add(ec2fake.Route("172.19.0.0/16", "tgw-0a1"))(c)
			c.NetworkACLs[0].Entries = append(c.NetworkACLs[0].Entries,
				ec2fake.ACLEntry(90, true, types.RuleActionDeny, "6", "172.16.0.0/12", 5432, 5432))
		}, []diag.Code{"ec2.network-acl-blocks", "ec2.path-beyond-sight"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := path(edit(test.change), ec2diag.InterfaceEnd(ec2fake.TaskA), wide, ec2diag.TCP, 5432)
			diagtest.Want(t, diagtest.Run(t, p, ec2diag.PathChecks()...), test.want...)
		})
	}
}

// TestEveryLayerIsNamed is that a path with a fault in each layer has a finding for each.
func TestEveryLayerIsNamed(t *testing.T) {
	c := edit(func(c *ec2fake.Client) {
		routeTo(c, ec2fake.PrivateTable, "0.0.0.0/0").State = types.RouteStateBlackhole
		group(c, ec2fake.TaskGroup).IpPermissionsEgress = nil
		c.NetworkACLs[0].Entries = append(c.NetworkACLs[0].Entries,
			ec2fake.ACLEntry(90, true, types.RuleActionDeny, "6", "192.0.2.0/24", 443, 443))
	})
	p := path(c, ec2diag.InterfaceEnd(ec2fake.TaskA), vendor, ec2diag.TCP, 443)
	diagtest.Want(t, diagtest.Run(t, p, ec2diag.PathChecks()...),
		"ec2.network-acl-blocks", "ec2.route-blackhole", "ec2.security-group-blocks-egress")
}
