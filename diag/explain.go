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
func (r *Report) explain(infos map[Code]*Info, asked []Mechanism, noticed time.Time) {
	slices.SortFunc(r.Findings, compareFindings)
	r.Findings = slices.CompactFunc(r.Findings, func(a, b Finding) bool { return compareFindings(a, b) == 0 })
	g := newGraph(r, infos)
	r.sortEvents() // responses are told as such by now
	g.settle(noticed, asked)
	for i := range r.Findings {
		r.Findings[i].ExplainedBy = g.refs(g.causes[i])
	}
	trees := g.trees(r.Focus, asked)
	r.roots = g.roots(trees)
	for i, t := range trees {
		r.roots[i].Doubts = g.doubts(t.finding, r.Inconclusive)
	}
	r.Findings = g.inOrder(trees)
}

// graph joins the findings of a report, by their index, with causes and effects.
type graph struct {
	findings []Finding
	infos    map[Code]*Info
	near     map[Resource][]Resource
	reach    map[Resource][]Resource // memo of reachable
	causes   [][]int
	effects  [][]int
	also     [][]int // the changes that may explain a finding as well as the one that does
}

func newGraph(r *Report, infos map[Code]*Info) *graph {
	n := len(r.Findings)
	g := &graph{findings: r.Findings, infos: infos, near: neighbours(r.Links), reach: map[Resource][]Resource{},
		causes: make([][]int, n), effects: make([][]int, n), also: make([][]int, n)}
	g.join()
	g.joinChanges(r.Window)
	g.joinReactions(r.Events)
	for i := range n {
		slices.Sort(g.causes[i])
		slices.Sort(g.effects[i])
	}
	return g
}

// join adds all edges that mechanisms, links and time allow, the lowest mechanism first. It looks causes up by what
// they break and where, because a run over an account can make thousands of findings.
func (g *graph) join() {
	joined := map[[2]int]bool{}
	for _, m := range Mechanisms() {
		breaking := g.breaking(m)
		for e := range g.findings {
			if len(breaking) == 0 || !slices.Contains(g.info(e).Needs, m) {
				continue
			}
			for _, at := range g.reachable(g.findings[e].Resource.key()) {
				for _, c := range breaking[at] {
					if edge := [2]int{c, e}; !joined[edge] && g.mayExplain(c, e) && !g.leads(e, c) {
						joined[edge] = true
						g.causes[e] = append(g.causes[e], c)
						g.effects[c] = append(g.effects[c], e)
					}
				}
			}
		}
	}
}

// breaking returns the findings that break a mechanism and may be causes, by their resources. Demand comes from above:
// what is asked too much does not depend on who asks, and who asks names it instead.
func (g *graph) breaking(m Mechanism) map[Resource][]int {
	at := map[Resource][]int{}
	for i, f := range g.findings {
		if f.Severity >= SeverityWarning && !g.info(i).Change && slices.Contains(g.info(i).Breaks, m) {
			at[f.Resource.key()] = append(at[f.Resource.key()], i)
			for _, rel := range f.Related {
				if m == Demand && !slices.Contains(at[rel.Resource.key()], i) {
					at[rel.Resource.key()] = append(at[rel.Resource.key()], i)
				}
			}
		}
	}
	return at
}

func (g *graph) info(i int) *Info { return g.infos[g.findings[i].Code] }

func (g *graph) mayExplain(c, e int) bool {
	cause, effect := &g.findings[c], &g.findings[e]
	return cause.Code != effect.Code && !begunAfter(cause, effect)
}

func (g *graph) refs(findings []int) []Ref {
	var refs []Ref
	for _, i := range findings {
		refs = append(refs, Ref{g.findings[i].Code, g.findings[i].Resource})
	}
	return slices.Compact(refs)
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

// reachable returns what a resource depends on, itself included, the nearest first. A way never leads through another
// resource of the same type: siblings that share a neighbour do not explain each other.
func (g *graph) reachable(from Resource) []Resource {
	if r, ok := g.reach[from]; ok {
		return r
	}
	seen := map[Resource]bool{from: true}
	queue := []Resource{from}
	for i := 0; i < len(queue); i++ {
		for _, to := range g.near[queue[i]] {
			if !seen[to] && (to.Type != from.Type || i == 0) {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	g.reach[from] = queue
	return queue
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
	return cmp.Or(-cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Code, b.Code),
		compareResources(a.Resource, b.Resource), a.Since.Compare(b.Since), cmp.Compare(a.Summary, b.Summary),
		slices.CompareFunc(a.Evidence, b.Evidence, compareEvidence))
}

func compareEvidence(a, b Evidence) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Value, b.Value),
		a.At.Compare(b.At))
}
