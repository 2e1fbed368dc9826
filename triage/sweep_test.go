package triage_test

import (
	"context"
	"encoding/json"
	"math"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
	"github.com/awsdiag/awsdiag/triage"
)

// unpaced is for worlds without quotas.
var unpaced = triage.SweepOptions{Now: ecsfake.Now, Rate: -1}

func sweepAll(t testing.TB, scopes []triage.Scope, kind triage.SweepKind,
	o triage.SweepOptions) (reports []*diag.Report, errs []error) {
	for report, err := range triage.Sweep(t.Context(), scopes, kind, o) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		reports = append(reports, report)
	}
	return reports, errs
}

// TestSweepCalls sweeps 1,000 services of ten tasks, in one cluster and in ten, and compares with the least number of
// calls.
func TestSweepCalls(t *testing.T) {
	for _, f := range []*fleet{
		{clusters: 10, services: 100, tasks: 10},
		{clusters: 1, services: 1000, tasks: 10},
		{clusters: 20, services: 5, tasks: 10, families: 20},
	} {
		reports, errs := sweepAll(t, []triage.Scope{f.scope("111122223333")}, triage.SweepServices, unpaced)
		require.Empty(t, errs)
		require.Len(t, reports, f.clusters*f.services)
		for _, r := range reports {
			require.NoError(t, r.Err())
			require.Less(t, r.Worst(), diag.SeverityWarning, "%v", r.Findings)
		}
		t.Logf("%3d clusters of %4d services of %d tasks: %d calls, at least %d needed: %.3f", f.clusters, f.services,
			f.tasks,
			f.calls(), f.bound(), float64(f.calls())/float64(f.bound()))
		assert.LessOrEqual(t, float64(f.calls()), 1.1*float64(f.bound()), "%v", f.count)
	}
}

// TestSweepOfALargeCluster reads each service's tasks by themselves where those of the cluster are too many to hold.
func TestSweepOfALargeCluster(t *testing.T) {
	f := &fleet{clusters: 1, services: 350, tasks: 30, families: 1}
	reports, errs := sweepAll(t, []triage.Scope{f.scope("111122223333")}, triage.SweepServices, unpaced)
	require.Empty(t, errs)
	assert.Len(t, reports, 350)
	assert.NoError(t, reports[0].Err())
	assert.LessOrEqual(t, f.count["ListTasks"], 101+1+350)
	assert.Equal(t, (3*3000+1500)/100, f.count["DescribeTasks"], "tasks of many services are described together")
}

// BenchmarkSweepMemory prints how much memory is in use on average while a sweep hands out its reports: that of the
// batch handed out, and of the next one, which is under way at the same time.
func BenchmarkSweepMemory(b *testing.B) {
	for _, clusters := range []int{1, 10, 100} {
		f := &fleet{clusters: clusters, services: 100, tasks: 10, families: 50}
		b.Run(map[int]string{1: "100-services", 10: "1000-services", 100: "10000-services"}[clusters],
			func(b *testing.B) {
				for b.Loop() {
					b.ReportMetric(float64(retained(b, f)), "bytes-retained")
				}
			})
	}
}

