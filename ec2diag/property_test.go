package ec2diag

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
	"github.com/awsdiag/awsdiag/ec2diag/internal/netset"
)

const (
	propertyWorlds = 100_000
	propertyVPC    = "vpc-0"
)

// Every port and prefix of a world comes from these lists, so that packets between two of them are all alike.
var (
	bruteEdges     = []int32{22, 443, 1024, 40000, 65535}
	brutePorts     = []int{0, 22, 23, 443, 444, 1024, 1025, 40000, 40001, 65535}
	bruteEphemeral = []int{1024, 1025, 40000, 40001, 65535}
	brutePrefixes  = []string{"0.0.0.0/0", "198.51.0.0/17", "10.0.0.0/29", "10.0.0.0/30", "10.0.0.4/30", "10.0.0.1/32",
		"10.0.0.5/32",
		"198.51.100.0/24", "198.51.100.1/32", "::/0", "fd00::/64", "fd00::/126", "fd00::4/126", "fd00::1/128",
		"2001:db8::1/128"}
	bruteProtocols = []string{"-1", "tcp", "tcp", "udp", "icmp", "50"}
)

// maker makes random parts of a world.
type maker struct{ *rand.Rand }

func pick[T any](m maker, list []T) T { return list[m.IntN(len(list))] }

// span returns two edges in order.
func (m maker) span() (low, high int32) {
	i := m.IntN(len(bruteEdges))
	return bruteEdges[i], bruteEdges[i+m.IntN(len(bruteEdges)-i)]
}

// icmp returns a type and a code.
func (m maker) icmp() (typ, code int32) {
	t := pick(m, [][2]int32{{-1, -1}, {8, -1}, {8, 0}, {0, 0}})
	return t[0], t[1]
}

func (m maker) permissions() []types.IpPermission {
	var out []types.IpPermission
	if m.IntN(3) == 0 {
		out = append(out, ec2fake.Permission("-1", 0, 0, ec2fake.FromCIDR("0.0.0.0/0"), ec2fake.FromCIDR("::/0")))
	}
	for range m.IntN(4) {
		protocol := pick(m, bruteProtocols)
		low, high := m.span()
		if protocol == "icmp" {
			low, high = m.icmp()
		}
		peer := ec2fake.FromCIDR(pick(m, brutePrefixes))
		switch m.IntN(6) {
		case 0:
			peer = ec2fake.FromList("pl-0")
		case 1, 2:
			peer = ec2fake.FromGroup(fmt.Sprintf("sg-%d", m.IntN(3)))
		}
		out = append(out, ec2fake.Permission(protocol, low, high, peer))
	}
	return out
}

func (m maker) acl(id string) types.NetworkAcl {
	acl := types.NetworkAcl{
		NetworkAclId: aws.String(id),
		Associations: []types.NetworkAclAssociation{{SubnetId: aws.String("subnet-" + id)}},
	}
	if m.IntN(2) == 0 {
		acl.Entries = ec2fake.OpenACL()
		return acl
	}
	for i := range m.IntN(9) {
		action := pick(m, []types.RuleAction{types.RuleActionAllow, types.RuleActionAllow, types.RuleActionDeny})
		protocol := pick(m, []string{"-1", "-1", "6", "17", "1", "50"})
		e := ec2fake.ACLEntry(int32(10*m.IntN(50)+i+1), m.IntN(2) == 0, action, protocol, pick(m, brutePrefixes))
		low, high := m.span()
		switch protocol {
		case "6", "17":
			e.PortRange = &types.PortRange{From: aws.Int32(low), To: aws.Int32(high)}
		case "1":
			low, high = m.icmp()
			e.IcmpTypeCode = &types.IcmpTypeCode{Type: aws.Int32(low), Code: aws.Int32(high)}
		}
		acl.Entries = append(acl.Entries, e)
	}
	return acl
}

