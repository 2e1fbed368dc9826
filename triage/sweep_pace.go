package triage

import (
	"context"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// defaultRate and burst are the rate at which ECS fills the bucket of its cluster reads, in calls a second, and the
	// bucket's size ("Request throttling for the Amazon ECS API").
	defaultRate = 20
	burst       = 50
)

// pace keeps an average rate, as a bucket of tokens does. Calls are paid for after they were made.
type pace struct {
	rate   float64
	tokens float64
	last   time.Time
}

func newPace(rate float64) *pace { return &pace{rate: rate, tokens: burst, last: time.Now()} }

// keep waits until the calls made fit the rate.
func (p *pace) keep(ctx context.Context, calls int) {
	if p.rate <= 0 || calls == 0 {
		return
	}
	now := time.Now()
	p.tokens = min(p.tokens+now.Sub(p.last).Seconds()*p.rate, burst) - float64(calls)
	p.last = now
	if p.tokens < 0 {
		p.pause(ctx, time.Duration(-p.tokens/p.rate*float64(time.Second)))
	}
}

// pause waits, unless the sweep has no pace.
func (p *pace) pause(ctx context.Context, d time.Duration) {
	if p.rate <= 0 {
		return
	}
	_ = diag.Sleep(ctx, d) // who sweeps sees by itself that the context has ended
}
