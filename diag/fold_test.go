package diag

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestFold: findings of one code on one resource become one before causes are sought, others stay, and so do changes.
func TestFold(t *testing.T) {
	var asked []string
	by := func(f, more Finding) (Finding, bool) {
		asked = append(asked, f.Summary+"+"+more.Summary)
		f.Summary += " and " + more.Summary
		return f, f.Code == "oom"
	}
	moved := finds("moved", 2, nil)
	moved.Change = true
	report := Runner{Fold: by}.Run(t.Context(), On(toy{at("svc")}, finds("oom", 3, nil), finds("few", 2, nil), moved),
		On(toy{at("tg")}, finds("oom", 1, nil)))
	var said []string
	for _, f := range report.Findings {
		said = append(said, f.Resource.Type+" "+f.Summary)
	}
	assert.ElementsMatch(t, []string{"svc oom 0 and oom 1 and oom 2", "tg oom 0", "svc few 0", "svc few 1", "svc moved 0",
		"svc moved 1"}, said)
	assert.ElementsMatch(t, []string{"oom 0+oom 1", "oom 0 and oom 1+oom 2", "few 0+few 1"}, asked)
}
