package diag

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestASurgeYieldsToWhatLimits: what somebody kept from growing, or what nothing makes grow, is not down to the surge.
func TestASurgeYieldsToWhatLimits(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	finds := func(info Info, since time.Duration) *Check[toy] {
		info.Title, info.Doc, info.Actions = "T", "It is.", []string{"toy:ReadAll"}
		info.Severity = max(info.Severity, SeverityInfo)
		return &Check[toy]{Info: info, Run: func(context.Context, toy) ([]Finding, error) {
			return []Finding{{Summary: string(info.Code), Since: now.Add(-since),
				Evidence: []Evidence{{Source: "toy:ReadAll", Value: "x"}}}}, nil
		}}
	}
	busy := finds(Info{Code: "toy.busy", Severity: SeverityWarning, Breaks: []Mechanism{Application},
		Needs: []Mechanism{TaskCount, Demand}}, 30*time.Minute)
	slow := finds(Info{Code: "toy.slow", Severity: SeverityWarning, Breaks: []Mechanism{Request},
		Needs: []Mechanism{Application, Demand}}, 30*time.Minute)
	tests := []struct {
		name  string
		above *Check[toy]
		want  string
	}{
		{"alone", nil, "toy.surge@lb(toy.busy@svc(toy.slow@lb))"},
		{"somebody limited it", finds(Info{Code: "toy.limited", Change: true, Breaks: []Mechanism{TaskCount}}, time.Hour),
			"toy.limited@svc(toy.busy@svc(toy.slow@lb))"},
		{"nothing makes it grow", finds(Info{Code: "toy.idle", Severity: SeverityWarning, Breaks: []Mechanism{TaskCount}},
			2*time.Hour),
			"toy.idle@svc(toy.busy@svc(toy.slow@lb))"},
		{"a release", finds(Info{Code: "toy.release", Change: true, Breaks: []Mechanism{TaskCount, Application}}, time.Hour),
			"toy.surge@lb(toy.busy@svc(toy.slow@lb))"},
		{"at its limit because of it", finds(Info{Code: "toy.full", Severity: SeverityWarning, Breaks: []Mechanism{TaskCount},
			Needs: []Mechanism{Demand}}, 30*time.Minute), "toy.surge@lb(toy.full@svc(toy.busy@svc(toy.slow@lb)))"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan := Join(On(toy{at("svc")}, busy), On(toy{at("lb")}, slow),
				Observe(toy{at("lb")}, neighbourhood(links("lb>svc")...)))
			if tt.above != nil {
				plan = Join(plan, On(toy{at("svc")}, tt.above))
			}
			report := Runner{Window: Last(3*time.Hour, now), Review: &Review{Name: "toy.review", Infos: []Info{surge},
				Run: func(_ context.Context, found []Finding, _ []Link) ([]Finding, error) {
					return append(found, Finding{Code: surge.Code, Resource: at("lb"), Summary: "surge",
						Since:    now.Add(-31 * time.Minute),
						Related:  []Related{{at("svc"), "asked"}, {at("lb"), "asked"}},
						Evidence: []Evidence{{Source: "toy:ReadAll", Value: "x"}}}), nil
				}}}.Run(t.Context(), plan)
			require.NoError(t, report.Err())
			assert.Equal(t, tt.want, outline(report.Roots()))
			for _, f := range report.Findings {
				if f.Code == surge.Code {
					assert.Equal(t, f.Severity == SeverityWarning, report.Roots()[0].Code == surge.Code,
						"an information where it explains nothing")
				}
			}
		})
	}
}
