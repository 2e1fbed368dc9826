package diag

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRestarts tries a login that a database refuses since noon against changes of what the service reads and restarts
// of it.
func TestRestarts(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	service, secret, group := Resource{Type: "service", ID: "api"}, Resource{Type: "secret", ID: "db"},
		Resource{Type: "group", ID: "sg-1"}
	infos := map[Code]*Info{
		"svc.refused": {Code: "svc.refused", Title: "Login refused", Breaks: []Mechanism{Application},
			Needs: []Mechanism{DBAccept, NetworkPath}},
		"svc.dead":    {Code: "svc.dead", Title: "Tasks end", Breaks: []Mechanism{TaskRun, Application}},
		"svc.full":    {Code: "svc.full", Title: "No place", Breaks: []Mechanism{TaskRun}},
		"change.key":  {Code: "change.key", Change: true, Breaks: []Mechanism{DBAccept}},
		"change.rule": {Code: "change.rule", Change: true, Breaks: []Mechanism{NetworkPath}},
		"change.run":  {Code: "change.run", Change: true, Breaks: []Mechanism{Application, TaskRun}},
	}
	seen := []Evidence{{Source: "svc:Look", Value: "refused"}}
	trouble := func(code Code, when time.Duration) Finding {
		return Finding{Code: code, Severity: SeverityError, Resource: service, Summary: string(code), Since: noon.Add(when),
			Evidence: seen}
	}
	change := func(code Code, at Resource, n Nature, when time.Duration, confidence Confidence) Finding {
		return Finding{Code: code, Severity: SeverityInfo, Confidence: confidence, Resource: at, Nature: n, Change: true,
			Since: noon.Add(when), Summary: "at " + when.String()}
	}
	restart := func(when time.Duration) Finding { return change("change.run", service, Restarts, when, Possible) }
	key := func(when time.Duration) Finding { return change("change.key", secret, AtStart, when, Possible) }
	refused := trouble("svc.refused", 0)
	tests := []struct {
		name     string
		findings []Finding
		chain    []string // the summaries from the first root down, by their beginnings
	}{
		{"a restart alone", []Finding{refused, restart(-3 * time.Minute)}, []string{"at -3m0s", "svc.refused"}},
		{"a secret changed before it", []Finding{refused, key(-2 * time.Hour), restart(-3 * time.Minute)},
			[]string{"at -2h0m0s; it took effect at 2026-03-01T11:57:00Z", "at -3m0s, which took", "svc.refused"}},
		{"one that was in use since the restart before",
			[]Finding{refused, key(-2 * time.Hour), restart(-time.Hour), restart(-3 * time.Minute)},
			[]string{"at -3m0s", "svc.refused"}},
		{"a secret changed after it", []Finding{refused, key(-time.Minute), restart(-3 * time.Minute)},
			[]string{"at -3m0s", "svc.refused"}},
		{"something taken away that a start needs",
			[]Finding{refused, change("change.rule", group, 0, -2*time.Hour, Likely), restart(-3 * time.Minute)},
			[]string{"at -2h0m0s; it took effect", "at -3m0s", "svc.refused"}},
		{"something altered that works at once", []Finding{refused, change("change.rule", group, 0, -2*time.Hour, Possible),
			restart(-3 * time.Minute)},
			[]string{"at -3m0s", "svc.refused"}},
		{"a restart in response, and what came of it",
			[]Finding{refused, restart(30 * time.Minute), trouble("svc.dead", 31*time.Minute)},
			[]string{"svc.refused", "at 30m0s; in response, since \"Login refused\" had begun at 2026-03-01T12:00:00Z",
				"svc.dead"}},
		{"a restart that broke something else", []Finding{trouble("svc.refused", -time.Hour), restart(30 * time.Minute),
			trouble("svc.full", 31*time.Minute)},
			[]string{"at 30m0s", "svc.full"}},
		{"a release long after, which is no response",
			[]Finding{refused, change("change.run", service, 0, 30*time.Minute, Possible), trouble("svc.dead", 31*time.Minute)},
			[]string{"at 30m0s", "svc.dead"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &Report{Window: Last(3*time.Hour, noon.Add(2*time.Hour)), Findings: tt.findings,
				Links: []Link{{From: service, To: secret}, {From: service, To: group}}}
			r.explain(infos, nil, time.Time{})
			at := r.Roots()
			for _, want := range tt.chain {
				require.NotEmpty(t, at, want)
				i := 0
				for n := range at { // what comes of a response stands beside other effects
					if len(at[n].Summary) >= len(want) && at[n].Summary[:len(want)] == want {
						i = n
					}
				}
				assert.Contains(t, at[i].Summary, want)
				at = at[i].Explains
			}
		})
	}
}

// TestResponseInTheTimeline is that a response is told as such, and a change before the trouble is not.
func TestResponseInTheTimeline(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	host := Resource{Type: "host", ID: "h"}
	infos := map[Code]*Info{"host.dead": {Code: "host.dead", Title: "Host dead", Breaks: []Mechanism{HostRun}},
		"change.boot": {Code: "change.boot", Change: true, Breaks: []Mechanism{AgentConnect}}}
	boot := func(when time.Duration) Finding {
		return Finding{Code: "change.boot", Severity: SeverityInfo, Resource: host, Nature: Restarts, Change: true,
			Since: noon.Add(when), Summary: "boot"}
	}
	said := func(when time.Duration) Event {
		return Event{At: noon.Add(when), Resource: host, Kind: "change", Text: "ann rebooted the host"}
	}
	r := &Report{Window: Last(3*time.Hour, noon.Add(2*time.Hour)),
		Events: []Event{said(-time.Hour), said(20 * time.Minute)},
		Findings: []Finding{boot(-time.Hour), boot(20 * time.Minute),
			{Code: "host.dead", Severity: SeverityError, Resource: host, Since: noon, Summary: "dead",
				Evidence: []Evidence{{Source: "s", Value: "v"}}}}}
	r.explain(infos, nil, time.Time{})
	assert.Equal(t, "ann rebooted the host", r.Events[0].Text)
	assert.Equal(t, "in response: ann rebooted the host", r.Events[1].Text)
}

// TestLeadUp is that a change during a slow way to a trouble does not explain it, and one right before it does.
func TestLeadUp(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	db := Resource{Type: "db", ID: "db"}
	infos := map[Code]*Info{"db.spent": {Code: "db.spent", Breaks: []Mechanism{DBServe}},
		"change.db": {Code: "change.db", Change: true, Breaks: []Mechanism{DBServe}}}
	spent := Finding{Code: "db.spent", Severity: SeverityError, Resource: db, Since: noon,
		LeadUp: noon.Add(-2 * time.Hour), Evidence: []Evidence{{Source: "s", Value: "v"}}}
	for when, root := range map[time.Duration]Code{-time.Minute: "db.spent", -time.Hour: "db.spent",
		-121 * time.Minute: "change.db"} {
		r := &Report{Window: Last(6*time.Hour, noon.Add(time.Hour)),
			Findings: []Finding{spent, {Code: "change.db", Severity: SeverityInfo,
				Resource: db, Change: true, Since: noon.Add(when), Summary: "changed"}}}
		r.explain(infos, nil, time.Time{})
		require.Len(t, r.Roots(), 1)
		assert.Equal(t, root, r.Roots()[0].Code, when)
	}
}
