package diag

import (
	"cmp"
	"math"
	"slices"
)

// roots returns the trees of the findings that nothing explains, the most telling first. Infos are no roots: they
// ask for nothing.
func (g *graph) roots(focus Resource, asked []Mechanism) []Root {
	var roots []Root
	rank := map[int]rankKey{}
	var order []int
	for i, f := range g.findings {
		if len(g.causes[i]) == 0 && f.Severity >= SeverityWarning {
			order = append(order, i)
			rank[i] = g.rank(i, focus.key(), asked)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return rank[a].compare(rank[b]) })
	for _, i := range order {
		roots = append(roots, g.tree(i))
	}
	return roots
}

// rankKey orders roots: what breaks something now, touches the question, is severe, is sure, and explains much.
type rankKey struct {
	worst      Severity
	asked      bool
	focus      bool
	own        Severity
	confidence Confidence
	explains   int
	level      int
	since      int64
}

func (g *graph) rank(i int, focus Resource, asked []Mechanism) rankKey {
	f := g.findings[i]
	k := rankKey{own: f.Severity, confidence: f.Confidence, since: math.MaxInt64}
	below := g.below(i)
	for j := range below {
		k.worst = max(k.worst, g.findings[j].Severity)
		k.asked = k.asked || slices.ContainsFunc(g.infos[g.findings[j].Code].Breaks, func(m Mechanism) bool { return slices.Contains(asked, m) })
		k.focus = k.focus || g.findings[j].Resource.key() == focus
	}
	k.explains = len(below)
	if !f.Since.IsZero() {
		k.since = f.Since.Unix()
	}
	k.level = slices.IndexFunc(Mechanisms(), func(m Mechanism) bool { return slices.Contains(g.infos[f.Code].Breaks, m) })
	if k.level < 0 {
		k.level = len(Mechanisms())
	}
	return k
}

func (k rankKey) compare(o rankKey) int {
	return cmp.Or(-cmp.Compare(k.worst, o.worst), -compareBools(k.asked, o.asked), -compareBools(k.focus, o.focus), -cmp.Compare(k.own, o.own),
		-cmp.Compare(k.confidence, o.confidence), -cmp.Compare(k.explains, o.explains), cmp.Compare(k.level, o.level),
		cmp.Compare(k.since, o.since))
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// below returns the finding and all that it explains, by distance: the length of the longest chain to each.
func (g *graph) below(root int) map[int]int {
	depth := map[int]int{root: 0}
	var visit func(int)
	visit = func(i int) {
		for _, e := range g.effects[i] {
			if d, ok := depth[e]; !ok || d < depth[i]+1 {
				depth[e] = depth[i] + 1
				visit(e)
			}
		}
	}
	visit(root)
	return depth
}

// tree hangs every finding that root explains once, under the cause nearest to it: at the end of the longest chain.
func (g *graph) tree(root int) Root {
	depth := g.below(root)
	var build func(int) Root
	build = func(i int) Root {
		r := Root{Finding: g.findings[i]}
		for _, e := range slices.Sorted(slices.Values(g.effects[i])) {
			if depth[e] == depth[i]+1 && g.parent(e, depth) == i {
				r.Explains = append(r.Explains, build(e))
			}
		}
		return r
	}
	return build(root)
}

// parent returns the cause of e under which the tree hangs it.
func (g *graph) parent(e int, depth map[int]int) int {
	i := slices.IndexFunc(g.causes[e], func(c int) bool {
		d, in := depth[c]
		return in && d == depth[e]-1
	})
	return g.causes[e][i]
}

// causesFirst orders findings as the trees tell them, each once, and appends what no tree holds.
func causesFirst(roots []Root, findings []Finding) []Finding {
	out := make([]Finding, 0, len(findings))
	type identity struct {
		Ref
		summary string
		since   int64
	}
	id := func(f Finding) identity { return identity{Ref{f.Code, f.Resource}, f.Summary, f.Since.UnixNano()} }
	told := map[identity]bool{}
	add := func(f Finding) {
		if !told[id(f)] {
			told[id(f)] = true
			out = append(out, f)
		}
	}
	var walk func([]Root)
	walk = func(level []Root) {
		for _, r := range level {
			add(r.Finding)
			walk(r.Explains)
		}
	}
	walk(roots)
	for _, f := range findings {
		add(f)
	}
	return out
}
