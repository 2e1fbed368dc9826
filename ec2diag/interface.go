package ec2diag

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Interface is one place where packets leave or arrive: a network interface, a stand-in for one in a subnet, or a
// prefix outside.
type Interface struct {
	// ID is "eni-…"; empty for a stand-in and for what lies outside.
	ID string
	// VPC and Subnet are empty for what lies outside.
	VPC, Subnet string
	// Groups are the ids of the security groups that guard it, sorted. None means that nothing does.
	Groups []string
	// Addresses are single addresses, as far as known, or the prefixes that hold them.
	Addresses []netip.Prefix
	// Public is the public IPv4 address that AWS maps to it, if there is one.
	Public netip.Addr
	// Kind is the type of the network interface as AWS writes it ("interface", "nat_gateway").
	Kind string

	balancer bool // of a load balancer
	private  bool // a stand-in for what gets no public IPv4 address
}

// outside reports that no security group, ACL or route of the network concerns the interface.
func (i Interface) outside() bool { return i.Subnet == "" }

// exact reports that the addresses are those it has, not those it may have.
func (i Interface) exact() bool {
	return !slices.ContainsFunc(i.Addresses, func(p netip.Prefix) bool { return !p.IsSingleIP() })
}

// internet reports that the interface stands for all public addresses; see [Clients].
func (i Interface) internet() bool {
	return i.outside() && slices.Equal(i.Addresses, without(anyIPv4, notPublic()))
}

// name is how a finding calls the interface.
func (i Interface) name() string {
	if i.internet() {
		return "the internet"
	}
	return cmp.Or(i.ID, i.Subnet, strings.Join(prefixTexts(i.Addresses), ", "))
}

func prefixTexts(prefixes []netip.Prefix) []string {
	var out []string
	for _, p := range prefixes {
		out = append(out, prefixText(p))
	}
	return out
}

// prefixText writes a single address without its length.
func prefixText(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

func interfaceOf(n types.NetworkInterface) Interface {
	i := Interface{
		ID: aws.ToString(n.NetworkInterfaceId), VPC: aws.ToString(n.VpcId), Subnet: aws.ToString(n.SubnetId),
		Kind: string(n.InterfaceType), balancer: strings.HasPrefix(aws.ToString(n.Description), "ELB "),
	}
	for _, g := range n.Groups {
		if g.GroupId != nil {
			i.Groups = append(i.Groups, *g.GroupId)
		}
	}
	slices.Sort(i.Groups)
	for _, a := range n.PrivateIpAddresses {
		i.add(a.PrivateIpAddress)
	}
	i.add(n.PrivateIpAddress)
	for _, a := range n.Ipv6Addresses {
		i.add(a.Ipv6Address)
	}
	if n.Association != nil {
		i.Public, _ = netip.ParseAddr(aws.ToString(n.Association.PublicIp))
	}
	return i
}

func (i *Interface) add(text *string) {
	a, err := netip.ParseAddr(aws.ToString(text))
	if err != nil {
		return
	}
	if p := netip.PrefixFrom(a, a.BitLen()); !slices.Contains(i.Addresses, p) {
		i.Addresses = append(i.Addresses, p)
	}
}

func compareInterfaces(a, b Interface) int {
	return cmp.Or(cmp.Compare(a.VPC, b.VPC), cmp.Compare(a.Subnet, b.Subnet), cmp.Compare(a.ID, b.ID),
		slices.Compare(a.Groups, b.Groups), slices.Compare(prefixTexts(a.Addresses), prefixTexts(b.Addresses)))
}
