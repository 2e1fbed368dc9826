package ec2diag

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Resolver is whom something asks for names: the resolver that Amazon provides in its VPC, or the DNS servers that the
// DHCP options of the VPC name.
//
// Its own checks look at the settings. Whether packets reach servers of somebody's own is the matter of
// [Resolver.Path].
type Resolver struct {
	network *Network
	api     ResolverAPI
	from    End

	vpcs diag.Memo[[]VPCNames]
}

// NewResolver makes the resolver of an end, such as [SubnetEnd] or [InstanceEnd].
func NewResolver(network *Network, api ResolverAPI, from End) *Resolver {
	return &Resolver{network: network, api: api, from: from}
}

// Resource is what asks for names.
func (r *Resolver) Resource() diag.Resource { return r.from.resource }

// VPCNames is how a VPC finds names.
type VPCNames struct {
	// VPC is the id of the VPC, and Options that of its DHCP options; "default" is none at all.
	VPC, Options string
	// Support is the attribute enableDnsSupport: whether the resolver that Amazon provides answers.
	Support bool
	// Amazon says that the DHCP options name that resolver.
	Amazon bool
	// Servers are the other DNS servers that the DHCP options name, in their order.
	Servers []netip.Addr
	// Missing are those of Servers that have an address of the VPC which no network interface has.
	Missing []netip.Addr

	hidden bool // the account does not show the DHCP options
}

// amazonDNS are the addresses of the resolver in every VPC ("DNS attributes for your VPC", Amazon DNS server). It has a
// third one, the base of each address range of the VPC plus two.
var amazonDNS = []netip.Addr{netip.MustParseAddr("169.254.169.253"), netip.MustParseAddr("fd00:ec2::253")}

// VPCs returns how the VPCs of the end find names, by id. Those of another account are left out.
func (r *Resolver) VPCs(ctx context.Context) ([]VPCNames, error) {
	return r.vpcs.Get(ctx, func(ctx context.Context) ([]VPCNames, error) {
		ids, err := r.within(ctx)
		errs := []error{err}
		if len(ids) == 0 {
			return nil, err
		}
		list, err := collect(ctx, ec2.NewDescribeVpcsPaginator(r.api, &ec2.DescribeVpcsInput{Filters: inVPC(ids...)}),
			func(o *ec2.DescribeVpcsOutput) []types.Vpc { return o.Vpcs })
		if err != nil {
			errs = append(errs, fmt.Errorf("describing %s: %w", strings.Join(ids, ", "), err))
		}
		sets, err := r.options(ctx, list)
		errs = append(errs, err)
		var out []VPCNames
		for _, vpc := range list {
			names, err := r.names(ctx, vpc, sets)
			out, errs = append(out, names), append(errs, err)
		}
		slices.SortFunc(out, func(a, b VPCNames) int { return strings.Compare(a.VPC, b.VPC) })
		return out, join(errs...)
	})
}

// within returns the ids of the VPCs that the end sits in, sorted.
func (r *Resolver) within(ctx context.Context) ([]string, error) {
	from, err := r.network.resolve(ctx, r.from)
	var ids []string
	for _, i := range from {
		if i.VPC != "" && !slices.Contains(ids, i.VPC) {
			ids = append(ids, i.VPC)
		}
	}
	slices.Sort(ids)
	return ids, err
}

// noOptions is the id of DHCP options of a VPC that has none (AssociateDhcpOptions, EC2 API Reference).
const noOptions = "default"

