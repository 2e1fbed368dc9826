package ec2diag

import (
	"context"
	"net/netip"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// WayKind is how a service is reached.
type WayKind string

// The ways to a service.
const (
	// WayInterfaceEndpoint is an interface endpoint with private DNS: the service's name leads to it for the whole VPC.
	WayInterfaceEndpoint WayKind = "interface endpoint"
	// WayGatewayEndpoint is a gateway endpoint that the subnet's route table leads to.
	WayGatewayEndpoint WayKind = "gateway endpoint"
	// WayPublic is a route to public addresses: through a NAT gateway, an internet gateway or something else.
	WayPublic WayKind = "public address"
	// WayPublicIPv6 is a route to public addresses of IPv6 only: for clients that ask for the dual-stack name of the
	// service, and for those that have no IPv4 at all ("Dual-stack and FIPS endpoints", AWS SDKs and Tools reference).
	WayPublicIPv6 WayKind = "public IPv6 address"
	// WayNone is none.
	WayNone WayKind = "none"
)

// ServiceWay is how one subnet reaches one service.
type ServiceWay struct {
	Service Service
	Subnet  string
	Kind    WayKind
	// Through is the endpoint, or the target of the route.
	Through string

	vpc      string
	table    *routeTable
	endpoint types.VpcEndpoint // in use, or the one that would be if all were well
	public   netip.Prefix      // the addresses that are reached over a route; zero behind NAT64, which is not followed
	ipv6     string            // what leads to public addresses of IPv6, where nothing else leads there
	missing  lack
}

// lack is why there is no way.
type lack int

const (
	lacksEndpoint lack = iota + 1
	lacksPrivateDNS
	lacksVPCDNS
	lacksState
	lacksRoute
	lacksIPv4     // there is a way, for IPv6 only
	lacksResolver // there is a way, to those who know the address
)

// Ways returns how each subnet reaches each needed service, by subnet and service. It says which way there is, not
// whether anything stands in it.
func (e *Egress) Ways(ctx context.Context) ([]ServiceWay, error) {
	return e.ways.Get(ctx, func(ctx context.Context) ([]ServiceWay, error) {
		from, err := e.From(ctx)
		var ways []ServiceWay
		errs := []error{err}
		var done []string
		for _, f := range from {
			if f.outside() || slices.Contains(done, f.Subnet) {
				continue
			}
			done = append(done, f.Subnet)
			found, err := e.waysFrom(ctx, f)
			ways, errs = append(ways, found...), append(errs, err)
		}
		return ways, join(errs...)
	})
}

func (e *Egress) waysFrom(ctx context.Context, f Interface) ([]ServiceWay, error) {
	if len(e.needs) == 0 {
		return nil, nil
	}
	var endpoints []types.VpcEndpoint
	var dns vpcDNS
	var table *routeTable
	var errs [3]error
	var group sync.WaitGroup
	group.Go(func() { endpoints, errs[0] = e.network.VPCEndpoints(ctx, f.VPC) })
	group.Go(func() { dns, errs[1] = e.vpcDNS(ctx, f.VPC) })
	group.Go(func() { table, errs[2] = e.network.tableOf(ctx, f.VPC, f.Subnet) })
	group.Wait()
	if err := join(errs[:]...); err != nil {
		return nil, err
	}
	var ways []ServiceWay
	for _, s := range e.needs {
		w := ServiceWay{Service: s, Subnet: f.Subnet, Kind: WayNone, vpc: f.VPC, table: table, missing: lacksEndpoint}
		w.find(e.endpointsOf(endpoints, s), dns)
		if w.Kind == WayNone {
			w.findPublic(f)
		}
		ways = append(ways, w)
	}
	return resolved(ways, dns), nil
}

// resolved notes of ways that nobody finds by name, unless an endpoint says already that DNS of the VPC is off.
func resolved(ways []ServiceWay, dns vpcDNS) []ServiceWay {
	if dns.support || slices.ContainsFunc(ways, func(w ServiceWay) bool { return w.missing == lacksVPCDNS }) {
		return ways
	}
	for i := range ways {
		if ways[i].missing == 0 {
			ways[i].missing = lacksResolver
		}
	}
	return ways
}

// nat64 is the prefix under which NAT gateways reach IPv4 for clients that have IPv6 only ("NAT64 and DNS64").
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// findPublic looks for a route to public addresses, of each kind of address that the interface has.
func (w *ServiceWay) findPublic(f Interface) {
	four := len(f.Addresses) == 0 || f.has(netip.Addr.Is4)
	if r, ok := w.table.lookup(anyIPv4, nil); ok && four {
		w.Kind, w.Through, w.public, w.missing = WayPublic, r.target, anyIPv4, 0
		return
	}
	if !f.has(netip.Addr.Is6) {
		return
	}
	if r, ok := w.table.lookup(nat64, nil); ok && r.kind() == "nat" && !four {
		w.Kind, w.Through, w.missing = WayPublicIPv6, r.target, 0
		return
	}
	r, ok := w.table.lookup(anyIPv6, nil)
	switch {
	case !ok || r.blackhole:
		return
	case !four: // whoever has IPv6 only knows the names that lead to it
		w.missing = 0
	case w.missing == lacksEndpoint:
		w.missing = lacksIPv4
	}
	w.Kind, w.Through, w.public, w.ipv6 = WayPublicIPv6, r.target, anyIPv6, r.target
}

// has reports an address of a family.
func (i Interface) has(family func(netip.Addr) bool) bool {
	return slices.ContainsFunc(i.Addresses, func(p netip.Prefix) bool { return family(p.Addr()) })
}

// endpointsOf returns the endpoints of a service in the region.
func (e *Egress) endpointsOf(all []types.VpcEndpoint, s Service) []types.VpcEndpoint {
	var out []types.VpcEndpoint
	for _, x := range all {
		if serviceOf(x) == s && (e.region == "" || regionOf(x) == e.region) {
			out = append(out, x)
		}
	}
	return out
}

// find looks for an endpoint that works, and otherwise remembers the one that comes nearest.
func (w *ServiceWay) find(endpoints []types.VpcEndpoint, dns vpcDNS) {
	for _, x := range endpoints {
		lacks := w.lacks(x, dns)
		if lacks > 0 {
			w.endpoint, w.missing = x, lacks
			continue
		}
		w.endpoint, w.missing, w.Through = x, 0, aws.ToString(x.VpcEndpointId)
		w.Kind = WayInterfaceEndpoint
		if x.VpcEndpointType == types.VpcEndpointTypeGateway {
			w.Kind = WayGatewayEndpoint
		}
		return
	}
}

// lacks says what keeps an endpoint from being used from the subnet, or zero.
func (w *ServiceWay) lacks(x types.VpcEndpoint, dns vpcDNS) lack {
	switch {
	case !available(x):
		return lacksState
	case x.VpcEndpointType == types.VpcEndpointTypeGateway:
		if !slices.Contains(x.RouteTableIds, w.table.id) {
			return lacksRoute
		}
		return 0
	case !aws.ToBool(x.PrivateDnsEnabled):
		return lacksPrivateDNS
	case !dns.support || !dns.hostnames:
		return lacksVPCDNS
	}
	return 0
}

// available reads the state as EC2 writes it, which is in lower case.
func available(x types.VpcEndpoint) bool {
	return x.State == "" || x.State == "available" || x.State == types.StateAvailable
}
