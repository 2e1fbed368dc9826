package logs

import (
	"math"
	"math/bits"
	"slices"
	"strings"
)

const (
	// windowLen is the length of the part of each literal that the prefilter looks for. Literals are at least as long.
	windowLen = 5
	// gramLen is how many bytes at the end of a window are looked at.
	gramLen = 3
	// farthest is how far the window moves where the bytes at its end stand in no literal's window.
	farthest = windowLen - gramLen + 1
	// slots is the size of the tables, a power of two.
	slots = 1 << 15
)

// prefilter finds which rules a text holds literals of, whatever the case of their letters, in one pass and without
// allocating. It is the algorithm of Wu and Manber over one window of each literal: the last bytes of the place that is
// looked at tell how far the next window can begin at the nearest. The window of a literal is the one that is rarest in
// logs, so that ordinary text is mostly skipped.
type prefilter struct {
	shift   [slots]uint8  // by the last bytes of a window; zero where a window ends so
	bucket  [slots]uint16 // where shift is zero: index into buckets
	buckets [][]needle
}

// needle is a literal in lower case, where its window begins, and the rules that look for it.
type needle struct {
	literal string
	offset  int
	rules   bitset
}

// newPrefilter builds a prefilter of literals and the rules that look for each.
func newPrefilter(literals []string, rules map[string]bitset) *prefilter {
	p := &prefilter{buckets: make([][]needle, 1)}
	for i := range p.shift {
		p.shift[i] = farthest
	}
	for _, original := range literals {
		literal := strings.ToLower(original)
		offset := rarestWindow(literal)
		w := literal[offset : offset+windowLen]
		for i := range farthest {
			at := gram(w, i)
			p.shift[at] = min(p.shift[at], uint8(farthest-1-i))
		}
		last := gram(w, farthest-1)
		if p.bucket[last] == 0 {
			p.bucket[last] = uint16(len(p.buckets))
			p.buckets = append(p.buckets, nil)
		}
		b := p.bucket[last]
		p.buckets[b] = append(p.buckets[b], needle{literal, offset, rules[original]})
	}
	return p
}

// caseBits are the bits in which the cases of three ASCII letters differ.
const caseBits = 0x202020

// gram returns the slot of the three bytes from i on, the same for both cases of letters.
func gram(s string, i int) uint32 {
	v := uint32(s[i]) | uint32(s[i+1])<<8 | uint32(s[i+2])<<16
	return (v | caseBits) * 0x9E3779B1 >> 17
}

// scan marks the rules of the literals that text holds and reports whether there are any.
func (p *prefilter) scan(text string, found *bitset) bool {
	any := false
	for i := farthest - 1; i+gramLen <= len(text); {
		at := gram(text, i)
		if skip := int(p.shift[at]); skip > 0 {
			i += skip
			continue
		}
		for _, n := range p.buckets[p.bucket[at]] {
			if start := i - (farthest - 1) - n.offset; start >= 0 && begins(text[start:], n.literal) {
				found.add(n.rules)
				any = true
			}
		}
		i++
	}
	return any
}

// begins reports whether text begins with a literal in lower case, whatever the case of its own letters.
func begins(text, literal string) bool {
	if len(text) < len(literal) {
		return false
	}
	for i := range len(literal) {
		b := text[i]
		if 'A' <= b && b <= 'Z' {
			b |= 0x20
		}
		if b != literal[i] {
			return false
		}
	}
	return true
}

// rarestWindow returns where the window of a literal begins: the place whose bytes are the least common in logs.
func rarestWindow(literal string) int {
	best, least := 0, math.Inf(1)
	for i := 0; i+windowLen <= len(literal); i++ {
		// The last bytes cost most, as every hit of them is looked at closely; the others cost part of a skip.
		cost := 0.0
		for j := range farthest {
			weight := 1.0
			if j == farthest-1 {
				weight = 8
			}
			cost += weight * frequency(literal[i+j]) * frequency(literal[i+j+1]) * frequency(literal[i+j+2])
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
