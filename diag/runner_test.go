package diag

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRunOfNothing(t *testing.T) {
	report := Run(t.Context())
	assert.NoError(t, report.Err())
	assert.Empty(t, report.Findings)
	assert.Equal(t, "0 errors, 0 warnings, 0 infos, 0 inconclusive", report.String())
	assert.Zero(t, report.Worst())
	assert.Equal(t, time.Hour, report.Window.Duration())
}

func TestRunStampsFindings(t *testing.T) {
	c := check("oom", func(context.Context) ([]Finding, error) {
		e := []Evidence{{Source: "toy:Read", At: noon.In(time.FixedZone("CET", 3600))}}
		return []Finding{
			{Summary: "plain", Evidence: e, Since: noon.In(time.FixedZone("CET", 3600)), ExplainedBy: []Ref{{Code: "forged"}}},
			{Summary: "own", Evidence: e, Severity: SeverityInfo, Confidence: Possible,
				Resource: Resource{Type: "task", ID: "1", Account: "other"}},
		}, nil
	})
	report := Runner{Scope: Scope{"111122223333", "eu-west-1"}}.Run(t.Context(), On(toy{Resource{Type: "svc"}}, c))
	require.Len(t, report.Findings, 2)
	plain, own := report.Findings[0], report.Findings[1]
	assert.Equal(t, Finding{Code: "oom", Severity: SeverityError, Confidence: Certain, Resource: at("svc"),
		Summary: "plain",
		Since:   noon, Evidence: []Evidence{{Source: "toy:Read", At: noon}}, Related: []Related{}, NextSteps: []Step{}},
		plain)
	assert.Equal(t, Resource{Type: "task", ID: "1", Account: "other", Region: "eu-west-1"}, own.Resource)
	assert.Equal(t, SeverityInfo, own.Severity)
	assert.Equal(t, Possible, own.Confidence)
}

func TestRunTakesConfidenceFromInfo(t *testing.T) {
	c := finds("oom", 1, nil)
	c.Confidence = Likely
	assert.Equal(t, Likely, Run(t.Context(), On(toy{}, c)).Findings[0].Confidence)
}

func TestRunRefusesWhatBreaksTheContract(t *testing.T) {
	good := Evidence{Source: "toy:Read"}
	for _, tt := range []struct {
		name    string
		finding Finding
		want    string
	}{
		{"no evidence", Finding{Summary: "s"}, "check oom returned a finding without evidence: s"},
		{"another's code", Finding{Summary: "s", Code: "few", Evidence: []Evidence{good}},
			"check oom returned a finding with the code few: a check has one code"},
		{"no severity", Finding{Summary: "s", Severity: 9, Evidence: []Evidence{good}},
			"check oom returned a finding of Severity(9) and Confidence(0): s"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := check("oom", func(context.Context) ([]Finding, error) {
				return []Finding{tt.finding, {Summary: "kept", Evidence: []Evidence{good}}}, Errorf(KindContract, "own")
			})
			report := Run(t.Context(), On(toy{}, c))
			require.Len(t, report.Inconclusive, 1)
			assert.Equal(t, KindContract, report.Inconclusive[0].Kind)
			assert.Equal(t, "own; "+tt.want, report.Inconclusive[0].Err)
			assert.Len(t, report.Findings, 1, "the good finding stays")
		})
	}
}

func TestRunKeepsFindingsMadeBeforeAnError(t *testing.T) {
	report := Run(t.Context(), On(toy{at("svc")}, finds("oom", 2, Errorf(KindThrottled, "slow down")),
		finds("few", 0, nil)))
	assert.Len(t, report.Findings, 2)
	assert.Equal(t, []Inconclusive{{Code: "oom", Resource: at("svc"), Kind: KindThrottled, Err: "slow down"}},
		report.Inconclusive)
	assert.EqualError(t, report.Err(), "oom on svc: slow down")
	assert.Equal(t, KindThrottled, KindOf(report.Err()))
	assert.Equal(t, []CheckCoverage{{Code: "few", Silent: 1}, {Code: "oom", Found: 1, Inconclusive: 1}},
		report.Coverage.Checks)
	assert.Equal(t, []string{"toy:Read"}, report.Coverage.Actions)
	assert.Equal(t, []Resource{at("svc")}, report.Coverage.Subjects)
	assert.Equal(t, "2 errors, 0 warnings, 0 infos, 1 inconclusive", report.String())
}

func TestRunSurvivesPanics(t *testing.T) {
	panics := check("oom", func(context.Context) ([]Finding, error) { var p *Finding; return []Finding{*p}, nil })
	exits := check("few", func(context.Context) ([]Finding, error) { runtime.Goexit(); return nil, nil })
	report := Runner{
		Progress: func(p Progress) {
			if p.Code == "sick" {
				panic("in progress")
			}
		},
		Follow: func(Link, Resource) Plan { panic("in follow") },
	}.Run(t.Context(), On(toy{at("svc")}, panics, exits, finds("sick", 1, nil)),
		Observe(toy{at("svc")}, neighbourhood(links("svc>tg")...)))
	assert.Len(t, report.Findings, 1)
	kinds := map[string]Kind{}
	for _, i := range report.Inconclusive {
		kinds[i.Err] = i.Kind
	}
	require.Len(t, kinds, 4)
	for text, kind := range kinds {
		assert.Equal(t, KindPanic, kind, text)
		assert.Regexp(t, `ended its goroutine$|^panic( in (progress|follow) callback)?: .* at runner_test\.go:\d+$`, text)
	}
}

func TestRunCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	report := Run(ctx, On(toy{at("svc")}, finds("oom", 1, nil)))
	assert.Empty(t, report.Findings)
	assert.Equal(t, []Inconclusive{{Code: "oom", Resource: at("svc"), Kind: KindCanceled, Err: "context canceled"}},
		report.Inconclusive)
}

func TestRunCancelledForAReason(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	c := check("oom", func(ctx context.Context) ([]Finding, error) {
		cancel(errors.New("the user left"))
		return nil, Errorf(KindCanceled, "describing: %w", ctx.Err())
	})
	report := Run(ctx, On(toy{at("svc")}, c))
	assert.Equal(t,
		[]Inconclusive{{Code: "oom", Resource: at("svc"), Kind: KindCanceled,
			Err: "the user left (describing: context canceled)"}}, report.Inconclusive)
}

// TestRunLeavesNoGoroutine relies on synctest, which fails a test whose goroutines outlive it.
func TestRunLeavesNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := check("oom", func(ctx context.Context) ([]Finding, error) { <-ctx.Done(); return nil, ctx.Err() })
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		assert.Len(t, Run(ctx, On(toy{}, slow, slow, slow)).Inconclusive, 3)
	})
}

func TestProgress(t *testing.T) {
	var seen []Progress
	report := Runner{Progress: func(p Progress) { seen = append(seen, p) }}.Run(t.Context(),
		On(toy{at("svc")}, finds("oom", 2, nil), finds("few", 0, nil)))
	require.Len(t, seen, 2)
	total := 0
	for i, p := range seen {
		assert.Equal(t, i+1, p.Done)
		assert.Equal(t, 2, p.Total)
		assert.Equal(t, at("svc"), p.Resource)
		total += p.Findings
	}
	assert.Len(t, report.Findings, total)
}