// options returns the DHCP options of VPCs.
func (r *Resolver) options(ctx context.Context, vpcs []types.Vpc) ([]types.DhcpOptions, error) {
	var ids []string
	for _, vpc := range vpcs {
		if id := aws.ToString(vpc.DhcpOptionsId); id != "" && id != noOptions && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	p := ec2.NewDescribeDhcpOptionsPaginator(r.api,
		&ec2.DescribeDhcpOptionsInput{Filters: []types.Filter{filter("dhcp-options-id", ids...)}})
	list, err := collect(ctx, p, func(o *ec2.DescribeDhcpOptionsOutput) []types.DhcpOptions { return o.DhcpOptions })
	if err != nil {
		return list, fmt.Errorf("describing the DHCP options %s: %w", strings.Join(ids, ", "), err)
	}
	return list, nil
}

// names joins what is known of one VPC.
func (r *Resolver) names(ctx context.Context, vpc types.Vpc, sets []types.DhcpOptions) (VPCNames, error) {
	n := VPCNames{VPC: aws.ToString(vpc.VpcId), Options: aws.ToString(vpc.DhcpOptionsId)}
	support, err := attributeOf(ctx, r.api, n.VPC, types.VpcAttributeNameEnableDnsSupport)
	n.Support = support
	i := slices.IndexFunc(sets, func(o types.DhcpOptions) bool { return aws.ToString(o.DhcpOptionsId) == n.Options })
	if n.hidden = i < 0 && n.Options != noOptions; i < 0 {
		return n, err
	}
	ranges := vpcPrefixes(vpc)
	for _, text := range dnsServers(sets[i]) {
		a, parseErr := netip.ParseAddr(text)
		switch {
		case strings.EqualFold(text, "AmazonProvidedDNS"), slices.Contains(amazonDNS, a), isBasePlusTwo(ranges, a):
			n.Amazon = true
		case parseErr == nil:
			n.Servers = append(n.Servers, a)
		}
	}
	missing, errMissing := r.missing(ctx, n, ranges)
	n.Missing = missing
	return n, join(err, errMissing)
}

// missing finds the servers that should be in the VPC and are not.
func (r *Resolver) missing(ctx context.Context, n VPCNames, ranges []netip.Prefix) ([]netip.Addr, error) {
	var inside, missing []netip.Addr
	for _, a := range n.Servers {
		if slices.ContainsFunc(ranges, func(p netip.Prefix) bool { return p.Contains(a) }) {
			inside = append(inside, a)
		}
	}
	if len(inside) == 0 {
		return nil, nil
	}
	found, err := r.network.Locate(ctx, Location{VPC: n.VPC, Addresses: inside})
	if err != nil {
		return nil, err
	}
	for _, a := range inside {
		if !slices.ContainsFunc(found, func(i Interface) bool {
			return i.ID != "" && slices.Contains(i.Addresses, netip.PrefixFrom(a, a.BitLen()))
		}) {
			missing = append(missing, a)
		}
	}
	return missing, nil
}

// Path is the way of DNS requests to the servers that the DHCP options name, for the checks of a [Path]; worth its
// calls only where [Resolver.VPCs] has Servers. Security groups and network ACLs do not filter what goes to the
// resolver that Amazon provides ("DNS attributes for your VPC").
func (r *Resolver) Path() *Path {
	servers := EndAt(resource("", "DNS servers"), func(ctx context.Context) (Location, error) {
		vpcs, err := r.VPCs(ctx)
		var at Location
		for _, n := range vpcs {
			for _, a := range n.Servers {
				if !slices.Contains(n.Missing, a) && !slices.Contains(at.Addresses, a) {
					at.Addresses = append(at.Addresses, a)
				}
			}
		}
		return at, err
	})
	return NewPath(r.network, r.from, servers, UDP, dnsPort)
}

const dnsPort = 53

// dnsServers returns the values of the option domain-name-servers.
func dnsServers(o types.DhcpOptions) []string {
	var out []string
	for _, c := range o.DhcpConfigurations {
		for _, v := range c.Values {
			if aws.ToString(c.Key) == "domain-name-servers" && v.Value != nil {
				out = append(out, strings.TrimSpace(*v.Value))
			}
		}
	}
	return out
}

// vpcPrefixes are the address ranges of a VPC.
func vpcPrefixes(vpc types.Vpc) []netip.Prefix {
	texts := []string{aws.ToString(vpc.CidrBlock)}
	for _, a := range vpc.CidrBlockAssociationSet {
		texts = append(texts, aws.ToString(a.CidrBlock))
	}
	for _, a := range vpc.Ipv6CidrBlockAssociationSet {
		texts = append(texts, aws.ToString(a.Ipv6CidrBlock))
	}
	var out []netip.Prefix
	for _, t := range texts {
		if p, err := netip.ParsePrefix(t); err == nil && !slices.Contains(out, p.Masked()) {
			out = append(out, p.Masked())
		}
	}
	return out
}

func isBasePlusTwo(ranges []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(ranges, func(p netip.Prefix) bool { return p.Addr().Next().Next() == a })
}
