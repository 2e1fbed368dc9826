package triage_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

// row is how the diagnosis of one pack turned out.
type row struct {
	first bool
	// folded and effects count the expected effects: those that stand under a cause, and all.
	folded, effects int
	// false counts the causes of warning and above that the pack does not know, in a healthy one all findings.
	false int
	cost  cost
}

func (r row) String() string {
	right := map[bool]string{true: "right", false: "WRONG"}[r.first]
	return fmt.Sprintf("%s, effects folded %d/%d, false findings %d, %d calls, depth %d", right, r.folded, r.effects,
		r.false, r.cost.calls, r.cost.depth)
}

// judge compares a report with what the pack knows.
func (p pack) judge(t testing.TB, report *diag.Report) row {
	roots := report.Roots()
	var wanted []verdict
	if p.Root != nil {
		wanted = append([]verdict{*p.Root}, p.MoreRoots...)
	}
	r := row{first: true, effects: len(p.Effects)}
	for _, want := range wanted {
		r.first = r.first && anyMatches(t, want, roots[:min(len(roots), len(wanted))])
	}
	for _, root := range roots {
		known := slices.ContainsFunc(slices.Concat(wanted, p.Effects), func(v verdict) bool { return v.matches(t, root) })
		if root.Severity >= diag.SeverityWarning && !known {
			r.false++
		}
	}
	for _, effect := range p.Effects {
		if effect.foldedIn(t, roots, wanted) {
			r.folded++
		}
	}
	return r
}

// foldedIn reports that an effect stands in the tree of a wanted cause.
func (v verdict) foldedIn(t testing.TB, roots []diag.Root, wanted []verdict) bool {
	return slices.ContainsFunc(roots, func(root diag.Root) bool {
		return slices.ContainsFunc(wanted, func(w verdict) bool { return w.matches(t, root) }) && v.matches(t, root)
	})
}

// beyond counts the effects on resources that the target of the symptom does not depend on, so that no walk from it
// comes by: there, managed instances of the same network.
var beyond = map[string]int{"nat-gateway-deleted-image-pull-timeout": 1}

// TestPacksTable prints how every pack turns out, and holds the whole to it.
func TestPacksTable(t *testing.T) {
	for _, p := range packs(t) {
		r := p.judge(t, p.investigate(t, p.load(t)))
		free, bounded := measure(t, p, 1<<20), measure(t, p, 0)
		r.cost = cost{calls: bounded.calls, depth: free.depth}
		t.Logf("%-42s %s", p.ID, r)
		assert.True(t, r.first, p.ID)
		assert.Zero(t, r.false, p.ID)
		assert.Equal(t, r.effects-beyond[p.ID], r.folded, p.ID)
	}
}
