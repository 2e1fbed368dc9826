package netset

import (
	"cmp"
	"slices"
)

// Traffic is what a set holds of one span of protocols: which ports.
type Traffic struct{ Protocols, Ports Interval }

// Traffic returns which protocols and ports occur in the set, whatever the addresses, in order and without overlap.
func (s Set) Traffic() []Traffic {
	edges := []uint16{}
	for _, b := range s.boxes {
		edges = append(edges, uint16(b.span[protocol].low.lo), uint16(b.span[protocol].high.lo)+1)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var out []Traffic
	for i := 0; i+1 < len(edges); i++ {
		for _, ports := range s.portsOf(edges[i]) {
			out = append(out, Traffic{Interval{edges[i], edges[i+1] - 1}, ports})
		}
	}
	return joined(out)
}

// portsOf returns the ports of one protocol, in order, joined where they touch.
func (s Set) portsOf(number uint16) []Interval {
	var spans []Interval
	for _, b := range s.boxes {
		if uint64(number) >= b.span[protocol].low.lo && uint64(number) <= b.span[protocol].high.lo {
			spans = append(spans, Interval{uint16(b.span[port].low.lo), uint16(b.span[port].high.lo)})
		}
	}
	slices.SortFunc(spans, func(a, b Interval) int { return cmp.Compare(a.Low, b.Low) })
	var out []Interval
	for _, s := range spans {
		last := len(out) - 1
		if last >= 0 && int(s.Low) <= int(out[last].High)+1 {
			out[last].High = max(out[last].High, s.High)
			continue
		}
		out = append(out, s)
	}
	return out
}

// joined merges neighbouring protocols that have the same single span of ports.
func joined(in []Traffic) []Traffic {
	var out []Traffic
	for _, t := range in {
		last := len(out) - 1
		if last >= 0 && out[last].Ports == t.Ports && out[last].Protocols.High+1 == t.Protocols.Low {
			out[last].Protocols.High = t.Protocols.High
			continue
		}
		out = append(out, t)
	}
	return out
}

// Sources returns the source addresses of the set as the prefixes that the matches held; spans that are no prefix are
// left out.
func (s Set) Sources() []string { return s.prefixes(from) }

// Destinations returns the destination addresses likewise.
func (s Set) Destinations() []string { return s.prefixes(to) }

func (s Set) prefixes(dimension int) []string {
	var out []string
	for _, b := range s.boxes {
		if p, ok := prefixOf(b.span[dimension], b.v6); ok && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}
