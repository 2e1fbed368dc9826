package ec2diag

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// The evaluator in this file judges one packet at a time, straight from the SDK's types, as the user guide tells it. It
// shares no code with the algebra that it checks.

type brutePacket struct {
	from, to netip.Addr
	protocol int
	port     int // type<<8|code for ICMP
}

// bruteFace is a network interface, or, without a subnet, something outside.
type bruteFace struct {
	subnet string
	groups []string
	public bool
}

type bruteWorld struct {
	groups    []types.SecurityGroup
	acls      map[string]types.NetworkAcl // by subnet
	tables    map[string]types.RouteTable // by subnet
	lists     map[string][]string
	nat       types.NatGateway
	natSubnet string
	natIP     netip.Addr
	ephemeral []int // stand for all ports between two that some rule names
}

func bruteIn(cidr string, a netip.Addr) bool {
	p, err := netip.ParsePrefix(cidr)
	return err == nil && p.Contains(a)
}

// bruteProtocol matches protocol and port as numbers of a rule.
func bruteProtocol(name string, low, high *int32, k brutePacket) bool {
	if name == "-1" {
		return true
	}
	numbers := map[string]int{"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}
	number, named := numbers[name]
	if !named {
		number, _ = strconv.Atoi(name)
	}
	if number != k.protocol {
		return false
	}
	switch number {
	case 6, 17:
		return low == nil || (k.port >= int(*low) && k.port <= int(*high))
	case 1, 58:
		anyType := low == nil || *low == -1
		return anyType || (k.port/256 == int(*low) && (*high == -1 || k.port%256 == int(*high)))
	}
	return true
}

// group reports whether the groups of a face admit a packet. Peer is the address of the other side.
func (w *bruteWorld) group(mine bruteFace, other bruteFace, outbound bool, peer netip.Addr, k brutePacket) bool {
	if mine.subnet == "" || len(mine.groups) == 0 {
		return true
	}
	for _, id := range mine.groups {
		for _, g := range w.groups {
			permissions := g.IpPermissions
			if outbound {
				permissions = g.IpPermissionsEgress
			}
			for _, p := range permissions {
				if *g.GroupId == id && bruteProtocol(*p.IpProtocol, p.FromPort, p.ToPort, k) && w.peer(p, other, peer) {
					return true
				}
			}
		}
	}
	return false
}

func (w *bruteWorld) peer(p types.IpPermission, other bruteFace, peer netip.Addr) bool {
	for _, r := range p.IpRanges {
		if bruteIn(*r.CidrIp, peer) {
			return true
		}
	}
	for _, r := range p.Ipv6Ranges {
		if bruteIn(*r.CidrIpv6, peer) {
			return true
		}
	}
	for _, r := range p.PrefixListIds {
		for _, cidr := range w.lists[*r.PrefixListId] {
			if bruteIn(cidr, peer) {
				return true
			}
		}
	}
	for _, r := range p.UserIdGroupPairs {
		for _, id := range other.groups {
			if id == *r.GroupId {
				return true
			}
		}
	}
	return false
}

// acl finds the lowest numbered entry that matches.
func (w *bruteWorld) acl(subnet string, outbound bool, k brutePacket) bool {
	peer := k.from
	if outbound {
		peer = k.to
	}
	best, allowed := int32(1<<30), false
	for _, e := range w.acls[subnet].Entries {
		cidr := ""
		if e.CidrBlock != nil {
			cidr = *e.CidrBlock
		} else {
			cidr = *e.Ipv6CidrBlock
		}
		var low, high *int32
		if e.PortRange != nil {
			low, high = e.PortRange.From, e.PortRange.To
		}
		if e.IcmpTypeCode != nil {
			low, high = e.IcmpTypeCode.Type, e.IcmpTypeCode.Code
		}
		if *e.Egress == outbound && *e.RuleNumber < best && bruteIn(cidr, peer) && bruteProtocol(*e.Protocol, low, high, k) {
			best, allowed = *e.RuleNumber, e.RuleAction == types.RuleActionAllow
		}
	}
	return allowed
}

// route returns the kind of target that the longest matching prefix leads to: "local", "igw", … or "" for none.
func (w *bruteWorld) route(subnet string, to netip.Addr) string {
	longest, kind := -1, ""
	for _, r := range w.tables[subnet].Routes {
		cidrs := []string{}
		switch {
		case r.DestinationCidrBlock != nil:
			cidrs = append(cidrs, *r.DestinationCidrBlock)
		case r.DestinationIpv6CidrBlock != nil:
			cidrs = append(cidrs, *r.DestinationIpv6CidrBlock)
		default:
			cidrs = w.lists[*r.DestinationPrefixListId]
		}
		for _, c := range cidrs {
			p := netip.MustParsePrefix(c)
			wins := p.Bits() > longest || (p.Bits() == longest && r.DestinationPrefixListId == nil)
			if p.Contains(to) && wins {
				longest, kind = p.Bits(), bruteTarget(r)
			}
		}
	}
	return kind
}

func bruteTarget(r types.Route) string {
	if r.State == types.RouteStateBlackhole {
		return "blackhole"
	}
	for _, id := range []*string{r.GatewayId, r.NatGatewayId, r.EgressOnlyInternetGatewayId, r.TransitGatewayId} {
		if id != nil {
			return strings.Split(*id, "-")[0]
		}
	}
	return ""
}

// delivers walks a packet from f to t and looks for an ephemeral port over which an answer gets back.
func (w *bruteWorld) delivers(f, t bruteFace, k brutePacket) bool {
	if !w.group(f, t, true, k.to, k) || !w.group(t, f, false, k.from, k) {
		return false
	}
	if f.subnet == t.subnet {
		return true
	}
	if f.subnet == "" {
		return w.comesIn(t, k)
	}
	switch w.route(f.subnet, k.to) {
	case "local":
		return w.returns(t, k) && w.crosses(f.subnet, t.subnet, k, true)
	case "igw":
		return (k.from.Is6() || f.public) && w.returns(t, k) && w.crosses(f.subnet, t.subnet, k, true)
	case "eigw", "tgw":
		return w.returns(t, k) && w.crosses(f.subnet, t.subnet, k, true)
	case "nat":
		return w.throughNAT(f, k)
	}
	return false
}

// returns reports that t's routes lead back to the sender, where t is in the VPC.
func (w *bruteWorld) returns(t bruteFace, k brutePacket) bool {
	if t.subnet == "" {
		return true
	}
	switch w.route(t.subnet, k.from) {
	case "local", "tgw":
		return true
	case "igw":
		return k.to.Is6() || t.public
	}
	return false
}

func (w *bruteWorld) comesIn(t bruteFace, k brutePacket) bool {
	return w.returns(t, k) && w.crosses("", t.subnet, k, true)
}

func (w *bruteWorld) throughNAT(f bruteFace, k brutePacket) bool {
	if w.nat.State != types.NatGatewayStateAvailable {
		return false
	}
	switch w.route(w.natSubnet, k.to) {
	case "", "blackhole", "nat":
		return false
	}
	if f.subnet != w.natSubnet && !w.crosses(f.subnet, w.natSubnet, k, true) {
		return false
	}
	k.from = w.natIP
	return w.crosses(w.natSubnet, "", k, true)
}

// crosses judges the ACLs of both subnets for a packet and its answers.
func (w *bruteWorld) crosses(a, b string, k brutePacket, answer bool) bool {
	if (a != "" && !w.acl(a, true, k)) || (b != "" && !w.acl(b, false, k)) {
		return false
	}
	if !answer {
		return true
	}
	ports := w.ephemeral
	if k.protocol != 6 && k.protocol != 17 {
		ports = bruteReplies
	}
	for _, port := range ports {
		if w.crosses(b, a, brutePacket{k.to, k.from, k.protocol, port}, false) {
			return true
		}
	}
	return false
}

// bruteReplies stand for all ICMP types and codes that the rules tell apart.
var bruteReplies = []int{0x0000, 0x0001, 0x0800, 0x0801, 0x0b00}
