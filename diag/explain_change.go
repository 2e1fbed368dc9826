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
// What was deleted has no links any more. So a change that took something away explains, as a possibility, also what broke
// shortly after it on a resource that no link leads from, if it is the only such change.
//
// A change that explains something takes over the severity of the worst that it explains, and its evidence. One that
// explains nothing stays what it is, an info.
func (g *graph) joinChanges(window Window) {
	changes := g.changes()
	lost := g.lost(changes)
	for e := range g.findings {
		if len(g.causes[e]) > 0 || g.info(e).Change || g.findings[e].Severity < SeverityWarning {
			continue
		}
		onset := g.onset(e)
		c := g.bestChange(changes, e, cmp.Or(onset, window.End))
		if c < 0 && !onset.IsZero() {
			c = g.onlyLoss(lost, e, onset)
		}
		if c >= 0 {
			g.causes[e] = append(g.causes[e], c)
			g.effects[c] = append(g.effects[c], e)
			g.findings[c].bear(g.findings[e])
		}
	}
}

// bear makes a change bear what it explains: its severity, and what shows that it broke something.
func (f *Finding) bear(effect Finding) {
	f.Severity = max(f.Severity, effect.Severity)
	shown := Evidence{Source: effect.Evidence[0].Source, Field: string(effect.Code), Value: effect.Summary, At: effect.Since}
	f.Evidence = append(append(slices.Clone(f.Evidence), shown), effect.Evidence...)
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

// lossReach is how soon after something was taken away that no link leads to any more a trouble must begin.
const lossReach = 15 * time.Minute

// lost returns the changes that took away what nothing is linked with: it is gone.
func (g *graph) lost(changes map[Resource][]int) []int {
	linked := map[Resource]bool{}
	for from, all := range g.near {
		linked[from] = true
		for _, to := range all {
			linked[to] = true
		}
	}
	var lost []int
	for at, of := range changes {
		for _, c := range of {
			if !linked[at] && g.findings[c].Confidence >= Likely {
				lost = append(lost, c)
			}
		}
	}
	slices.Sort(lost)
	return lost
}

// onlyLoss returns the one loss that may have broken e, -1 if there is none or more than one call that would fit.
func (g *graph) onlyLoss(lost []int, e int, onset time.Time) int {
	found := -1
	for _, c := range lost {
		f := g.findings[c]
		fits := slices.ContainsFunc(g.info(c).Breaks, func(m Mechanism) bool { return slices.Contains(g.info(e).Breaks, m) })
		soon := !f.Since.After(onset.Add(clockTolerance)) && onset.Sub(f.Since) <= lossReach
		switch {
		case !fits || !soon:
		case found < 0:
			found = c
		case !f.Since.Equal(g.findings[found].Since) || f.Code != g.findings[found].Code: // another call
			return -1
		}
	}
	if found >= 0 {
		g.findings[found].Confidence = Possible
	}
	return found
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
