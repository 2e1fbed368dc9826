package diag

import (
	"cmp"
	"slices"
	"time"
)

// clockTolerance is how much later than its effect a cause may seem to begin: the standard period of CloudWatch
// metrics, by which the onset of a metric is blurred ("CloudWatch concepts", resolution).
const clockTolerance = 5 * time.Minute

// explain joins effects with causes, sets ExplainedBy, finds the roots and orders the findings.
//
// E is explained by C when C breaks a mechanism that E needs, E's resource is C's or depends on it, and C is not known
// to have begun after E. Edges that would close a circle are left out, those over the higher mechanism first.
func (r *Report) explain(infos map[Code]*Info, asked []Mechanism) {
	slices.SortFunc(r.Findings, compareFindings)
	g := graph{findings: r.Findings, infos: infos, near: neighbours(r.Links), reach: map[Resource]map[Resource]bool{},
		causes: make([][]int, len(r.Findings)), effects: make([][]int, len(r.Findings))}
	for _, e := range g.candidates() {
		if !g.leads(e.effect, e.cause) {
			g.causes[e.effect] = append(g.causes[e.effect], e.cause)
			g.effects[e.cause] = append(g.effects[e.cause], e.effect)
		}
	}
	for i := range r.Findings {
		slices.Sort(g.causes[i])
		r.Findings[i].ExplainedBy = nil
		for _, c := range g.causes[i] {
			r.Findings[i].ExplainedBy = append(r.Findings[i].ExplainedBy, Ref{r.Findings[c].Code, r.Findings[c].Resource})
		}
		r.Findings[i].ExplainedBy = slices.Compact(r.Findings[i].ExplainedBy)
	}
	r.roots = g.roots(r.Focus, asked)
	r.Findings = causesFirst(r.roots, r.Findings)
}

type graph struct {
	findings []Finding
	infos    map[Code]*Info
	near     map[Resource][]Resource
	reach    map[Resource]map[Resource]bool // memo of reachable
	causes   [][]int
	effects  [][]int
}

type edge struct{ cause, effect, level int }

// candidates returns all edges that mechanisms, links and time allow, the lowest mechanism first.
func (g *graph) candidates() []edge {
	var edges []edge
	for e := range g.findings {
		for c := range g.findings {
			if level, ok := g.explains(c, e); ok {
				edges = append(edges, edge{c, e, level})
			}
		}
	}
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(a.level, b.level) })
	return edges
}

// explains reports whether c explains e, and over which mechanism at the lowest.
func (g *graph) explains(c, e int) (level int, ok bool) {
	cause, effect := &g.findings[c], &g.findings[e]
	if c == e || cause.Code == effect.Code || cause.Severity < SeverityWarning || begunAfter(cause, effect) {
		return 0, false
	}
	level = g.shared(cause, effect)
	if level < 0 || !g.reachable(effect.Resource.key())[cause.Resource.key()] {
		return 0, false
	}
	return level, true
}

// shared returns the rank of the lowest mechanism that the cause breaks and the effect needs, or -1.
func (g *graph) shared(cause, effect *Finding) int {
	breaks, needs := g.infos[cause.Code].Breaks, g.infos[effect.Code].Needs
	return slices.IndexFunc(Mechanisms(), func(m Mechanism) bool {
		return slices.Contains(breaks, m) && slices.Contains(needs, m)
	})
}

func begunAfter(cause, effect *Finding) bool {
	known := !cause.Since.IsZero() && !effect.Since.IsZero() && !cause.SinceAtLeast && !effect.SinceAtLeast
	return known && cause.Since.After(effect.Since.Add(clockTolerance))
}

func neighbours(links []Link) map[Resource][]Resource {
	near := map[Resource][]Resource{}
	for _, l := range links {
		if !l.Context {
			near[l.From.key()] = append(near[l.From.key()], l.To.key())
		}
	}
	return near
}

// reachable returns what a resource depends on, itself included. A way never leads through another resource of the
// same type: siblings that share a neighbour do not explain each other.
func (g *graph) reachable(from Resource) map[Resource]bool {
	if r, ok := g.reach[from]; ok {
		return r
	}
	seen := map[Resource]bool{from: true}
	queue := []Resource{from}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, to := range g.near[at] {
			if !seen[to] && (to.Type != from.Type || at == from) {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	g.reach[from] = seen
	return seen
}

// leads reports whether a chain of effects leads from a to b.
func (g *graph) leads(a, b int) bool {
	seen := map[int]bool{}
	var visit func(int) bool
	visit = func(i int) bool {
		if i == b {
			return true
		}
		if seen[i] {
			return false
		}
		seen[i] = true
		return slices.ContainsFunc(g.effects[i], visit)
	}
	return visit(a)
}

func compareFindings(a, b Finding) int {
	return cmp.Or(-cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Code, b.Code), compareResources(a.Resource, b.Resource),
		a.Since.Compare(b.Since), cmp.Compare(a.Summary, b.Summary))
}
