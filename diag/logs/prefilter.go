package logs

import (
	"math"
	"math/bits"
	"slices"
)

// window is the length of the part of each literal that the prefilter looks for. Literals must be at least as long.
const windowLen = 5

// prefilter finds which of a set of literals occur in a text, in one pass and without allocating. It is the algorithm of
// Wu and Manber over one window of each literal: the last two bytes of the place that is looked at tell how far the next
// window can begin at the nearest. The window of a literal is the one whose pairs of bytes are rarest in logs, so that
// ordinary text is mostly skipped.
type prefilter struct {
	shift   [1 << 16]uint8  // by the last two bytes of a window; zero where a window ends so
	bucket  [1 << 16]uint16 // where shift is zero: index into buckets
	buckets [][]needle
}

// needle is a literal, where its window begins, and the rules that look for it.
type needle struct {
	literal string
	offset  int
	rules   bitset
}

// newPrefilter builds a prefilter of literals and the rules that look for each.
func newPrefilter(literals []string, rules map[string]bitset) *prefilter {
	p := &prefilter{buckets: make([][]needle, 1)}
	for i := range p.shift {
		p.shift[i] = windowLen - 1
	}
	for _, literal := range literals {
		offset := rarestWindow(literal)
		w := literal[offset : offset+windowLen]
		for i := 1; i < windowLen; i++ {
			pair := pairAt(w, i-1)
			p.shift[pair] = min(p.shift[pair], uint8(windowLen-1-i))
		}
		last := pairAt(w, windowLen-2)
		if p.bucket[last] == 0 {
			p.bucket[last] = uint16(len(p.buckets))
			p.buckets = append(p.buckets, nil)
		}
		b := p.bucket[last]
		p.buckets[b] = append(p.buckets[b], needle{literal, offset, rules[literal]})
	}
	return p
}

func pairAt(s string, i int) uint16 { return uint16(s[i]) | uint16(s[i+1])<<8 }

// scan marks the rules of the literals that text holds and reports whether there are any.
func (p *prefilter) scan(text string, found *bitset) bool {
	any := false
	for i := windowLen - 2; i < len(text)-1; {
		pair := pairAt(text, i)
		if skip := int(p.shift[pair]); skip > 0 {
			i += skip
			continue
		}
		for _, n := range p.buckets[p.bucket[pair]] {
			start := i - (windowLen - 2) - n.offset
			if start >= 0 && start+len(n.literal) <= len(text) && text[start:start+len(n.literal)] == n.literal {
				found.add(n.rules)
				any = true
			}
		}
		i++
	}
	return any
}

// rarestWindow returns where the window of a literal begins: the place whose pairs are the least common in logs.
func rarestWindow(literal string) int {
	best, least := 0, math.Inf(1)
	for i := 0; i+windowLen <= len(literal); i++ {
		// The last pair costs most, as every hit of it is looked at closely; the others cost part of a skip.
		cost := 4 * frequency(literal[i+windowLen-2]) * frequency(literal[i+windowLen-1])
		for j := range windowLen - 2 {
			cost += frequency(literal[i+j]) * frequency(literal[i+j+1])
		}
		if cost < least {
			best, least = i, cost
		}
	}
	return best
}

// common are the bytes of ordinary log lines, from the most to the least frequent.
const common = ` e0toi1rans2ld"cps35:4-u6m7h9g8f/.=TbEyvRSkNI,OAwDCLx[]()PMU_GFzHBq'jVWYXKJQZ`

// frequency estimates how common a byte is in logs; the scale does not matter.
func frequency(b byte) float64 {
	if rank := slices.Index([]byte(common), b); rank >= 0 {
		return math.Exp(-float64(rank) / 16)
	}
	return math.Exp(-5)
}

// bitset holds numbers of rules.
type bitset [2]uint64

// maxRules is how many rules a bitset can tell; a test holds the table to it.
const maxRules = len(bitset{}) * 64

func (b *bitset) set(i int) { b[i>>6] |= 1 << (i & 63) }

func (b *bitset) add(o bitset) {
	for i := range b {
		b[i] |= o[i]
	}
}

// next takes the lowest number out of the set; false if it is empty.
func (b *bitset) next() (int, bool) {
	for i := range b {
		if b[i] != 0 {
			n := bits.TrailingZeros64(b[i])
			b[i] &^= 1 << n
			return i<<6 + n, true
		}
	}
	return 0, false
}
