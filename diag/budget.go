package diag

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Budget limits a run. Zero fields do not limit.
type Budget struct {
	// Time is the wall time after which running checks are cancelled.
	Time time.Duration
	// Calls is the number of AWS calls. It counts calls of clients guarded by package guard, and of fakes.
	Calls int
}

// meter counts and bounds the AWS calls of one run.
type meter struct {
	limit int64
	calls atomic.Int64
	slots chan struct{}
}

type meterKey struct{}

// BeginCall asks the run that owns ctx for leave to make one AWS call, such as "ecs:DescribeTasks". It waits while as
// many calls as [Runner.Concurrency] are under way, and returns an error of [KindBudget] when no call is left. The
// caller calls end when the call is over. Outside a run it always agrees.
//
// Package guard and the fakes call it; a check has no reason to.
func BeginCall(ctx context.Context, action string) (end func(), err error) {
	if ctx.Err() != nil {
		return nil, Cause(ctx)
	}
	m, ok := ctx.Value(meterKey{}).(*meter)
	if !ok {
		return func() {}, nil
	}
	if n := m.calls.Add(1); m.limit > 0 && n > m.limit {
		m.calls.Add(-1)
		return nil, Errorf(KindBudget, "%s not called: the budget of %d calls is used up", action, m.limit)
	}
	select {
	case m.slots <- struct{}{}:
		return sync.OnceFunc(func() { <-m.slots }), nil
	case <-ctx.Done():
		m.calls.Add(-1)
		return nil, Cause(ctx)
	}
}

// Exhausted returns the error that [BeginCall] gives when no call is left, and nil as long as there is one. Who waits
// before a call, to keep a pace, asks first: a run whose budget is used up has nothing to wait for.
func Exhausted(ctx context.Context) error {
	m, ok := ctx.Value(meterKey{}).(*meter)
	if !ok || m.limit == 0 || m.calls.Load() < m.limit {
		return nil
	}
	return Errorf(KindBudget, "the budget of %d calls is used up", m.limit)
}
