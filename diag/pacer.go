package diag

import (
	"context"
	"sync"
	"time"
)

// Pacer spaces out calls, so that subjects which share one keep to a quota together. The zero value paces nothing; a nil
// Pacer is a zero one.
type Pacer struct {
	// Every is the time between two calls, after Burst calls that need not wait; a Burst of zero is one call.
	Every time.Duration
	Burst int

	mu   sync.Mutex
	next time.Time
}

// Wait returns when the next call may go out, or with an error when the context ends or the budget of the run does.
func (p *Pacer) Wait(ctx context.Context) error {
	if p == nil || p.Every <= 0 {
		return nil
	}
	if err := Exhausted(ctx); err != nil {
		return err
	}
	return Sleep(ctx, p.reserve(time.Now()))
}

// reserve takes the next slot and returns how long it is away. Slots run ahead of the clock by no more than the burst.
func (p *Pacer) reserve(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if earliest := now.Add(-time.Duration(max(p.Burst, 1)) * p.Every); p.next.Before(earliest) {
		p.next = earliest
	}
	p.next = p.next.Add(p.Every)
	return p.next.Sub(now)
}

// Sleep waits, and returns [Cause] if the context has ended before.
func Sleep(ctx context.Context, d time.Duration) error {
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	return Cause(ctx)
}
