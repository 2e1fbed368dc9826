package ec2diag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// lackRule is what the checks of an egress differ in.
type lackRule struct {
	lack       lack
	code       diag.Code
	title, doc string
	breaks     []diag.Mechanism
	resource   func(ServiceWay) diag.Resource
	summary    func(w ServiceWay, subnets, services string) string
	step       func(e *Egress, w ServiceWay, services []Service) diag.Step
}

// The checks of services without a way.
var (
	// NoWayToService reports services that have neither an endpoint nor a route to public addresses.
	NoWayToService = lackRule{lacksEndpoint, "ec2.no-way-to-service", "No way to an AWS service",
		"The subnet has no route to public addresses, and the VPC has no endpoint for a service that is needed " +
			"there. Calls to the service time out.", []diag.Mechanism{diag.NetworkPath}, waySubnet,
		func(w ServiceWay, subnets, services string) string {
			return fmt.Sprintf(
				"%s has no way to %s: no endpoint of %s leads there, and route table %s has no route to the internet",
				subnets,
				services,
				w.vpc,
				w.table.id,
			)
		}, createEndpoint}.check()
	// EndpointWithoutPrivateDNS reports interface endpoints that the service's own name does not lead to.
	EndpointWithoutPrivateDNS = lackRule{lacksPrivateDNS, "ec2.endpoint-private-dns-off", "Endpoint without private DNS",
		"The VPC has an interface endpoint for the service, but private DNS is off. The service's name leads to public " +
			"addresses, to which the subnet has no route.", []diag.Mechanism{diag.NameResolution, diag.NetworkPath}, wayEndpoint,
		func(w ServiceWay, subnets, services string) string {
			return fmt.Sprintf("%s is there for %s, but its private DNS is off and %s has no route to public addresses",
				aws.ToString(w.endpoint.VpcEndpointId), services, subnets)
		}, enablePrivateDNS}.check()
	// VPCDNSOff reports VPCs whose DNS attributes keep private DNS names from working.
	VPCDNSOff = lackRule{lacksVPCDNS, "ec2.vpc-dns-off", "DNS attributes of the VPC are off",
		"Private DNS of endpoints needs both attributes of the VPC, enableDnsSupport and enableDnsHostnames. With one of " +
			"them off, names of AWS services do not lead to the endpoints.", []diag.Mechanism{diag.NameResolution,
			diag.NetworkPath}, wayVPC,
		func(w ServiceWay, subnets, services string) string {
			return fmt.Sprintf(
				"%s has a DNS attribute off, so its endpoints for %s are not found by name from %s",
				w.vpc,
				services,
				subnets,
			)
		}, enableDNS}.check()
	// EndpointUnusable reports endpoints that are not available.
	EndpointUnusable = lackRule{lacksState, "ec2.endpoint-unusable", "Endpoint is not available",
		"The VPC has an endpoint for the service, but it is pending, rejected, failed or being deleted, and there is no " +
			"other way to the service.", []diag.Mechanism{diag.NetworkPath}, wayEndpoint,
		func(w ServiceWay, subnets, services string) string {
			return fmt.Sprintf(
				"%s for %s is %s, and %s has no other way there",
				aws.ToString(w.endpoint.VpcEndpointId),
				services,
				cmp.Or(string(w.endpoint.State), "in an unknown state"),
				subnets,
			)
		}, describeEndpoint}.check()
	// GatewayEndpointNotRouted reports gateway endpoints that the subnet's route table does not lead to.
	GatewayEndpointNotRouted = lackRule{
		lacksRoute,
		"ec2.gateway-endpoint-not-routed",
		"Route table does not lead to the gateway endpoint",
		"The VPC has a gateway endpoint for the service, but the subnet's route table is not associated with it and has no " +
			"other route to public addresses.",
		[]diag.Mechanism{diag.NetworkPath},
		wayTable,
		func(w ServiceWay, subnets, services string) string {
			return fmt.Sprintf("route table %s of %s is not associated with %s for %s and has no route to public addresses",
				w.table.id, subnets, aws.ToString(w.endpoint.VpcEndpointId), services)
		},
		associateGateway,
	}.check()
	// OnlyIPv6Way reports services that are reached over IPv6 only, from where clients have IPv4 too and may prefer it.
	OnlyIPv6Way = lackRule{lacksIPv4, "ec2.only-ipv6-way-to-service", "AWS service is reached over IPv6 only",
		"The subnet has a route to public addresses of IPv6, but none to those of IPv4, and the VPC has no endpoint for a " +
			"service that is needed there. Clients that use the ordinary name of the service, which leads to IPv4, time out; " +
			"those that are set to use dual-stack endpoints get there.", []diag.Mechanism{diag.NetworkPath}, waySubnet,
		func(w ServiceWay, subnets, services string) string {
			return fmt.Sprintf("%s reaches %s over IPv6 only: route table %s has no route to public IPv4 addresses, and there "+
				"is no endpoint of %s", subnets, services, w.table.id, w.vpc)
		}, createEndpoint}.check()
	// VPCResolverOff reports VPCs whose own DNS resolver is off, where something in them has to find a service by name.
	VPCResolverOff = lackRule{lacksResolver, "ec2.vpc-resolver-off", "DNS resolver of the VPC is off",
		"enableDnsSupport is off, so the resolver that Amazon provides answers nobody in the VPC. There is a way to the " +
			"service, but names are found only if the DHCP options name DNS servers of your own.",
		[]diag.Mechanism{diag.NameResolution}, wayVPC,
		func(w ServiceWay, subnets, services string) string {
			return fmt.Sprintf("enableDnsSupport of %s is off: unless its DHCP options name other DNS servers, %s finds no "+
				"address of %s, although %s leads there", w.vpc, subnets, services, w.Through)
		}, enableDNS}.check()
)

