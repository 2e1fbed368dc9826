package changes

import (
	"context"
	"sync"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Limits of the service ("Quotas in AWS CloudTrail", AWS CloudTrail User Guide, and "LookupEvents", AWS CloudTrail API
// Reference), and how much of them a sweep takes.
const (
	// lookupRate is how many LookupEvents an account may call in a second and region. The quota cannot be raised.
	lookupRate = 2
	// lookupPace is the time between two calls.
	lookupPace = time.Second / lookupRate
	// pageLimit is the most events of a page.
	pageLimit = 50
	// retention is how long the event history goes back.
	retention = 90 * 24 * time.Hour

	// DefaultMaxPages is how many pages a sweep reads unless [WithMaxPages] says otherwise: 1,500 events in fifteen
	// seconds, the newest first.
	DefaultMaxPages = 30
)

// Pacer spaces out calls. Trails of one account and region that share one keep to the quota together. The zero value
// paces nothing; a nil Pacer is a zero one.
type Pacer struct {
	// Every is the time between two calls.
	Every time.Duration

	mu   sync.Mutex
	next time.Time
}

// NewPacer returns a pacer that keeps LookupEvents to the account's quota.
func NewPacer() *Pacer { return &Pacer{Every: lookupPace} }

// Wait returns when the next call may go out, or with an error when the context ends.
func (p *Pacer) Wait(ctx context.Context) error {
	if p == nil || p.Every <= 0 {
		return nil
	}
	if err := diag.Exhausted(ctx); err != nil {
		return err
	}
	d := p.reserve(time.Now())
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

// reserve takes the next slot and returns how long it is away.
func (p *Pacer) reserve(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next.Before(now) {
		p.next = now
	}
	wait := p.next.Sub(now)
	p.next = p.next.Add(p.Every)
	return wait
}
