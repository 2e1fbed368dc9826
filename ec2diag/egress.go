package ec2diag

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Egress is how an end gets to the AWS services that it needs: through a VPC endpoint, a NAT gateway, an internet
// gateway, or not at all.
//
// Its own checks find services without any way. What stands in a way that does exist is the matter of its
// [Egress.Paths]. [Egress.Plan] joins all of it, so that one cause, such as a blackhole route, is one finding, however
// many services are out of reach for it.
type Egress struct {
	network    *Network
	attributes VPCAttributeAPI
	from       End
	region     string
	needs      []Service

	fromAt diag.Memo[[]Interface]
	dns    diag.MemoMap[string, vpcDNS]
	ways   diag.Memo[[]ServiceWay]
}

// NewEgress makes an egress from an end, such as [SubnetEnd], to the services that it needs in a region. Services that
// nothing needs should not be named: a subnet without a way to them is no trouble.
func NewEgress(network *Network, attributes VPCAttributeAPI, from End, region string, needs ...Service) *Egress {
	needs = slices.Compact(slices.Sorted(slices.Values(needs)))
	return &Egress{network: network, attributes: attributes, from: from, region: region, needs: needs}
}

// Resource is what needs the services.
func (e *Egress) Resource() diag.Resource { return e.from.resource }

// From returns where packets leave.
func (e *Egress) From(ctx context.Context) ([]Interface, error) {
	return e.fromAt.Get(ctx, func(ctx context.Context) ([]Interface, error) { return e.network.resolve(ctx, e.from) })
}

// vpcDNS are the DNS attributes of a VPC. Private DNS names of endpoints need both.
type vpcDNS struct{ support, hostnames bool }

// vpcDNS returns the DNS attributes of a VPC.
func (e *Egress) vpcDNS(ctx context.Context, vpc string) (vpcDNS, error) {
	return e.dns.Get(ctx, vpc, func(ctx context.Context) (vpcDNS, error) {
		var d vpcDNS
		var errs [2]error
		var group sync.WaitGroup
		group.Go(func() { d.support, errs[0] = e.attribute(ctx, vpc, types.VpcAttributeNameEnableDnsSupport) })
		group.Go(func() { d.hostnames, errs[1] = e.attribute(ctx, vpc, types.VpcAttributeNameEnableDnsHostnames) })
		group.Wait()
		return d, join(errs[:]...)
	})
}

// attribute reads one attribute.
func (e *Egress) attribute(ctx context.Context, vpc string, name types.VpcAttributeName) (bool, error) {
	return attributeOf(ctx, e.attributes, vpc, name)
}

// Paths returns the paths that the needed services share, for the checks of a [Path]: to the internet, to the interface
// endpoints and through the gateway endpoints. A path that no service takes ends nowhere, and its checks stay silent.
func (e *Egress) Paths() []*Path {
	internet := EndAt(resource("Internet", "internet"), func(ctx context.Context) (Location, error) {
		ways, err := e.Ways(ctx)
		var at Location
		for _, w := range ways {
			if w.public.IsValid() && !slices.Contains(at.CIDRs, w.public) {
				at.CIDRs = append(at.CIDRs, w.public)
			}
		}
		return at, err
	})
	to := func(name string, find func(context.Context) ([]Interface, error)) *Path {
		end := End{resource: resource("", name+" for "+servicesText(e.needs)), find: find}
		return NewPath(e.network, e.from, end, TCP, 443)
	}
	return []*Path{
		NewPath(e.network, e.from, internet, TCP, 443), to("VPC endpoints", e.endpointInterfaces),
		to("gateway endpoints", e.gatewayPrefixes),
	}
}

// gatewayPrefixes are the addresses of the services that are reached through gateway endpoints.
func (e *Egress) gatewayPrefixes(ctx context.Context) ([]Interface, error) {
	ways, err := e.Ways(ctx)
	errs := []error{err}
	var all []Interface
	for _, w := range ways {
		for _, r := range w.table.routes {
			if w.Kind == WayGatewayEndpoint && r.target == w.Through && r.list != "" {
				prefixes, err := e.network.prefixList(ctx, r.list)
				all, errs = append(all, Interface{Addresses: prefixes}), append(errs, err)
			}
		}
	}
	return distinct(all), join(errs...)
}

// endpointInterfaces stands for the interfaces of the endpoints that the services are reached through.
func (e *Egress) endpointInterfaces(ctx context.Context) ([]Interface, error) {
	ways, err := e.Ways(ctx)
	var all []Interface
	errs := []error{err}
	for _, w := range ways {
		if w.Kind != WayInterfaceEndpoint {
			continue
		}
		at := Location{VPC: aws.ToString(w.endpoint.VpcId), Subnets: w.endpoint.SubnetIds}
		for _, g := range w.endpoint.Groups {
			at.Groups = append(at.Groups, aws.ToString(g.GroupId))
		}
		interfaces, err := e.network.Locate(ctx, at)
		all, errs = append(all, interfaces...), append(errs, err)
	}
	return distinct(all), join(errs...)
}

// Plan joins the checks of the egress with those of its paths, and their surveys.
func (e *Egress) Plan() diag.Plan {
	plan := diag.Join(diag.On(e, EgressChecks()...), diag.Observe(e, EgressSurvey))
	for _, p := range e.Paths() {
		plan = diag.Join(plan, diag.On(p, PathChecks()...))
	}
	return plan
}

// EgressSurvey links what needs the services to its subnets, their network ACLs and route tables, and to the security
// groups that it wears.
var EgressSurvey = &diag.Survey[*Egress]{
	Name: "ec2.egress",
	Actions: []string{
		"ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables", "ec2:DescribeSubnets",
		"ec2:DescribeVpcAttribute", "ec2:DescribeVpcEndpoints",
	},
	Links: func(ctx context.Context, e *Egress) ([]diag.Link, error) {
		from, err := e.From(ctx)
		links, errLinks := e.network.linksOf(ctx, e.from.resource, from)
		at, errAt := e.endpointInterfaces(ctx)
		for _, i := range at {
			for _, g := range i.Groups {
				links = append(
					links,
					diag.Link{From: e.from.resource, To: resource(typeSecurityGroup, g), Role: "reaches AWS services through"},
				)
			}
		}
		ways, errWays := e.Ways(ctx)
		for _, w := range ways {
			if id := aws.ToString(w.endpoint.VpcEndpointId); id != "" {
				links = append(
					links,
					diag.Link{From: e.from.resource, To: resource(typeEndpoint, id), Role: "reaches AWS services through"},
				)
			}
			if strings.HasPrefix(w.vpc, "vpc-") {
				links = append(links, diag.Link{From: e.from.resource, To: resource(typeVPC, w.vpc), Role: "runs in"})
			}
		}
		return links, join(err, errLinks, errAt, errWays)
	},
}
