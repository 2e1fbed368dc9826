package diag

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestChanges tries changes against a blocked network path: which of them stands above it.
func TestChanges(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	group, service, other := Resource{Type: "group", ID: "sg-1"}, Resource{Type: "service", ID: "api"},
		Resource{Type: "group", ID: "sg-2"}
	gone := Resource{Type: "AWS::EC2::VPCEndpoint", ID: "vpce-1"}
	infos := map[Code]*Info{
		"net.blocked":    {Code: "net.blocked", Breaks: []Mechanism{NetworkPath}},
		"svc.down":       {Code: "svc.down", Needs: []Mechanism{NetworkPath}, Breaks: []Mechanism{TaskCount}},
		"change.rule":    {Code: "change.rule", Change: true, Breaks: []Mechanism{NetworkPath}},
		"change.release": {Code: "change.release", Change: true, Breaks: []Mechanism{Application}},
	}
	seen := []Evidence{{Source: "net:Look", Value: "closed"}}
	blocked := Finding{Code: "net.blocked", Severity: SeverityError, Resource: group, Summary: "blocked", Evidence: seen}
	down := Finding{Code: "svc.down", Severity: SeverityError, Resource: service, Since: noon, Evidence: seen}
	change := func(code Code, at Resource, when time.Duration, confidence Confidence) Finding {
		return Finding{Code: code, Severity: SeverityInfo, Confidence: confidence, Resource: at, Since: noon.Add(when),
			Summary: when.String()}
	}
	tests := []struct {
		name    string
		changes []Finding
		root    Code
		summary string // of the change that stands above, if one does
	}{
		{"the edit that broke it", []Finding{change("change.rule", group, -time.Minute, Likely)}, "change.rule", "-1m0s"},
		{"within the tolerance of the clock", []Finding{change("change.rule", group, time.Minute, Likely)}, "change.rule",
			"1m0s"},
		{"after it began", []Finding{change("change.rule", group, time.Hour, Likely)}, "net.blocked", ""},
		{"another mechanism", []Finding{change("change.release", group, -time.Minute, Likely)}, "net.blocked", ""},
		{"a resource that nothing depends on", []Finding{change("change.rule", other, -time.Minute, Likely)}, "net.blocked",
			""},
		{"the last of several", []Finding{change("change.rule", group, -time.Hour, Likely),
			change("change.rule", group, -time.Minute, Likely)},
			"change.rule", "-1m0s"},
		{"what is gone took it along", []Finding{change("change.rule", gone, -time.Minute, Likely)}, "change.rule", "-1m0s"},
		{"what is gone for long", []Finding{change("change.rule", gone, -time.Hour, Likely)}, "net.blocked", ""},
		{"two things gone", []Finding{change("change.rule", gone, -time.Minute, Likely),
			change("change.rule", gone, -2*time.Minute, Likely)},
			"net.blocked", ""},
		{"something gone that was only altered", []Finding{change("change.rule", gone, -time.Minute, Possible)},
			"net.blocked", ""},
		{"what took it away, felt much later", []Finding{change("change.rule", group, -100*time.Minute, Likely),
			change("change.rule", group, time.Minute, Possible)},
			"change.rule", "-1h40m0s"},
		{"the surer of several", []Finding{change("change.rule", group, -10*time.Minute, Likely),
			change("change.rule", group, -time.Minute, Possible)},
			"change.rule", "-10m0s"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &Report{Window: Last(3*time.Hour, noon.Add(2*time.Hour)),
				Links: []Link{{From: service, To: group}, {From: service, To: Resource{Type: "x", ID: "x"}},
					{From: Resource{Type: "y"}, To: other}},
				Findings: append([]Finding{blocked, down}, tt.changes...)}
			r.explain(infos, nil, time.Time{})
			roots := r.Roots()
			if assert.Len(t, roots, 1) {
				assert.Equal(t, tt.root, roots[0].Code)
				assert.Equal(t, SeverityError, roots[0].Severity, "a change weighs as much as what it broke")
			}
			assert.Len(t, r.Findings, 2+len(tt.changes))
			if tt.summary != "" {
				assert.Equal(t, tt.summary, roots[0].Summary)
				assert.Equal(t, []Evidence{{Source: "net:Look", Field: "net.blocked", Value: "blocked"}, seen[0]},
					roots[0].Evidence)
			}
		})
	}
}
