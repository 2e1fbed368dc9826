package triage_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

const callDelay = 100 * time.Millisecond

// cost is what an investigation costs: calls, how many of them depend on one another in a row, and how often the delay
// of a call passed until it was done.
type cost struct {
	calls, depth int
	wall         float64
}

// measure runs an investigation on a clock that moves only while everybody waits for an answer, so that the time that
// passes is exact and the machine's own speed plays no part.
func measure(t *testing.T, p pack, concurrency int) (c cost) {
	account := p.load(t)
	synctest.Test(t, func(t *testing.T) {
		account.Delay(callDelay)
		begin := time.Now()
		_, err := triage.Investigate(t.Context(), []triage.Scope{account.Scope()}, p.symptom(),
			triage.Options{Now: p.Symptom.Now, Concurrency: concurrency})
		require.NoError(t, err)
		c.wall = float64(time.Since(begin)) / float64(callDelay)
		c.calls = len(account.Calls())
		c.depth = depth(account, begin)
	})
	return c
}

// depth returns the number of calls in the longest row in which each waited for the one before. Without a bound on
// concurrency, a call begins as soon as those it depends on are answered.
func depth(account *triagefake.Account, begin time.Time) int {
	deepest := 0
	for _, c := range account.Calls() {
		deepest = max(deepest, int(c.Begun.Sub(begin)/callDelay)+1)
	}
	return deepest
}

// TestCost proves that an investigation takes as long as its depth, makes no call twice, and prints what it costs.
func TestCost(t *testing.T) {
	const unbounded = 1 << 20
	for _, p := range packs(t) {
		free, bounded := measure(t, p, unbounded), measure(t, p, 0)
		t.Logf("%-42s %3d calls, depth %d, wall %.2f × depth × delay", p.ID, bounded.calls, free.depth,
			bounded.wall/float64(max(free.depth, 1)))
		assert.LessOrEqual(t, bounded.wall, 1.2*float64(free.depth), p.ID)
	}
}

// TestNoCallTwice looks at the inputs of all calls of every pack.
func TestNoCallTwice(t *testing.T) {
	for _, p := range packs(t) {
		account := p.load(t)
		p.investigate(t, account)
		seen := map[string]int{}
		for of, f := range account.Fakes() {
			for _, c := range f.Calls() {
				seen[of+": "+c.Action+" "+lower(t, c.Input)]++
			}
		}
		for call, n := range seen {
			assert.Equal(t, 1, n, "%s: %s", p.ID, call)
		}
	}
}

// BenchmarkInvestigate503 diagnoses a load balancer that answers 503, with every call taking ten milliseconds.
func BenchmarkInvestigate503(b *testing.B) {
	const delay = 10 * time.Millisecond
	p := packs(b)[0]
	require.Equal(b, "api-container-out-of-memory", p.ID)
	var calls int
	var spent time.Duration
	for b.Loop() {
		b.StopTimer()
		account := p.load(b)
		account.Delay(delay)
		b.StartTimer()
		begin := time.Now()
		p.investigate(b, account)
		spent += time.Since(begin)
		calls = len(account.Calls())
	}
	b.ReportMetric(float64(calls), "calls/op")
	b.ReportMetric(float64(spent)/float64(b.N)/float64(delay), "delays/op")
}
