package diag

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// call makes one AWS call of a second.
func call(ctx context.Context, under *atomic.Int64, most *atomic.Int64) error {
	end, err := BeginCall(ctx, "toy:Read")
	if err != nil {
		return err
	}
	defer end()
	n := under.Add(1)
	defer under.Add(-1)
	for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
	}
	select {
	case <-time.After(time.Second):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func TestBudgetBoundsConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var under, most atomic.Int64
		many := check("oom", func(ctx context.Context) ([]Finding, error) {
			var group sync.WaitGroup
			for range 20 {
				group.Go(func() { assert.NoError(t, call(ctx, &under, &most)) })
			}
			group.Wait()
			return nil, nil
		})
		begun := time.Now()
		report := Runner{Concurrency: 4, Window: Last(time.Hour, noon)}.Run(t.Context(), On(toy{at("svc")}, many))
		assert.NoError(t, report.Err())
		assert.EqualValues(t, 4, most.Load())
		assert.Equal(t, 5*time.Second, time.Since(begun))
		assert.Equal(t, 20, report.Coverage.Calls)
	})
}

func TestBudgetOfCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var under, most atomic.Int64
		var checks []*Check[toy]
		for _, code := range []Code{"a.a", "b.b", "c.c"} {
			checks = append(checks,
				check(code, func(ctx context.Context) ([]Finding, error) { return nil, call(ctx, &under, &most) }))
		}
		report := Runner{Budget: Budget{Calls: 2}}.Run(t.Context(), On(toy{at("svc")}, checks...))
		require.Len(t, report.Inconclusive, 1)
		assert.Equal(t, KindBudget, report.Inconclusive[0].Kind)
		assert.Equal(t, "toy:Read not called: the budget of 2 calls is used up", report.Inconclusive[0].Err)
		assert.Equal(t, 2, report.Coverage.Calls)
	})
}

func TestBudgetOfTimeEndsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var under, most atomic.Int64
		slow := check("oom", func(ctx context.Context) ([]Finding, error) {
			for range 10 {
				if err := call(ctx, &under, &most); err != nil {
					return found("oom@svc"), err
				}
			}
			return nil, nil
		})
		begun := time.Now()
		report := Runner{Budget: Budget{Time: 1500 * time.Millisecond}}.Run(t.Context(),
			On(toy{at("svc")}, slow, finds("few", 1, nil)))
		assert.Equal(t, 1500*time.Millisecond, time.Since(begun))
		require.Len(t, report.Inconclusive, 1)
		assert.Equal(t, KindBudget, report.Inconclusive[0].Kind)
		assert.Len(t, report.Findings, 2, "what was found before the end is kept")
		assert.Zero(t, under.Load())
	})
}

func TestBudgetOfTimeShowsWhereACheckOnlySawItsContextEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		waits := check("oom", func(ctx context.Context) ([]Finding, error) { <-ctx.Done(); return nil, ctx.Err() })
		report := Runner{Budget: Budget{Time: time.Second}}.Run(t.Context(), On(toy{at("svc")}, waits))
		require.Len(t, report.Inconclusive, 1)
		assert.Equal(t, KindBudget, report.Inconclusive[0].Kind)
		assert.Equal(t, "the budget of 1s is used up (context deadline exceeded)", report.Inconclusive[0].Err)
	})
}

func TestBeginCallOutsideARun(t *testing.T) {
	end, err := BeginCall(t.Context(), "toy:Read")
	require.NoError(t, err)
	end()
	end()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = BeginCall(ctx, "toy:Read")
	assert.ErrorIs(t, err, context.Canceled)
}

func TestBeginCallGivesItsPlaceBackOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		twice := check("oom", func(ctx context.Context) ([]Finding, error) {
			first, err := BeginCall(ctx, "toy:Read")
			require.NoError(t, err)
			first()
			_, err = BeginCall(ctx, "toy:Read")
			require.NoError(t, err)
			first() // must not free the place of the second
			waiting, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			_, err = BeginCall(waiting, "toy:Read")
			return nil, err
		})
		report := Runner{Concurrency: 1}.Run(t.Context(), On(toy{at("svc")}, twice))
		require.Len(t, report.Inconclusive, 1, "the third call waits for the second")
		assert.Equal(t, 2, report.Coverage.Calls, "a call that was given up is not counted")
	})
}

func TestExhausted(t *testing.T) {
	assert.NoError(t, Exhausted(t.Context()), "outside a run nothing is bounded")
	var before, after error
	check := &Check[toy]{Info: Info{Code: "test.budget", Severity: SeverityInfo},
		Run: func(ctx context.Context, _ toy) ([]Finding, error) {
			before = Exhausted(ctx)
			end, err := BeginCall(ctx, "test:Call")
			if err == nil {
				end()
			}
			after = Exhausted(ctx)
			return nil, err
		}}
	Runner{Budget: Budget{Calls: 1}}.Run(t.Context(), On(toy{at("svc")}, check))
	assert.NoError(t, before)
	assert.Equal(t, KindBudget, KindOf(after))
}