func (m maker) table(id string, targets ...string) types.RouteTable {
	t := types.RouteTable{
		RouteTableId: aws.String(id),
		Associations: []types.RouteTableAssociation{{SubnetId: aws.String("subnet-" + id)}},
		Routes:       []types.Route{ec2fake.Route("10.0.0.0/29", "local"), ec2fake.RouteIPv6("fd00::/64", "local")},
	}
	add := func(r types.Route) {
		if m.IntN(5) == 0 {
			r.State = types.RouteStateBlackhole
		}
		if m.IntN(4) > 0 {
			t.Routes = append(t.Routes, r)
		}
	}
	add(ec2fake.Route("0.0.0.0/0", pick(m, targets)))
	add(ec2fake.RouteIPv6("::/0", pick(m, []string{"igw-0", "eigw-0"})))
	if m.IntN(3) == 0 {
		add(ec2fake.Route("198.51.0.0/17", pick(m, targets)))
		add(ec2fake.RouteIPv6("2001:db8::/48", pick(m, []string{"igw-0", "tgw-0"})))
	}
	if m.IntN(3) == 0 {
		add(ec2fake.Route("198.51.100.0/24", pick(m, targets)))
		r := ec2fake.RouteTo(pick(m, targets))
		r.DestinationPrefixListId = aws.String("pl-0")
		add(r)
	}
	return t
}

// world makes a random network twice: as a gatherer that has gathered, and for the evaluator by packets.
func (m maker) world() (*Network, *bruteWorld) {
	w := &bruteWorld{acls: map[string]types.NetworkAcl{}, tables: map[string]types.RouteTable{}, ephemeral: bruteEphemeral,
		lists: map[string][]string{
			"pl-0": {"198.51.100.0/24", "10.0.0.4/30"},
		}, natSubnet: "subnet-a", natIP: netip.MustParseAddr("10.0.0.2")}
	n := NewNetwork(nil, diag.Window{})
	groups := map[string]*securityGroup{}
	for i := range 3 {
		g := types.SecurityGroup{
			GroupId:             aws.String(fmt.Sprintf("sg-%d", i)),
			IpPermissions:       m.permissions(),
			IpPermissionsEgress: m.permissions(),
		}
		w.groups, groups[*g.GroupId] = append(w.groups, g), newSecurityGroup(g)
	}
	var acls []*networkACL
	var tables []*routeTable
	for id, targets := range map[string][]string{"a": {"igw-0", "tgw-0"}, "b": {"igw-0", "nat-0", "nat-0"}} {
		acl, table := m.acl(id), m.table(id, targets...)
		w.acls["subnet-"+id], w.tables["subnet-"+id] = acl, table
		acls, tables = append(acls, newNetworkACL(acl)), append(tables, newRouteTable(table))
	}
	w.nat = types.NatGateway{
		NatGatewayId: aws.String("nat-0"),
		VpcId:        aws.String(propertyVPC),
		SubnetId:     aws.String("subnet-a"),
		State: pick(
			m,
			[]types.NatGatewayState{types.NatGatewayStateAvailable, types.NatGatewayStateAvailable, types.NatGatewayStateFailed},
		),
		NatGatewayAddresses: []types.NatGatewayAddress{{PrivateIp: aws.String("10.0.0.2")}},
	}
	n.groups.Set(propertyVPC, groups)
	n.acls.Set(propertyVPC, acls)
	n.tables.Set(propertyVPC, tables)
	n.nats.Set(propertyVPC, []types.NatGateway{w.nat})
	n.subnets.Set(propertyVPC, []types.Subnet{{SubnetId: aws.String("subnet-a")}, {SubnetId: aws.String("subnet-b")}})
	n.lists.Set("pl-0", []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("10.0.0.4/30")})
	return n, w
}

// faces are the interfaces of every world: two in the first subnet, two in the second, one outside, a wide span of
// addresses outside, and what stands for anything in the second subnet.
func (m maker) faces() []Interface {
	var out []Interface
	for i, addresses := range [][2]string{{"10.0.0.1", "fd00::1"}, {"10.0.0.3", "fd00::2"}, {"10.0.0.5", "fd00::5"},
		{"10.0.0.6", ""}, {"198.51.100.1", "2001:db8::1"}} {
		f := Interface{ID: fmt.Sprintf("eni-%d", i), VPC: propertyVPC, Subnet: []string{"subnet-a", "subnet-b", ""}[i/2]}
		for _, a := range addresses {
			if a != "" {
				f.add(&a)
			}
		}
		if f.Subnet == "" {
			out = append(out, Interface{Addresses: f.Addresses})
			continue
		}
		for g := range 3 {
			if m.IntN(2) == 0 {
				f.Groups = append(f.Groups, fmt.Sprintf("sg-%d", g))
			}
		}
		if m.IntN(2) == 0 {
			f.Public = netip.MustParseAddr("203.0.113.9")
		}
		out = append(out, f)
	}
	wide := []netip.Prefix{netip.MustParsePrefix("198.51.0.0/16"), netip.MustParsePrefix("2001:db8::/32")}
	anywhere := Interface{
		VPC: propertyVPC, Subnet: "subnet-b", Groups: []string{fmt.Sprintf("sg-%d", m.IntN(3))}, private: m.IntN(2) == 0,
		Addresses: []netip.Prefix{netip.MustParsePrefix("10.0.0.4/30"), netip.MustParsePrefix("fd00::4/126")},
	}
	return append(out, Interface{Addresses: wide}, anywhere)
}

