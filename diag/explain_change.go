package diag

import (
	"cmp"
	"slices"
	"time"
)

// joinChanges puts changes above what they broke. A change is a finding whose [Info] says so. It explains a finding that
// nothing else explains if it touched the resource of that finding, or one that it depends on, before the trouble began,
// and if it may break a mechanism that the finding is about. Of several changes the one that fits best explains alone:
// the nearest by links, then the surest, then the last.
//
// A change that explains something takes over the severity of the worst that it explains. One that explains nothing stays
// what it is, an info.
func (g *graph) joinChanges(window Window) {
	changes := g.changes()
	for e := range g.findings {
		if len(g.causes[e]) > 0 || g.info(e).Change || g.findings[e].Severity < SeverityWarning {
			continue
		}
		if c := g.bestChange(changes, e, cmp.Or(g.onset(e), window.End)); c >= 0 {
			g.causes[e] = append(g.causes[e], c)
			g.effects[c] = append(g.effects[c], e)
			g.findings[c].Severity = max(g.findings[c].Severity, g.findings[e].Severity)
		}
	}
}

// changes returns the findings that are changes with a known time, by resource.
func (g *graph) changes() map[Resource][]int {
	at := map[Resource][]int{}
	for i, f := range g.findings {
		if g.info(i).Change && !f.Since.IsZero() {
			at[f.Resource.key()] = append(at[f.Resource.key()], i)
		}
	}
	return at
}

// bestChange returns the change that explains e best, or -1. What e depends on is looked at in order, the nearest first.
func (g *graph) bestChange(changes map[Resource][]int, e int, onset time.Time) int {
	about := slices.Concat(g.info(e).Breaks, g.info(e).Needs)
	for _, at := range g.reachable(g.findings[e].Resource.key()) {
		best := -1
		for _, c := range changes[at] {
			fits := slices.ContainsFunc(g.info(c).Breaks, func(m Mechanism) bool { return slices.Contains(about, m) })
			if fits && !g.findings[c].Since.After(onset.Add(clockTolerance)) && (best < 0 || g.surer(c, best)) {
				best = c
			}
		}
		if best >= 0 {
			return best
		}
	}
	return -1
}

func (g *graph) surer(a, b int) bool {
	x, y := g.findings[a], g.findings[b]
	return cmp.Or(cmp.Compare(x.Confidence, y.Confidence), x.Since.Compare(y.Since)) > 0
}

// onset returns when a finding, or the first of what it explains, is known to have begun; zero if nobody knows.
func (g *graph) onset(i int) time.Time {
	var first time.Time
	for j := range g.below(i, g.causesFirst()) {
		f := g.findings[j]
		if !f.Since.IsZero() && !f.SinceAtLeast && !f.Change && (first.IsZero() || f.Since.Before(first)) {
			first = f.Since
		}
	}
	return first
}
