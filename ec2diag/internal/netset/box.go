package netset

import (
	"cmp"
	"encoding/binary"
	"net/netip"
)

// The dimensions of a box.
const (
	from = iota
	to
	protocol
	port
	dimensions
)

// number is an unsigned integer wide enough for an IPv6 address.
type number struct{ hi, lo uint64 }

func (n number) compare(o number) int {
	return cmp.Or(cmp.Compare(n.hi, o.hi), cmp.Compare(n.lo, o.lo))
}

func (n number) next() number {
	n.lo++
	if n.lo == 0 {
		n.hi++
	}
	return n
}

func (n number) prev() number {
	if n.lo == 0 {
		n.hi--
	}
	n.lo--
	return n
}

// span is inclusive at both ends.
type span struct{ low, high number }

// box is the product of one span in each dimension, within one address family.
type box struct {
	v6   bool
	span [dimensions]span
}

func (b box) empty() bool {
	for _, s := range b.span {
		if s.low.compare(s.high) > 0 {
			return true
		}
	}
	return false
}

func (b box) intersect(o box) (box, bool) {
	if b.v6 != o.v6 {
		return box{}, false
	}
	for d := range b.span {
		if o.span[d].low.compare(b.span[d].low) > 0 {
			b.span[d].low = o.span[d].low
		}
		if o.span[d].high.compare(b.span[d].high) < 0 {
			b.span[d].high = o.span[d].high
		}
		if b.span[d].low.compare(b.span[d].high) > 0 {
			return box{}, false
		}
	}
	return b, true
}

// subtract appends to out the parts of b outside o: along each dimension what lies below and above o, then it goes on
// with what lies between.
func (b box) subtract(o box, out []box) []box {
	both, meets := b.intersect(o)
	if !meets {
		return append(out, b)
	}
	for d := range b.span {
		if b.span[d].low.compare(both.span[d].low) < 0 {
			below := b
			below.span[d].high = both.span[d].low.prev()
			out = append(out, below)
		}
		if b.span[d].high.compare(both.span[d].high) > 0 {
			above := b
			above.span[d].low = both.span[d].high.next()
			out = append(out, above)
		}
		b.span[d] = both.span[d]
	}
	return out
}

// boxes returns one box for each address family that the match allows.
func (m Match) boxes() []box {
	var out []box
	for _, v6 := range []bool{false, true} {
		source, ok1 := spanOf(m.From, v6)
		destination, ok2 := spanOf(m.To, v6)
		b := box{v6, [dimensions]span{source, destination, m.Protocols.span(), m.Ports.span()}}
		if ok1 && ok2 && !b.empty() {
			out = append(out, b)
		}
	}
	return out
}

func (i Interval) span() span { return span{number{0, uint64(i.Low)}, number{0, uint64(i.High)}} }

// spanOf returns the addresses of a prefix, or all of the family for the zero prefix; false if it is of the other
// family.
func spanOf(p netip.Prefix, v6 bool) (span, bool) {
	if !p.IsValid() {
		if v6 {
			return span{number{}, number{^uint64(0), ^uint64(0)}}, true
		}
		return span{number{}, number{0, 1<<32 - 1}}, true
	}
	if p.Addr().Is6() != v6 {
		return span{}, false
	}
	low := numberOf(p.Masked().Addr())
	return span{low, low.or(p.Addr().BitLen() - p.Bits())}, true
}

// or sets the lowest n bits.
func (n number) or(bits int) number {
	if bits > 64 {
		n.hi |= 1<<(bits-64) - 1
		bits = 64
	}
	n.lo |= 1<<bits - 1 // 1<<64 is 0 in Go, and 0-1 sets all bits
	return n
}

func numberOf(a netip.Addr) number {
	if a.Is4() {
		b := a.As4()
		return number{0, uint64(binary.BigEndian.Uint32(b[:]))}
	}
	b := a.As16()
	return number{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

func pointBox(p Packet) (box, bool) {
	if !p.From.IsValid() || !p.To.IsValid() || p.From.Is6() != p.To.Is6() {
		return box{}, false
	}
	point := func(n number) span { return span{n, n} }
	return box{p.From.Is6(), [dimensions]span{
		point(numberOf(p.From)), point(numberOf(p.To)),
		point(number{0, uint64(p.Protocol)}), point(number{0, uint64(p.Port)}),
	}}, true
}

// prefixOf writes a span as a prefix, if it is one.
func prefixOf(s span, v6 bool) (string, bool) {
	width := 32
	if v6 {
		width = 128
	}
	for bits := range width + 1 {
		if s.low.or(width-bits) == s.high {
			p := netip.PrefixFrom(s.low.addr(v6), bits)
			return p.String(), p.Masked() == p
		}
	}
	return "", false
}

func (n number) addr(v6 bool) netip.Addr {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], n.hi)
	binary.BigEndian.PutUint64(b[8:], n.lo)
	if v6 {
		return netip.AddrFrom16(b)
	}
	return netip.AddrFrom4([4]byte(b[12:]))
}
