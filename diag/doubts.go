package diag

import (
	"fmt"
	"slices"
	"strings"
)

// maxDoubts bounds each kind of doubt: a reader wants the weight of it, not the list.
const maxDoubts = 3

// doubts tells what speaks against a cause, and what was not seen that could lie beneath it.
func (g *graph) doubts(root int, unseen []Inconclusive) []string {
	f := &g.findings[root]
	var out []string
	if f.Change && f.Confidence < Likely {
		out = append(out, "what it touched and when speak for it; nothing shows that it did the harm")
	}
	below := g.below(root, g.causesFirst())
	out = append(out, g.timeDoubts(root, below)...)
	out = append(out, g.rivals(root, below)...)
	out = append(out, g.otherChanges(root, below)...)
	return append(out, g.unseenBeneath(root, unseen)...)
}

// timeDoubts tells where time does not support the order of cause and effect. An effect that was seen first is none:
// what explains another is at most later by the blur of metrics.
func (g *graph) timeDoubts(root int, below map[int]int) []string {
	known := slices.ContainsFunc(sortedKeys(below), func(e int) bool { return !g.findings[e].Since.IsZero() })
	if known && g.findings[root].Since.IsZero() {
		return []string{"when it began is not known, so that time neither supports it nor rules it out"}
	}
	return nil
}

// rivals names the other causes of what a cause explains, on other resources: what two findings say of one resource is
// one story.
func (g *graph) rivals(root int, below map[int]int) []string {
	effects := map[int][]int{}
	for _, e := range sortedKeys(below) {
		for _, c := range g.causes[e] {
			_, own := below[c]
			if !own && g.findings[c].Resource.key() != g.findings[root].Resource.key() {
				effects[c] = append(effects[c], e)
			}
		}
	}
	var names []string
	for _, c := range sortedKeys(effects) {
		first := effects[c][0]
		what := fmt.Sprintf("%s on %s", g.info(first).Title, g.findings[first].Resource)
		if n := len(effects[c]) - 1; n > 0 {
			what += fmt.Sprintf(" and %d more of what it explains", n)
		}
		names = append(names, what+" may as well come of: "+g.findings[c].Summary)
	}
	return atMost(names, "other causes of what it explains")
}

// otherChanges names the changes that may have done as well what a change is blamed for.
func (g *graph) otherChanges(root int, below map[int]int) []string {
	if !g.findings[root].Change {
		return nil
	}
	var names []string
	for _, e := range sortedKeys(below) {
		for _, c := range g.also[e] {
			if _, own := below[c]; !own && g.findings[c].Summary != g.findings[root].Summary {
				names = append(names, "also possible: "+g.findings[c].Summary)
			}
		}
	}
	return atMost(names, "changes that are also possible")
}

// unseenBeneath names the checks that could not see everything of what the cause's resource depends on, if what they
// look for would explain it.
func (g *graph) unseenBeneath(root int, unseen []Inconclusive) []string {
	beneath := g.reachable(g.findings[root].Resource.key())
	needs := g.info(root).Needs
	var names []string
	for _, i := range unseen {
		info := g.infos[i.Code]
		if info == nil || info.Change || !slices.Contains(beneath, i.Resource.key()) || !meet(info.Breaks, needs) {
			continue
		}
		names = append(names, fmt.Sprintf("not seen, and may lie beneath it: %s on %s (%s)", info.Title, i.Resource, i.Kind))
	}
	return atMost(names, "things not seen that may lie beneath it")
}

func meet(a, b []Mechanism) bool {
	return slices.ContainsFunc(a, func(m Mechanism) bool { return slices.Contains(b, m) })
}

// atMost sorts texts, keeps a few and counts the rest.
func atMost(texts []string, what string) []string {
	slices.Sort(texts)
	texts = slices.Compact(texts)
	if len(texts) <= maxDoubts {
		return texts
	}
	more := fmt.Sprintf("and %d more %s", len(texts)-maxDoubts, what)
	return append(slices.Clip(texts[:maxDoubts]), strings.TrimSpace(more))
}

func sortedKeys[V any](m map[int]V) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
