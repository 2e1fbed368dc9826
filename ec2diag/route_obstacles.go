package ec2diag

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// obstacleRule is what the checks of routes differ in.
type obstacleRule struct {
	kind       obstacleKind
	code       diag.Code
	title, doc string
	resource   func(obstacle) diag.Resource
}

const sourceRouteTables = "Amazon VPC user guide, Configure route tables"

// The checks of routes.
var (
	// RouteMissing reports route tables without a route that the path needs.
	RouteMissing = obstacleRule{noRoute, "ec2.route-missing", "Route is missing",
		"The route table of a subnet on the way has no route to where the packets or their answers go, or one that lets " +
			"only the other direction through, such as a NAT gateway where the internet calls in.", atTable}.check()
	// RouteBlackhole reports routes whose target is gone.
	RouteBlackhole = obstacleRule{blackhole, "ec2.route-blackhole", "Route leads into a blackhole",
		"The deciding route has the state blackhole: the gateway, interface or connection that it leads to was deleted or " +
			"detached. Packets are dropped, so callers see timeouts.", atTable}.check()
	// NATGatewayUnusable reports NAT gateways that are not available or have no way out.
	NATGatewayUnusable = obstacleRule{gatewayUnusable, "ec2.nat-gateway-unusable", "NAT gateway cannot pass traffic on",
		"The route leads to a NAT gateway that is pending, failed or being deleted, or that is private where the internet " +
			"is meant.", atNAT}.check()
	// NoPublicAddress reports network interfaces without a public address behind an internet gateway.
	NoPublicAddress = obstacleRule{noPublicAddress, "ec2.no-public-address", "No public address for the internet gateway",
		"The route leads to an internet gateway, which translates only for interfaces that have a public IPv4 address or " +
			"an Elastic IP address. This one has none.", atInterface}.check()
	// PublicAccessBlocked reports subnets that VPC Block Public Access cuts off.
	PublicAccessBlocked = obstacleRule{publicAccessBlocked, "ec2.public-access-blocked", "VPC Block Public Access is on",
		"VPC Block Public Access keeps the subnet from using an internet gateway, whatever its routes say.", atSubnet}.check()
)

func atTable(o obstacle) diag.Resource {
	if o.table == nil {
		return diag.Resource{}
	}
	return o.table.resource()
}

func atNAT(o obstacle) diag.Resource {
	return resource(typeNATGateway, aws.ToString(o.nat.NatGatewayId))
}

// atInterface names the subnet where no interface is known.
func atInterface(o obstacle) diag.Resource {
	if o.at.ID == "" {
		return atSubnet(o)
	}
	return resource(typeInterface, o.at.ID)
}

func atSubnet(o obstacle) diag.Resource { return resource(typeSubnet, o.at.Subnet) }

func (r obstacleRule) check() *diag.Check[*Path] {
	var needs []diag.Mechanism
	if r.kind == blackhole { // the target may be an instance that was stopped
		needs = []diag.Mechanism{diag.HostRun}
	}
	return &diag.Check[*Path]{
		Info: diag.Info{
			Code: r.code, Title: r.title, Doc: r.doc, Severity: diag.SeverityError,
			Breaks: []diag.Mechanism{diag.NetworkPath}, Needs: needs,
			Actions: []string{
				"ec2:DescribeNetworkInterfaces", "ec2:DescribeNatGateways", "ec2:DescribeRouteTables", "ec2:DescribeSubnets",
				"ec2:GetManagedPrefixListEntries",
			},
			Limits: "What lies behind a peering connection, transit gateway, virtual private gateway or appliance is not seen.",
			Source: sourceRouteTables,
		},
		Run: func(ctx context.Context, p *Path) ([]diag.Finding, error) {
			obstacles, err := p.obstacles(ctx)
			var findings []diag.Finding
			for _, group := range grouped(obstacles, r) {
				findings = append(findings, p.obstacleFinding(r, group))
			}
			return findings, err
		},
	}
}

// obstacles returns all that the routes put in the way, between every two interfaces.
func (p *Path) obstacles(ctx context.Context) ([]obstacle, error) {
	pairs, err := p.ways(ctx)
	var obstacles []obstacle
	for _, x := range pairs {
		obstacles = append(obstacles, x.way.obstacles...)
	}
	return obstacles, err
}

// grouped returns the obstacles of a rule, those on one resource together.
func grouped(obstacles []obstacle, r obstacleRule) [][]obstacle {
	var out [][]obstacle
	for _, o := range obstacles {
		if o.kind != r.kind {
			continue
		}
		i := slices.IndexFunc(
			out,
			func(g []obstacle) bool { return r.resource(g[0]) == r.resource(o) && g[0].text == o.text },
		)
		if i < 0 {
			out = append(out, []obstacle{o})
			continue
		}
		out[i] = append(out[i], o)
	}
	return out
}

func (p *Path) obstacleFinding(r obstacleRule, group []obstacle) diag.Finding {
	o := group[0]
	at := r.resource(o)
	f := diag.Finding{
		Resource: at, Evidence: o.evidence(), NextSteps: o.steps(),
		Related: []diag.Related{{Resource: p.from.resource, Role: "from"}, {Resource: p.to.resource, Role: "to"}},
		Since:   aws.ToTime(o.nat.DeleteTime),
	}
	subject := "route table " + at.ID
	switch r.kind {
	case noPublicAddress, publicAccessBlocked:
		subject = label(at)
	case gatewayUnusable:
		subject = "route table " + o.table.id
	}
	what := p.Traffic()
	if o.back {
		what = "the answers to " + what
	}
	f.Summary = fmt.Sprintf(
		"%s %s, so %s from %s to %s cannot pass",
		subject,
		o.text,
		what,
		label(p.from.resource),
		label(p.to.resource),
	)
	f.Related = append(f.Related, o.related(at, group)...)
	return f
}

// related names the gateway, and the subnets whose packets are concerned.
func (o obstacle) related(at diag.Resource, group []obstacle) []diag.Related {
	var out []diag.Related
	if o.route.kind() == "nat" && at.Type != typeNATGateway {
		out = append(out, diag.Related{Resource: resource(typeNATGateway, o.route.target), Role: "NAT gateway"})
	}
	if o.table != nil && at.Type != typeRouteTable {
		out = append(out, diag.Related{Resource: o.table.resource(), Role: "route table"})
	}
	for _, g := range group {
		rel := diag.Related{Resource: resource(typeSubnet, g.at.Subnet), Role: "subnet"}
		if at.Type != typeSubnet && !slices.Contains(out, rel) {
			out = append(out, rel)
		}
	}
	return out
}
