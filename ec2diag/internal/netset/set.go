package netset

import (
	"net/netip"
	"slices"
)

// Set is a set of packets, kept as boxes that do not overlap. The zero value is empty. Sets are values: no method
// changes its receiver.
type Set struct{ boxes []box }

// Match describes a box of packets: each member narrows it.
type Match struct {
	// From and To hold the source and the destination address. The zero Prefix admits every address.
	From, To netip.Prefix
	// Protocols and Ports are inclusive; see [Packet] for what a port is.
	Protocols, Ports Interval
}

// Interval is an inclusive span of protocol numbers or ports. It is empty if Low is above High.
type Interval struct{ Low, High uint16 }

// The whole of each dimension.
var (
	AllProtocols = Interval{0, 255}
	AllPorts     = Interval{0, 65535}
)

// Packet is one point: what a rule looks at in a packet.
type Packet struct {
	From, To netip.Addr
	Protocol uint8
	// Port is the destination port of TCP and UDP, type<<8|code of ICMP, and 0 where a protocol has neither.
	Port uint16
}

// All returns the set of all packets, of IPv4 and IPv6.
func All() Set { return Of(Match{Protocols: AllProtocols, Ports: AllPorts}) }

// Of returns the union of the matches.
func Of(matches ...Match) Set {
	var s Set
	for _, m := range matches {
		for _, b := range m.boxes() {
			s = s.with(b)
		}
	}
	return s
}

// IsEmpty reports whether the set holds no packet.
func (s Set) IsEmpty() bool { return len(s.boxes) == 0 }

// Contains reports whether the set holds the packet.
func (s Set) Contains(p Packet) bool {
	b, ok := pointBox(p)
	return ok && slices.ContainsFunc(s.boxes, func(o box) bool {
		_, meets := o.intersect(b)
		return meets
	})
}

// Union returns the packets in either set.
func (s Set) Union(o Set) Set {
	for _, b := range o.boxes {
		s = s.with(b)
	}
	return s
}

// Intersect returns the packets in both sets.
func (s Set) Intersect(o Set) Set {
	var out Set
	for _, a := range s.boxes {
		for _, b := range o.boxes {
			if both, ok := a.intersect(b); ok {
				out.boxes = append(out.boxes, both) // disjoint, since s and o are
			}
		}
	}
	return out
}

// Subtract returns the packets of s that are not in o.
func (s Set) Subtract(o Set) Set {
	boxes := s.boxes
	for _, b := range o.boxes {
		var rest []box
		for _, a := range boxes {
			rest = a.subtract(b, rest)
		}
		boxes = rest
	}
	return Set{boxes}
}

// Covers reports whether every packet of o is in s.
func (s Set) Covers(o Set) bool { return o.Subtract(s).IsEmpty() }

// Reverse returns the set with sources and destinations exchanged.
func (s Set) Reverse() Set {
	out := Set{slices.Clone(s.boxes)}
	for i := range out.boxes {
		d := &out.boxes[i].span
		d[from], d[to] = d[to], d[from]
	}
	return out
}

// WithPorts returns the set with the ports of every packet replaced by the given ones.
func (s Set) WithPorts(ports Interval) Set {
	var out Set
	for _, b := range s.boxes {
		b.span[port] = ports.span()
		if !b.empty() {
			out = out.with(b)
		}
	}
	return out
}

// FromAnywhere returns the set with the source of every packet replaced by every address of its family.
func (s Set) FromAnywhere() Set { return s.widened(from) }

// ToAnywhere returns the set with the destination of every packet replaced by every address of its family.
func (s Set) ToAnywhere() Set { return s.widened(to) }

func (s Set) widened(dimension int) Set {
	var out Set
	for _, b := range s.boxes {
		b.span[dimension], _ = spanOf(netip.Prefix{}, b.v6)
		out = out.with(b)
	}
	return out
}

// with adds a box without overlap. The receiver's boxes are never written to.
func (s Set) with(b box) Set {
	parts := []box{b}
	for _, a := range s.boxes {
		var rest []box
		for _, p := range parts {
			rest = p.subtract(a, rest)
		}
		parts = rest
	}
	return Set{append(slices.Clip(s.boxes), parts...)}
}
