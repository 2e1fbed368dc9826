package diag

import "slices"

// onlyDemand reports a finding that nothing explains but that more is asked than usual. It is no reason where somebody
// kept what is asked from growing with it: see limits.
func (g *graph) onlyDemand(e int) bool {
	return len(g.causes[e]) > 0 && !slices.ContainsFunc(g.causes[e], func(c int) bool { return !g.demands(c) })
}

func (g *graph) demands(c int) bool { return slices.Contains(g.info(c).Breaks, Demand) }

// limits reports what holds down how many there may be of something, and nothing else: a change of scaling or capacity,
// or a fault of its settings, which needs nothing to be so.
func (g *graph) limits(c int) bool {
	breaks := g.info(c).Breaks
	return (slices.Contains(breaks, TaskCount) || slices.Contains(breaks, Placement)) &&
		!slices.Contains(breaks, Application) && (g.info(c).Change || len(g.info(c).Needs) == 0)
}

// limiting keeps the changes that limit how many there may be of something.
func (g *graph) limiting(changes map[Resource][]int) map[Resource][]int {
	kept := map[Resource][]int{}
	for at, of := range changes {
		for _, c := range of {
			if g.limits(c) {
				kept[at] = append(kept[at], c)
			}
		}
	}
	return kept
}

// yield takes back what a surge explained of what something that limits explains too, and all that follows from it. A
// surge that explains nothing any more is information.
func (g *graph) yield() {
	for s := range g.findings {
		if !g.demands(s) || len(g.effects[s]) == 0 {
			continue
		}
		g.effects[s] = slices.DeleteFunc(g.effects[s], func(e int) bool {
			limited := g.limited(e) ||
				slices.ContainsFunc(g.causes[e], func(c int) bool { return c != s && g.limited(c) })
			if limited {
				g.causes[e] = slices.DeleteFunc(g.causes[e], func(c int) bool { return c == s })
			}
			return limited
		})
		if len(g.effects[s]) == 0 {
			g.findings[s].Severity = min(g.findings[s].Severity, SeverityInfo)
		}
	}
}

// limited reports a finding that something which limits explains.
func (g *graph) limited(e int) bool {
	return slices.ContainsFunc(g.causes[e], g.limits)
}