// TestAlgebraAgreesWithPackets compares the algebra with an evaluator that walks packet by packet.
func TestAlgebraAgreesWithPackets(t *testing.T) {
	var group sync.WaitGroup
	var mu sync.Mutex
	packets, passed, worlds := 0, 0, propertyWorlds
	if testing.Short() {
		worlds /= 20
	}
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		group.Go(func() {
			for seed := worker; seed < worlds && !t.Failed(); seed += workers {
				all, through := compareWorld(t, uint64(seed))
				mu.Lock()
				packets, passed = packets+all, passed+through
				mu.Unlock()
			}
		})
	}
	group.Wait()
	t.Logf("%d packets in %d worlds, %d of them delivered", packets, worlds, passed)
	assert.Greater(t, passed, packets/20, "worlds in which nothing passes prove nothing")
}

func compareWorld(t *testing.T, seed uint64) (packets, passed int) {
	m := maker{rand.New(rand.NewPCG(seed, 2))}
	n, w := m.world()
	faces := m.faces()
	f, g := pick(m, faces), pick(m, faces)
	if !same(f, g) && !(f.outside() && g.outside()) {
		set, err := n.between(context.Background(), f, g, wanted(f, g, netset.AllProtocols, netset.AllPorts))
		require.NoError(t, err, "world %d", seed)
		eachPacket(f, g, func(k brutePacket) {
			want := w.delivers(
				bruteFace{f.Subnet, f.Groups, f.Public.IsValid() || (f.ID == "" && !f.private)},
				bruteFace{g.Subnet, g.Groups, g.Public.IsValid() || (g.ID == "" && !g.private)},
				k,
			)
			got := set.Contains(netset.Packet{From: k.from, To: k.to, Protocol: uint8(k.protocol), Port: uint16(k.port)})
			if want != got {
				t.Errorf("world %d: %+v from %+v to %+v: packet by packet %t, algebra %t", seed, k, f, g, want, got)
			}
			packets++
			if got {
				passed++
			}
		})
	}
	return packets, passed
}

func eachPacket(f, g Interface, visit func(brutePacket)) {
	ports := map[int][]int{1: bruteReplies, 6: brutePorts, 17: brutePorts, 50: {0}}
	for _, a := range samples(f.Addresses) {
		for _, b := range samples(g.Addresses) {
			if a.Is4() != b.Is4() {
				continue
			}
			for _, protocol := range []int{1, 6, 17, 50} {
				for _, port := range ports[protocol] {
					visit(brutePacket{a, b, protocol, port})
				}
			}
		}
	}
}

// bruteAddresses stand for all addresses between two borders of the prefixes that a world knows.
var bruteAddresses = []string{"10.0.0.4", "10.0.0.5", "10.0.0.6", "198.51.0.0", "198.51.100.0", "198.51.100.1",
	"198.51.100.2", "198.51.101.0", "198.51.128.0", "fd00::4", "fd00::5", "fd00::6", "2001:db8::", "2001:db8::1",
	"2001:db8::2", "2001:db8:1::"}

// samples returns the addresses of prefixes that are worth a packet: themselves, or those of bruteAddresses in them.
func samples(prefixes []netip.Prefix) []netip.Addr {
	var out []netip.Addr
	for _, p := range prefixes {
		if p.IsSingleIP() {
			out = append(out, p.Addr())
			continue
		}
		for _, text := range bruteAddresses {
			if a := netip.MustParseAddr(text); p.Contains(a) {
				out = append(out, a)
			}
		}
	}
	return out
}