// retained sweeps a fleet and returns how much memory was reachable in the middle of a batch, beyond what was before,
// at least, in the second half.
func retained(t testing.TB, f *fleet) int {
	heap := func() int {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before, n, least := heap(), 0, math.MaxInt
	for _, err := range triage.Sweep(t.Context(), []triage.Scope{f.scope("111122223333")}, triage.SweepServices,
		unpaced) {
		require.NoError(t, err)
		// What is under way comes and goes with how goroutines are scheduled: what stays is the least that was seen.
		if n++; n%100 == 50 && n >= f.clusters*f.services/2 {
			least = min(least, heap()-before)
		}
	}
	return least
}

// TestSweepMemoryIsFlat compares the memory of a small sweep with that of one six times as large.
func TestSweepMemoryIsFlat(t *testing.T) {
	few := retained(t, &fleet{clusters: 2, services: 100, tasks: 10, families: 50})
	many := retained(t, &fleet{clusters: 12, services: 100, tasks: 10, families: 50})
	t.Logf("200 services: %d KiB, 1,200 services: %d KiB", few>>10, many>>10)
	assert.Less(t, many, 2*few+(2<<20))
}

func TestSweepGoesOnFromEveryCursor(t *testing.T) {
	f := &fleet{clusters: 3, services: 7, tasks: 1, families: 1}
	g := &fleet{clusters: 1, services: 120, tasks: 1, families: 1}
	scopes := []triage.Scope{f.scope("111122223333"), g.scope("444455556666")}
	whole, errs := sweepAll(t, scopes, triage.SweepServices, unpaced)
	require.Empty(t, errs)
	require.Len(t, whole, 3*7+120)
	for stop := 1; stop < len(whole); stop += 47 {
		o, cursor := unpaced, ""
		o.Checkpoint = func(c string) { cursor = c }
		var first []*diag.Report
		for report, err := range triage.Sweep(t.Context(), scopes, triage.SweepServices, o) {
			require.NoError(t, err)
			if first = append(first, report); len(first) == stop {
				break
			}
		}
		o.Cursor, o.Checkpoint = cursor, nil
		rest, errs := sweepAll(t, scopes, triage.SweepServices, o)
		require.Empty(t, errs)
		assert.Equal(t, sortedCopy(swept(whole)), sortedCopy(append(swept(first), swept(rest)...)), "stopped after %d",
			stop)
	}
}

func TestSweepIsTheSameEachTime(t *testing.T) {
	var first []byte
	for range 3 {
		f := &fleet{clusters: 2, services: 10, tasks: 2}
		reports, _ := sweepAll(t, []triage.Scope{f.scope("111122223333"), f.scope("444455556666")},
			triage.SweepServices, unpaced)
		text, err := json.Marshal(reports)
		require.NoError(t, err)
		if first == nil {
			first = text
		}
		assert.True(t, string(first) == string(text))
	}
}

func TestSweepIsolatesWhatFails(t *testing.T) {
	f := &fleet{clusters: 3, services: 4, tasks: 1, broken: "c001"}
	g := &fleet{clusters: 1, services: 4, tasks: 1}
	blind := (&fleet{}).scope("777788889999")
	blind.Clients.ECS = nil
	reports, errs := sweepAll(t, []triage.Scope{f.scope("111122223333"), blind, g.scope("444455556666")},
		triage.SweepServices, unpaced)
	assert.Len(t, reports, 2*4+4)
	require.Len(t, errs, 2)
	assert.Equal(t, diag.KindDenied, diag.KindOf(errs[0]))
	assert.ErrorContains(t, errs[0], "account 111122223333 in eu-west-1: listing services of c001")
	assert.ErrorContains(t, errs[1], "777788889999")
}

func TestSweepThatCannotBegin(t *testing.T) {
	scopes := []triage.Scope{(&fleet{}).scope("111122223333")}
	for name, tt := range map[string]struct {
		scopes []triage.Scope
		kind   triage.SweepKind
		cursor string
		says   string
	}{
		"no scope":              {nil, triage.SweepServices, "", "no scope"},
		"no such kind":          {scopes, "queues", "", "load-balancers"},
		"no cursor":             {scopes, triage.SweepServices, "x", "not one that a sweep gave"},
		"cursor of another one": {scopes, triage.SweepServices, "eyJ2IjoxLCJraW5kIjoiaW5zdGFuY2VzIn0", "instances"},
	} {
		o := unpaced
		o.Cursor = tt.cursor
		reports, errs := sweepAll(t, tt.scopes, tt.kind, o)
		assert.Empty(t, reports, name)
		require.Len(t, errs, 1, name)
		assert.Equal(t, diag.KindInvalid, diag.KindOf(errs[0]), name)
		assert.ErrorContains(t, errs[0], tt.says, name)
	}
}

// TestSweepLeavesNothingBehind stops sweeps by a break and by their context.
func TestSweepLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
		f := &fleet{clusters: 20, services: 100, tasks: 1, families: 1}
		for range triage.Sweep(t.Context(), []triage.Scope{f.scope("111122223333")}, triage.SweepServices, unpaced) {
			break
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var last error
		for _, err := range triage.Sweep(ctx, []triage.Scope{f.scope("111122223333")}, triage.SweepServices, unpaced) {
			cancel()
			last = err
		}
		assert.ErrorIs(t, last, context.Canceled, "a sweep cut short says so")
		assert.Less(t, f.count["DescribeServices"], 100)
	})
}

