package ec2diag

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// ResolverChecks returns all checks of a [Resolver]. They are for where names are not found: by themselves, servers of
// somebody's own are no trouble.
func ResolverChecks() []*diag.Check[*Resolver] {
	return []*diag.Check[*Resolver]{DNSSupportOff, NoDNSServers, DNSServerMissing, OwnDNSServers}
}

// resolverRule is what its checks differ in.
type resolverRule struct {
	code       diag.Code
	title, doc string
	severity   diag.Severity
	confidence diag.Confidence
	// wrong tells what is wrong with a VPC, "" if nothing is.
	wrong func(VPCNames) string
	steps []diag.Step
}

var (
	// DNSSupportOff reports VPCs whose resolver is off although their DHCP options name it.
	DNSSupportOff = resolverRule{"ec2.dns-support-off", "VPC finds no names: DNS support is off",
		"enableDnsSupport of the VPC is off, and its DHCP options name the resolver that Amazon provides, which then answers " +
			"nobody. Names of services, databases and endpoints are not found.",
		diag.SeverityError, diag.Certain,
		func(n VPCNames) string {
			if n.Support || !n.Amazon || len(n.Servers) > 0 {
				return ""
			}
			return fmt.Sprintf("%s finds no names: enableDnsSupport is off, and its DHCP options %s name no other DNS server",
				n.VPC, n.Options)
		}, []diag.Step{{Text: "Switch DNS support of the VPC on.", Changes: true,
			Command: "aws ec2 modify-vpc-attribute --vpc-id <vpc> --enable-dns-support"}}}.check()
	// NoDNSServers reports VPCs whose DHCP options name no DNS server at all.
	NoDNSServers = resolverRule{"ec2.no-dns-servers", "VPC names no DNS servers",
		"The VPC has no DHCP options, or some without domain-name-servers, so what is started in it learns of no DNS server.",
		diag.SeverityWarning, diag.Likely,
		func(n VPCNames) string {
			switch {
			case n.Options == noOptions:
				return n.VPC + " has no DHCP options, and so names no DNS server to what runs in it"
			case n.hidden || n.Options == "" || n.Amazon || len(n.Servers) > 0:
				return ""
			}
			return fmt.Sprintf("the DHCP options %s of %s name no DNS server", n.Options, n.VPC)
		}, []diag.Step{{Text: "Give the VPC DHCP options with domain-name-servers, AmazonProvidedDNS as a rule.", Changes: true,
			Command: "aws ec2 associate-dhcp-options --vpc-id <vpc> --dhcp-options-id <id>"}}}.check()
	// DNSServerMissing reports DNS servers within the VPC that are not there.
	DNSServerMissing = resolverRule{"ec2.dns-server-missing", "DNS server of the VPC is gone",
		"The DHCP options name a DNS server with an address of the VPC that no network interface has. Names are found slowly, " +
			"if there are other servers, or not at all.",
		diag.SeverityError, diag.Certain,
		func(n VPCNames) string {
			if len(n.Missing) == 0 {
				return ""
			}
			rest := "there is no other"
			if others := len(n.Servers) - len(n.Missing); others > 0 || n.Amazon {
				rest = "others are named beside"
			}
			return fmt.Sprintf("the DHCP options %s of %s name DNS server %s, and no network interface has that address; %s",
				n.Options, n.VPC, addresses(n.Missing), rest)
		}, []diag.Step{
			{Text: "Start the DNS server again under its address, or name another one.", Changes: true},
			{Text: "See whose address it was.", Command: "aws cloudtrail lookup-events --lookup-attributes " +
				"AttributeKey=EventName,AttributeValue=DeleteNetworkInterface"},
		}}.check()
	// OwnDNSServers tells that names are asked of others than the VPC's resolver.
	OwnDNSServers = resolverRule{"ec2.own-dns-servers", "VPC asks DNS servers of its own",
		"The DHCP options name DNS servers of somebody's own. They know private zones and private names of endpoints only if " +
			"they forward those to the resolver of a VPC.",
		diag.SeverityInfo, diag.Certain,
		func(n VPCNames) string {
			if len(n.Servers) == len(n.Missing) {
				return ""
			}
			return fmt.Sprintf("the DHCP options %s of %s name %s for DNS", n.Options, n.VPC, addresses(n.Servers))
		}, []diag.Step{{Text: "Ask each of these servers, from the VPC, for the name that was not found."}}}.check()
)

func addresses(list []netip.Addr) string {
	var texts []string
	for _, a := range list {
		texts = append(texts, a.String())
	}
	return strings.Join(texts, ", ")
}

func (r resolverRule) check() *diag.Check[*Resolver] {
	return &diag.Check[*Resolver]{
		Info: diag.Info{
			Code: r.code, Title: r.title, Doc: r.doc, Severity: r.severity, Confidence: r.confidence,
			Breaks: []diag.Mechanism{diag.NameResolution},
			Actions: []string{"ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
				"ec2:DescribeVpcAttribute", "ec2:DescribeVpcs"},
			Limits: "What the servers answer is not seen, nor rules and firewalls of Route 53 Resolver. Hosts take up other " +
				"DHCP options only when they renew their lease.",
			Source: "Amazon VPC user guide, DHCP option sets in Amazon VPC; DNS attributes for your VPC",
		},
		Run: func(ctx context.Context, s *Resolver) ([]diag.Finding, error) {
			vpcs, err := s.VPCs(ctx)
			var findings []diag.Finding
			for _, n := range vpcs {
				if text := r.wrong(n); text != "" {
					findings = append(findings, r.finding(n, text))
				}
			}
			return findings, err
		},
	}
}

func (r resolverRule) finding(n VPCNames, text string) diag.Finding {
	f := diag.Finding{Resource: resource(typeVPC, n.VPC), Summary: text, Evidence: []diag.Evidence{
		{Source: "ec2:DescribeVpcAttribute", Field: "enableDnsSupport", Value: fmt.Sprint(n.Support)},
		{Source: "ec2:DescribeVpcs", Field: "dhcpOptionsId", Value: n.Options},
	}}
	if n.Options != noOptions {
		f.Evidence = append(f.Evidence,
			diag.Evidence{Source: "ec2:DescribeDhcpOptions", Field: "domain-name-servers", Value: n.named()})
	}
	for _, s := range r.steps {
		s.Command = strings.ReplaceAll(s.Command, "<vpc>", n.VPC)
		f.NextSteps = append(f.NextSteps, s)
	}
	return f
}

// named lists the servers as the DHCP options do.
func (n VPCNames) named() string {
	var texts []string
	if n.Amazon {
		texts = append(texts, "AmazonProvidedDNS")
	}
	if len(n.Servers) > 0 {
		texts = append(texts, addresses(n.Servers))
	}
	if len(texts) == 0 {
		return "(none)"
	}
	return strings.Join(texts, ", ")
}

// ResolverSurvey links what asks for names to its VPCs: what is changed of those, such as private zones, resolver rules and
// DNS settings, decides which names there are.
var ResolverSurvey = &diag.Survey[*Resolver]{
	Name:    "ec2.resolver",
	Actions: []string{"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"},
	Links: func(ctx context.Context, r *Resolver) ([]diag.Link, error) {
		ids, err := r.within(ctx)
		var links []diag.Link
		for _, id := range ids {
			links = append(links, diag.Link{From: r.Resource(), To: resource(typeVPC, id), Role: "finds names in"})
		}
		return links, err
	},
}
