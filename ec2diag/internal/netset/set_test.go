package netset

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
)

func match(from, to string, protocols, ports Interval) Match {
	m := Match{Protocols: protocols, Ports: ports}
	if from != "" {
		m.From = netip.MustParsePrefix(from)
	}
	if to != "" {
		m.To = netip.MustParsePrefix(to)
	}
	return m
}

func packet(from, to string, protocol uint8, port uint16) Packet {
	return Packet{netip.MustParseAddr(from), netip.MustParseAddr(to), protocol, port}
}

var tcp = Interval{6, 6}

func TestContains(t *testing.T) {
	web := Of(match("10.0.0.0/8", "", tcp, Interval{80, 443}))
	for _, test := range []struct {
		name   string
		packet Packet
		want   bool
	}{
		{"inside", packet("10.1.2.3", "192.0.2.1", 6, 80), true},
		{"last port", packet("10.1.2.3", "192.0.2.1", 6, 443), true},
		{"port above", packet("10.1.2.3", "192.0.2.1", 6, 444), false},
		{"port below", packet("10.1.2.3", "192.0.2.1", 6, 79), false},
		{"last address", packet("10.255.255.255", "192.0.2.1", 6, 80), true},
		{"address above", packet("11.0.0.0", "192.0.2.1", 6, 80), false},
		{"another protocol", packet("10.1.2.3", "192.0.2.1", 17, 80), false},
		{"another family", packet("fd00::1", "fd00::2", 6, 80), false},
		{"two families", Packet{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("fd00::1"), 6, 80}, false},
		{"no addresses", Packet{Protocol: 6, Port: 80}, false},
	} {
		assert.Equal(t, test.want, web.Contains(test.packet), test.name)
	}
	wide := Of(match("2001:db8::/32", "", tcp, AllPorts))
	assert.True(t, wide.Contains(packet("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "::1", 6, 1)))
	assert.False(t, wide.Contains(packet("2001:db9::", "::1", 6, 1)))
	assert.True(t, All().Contains(packet("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 255, 65535)))
	assert.False(
		t,
		Of(match("::/0", "10.0.0.0/8", tcp, AllPorts)).Contains(packet("10.0.0.1", "10.0.0.2", 6, 1)),
		"families do not mix",
	)
}

// TestAlgebra checks the laws that make sets sets, point by point, on random sets over few points.
func TestAlgebra(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		a, b := randomSet(rng), randomSet(rng)
		for _, p := range points {
			inA, inB := a.Contains(p), b.Contains(p)
			assert.Equal(t, inA || inB, a.Union(b).Contains(p), "union")
			assert.Equal(t, inA && inB, a.Intersect(b).Contains(p), "intersection")
			assert.Equal(t, inA && !inB, a.Subtract(b).Contains(p), "difference")
			assert.Equal(t, inA, a.Reverse().Contains(Packet{p.To, p.From, p.Protocol, p.Port}), "reverse")
		}
		assert.Equal(t, a.Subtract(b).IsEmpty(), b.Covers(a))
		assert.True(t, a.Subtract(a).IsEmpty())
		assert.True(t, All().Covers(a))
		disjoint(t, a.Union(b))
	}
}

func disjoint(t *testing.T, s Set) {
	for i, x := range s.boxes {
		for _, y := range s.boxes[:i] {
			_, meet := x.intersect(y)
			assert.False(t, meet, "boxes overlap")
		}
	}
}

var (
	prefixes = []string{"", "10.0.0.0/8", "10.0.0.1/32", "0.0.0.0/0", "fd00::/8", "fd00::1/128", "::/0"}
	points   = func() []Packet {
		var out []Packet
		for _, a := range []string{"10.0.0.1", "10.0.0.2", "11.0.0.1"} {
			for _, port := range []uint16{0, 5, 6, 65535} {
				out = append(out, packet(a, "10.0.0.1", 6, port), packet("10.0.0.2", a, 17, port))
			}
		}
		for _, a := range []string{"fd00::1", "fd00::2", "::"} {
			out = append(out, packet(a, "fd00::1", 6, 5), packet("fd00::1", a, 255, 0))
		}
		return out
	}()
)

func randomSet(rng *rand.Rand) Set {
	var matches []Match
	for range rng.IntN(5) {
		pick := func() string { return prefixes[rng.IntN(len(prefixes))] }
		protocols := []Interval{tcp, {17, 17}, AllProtocols, {6, 17}}[rng.IntN(4)]
		ports := []Interval{AllPorts, {5, 5}, {0, 5}, {6, 65535}, {7, 3}}[rng.IntN(5)]
		matches = append(matches, match(pick(), pick(), protocols, ports))
	}
	return Of(matches...)
}

func TestIsAValue(t *testing.T) {
	a := Of(match("10.0.0.0/8", "", tcp, AllPorts))
	before := a
	_ = a.Union(All())
	_ = a.Subtract(Of(match("10.0.0.0/9", "", tcp, AllPorts)))
	_ = a.Reverse()
	assert.Equal(t, before, a)
}

func TestReplace(t *testing.T) {
	s := Of(match("10.0.0.1/32", "10.0.0.2/32", tcp, Interval{80, 80}))
	assert.True(t, s.WithPorts(Interval{1024, 65535}).Contains(packet("10.0.0.1", "10.0.0.2", 6, 1024)))
	assert.False(t, s.WithPorts(Interval{1024, 65535}).Contains(packet("10.0.0.1", "10.0.0.2", 6, 80)))
	assert.True(t, s.FromAnywhere().Contains(packet("192.0.2.1", "10.0.0.2", 6, 80)))
	assert.False(t, s.FromAnywhere().Contains(packet("192.0.2.1", "10.0.0.3", 6, 80)))
	assert.True(t, s.ToAnywhere().Contains(packet("10.0.0.1", "192.0.2.1", 6, 80)))
}

func TestTraffic(t *testing.T) {
	s := Of(
		match("", "", tcp, Interval{80, 80}),
		match("10.0.0.0/8", "", tcp, Interval{81, 90}),
		match("", "", tcp, Interval{443, 443}),
		match("", "", Interval{17, 17}, AllPorts),
		match("", "", Interval{18, 20}, AllPorts),
	)
	assert.Equal(
		t,
		[]Traffic{{tcp, Interval{80, 90}}, {tcp, Interval{443, 443}}, {Interval{17, 20}, AllPorts}},
		s.Traffic(),
	)
	assert.Equal(t, []Traffic{{AllProtocols, AllPorts}}, All().Traffic())
	assert.Empty(t, Set{}.Traffic())
}

func TestPrefixes(t *testing.T) {
	s := Of(match("10.1.2.0/24", "10.0.0.0/8", tcp, AllPorts), match("fd00::/64", "::/0", tcp, AllPorts))
	assert.Equal(t, []string{"10.1.2.0/24", "fd00::/64"}, s.Sources())
	assert.Equal(t, []string{"10.0.0.0/8", "::/0"}, s.Destinations())
	odd := Of(match("10.0.0.0/30", "", tcp, AllPorts)).Subtract(Of(match("10.0.0.0/32", "", tcp, AllPorts)))
	assert.Empty(t, odd.Sources(), "10.0.0.1 to 10.0.0.3 is no prefix")
}
