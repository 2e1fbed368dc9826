package ec2diag

import (
	"context"
	"net/netip"

	"github.com/awsdiag/awsdiag/diag"
)

// End is one end of a [Path]: a resource, and a way to find out where its packets leave and arrive.
type End struct {
	resource diag.Resource
	locate   func(context.Context) (Location, error)
	known    []Interface // if there is nothing to locate
	find     func(context.Context) ([]Interface, error)
}

// Location says where an end sits, as far as its owner knows. What it does not say, a [Network] looks up.
//
// Interfaces, Addresses, Instances and LoadBalancer are looked up as network interfaces, which tell subnet, security
// groups and addresses. Subnets with Groups stand for interfaces that nobody needs to look up, or that do not exist
// yet. CIDRs lie outside: no security group guards them, no route of ours leads from them.
type Location struct {
	// VPC narrows the lookup: private addresses repeat between VPCs.
	VPC string
	// Interfaces are network interface ids, "eni-…".
	Interfaces []string
	// Addresses are private addresses of network interfaces. One that no interface has counts as outside.
	Addresses []netip.Addr
	// Instances are instance ids; their primary and further interfaces count.
	Instances []string
	// LoadBalancer is the tail of a load balancer's ARN, "app/web/50dc6c495c0c9188". If its interfaces are not found,
	// Subnets and Groups stand for them.
	LoadBalancer string
	// Subnets are subnet ids. An end somewhere in a subnet may have any of its addresses.
	Subnets []string
	// Groups are the security groups of what is in Subnets. None at all means that none guards it.
	Groups []string
	// Private says that what is in Subnets gets no public IPv4 address, such as an ECS task with assignPublicIp off, so
	// that an internet gateway passes nothing on for it.
	Private bool
	// CIDRs are addresses outside.
	CIDRs []netip.Prefix
}

// EndAt makes an end whose location is asked for when it is needed, such as the targets of a target group:
//
//	ec2diag.EndAt(targetGroup, func(ctx context.Context) (ec2diag.Location, error) {
//		addresses, err := registered(ctx)
//		return ec2diag.Location{VPC: vpc, Addresses: addresses}, err
//	})
func EndAt(resource diag.Resource, locate func(context.Context) (Location, error)) End {
	return End{resource: resource, locate: locate}
}

// EndIn makes an end whose location is known.
func EndIn(resource diag.Resource, at Location) End {
	return EndAt(resource, func(context.Context) (Location, error) { return at, nil })
}

// EndOf makes an end of interfaces that are known already, such as those of [Network.Interfaces].
func EndOf(resource diag.Resource, interfaces ...Interface) End {
	return End{resource: resource, known: interfaces}
}

// InterfaceEnd is a network interface, "eni-…".
func InterfaceEnd(id string) End {
	return EndIn(resource(typeInterface, id), Location{Interfaces: []string{id}})
}

// InstanceEnd is an instance with all its network interfaces, "i-…".
func InstanceEnd(id string) End {
	return EndIn(resource(typeInstance, id), Location{Instances: []string{id}})
}

// SubnetEnd is anything in a subnet that wears the security groups.
func SubnetEnd(id string, groups ...string) End {
	return EndIn(resource(typeSubnet, id), Location{Subnets: []string{id}, Groups: groups})
}

// CIDREnd is every address of a prefix, outside of what the network's security groups guard.
func CIDREnd(prefix netip.Prefix) End {
	return EndIn(resource("CIDR", prefix.String()), Location{CIDRs: []netip.Prefix{prefix.Masked()}})
}

// Internet is every public address, of IPv4.
func Internet() End {
	return EndIn(resource("Internet", "internet"), Location{CIDRs: []netip.Prefix{anyIPv4}})
}

// Clients are those that come over the internet with their own addresses, under a name that says how: a rule that admits
// private addresses admits none of them, where [Internet] counts what it may let pass.
func Clients(name string) End {
	return EndIn(resource("Internet", name), Location{CIDRs: without(anyIPv4, notPublic())})
}

// notPublic are the addresses of IPv4 that nobody comes from over the internet: private ones, those that carriers share, of
// the machine itself and of its link, and multicast (RFC 1918, RFC 6598, RFC 1122, RFC 3927, RFC 5771, RFC 1112).
func notPublic() []netip.Prefix {
	var all []netip.Prefix
	for _, p := range []string{"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
		"192.168.0.0/16", "224.0.0.0/3"} {
		all = append(all, netip.MustParsePrefix(p))
	}
	return all
}

// without returns the prefixes that are left of one of IPv4 when others are taken out of it, in order.
func without(whole netip.Prefix, out []netip.Prefix) []netip.Prefix {
	touched := false
	for _, p := range out {
		if p.Bits() <= whole.Bits() && p.Overlaps(whole) {
			return nil
		}
		touched = touched || p.Overlaps(whole)
	}
	if !touched {
		return []netip.Prefix{whole}
	}
	half := whole.Addr().As4()
	half[whole.Bits()/8] |= 0x80 >> (whole.Bits() % 8)
	return append(without(netip.PrefixFrom(whole.Addr(), whole.Bits()+1), out),
		without(netip.PrefixFrom(netip.AddrFrom4(half), whole.Bits()+1), out)...)
}

// InternetIPv6 is every public address, of IPv6.
func InternetIPv6() End {
	return EndIn(resource("Internet", "internet over IPv6"), Location{CIDRs: []netip.Prefix{anyIPv6}})
}

var (
	anyIPv4 = netip.MustParsePrefix("0.0.0.0/0")
	anyIPv6 = netip.MustParsePrefix("::/0")
)

// Resource names what sits at the end.
func (e End) Resource() diag.Resource { return e.resource }

// fixed reports that nothing needs to be looked up.
func (e End) fixed() bool { return e.locate == nil && e.find == nil }
