package ec2diag

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// routeTable is a route table with its routes taken apart.
type routeTable struct {
	id, vpc, owner string
	main           bool
	subnets        []string
	routes         []route
}

// resource names the table in the account that owns it.
func (t *routeTable) resource() diag.Resource { return resource(typeRouteTable, t.id).In(t.owner, "") }

// route leads what is sent to a prefix, or to the entries of a prefix list, to a target.
type route struct {
	index     int // in the answer of the call
	prefix    netip.Prefix
	list      string
	target    string // "local", "nat-…", "igw-…", "eni-…" and so on
	instance  string // that the target belongs to, where it is a network interface of one
	blackhole bool
}

func newRouteTable(t types.RouteTable) *routeTable {
	table := &routeTable{id: aws.ToString(t.RouteTableId), vpc: aws.ToString(t.VpcId), owner: aws.ToString(t.OwnerId)}
	for _, a := range t.Associations {
		table.main = table.main || aws.ToBool(a.Main)
		if a.SubnetId != nil {
			table.subnets = append(table.subnets, *a.SubnetId)
		}
	}
	for i, r := range t.Routes {
		prefix, err := netip.ParsePrefix(
			cmp.Or(aws.ToString(r.DestinationCidrBlock), aws.ToString(r.DestinationIpv6CidrBlock)),
		)
		if err != nil && r.DestinationPrefixListId == nil {
			continue
		}
		table.routes = append(table.routes, route{
			index: i, prefix: prefix.Masked(), list: aws.ToString(r.DestinationPrefixListId), target: routeTarget(r),
			instance: aws.ToString(r.InstanceId), blackhole: r.State == types.RouteStateBlackhole,
		})
	}
	return table
}

// routeTarget returns the one member of a route that names where it leads. A network interface stands for its instance.
func routeTarget(r types.Route) string {
	return cmp.Or(aws.ToString(r.NatGatewayId), aws.ToString(r.EgressOnlyInternetGatewayId),
		aws.ToString(r.TransitGatewayId), aws.ToString(r.VpcPeeringConnectionId), aws.ToString(r.NetworkInterfaceId),
		aws.ToString(r.InstanceId), aws.ToString(r.LocalGatewayId), aws.ToString(r.CarrierGatewayId),
		aws.ToString(r.CoreNetworkArn), aws.ToString(r.OdbNetworkArn), aws.ToString(r.GatewayId))
}

// destination names what the route is for.
func (r route) destination() string {
	if r.list != "" {
		return r.list
	}
	return r.prefix.String()
}

// String tells the route as the console does: "0.0.0.0/0 to nat-0abc (blackhole)".
func (r route) String() string {
	s := fmt.Sprintf("%s to %s", r.destination(), cmp.Or(r.target, "an unknown target"))
	if r.blackhole {
		s += " (blackhole)"
	}
	return s
}

// kind is what a route leads to, by the beginning of the target's id.
func (r route) kind() string {
	kind, _, _ := strings.Cut(r.target, "-")
	return kind
}

// lookup returns the route that decides for a whole prefix: the one with the longest prefix around it, and among equals
// one that is written out before one from a prefix list ("Route priority"). False if there is none.
func (t *routeTable) lookup(to netip.Prefix, lists map[string]prefixes) (route, bool) {
	var best route
	bits := -1
	for _, r := range t.routes {
		length := covers(r.prefix, to)
		for _, p := range lists[r.list] {
			length = max(length, covers(p, to))
		}
		if length > bits || (length == bits && length >= 0 && best.list != "" && r.list == "") {
			best, bits = r, length
		}
	}
	return best, bits >= 0
}

// covers returns the length of p if it holds all of q, else -1.
func covers(p, q netip.Prefix) int {
	if p.IsValid() && p.Bits() <= q.Bits() && p.Contains(q.Addr()) {
		return p.Bits()
	}
	return -1
}

// neededLists returns the prefix lists that could decide for a prefix. Lists that lead to a gateway endpoint hold
// public addresses of an AWS service, so they never decide for private ones, nor for everything.
func (t *routeTable) neededLists(to netip.Prefix) []string {
	var ids []string
	for _, r := range t.routes {
		if r.list != "" && to.Bits() > 0 && !(r.kind() == "vpce" && to.Addr().IsPrivate()) {
			ids = append(ids, r.list)
		}
	}
	return ids
}
