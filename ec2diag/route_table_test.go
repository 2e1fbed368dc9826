package ec2diag

import (
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

func TestLookup(t *testing.T) {
	listed := ec2fake.RouteTo("tgw-0")
	listed.DestinationPrefixListId = aws.String("pl-0")
	table := newRouteTable(types.RouteTable{Routes: []types.Route{
		listed, ec2fake.Route("10.0.0.0/16", "local"), ec2fake.Route("0.0.0.0/0", "nat-0"), ec2fake.Route("192.0.2.0/24",
			"pcx-0"),
		ec2fake.Route("203.0.113.0/24", "vgw-0"), ec2fake.RouteIPv6("::/0", "eigw-0"),
	}})
	lists := map[string]prefixes{
		"pl-0": {netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("203.0.113.128/25")},
	}
	for _, test := range []struct{ name, to, want string }{
		{"in the VPC", "10.0.1.1/32", "local"},
		{"everything else", "8.8.8.8/32", "nat-0"},
		{"a written route before one of a list", "192.0.2.7/32", "pcx-0"},
		{"a longer one of a list before a written one", "203.0.113.200/32", "tgw-0"},
		{"the shorter one where the list ends", "203.0.113.5/32", "vgw-0"},
		{"a route that holds only a part of the prefix does not decide for it", "192.0.2.0/23", "nat-0"},
		{"all of IPv4", "0.0.0.0/0", "nat-0"},
		{"IPv6", "2001:db8::1/128", "eigw-0"},
	} {
		r, ok := table.lookup(netip.MustParsePrefix(test.to), lists)
		assert.True(t, ok, test.name)
		assert.Equal(t, test.want, r.target, test.name)
	}
	_, ok := newRouteTable(
		types.RouteTable{Routes: []types.Route{ec2fake.Route("10.0.0.0/16", "local")}},
	).lookup(
		anyIPv4,
		nil,
	)
	assert.False(t, ok)
}

// TestEveryRouteTarget is that each member of a route that can name a target is read.
func TestEveryRouteTarget(t *testing.T) {
	id := aws.String("x-0")
	for name, r := range map[string]types.Route{
		"carrier gateway": {CarrierGatewayId: id}, "core network": {CoreNetworkArn: id},
		"egress-only": {EgressOnlyInternetGatewayId: id},
		"gateway":     {GatewayId: id}, "instance": {InstanceId: id}, "local gateway": {LocalGatewayId: id},
		"NAT gateway": {NatGatewayId: id},
		"interface":   {NetworkInterfaceId: id}, "Oracle Database": {OdbNetworkArn: id},
		"transit gateway": {TransitGatewayId: id},
		"peering":         {VpcPeeringConnectionId: id},
	} {
		assert.Equal(t, "x-0", routeTarget(r), name)
	}
}

// TestStates is that every value the SDK knows is one that somebody thought of.
func TestStates(t *testing.T) {
	assert.Len(t, types.RouteState("").Values(), 3, "active, blackhole, filtered")
	assert.Len(t, types.NatGatewayState("").Values(), 5, "only available passes")
	assert.Len(t, types.BlockPublicAccessMode("").Values(), 3, "off and two that block")
	assert.Len(t, types.InstanceStateName("").Values(), 6, "pending and running are not down")
	assert.Len(t, types.SummaryStatus("").Values(), 5, "only impaired is a failure")
	assert.Len(t, types.EventCode("").Values(), 5)
}
