package diag

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// surge is a finding on the balancer that asks too much of the service.
var surge = Info{Code: "toy.surge", Title: "Surge", Doc: "It is.", Severity: SeverityWarning,
	Actions: []string{"toy:ReadAll"},
	Breaks:  []Mechanism{Demand}}

func reviewed(t *testing.T, review func(context.Context, []Finding, []Link) ([]Finding, error)) *Report {
	plan := Join(On(toy{at("svc")},
		&Check[toy]{Info: Info{Code: "toy.busy", Title: "Busy", Doc: "It is.", Severity: SeverityWarning,
			Actions: []string{"toy:ReadAll"}, Needs: []Mechanism{Demand}}, Run: func(context.Context, toy) ([]Finding, error) {
			return []Finding{{Summary: "busy", Evidence: []Evidence{{Source: "toy:ReadAll", Value: "99"}}}}, nil
		}}), Observe(toy{at("lb")}, neighbourhood(links("lb>svc")...)))
	return Runner{Focus: at("svc"), Review: &Review{Name: "toy.review", Infos: []Info{surge},
		Actions: []string{"toy:ReadAll"},
		Run:     review}}.Run(t.Context(), plan)
}

// TestReview: a review sees all, adds evidence, and makes a cause above of what it names as related.
func TestReview(t *testing.T) {
	report := reviewed(t, func(_ context.Context, found []Finding, links []Link) ([]Finding, error) {
		require.Len(t, found, 1)
		require.Len(t, links, 1)
		found[0].Evidence = append(found[0].Evidence, Evidence{Source: "toy:ReadAll", Value: "22 usually"})
		return append(found, Finding{Code: surge.Code, Resource: at("lb"), Summary: "surge",
			Related:  []Related{{at("svc"), "asked"}},
			Evidence: []Evidence{{Source: "toy:ReadAll", Value: "4 times"}}}), nil
	})
	require.NoError(t, report.Err())
	assert.Equal(t, "toy.surge@lb(toy.busy@svc)", outline(report.Roots()))
	assert.Equal(t, []Evidence{{Source: "toy:ReadAll", Value: "99"}, {Source: "toy:ReadAll", Value: "22 usually"}},
		report.Roots()[0].Explains[0].Evidence)
	assert.Equal(t, SeverityWarning, report.Roots()[0].Severity)
	assert.Contains(t, report.Coverage.Checks, CheckCoverage{Code: surge.Code, Found: 1})
}

// TestReviewGoesWrong: what a review does wrong is told, and takes nothing away.
func TestReviewGoesWrong(t *testing.T) {
	tests := []struct {
		name   string
		review func(context.Context, []Finding, []Link) ([]Finding, error)
		kind   Kind
	}{
		{"an error", func(_ context.Context, found []Finding, _ []Link) ([]Finding, error) {
			return found, errors.New("denied")
		}, KindOther},
		{"a panic", func(context.Context, []Finding, []Link) ([]Finding, error) { panic("oh") }, KindPanic},
		{"takes one away", func(context.Context, []Finding, []Link) ([]Finding, error) { return nil, nil }, KindContract},
		{"another code", func(_ context.Context, found []Finding, _ []Link) ([]Finding, error) {
			return append(found, Finding{Code: "toy.other", Evidence: []Evidence{{Value: "x"}}}), nil
		}, KindContract},
		{"without evidence", func(_ context.Context, found []Finding, _ []Link) ([]Finding, error) {
			return append(found, Finding{Code: surge.Code}), nil
		}, KindContract},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			report := reviewed(t, tt.review)
			require.Len(t, report.Inconclusive, 1)
			assert.Equal(t, tt.kind, report.Inconclusive[0].Kind)
			assert.Equal(t, "toy.busy@svc", outline(report.Roots()))
		})
	}
}
