package logs

import (
	"context"
	"sync"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Limits of the service ("CloudWatch Logs quotas" of the user guide and the API reference of each operation), and how
// much of them this package takes.
const (
	// pageLimit is the most events in a page of FilterLogEvents and GetLogEvents. A page is also held to 1 MB.
	pageLimit = 10_000
	// filterRate is how many FilterLogEvents an account may call in a second and Region. The quota cannot be raised
	// ("How do I determine throttling in my CloudWatch logs?", AWS Knowledge Center).
	filterRate = 5
	// filterBurst is how many calls go out at once before they are paced.
	filterBurst = 4
	// filterPace is the time between calls after the burst: half of the quota, as others read logs too.
	filterPace = 2 * time.Second / filterRate
	// patternLimit is the length of a filter pattern ("FilterLogEvents", filterPattern).
	patternLimit = 1024
	// namesLimit is how many streams one FilterLogEvents can name ("FilterLogEvents", logStreamNames).
	namesLimit = 100

	// DefaultMaxCalls is how many FilterLogEvents a Group makes to read its window, unless [WithMaxCalls] says
	// otherwise: half of them plain and newest first, the rest with a filter pattern. At 1 MB a page it reads some
	// 10 MB of plain text.
	DefaultMaxCalls = 20
	// DefaultMaxEvents is how many events a Group keeps in memory, unless [WithMaxEvents] says otherwise.
	DefaultMaxEvents = 100_000
)

// Pacer spaces out calls. Groups that share one keep to the quota together. The zero value paces nothing; a nil Pacer
// is a zero one.
type Pacer struct {
	// Every is the time between two calls, after Burst calls that need not wait.
	Every time.Duration
	Burst int

	mu   sync.Mutex
	next time.Time
}

// NewPacer returns a pacer that keeps FilterLogEvents to half of the account's quota.
func NewPacer() *Pacer { return &Pacer{Every: filterPace, Burst: filterBurst} }

// Wait returns when the next call may go out, or with an error when the context ends.
func (p *Pacer) Wait(ctx context.Context) error {
	if p == nil || p.Every <= 0 {
		return nil
	}
	if err := diag.Exhausted(ctx); err != nil {
		return err
	}
	return sleep(ctx, p.reserve(time.Now()))
}

// reserve takes the next slot and returns how long it is away. Slots run ahead of the clock by no more than the burst.
func (p *Pacer) reserve(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if earliest := now.Add(-time.Duration(p.Burst) * p.Every); p.next.Before(earliest) {
		p.next = earliest
	}
	p.next = p.next.Add(p.Every)
	return p.next.Sub(now)
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return diag.Cause(ctx)
	}
}
