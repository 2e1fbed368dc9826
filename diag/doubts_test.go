package diag

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// doubtful makes a report of findings on a service that depends on a network, and explains it.
func doubtful(unseen []Inconclusive, findings ...Finding) *Report {
	svc, sg := at("Toy/svc"), at("Toy/sg")
	r := &Report{Window: Last(time.Hour, noon), Findings: findings, Inconclusive: unseen,
		Links: []Link{{From: svc, To: sg, Role: "guarded by"}}}
	r.explain(map[Code]*Info{
		"net":   {Code: "net", Title: "Way blocked", Breaks: []Mechanism{NetworkPath}, Needs: []Mechanism{Permission}},
		"rival": {Code: "rival", Title: "Other way blocked", Breaks: []Mechanism{NetworkPath}},
		"down":  {Code: "down", Title: "No answer", Breaks: []Mechanism{Request}, Needs: []Mechanism{NetworkPath}},
		"role":  {Code: "role", Title: "Role may not", Breaks: []Mechanism{Permission}},
		"disk":  {Code: "disk", Title: "Disk full", Breaks: []Mechanism{HostRun}},
	}, nil, time.Time{})
	return r
}

func finding(code Code, where string, since time.Time) Finding {
	return Finding{Code: code, Severity: SeverityError, Confidence: Certain, Resource: at("Toy/" + where), Since: since,
		Summary: string(code) + " on " + where}
}

func TestDoubts(t *testing.T) {
	cause, effect := finding("net", "sg", noon.Add(-30*time.Minute)), finding("down", "svc", noon.Add(-20*time.Minute))
	denied := func(code Code, where string) Inconclusive {
		return Inconclusive{Code: code, Resource: at("Toy/" + where), Kind: KindDenied}
	}
	early, unknown, vague := effect, cause, cause
	early.Since = cause.Since.Add(-2 * time.Minute)
	unknown.Since = time.Time{}
	vague.SinceAtLeast = true
	for _, test := range []struct {
		name     string
		unseen   []Inconclusive
		findings []Finding
		want     []string
	}{
		{"none", nil, []Finding{cause, effect}, nil},
		{"an effect that was seen before", nil, []Finding{cause, early}, nil},
		{"a beginning out of sight", nil, []Finding{vague, early}, nil},
		{"no known beginning", nil, []Finding{unknown, effect},
			[]string{"when it began is not known, so that time neither supports it nor rules it out"}},
		{"no time at all", nil,
			[]Finding{unknown, {Code: "down", Severity: SeverityError, Resource: at("Toy/svc"), Summary: "down"}}, nil},
		{"another finding of the same", nil, []Finding{cause, finding("rival", "sg", cause.Since), effect}, nil},
		{"another cause", nil, []Finding{cause, finding("rival", "svc", cause.Since), effect},
			[]string{"No answer on Toy svc may as well come of: rival on svc"}},
		{"something not seen beneath", []Inconclusive{denied("role", "sg"), denied("disk", "sg"), denied("role", "svc")},
			[]Finding{cause, effect}, []string{"not seen, and may lie beneath it: Role may not on Toy sg (denied)"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			roots := doubtful(test.unseen, test.findings...).Roots()
			i := 0
			for roots[i].Code != "net" {
				i++
			}
			assert.Equal(t, test.want, roots[i].Doubts)
			assert.Empty(t, roots[i].Explains[0].Doubts)
		})
	}
}

func TestDoubtsAreFew(t *testing.T) {
	assert.Equal(t, []string{"a", "b", "c", "and 2 more things"}, atMost([]string{"d", "c", "b", "a", "e", "a"}, "things"))
	assert.Empty(t, atMost(nil, "things"))
}
