package diag

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// slowly returns a fetch that counts its calls, takes a second and honours its context.
func slowly(calls *atomic.Int64, value string, err error) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		calls.Add(1)
		select {
		case <-time.After(time.Second):
			return value, err
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func TestMemoFetchesOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var memo Memo[string]
		var calls atomic.Int64
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				got, err := memo.Get(t.Context(), slowly(&calls, "value", nil))
				assert.NoError(t, err)
				assert.Equal(t, "value", got)
			})
		}
		begun := time.Now()
		group.Wait()
		assert.Equal(t, time.Second, time.Since(begun))
		assert.EqualValues(t, 1, calls.Load())
	})
}

func TestMemoRemembersValueAndError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var memo Memo[string]
		var calls atomic.Int64
		failed := Errorf(KindDenied, "no")
		for range 3 {
			got, err := memo.Get(t.Context(), slowly(&calls, "part", failed))
			assert.Equal(t, failed, err)
			assert.Equal(t, "part", got, "a part comes with its error")
		}
		assert.EqualValues(t, 1, calls.Load())
	})
}

func TestMemoForgetsWhoAsked(t *testing.T) {
	for _, err := range []error{context.Canceled, context.DeadlineExceeded, Errorf(KindBudget, "used up"),
		Errorf(KindCanceled, "ended")} {
		var memo Memo[string]
		_, got := memo.Get(t.Context(), func(context.Context) (string, error) { return "", err })
		assert.Equal(t, err, got)
		value, got := memo.Get(t.Context(), func(context.Context) (string, error) { return "value", nil })
		assert.NoError(t, got)
		assert.Equal(t, "value", value)
	}
}

func TestMemoLeaderIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var memo Memo[string]
		var calls atomic.Int64
		leader, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			_, err := memo.Get(leader, slowly(&calls, "value", nil))
			assert.ErrorIs(t, err, context.Canceled)
		})
		synctest.Wait()
		for range 3 {
			group.Go(func() {
				got, err := memo.Get(t.Context(), slowly(&calls, "value", nil))
				assert.NoError(t, err, "who waits fetches anew")
				assert.Equal(t, "value", got)
			})
		}
		synctest.Wait()
		cancel()
		group.Wait()
		assert.EqualValues(t, 2, calls.Load(), "one of the waiters leads")
	})
}

func TestMemoWaiterIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var memo Memo[string]
		var calls atomic.Int64
		reason := errors.New("reason")
		waiter, cancel := context.WithCancelCause(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			got, err := memo.Get(t.Context(), slowly(&calls, "value", nil))
			assert.NoError(t, err)
			assert.Equal(t, "value", got)
		})
		synctest.Wait()
		group.Go(func() {
			_, err := memo.Get(waiter, slowly(&calls, "value", nil))
			assert.ErrorIs(t, err, reason)
		})
		synctest.Wait()
		cancel(reason)
		group.Wait()
		assert.EqualValues(t, 1, calls.Load())
	})
}

func TestMemoEndsWithItsContextWhenAllFetchesAreForgotten(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var memo Memo[string]
	_, err := memo.Get(ctx, func(ctx context.Context) (string, error) { return "", ctx.Err() })
	assert.ErrorIs(t, err, context.Canceled)
}

func TestMemoPanicIsAnErrorForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var memo Memo[string]
		var group sync.WaitGroup
		told := func(err error) {
			assert.Equal(t, KindPanic, KindOf(err))
			assert.ErrorContains(t, err, "panic: boom at memo_test.go:")
		}
		group.Go(func() {
			_, err := memo.Get(t.Context(), func(context.Context) (string, error) { time.Sleep(time.Second); panic("boom") })
			told(err)
		})
		synctest.Wait()
		_, err := memo.Get(t.Context(), func(context.Context) (string, error) { return "not fetched again", nil })
		told(err)
		group.Wait()
	})
}

func TestMemoWhoseFetchEndsItsGoroutine(t *testing.T) {
	var memo Memo[string]
	var group sync.WaitGroup
	group.Go(func() {
		_, _ = memo.Get(t.Context(), func(context.Context) (string, error) { runtime.Goexit(); return "", nil })
	})
	group.Wait()
	_, err := memo.Get(t.Context(), func(context.Context) (string, error) { return "not fetched again", nil })
	assert.Equal(t, KindPanic, KindOf(err))
	assert.EqualError(t, err, "a shared fetch ended its goroutine")
}

func TestMemoSet(t *testing.T) {
	var memo Memo[string]
	memo.Set("born")
	memo.Set("late")
	got, err := memo.Get(t.Context(), func(context.Context) (string, error) { return "fetched", nil })
	assert.NoError(t, err)
	assert.Equal(t, "born", got)
}

func TestMemoMap(t *testing.T) {
	var memo MemoMap[int, int]
	calls := 0
	square := func(n int) (int, error) {
		return memo.Get(t.Context(), n, func(context.Context) (int, error) { calls++; return n * n, nil })
	}
	memo.Set(5, -1)
	for range 2 {
		for n, want := range map[int]int{2: 4, 3: 9, 5: -1} {
			got, err := square(n)
			assert.NoError(t, err)
			assert.Equal(t, want, got)
		}
	}
	assert.Equal(t, 2, calls)
}
