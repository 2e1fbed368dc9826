package ec2diag

import (
	"context"
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
	var public route
	var routed bool
	var errs [3]error
	var group sync.WaitGroup
	group.Go(func() { endpoints, errs[0] = e.network.VPCEndpoints(ctx, f.VPC) })
	group.Go(func() { dns, errs[1] = e.vpcDNS(ctx, f.VPC) })
	group.Go(func() { table, public, routed, errs[2] = e.network.route(ctx, f.VPC, f.Subnet, anyIPv4) })
	group.Wait()
	if err := join(errs[:]...); err != nil {
		return nil, err
	}
	var ways []ServiceWay
	for _, s := range e.needs {
		w := ServiceWay{Service: s, Subnet: f.Subnet, Kind: WayNone, vpc: f.VPC, table: table, missing: lacksEndpoint}
		w.find(e.endpointsOf(endpoints, s), dns)
		if w.Kind == WayNone && routed {
			w.Kind, w.Through, w.missing = WayPublic, public.target, 0
		}
		ways = append(ways, w)
	}
	return ways, nil
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
