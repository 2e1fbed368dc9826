package diag

import (
	"cmp"
	"math"
	"slices"
)

// tree is a finding, by its index, with the findings that it explains.
type tree struct {
	finding  int
	explains []tree
}

// trees returns the trees of the findings that nothing explains, the most telling first. Infos are no roots: they ask
// for nothing.
func (g *graph) trees(focus Resource, asked []Mechanism) []tree {
	var roots []tree
	order := g.causesFirst()
	ranks := map[int]rankKey{}
	for i, f := range g.findings {
		if len(g.causes[i]) == 0 && f.Severity >= SeverityWarning {
			depth := g.below(i, order)
			ranks[i] = g.rank(i, depth, focus.key(), asked)
			roots = append(roots, g.hang(i, depth, order))
		}
	}
	slices.SortStableFunc(roots, func(a, b tree) int { return ranks[a.finding].compare(ranks[b.finding]) })
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

func (g *graph) rank(i int, below map[int]int, focus Resource, asked []Mechanism) rankKey {
	f := g.findings[i]
	k := rankKey{own: f.Severity, confidence: f.Confidence, since: math.MaxInt64}
	for j := range below {
		k.worst = max(k.worst, g.findings[j].Severity)
		k.asked = k.asked || slices.ContainsFunc(asked,
			func(m Mechanism) bool { return slices.Contains(g.info(j).Breaks, m) })
		k.focus = k.focus || g.findings[j].Resource.key() == focus
	}
	k.explains = len(below)
	if !f.Since.IsZero() {
		k.since = f.Since.Unix()
	}
	k.level = slices.IndexFunc(Mechanisms(), func(m Mechanism) bool { return slices.Contains(g.info(i).Breaks, m) })
	if k.level < 0 {
		k.level = len(Mechanisms())
	}
	return k
}

func (k rankKey) compare(o rankKey) int {
	return cmp.Or(-cmp.Compare(k.worst, o.worst), -compareBools(k.asked, o.asked), -compareBools(k.focus, o.focus),
		-cmp.Compare(k.own, o.own),
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

// causesFirst returns all findings, each after its causes.
func (g *graph) causesFirst() []int {
	order := make([]int, 0, len(g.findings))
	open := make([]int, len(g.findings))
	for i := range g.findings {
		if open[i] = len(g.causes[i]); open[i] == 0 {
			order = append(order, i)
		}
	}
	for i := 0; i < len(order); i++ {
		for _, e := range g.effects[order[i]] {
			if open[e]--; open[e] == 0 {
				order = append(order, e)
			}
		}
	}
	return order
}

// below returns root and all that it explains, by the length of the longest chain to each.
func (g *graph) below(root int, order []int) map[int]int {
	depth := map[int]int{root: 0}
	for _, i := range order {
		d, ok := depth[i]
		if !ok {
			continue
		}
		for _, e := range g.effects[i] {
			depth[e] = max(depth[e], d+1)
		}
	}
	return depth
}

// hang builds the tree of root: every finding that it explains once, at the end of the longest chain to it.
func (g *graph) hang(root int, depth map[int]int, order []int) tree {
	hung := map[int]bool{}
	under := map[int][]int{}
	for _, i := range order {
		if _, ok := depth[i]; !ok {
			continue
		}
		for _, e := range g.effects[i] {
			if depth[e] == depth[i]+1 && !hung[e] {
				hung[e] = true
				under[i] = append(under[i], e)
			}
		}
	}
	var build func(int) tree
	build = func(i int) tree {
		t := tree{finding: i}
		for _, e := range under[i] {
			t.explains = append(t.explains, build(e))
		}
		return t
	}
	return build(root)
}

func (g *graph) roots(trees []tree) []Root {
	var roots []Root
	for _, t := range trees {
		roots = append(roots, Root{Finding: g.findings[t.finding], Explains: g.roots(t.explains)})
	}
	return roots
}

// inOrder returns the findings as the trees tell them, each once, and then what no tree holds.
func (g *graph) inOrder(trees []tree) []Finding {
	out := make([]Finding, 0, len(g.findings))
	told := make([]bool, len(g.findings))
	add := func(i int) {
		if !told[i] {
			told[i] = true
			out = append(out, g.findings[i])
		}
	}
	var walk func([]tree)
	walk = func(trees []tree) {
		for _, t := range trees {
			add(t.finding)
			walk(t.explains)
		}
	}
	walk(trees)
	for i := range g.findings {
		add(i)
	}
	return out
}
