package ec2fake

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Peer is the other side of a security group rule.
type Peer func(*types.IpPermission)

// FromCIDR is a prefix, of IPv4 or IPv6.
func FromCIDR(cidr string) Peer {
	return func(p *types.IpPermission) {
		if strings.Contains(cidr, ":") {
			p.Ipv6Ranges = append(p.Ipv6Ranges, types.Ipv6Range{CidrIpv6: aws.String(cidr)})
			return
		}
		p.IpRanges = append(p.IpRanges, types.IpRange{CidrIp: aws.String(cidr)})
	}
}

// FromGroup is a security group.
func FromGroup(id string) Peer {
	return func(p *types.IpPermission) {
		p.UserIdGroupPairs = append(p.UserIdGroupPairs, types.UserIdGroupPair{GroupId: aws.String(id)})
	}
}

// FromList is a prefix list.
func FromList(id string) Peer {
	return func(p *types.IpPermission) {
		p.PrefixListIds = append(p.PrefixListIds, types.PrefixListId{PrefixListId: aws.String(id)})
	}
}

// TCP makes a rule for one port.
func TCP(port int32, peers ...Peer) types.IpPermission {
	return Permission("tcp", port, port, peers...)
}

// Permission makes a rule. The protocol is "tcp", "udp", "icmp", "icmpv6", "-1" or a number.
func Permission(protocol string, from, to int32, peers ...Peer) types.IpPermission {
	p := types.IpPermission{IpProtocol: aws.String(protocol), FromPort: aws.Int32(from), ToPort: aws.Int32(to)}
	for _, peer := range peers {
		peer(&p)
	}
	return p
}

// ACLEntry makes a rule of a network ACL for all ports of a protocol; ports, if given, are the first and the last.
func ACLEntry(
	number int32,
	egress bool,
	action types.RuleAction,
	protocol, cidr string,
	ports ...int32,
) types.NetworkAclEntry {
	e := types.NetworkAclEntry{
		RuleNumber: aws.Int32(number), Egress: aws.Bool(egress), RuleAction: action, Protocol: aws.String(protocol),
	}
	if strings.Contains(cidr, ":") {
		e.Ipv6CidrBlock = aws.String(cidr)
	} else {
		e.CidrBlock = aws.String(cidr)
	}
	if len(ports) == 2 {
		e.PortRange = &types.PortRange{From: aws.Int32(ports[0]), To: aws.Int32(ports[1])}
	}
	return e
}

// OpenACL returns the entries of a VPC's default network ACL: everything passes.
func OpenACL() []types.NetworkAclEntry {
	var entries []types.NetworkAclEntry
	for _, egress := range []bool{true, false} {
		entries = append(entries,
			ACLEntry(100, egress, types.RuleActionAllow, "-1", "0.0.0.0/0"),
			ACLEntry(101, egress, types.RuleActionAllow, "-1", "::/0"),
			ACLEntry(32767, egress, types.RuleActionDeny, "-1", "0.0.0.0/0"),
			ACLEntry(32768, egress, types.RuleActionDeny, "-1", "::/0"))
	}
	return entries
}

func associations(subnets ...string) []types.NetworkAclAssociation {
	var out []types.NetworkAclAssociation
	for _, s := range subnets {
		out = append(out, types.NetworkAclAssociation{SubnetId: aws.String(s)})
	}
	return out
}

// Route makes an active IPv4 route to "local" or to the gateway, connection or interface with the id.
func Route(cidr, target string) types.Route {
	r := RouteTo(target)
	r.DestinationCidrBlock = aws.String(cidr)
	return r
}

// RouteIPv6 makes an active IPv6 route.
func RouteIPv6(cidr, target string) types.Route {
	r := RouteTo(target)
	r.DestinationIpv6CidrBlock = aws.String(cidr)
	return r
}

// RouteTo makes an active route without a destination, which the caller sets. The kind of id says which member of the
// route holds it.
func RouteTo(target string) types.Route {
	r := types.Route{State: types.RouteStateActive}
	id := aws.String(target)
	kind, _, _ := strings.Cut(target, "-")
	switch kind {
	case "nat":
		r.NatGatewayId = id
	case "eigw":
		r.EgressOnlyInternetGatewayId = id
	case "pcx":
		r.VpcPeeringConnectionId = id
	case "tgw":
		r.TransitGatewayId = id
	case "eni":
		r.NetworkInterfaceId = id
	default:
		r.GatewayId = id
	}
	return r
}

// DHCP makes DHCP options that name DNS servers, by their addresses or as AmazonProvidedDNS.
func DHCP(id string, servers ...string) types.DhcpOptions {
	named := types.DhcpConfiguration{Key: aws.String("domain-name-servers")}
	for _, s := range servers {
		named.Values = append(named.Values, types.AttributeValue{Value: aws.String(s)})
	}
	return types.DhcpOptions{DhcpOptionsId: aws.String(id), DhcpConfigurations: []types.DhcpConfiguration{
		{Key: aws.String("domain-name"), Values: []types.AttributeValue{{Value: aws.String("eu-west-1.compute.internal")}}},
		named,
	}}
}
