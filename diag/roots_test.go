package diag

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRootsRank(t *testing.T) {
	warning := func(f *Finding) { f.Severity = SeverityWarning }
	likely := func(f *Finding) { f.Confidence = Likely }
	for _, tt := range []struct {
		name     string
		findings []Finding
		asked    []Mechanism
		want     string
	}{
		{"a warning that breaks something now comes before a warning",
			append(with(found("oom@z", "oom@a"), warning), found("few@z")...), nil,
			"oom@z(few@z) oom@a"},
		{"what was asked", found("oom@a", "net@b"), []Mechanism{TaskRun}, "oom@a net@b"},
		{"what touches the focus", found("oom@a", "oom@focus"), nil, "oom@focus oom@a"},
		{"its own severity", append(with(found("oom@a"), warning), found("few@a", "oom@z")...), nil, "oom@z oom@a(few@a)"},
		{"confidence", append(with(found("oom@a"), likely), found("oom@b")...), nil, "oom@b oom@a"},
		{"how much it explains", found("oom@a", "oom@b", "few@b"), nil, "oom@b(few@b) oom@a"},
		{"the lower mechanism", found("oom@a", "net@b"), nil, "net@b oom@a"},
		{"what breaks nothing comes last", found("advice@a", "oom@b"), nil, "oom@b advice@a"},
		{"the earlier", append(since(1, "oom@a"), since(0, "oom@b")...), nil, "oom@b oom@a"},
		{"a known beginning", append(found("oom@a"), since(0, "oom@b")...), nil, "oom@b oom@a"},
		{"else by name", found("oom@b", "oom@a"), nil, "oom@a oom@b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &Report{Findings: tt.findings, Focus: at("focus")}
			r.explain(toyInfos, tt.asked, time.Time{})
			assert.Equal(t, tt.want, outline(r.Roots()))
		})
	}
}

func TestOnsetIsTheEarliestOfTheFirstTree(t *testing.T) {
	assert.Zero(t, (&Report{}).Onset())
	r := explained(append(since(3, "oom@svc"), append(since(1, "few@svc"), found("nowhere@tg")...)...), links("tg>svc"))
	assert.Equal(t, noon.Add(time.Minute), r.Onset())
	assert.Zero(t, explained(found("oom@svc"), nil).Onset())
}

func TestRootsIsACopy(t *testing.T) {
	r := explained(found("oom@a", "oom@b"), nil)
	r.Roots()[0].Code = "changed"
	assert.Equal(t, Code("oom"), r.Roots()[0].Code)
}