func waySubnet(w ServiceWay) diag.Resource { return resource(typeSubnet, w.Subnet) }

func wayEndpoint(w ServiceWay) diag.Resource {
	return resource(typeEndpoint, aws.ToString(w.endpoint.VpcEndpointId))
}

func wayVPC(w ServiceWay) diag.Resource { return resource(typeVPC, w.vpc) }

func wayTable(w ServiceWay) diag.Resource { return w.table.resource() }

func (r lackRule) check() *diag.Check[*Egress] {
	return &diag.Check[*Egress]{
		Info: diag.Info{
			Code: r.code, Title: r.title, Doc: r.doc, Severity: r.severity(), Confidence: r.confidence(), Breaks: r.breaks,
			Actions: []string{
				"ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables", "ec2:DescribeSubnets", "ec2:DescribeVpcAttribute",
				"ec2:DescribeVpcEndpoints",
			},
			Limits: "Endpoints in another VPC that are shared through Route 53 are not seen, nor are endpoint policies judged.",
			Source: "AWS PrivateLink user guide, Access AWS services through AWS PrivateLink",
		},
		Run: func(ctx context.Context, e *Egress) ([]diag.Finding, error) {
			ways, err := e.Ways(ctx)
			var findings []diag.Finding
			for _, group := range r.grouped(ways) {
				findings = append(findings, r.finding(e, group))
			}
			return findings, err
		},
	}
}

// severity is a warning where there is a way all the same, for some.
func (r lackRule) severity() diag.Severity {
	if r.lack == lacksIPv4 || r.lack == lacksResolver {
		return diag.SeverityWarning
	}
	return diag.SeverityError
}

func (r lackRule) confidence() diag.Confidence {
	if r.severity() == diag.SeverityWarning {
		return diag.Possible
	}
	return diag.Certain
}

// grouped returns the ways that lack the same, those for one cause together.
func (r lackRule) grouped(ways []ServiceWay) [][]ServiceWay {
	cause := func(w ServiceWay) diag.Resource {
		if r.lack == lacksEndpoint || r.lack == lacksIPv4 {
			return wayTable(w)
		}
		return r.resource(w)
	}
	var out [][]ServiceWay
	for _, w := range ways {
		if w.missing != r.lack {
			continue
		}
		i := slices.IndexFunc(out, func(g []ServiceWay) bool { return cause(g[0]) == cause(w) })
		if i < 0 {
			out = append(out, []ServiceWay{w})
			continue
		}
		out[i] = append(out[i], w)
	}
	return out
}

func (r lackRule) finding(e *Egress, group []ServiceWay) diag.Finding {
	w := group[0]
	var services []Service
	var subnets []string
	for _, x := range group {
		services, subnets = append(services, x.Service), append(subnets, x.Subnet)
	}
	slices.Sort(services)
	services = slices.Compact(services)
	subnets = slices.Compact(slices.Sorted(slices.Values(subnets)))
	f := diag.Finding{
		Resource: r.resource(w), Summary: r.summary(w, strings.Join(subnets, ", "), servicesText(services)),
		Evidence: append(
			w.endpointEvidence(services),
			w.table.evidence(route{})...), NextSteps: []diag.Step{r.step(e, w, services)},
		Related: []diag.Related{{Resource: e.from.resource, Role: "from"}},
	}
	if w.ipv6 != "" && r.severity() == diag.SeverityError {
		f.Severity, f.Confidence = diag.SeverityWarning, diag.Possible
		f.Summary += ", other than over IPv6 through " + w.ipv6
	}
	for _, rel := range []diag.Related{{Resource: wayTable(w), Role: "route table"}, {Resource: wayVPC(w), Role: "VPC"}} {
		if rel.Resource != f.Resource {
			f.Related = append(f.Related, rel)
		}
	}
	return f
}