// TestSweepKeepsToTheRate counts calls on a clock of its own.
func TestSweepKeepsToTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fleet{clusters: 5, services: 100, tasks: 1, families: 1}
		begin := time.Now()
		reports, errs := sweepAll(t, []triage.Scope{f.scope("111122223333")}, triage.SweepServices,
			triage.SweepOptions{Now: ecsfake.Now, Rate: 10})
		require.Empty(t, errs)
		require.Len(t, reports, 500)
		assert.InDelta(t, float64(f.calls()-50)/10, time.Since(begin).Seconds(), 2, "%d calls after a burst of 50",
			f.calls())
	})
}

// TestSweepTriesAgainWhatWasThrottled slows down and asks once more, together again.
func TestSweepTriesAgainWhatWasThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fleet{clusters: 1, services: 20, tasks: 10, families: 1, throttle: 1}
		begin := time.Now()
		reports, errs := sweepAll(t, []triage.Scope{f.scope("111122223333")}, triage.SweepServices,
			triage.SweepOptions{Now: ecsfake.Now})
		require.Empty(t, errs)
		for _, r := range reports {
			assert.NoError(t, r.Err())
		}
		assert.Equal(t, 3, f.count["DescribeTasks"], "one went through beside the refused one, then both")
		assert.GreaterOrEqual(t, time.Since(begin), time.Second)
		g := &fleet{clusters: 1, services: 20, tasks: 10, families: 1, throttle: 100}
		reports, _ = sweepAll(t, []triage.Scope{g.scope("111122223333")}, triage.SweepServices, unpaced)
		assert.Equal(t, diag.KindThrottled, diag.KindOf(reports[0].Err()), "what stays throttled is told")
	})
}

// TestSweepOfPacks sweeps every kind in every saved world: what an investigation calls broken is found, a healthy world
// is silent.
func TestSweepOfPacks(t *testing.T) {
	for _, p := range packs(t) {
		account := p.load(t)
		worst := diag.Severity(0)
		for _, kind := range triage.SweepKinds() {
			reports, errs := sweepAll(t, []triage.Scope{account.Scope()}, kind, triage.SweepOptions{Now: p.Symptom.Now,
				Rate: -1})
			assert.Empty(t, errs, "%s %s", p.ID, kind)
			for _, r := range reports {
				worst = max(worst, r.Worst())
				assert.NotEmpty(t, r.Coverage.Subjects, "%s %s", p.ID, r.Focus)
			}
		}
		if p.Root == nil {
			assert.Less(t, worst, diag.SeverityWarning, p.ID)
		}
	}
}

func TestSweepFindsTheBrokenOne(t *testing.T) {
	p := incident(t, "api-container-out-of-memory")
	account := p.load(t)
	reports, errs := sweepAll(t, []triage.Scope{account.Scope()}, triage.SweepServices,
		triage.SweepOptions{Now: p.Symptom.Now, Rate: -1})
	require.Empty(t, errs)
	assert.True(t, slices.ContainsFunc(reports, func(r *diag.Report) bool {
		return r.Focus.ID == "shop-prod/api" && len(r.Roots()) > 0 && p.Root.matches(t, r.Roots()[0])
	}))
}
