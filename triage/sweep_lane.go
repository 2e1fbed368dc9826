package triage

import (
	"context"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// lister lists the resources of a scope behind one, by name, in batches. An error stands for a part that could not be
// listed; what comes after it is another part.
type lister func(ctx context.Context, l *lane, after string) iter.Seq2[unit, error]

// unit is what is examined together: resources, and where their facts come from.
type unit struct {
	resources []diag.Resource
	// scope is the lane's scope, with clients that answer for all resources of the unit at once.
	scope Scope
	// renew, if set, makes the scope anew for another try: its clients remember what they were refused.
	renew func() Scope
	// prepare, if set, puts subjects into the scene that are described already.
	prepare func(*Scene)
}

// sweepBatch is how many resources a unit has at most.
const sweepBatch = 100

// lane works on one scope.
type lane struct {
	sweep   *sweep
	scope   Scope
	batches chan batch
	ended   chan struct{}
	pace    *pace
	width   int          // how many calls may be under way
	calls   atomic.Int64 // made since the pace was last kept
}

// batch is what a lane hands out: reports, or an error.
type batch struct {
	names   []string
	reports []*diag.Report
	err     error
}

// begin starts a lane. It keeps no more than one batch ready.
func (s *sweep) begin(ctx context.Context, scope Scope) *lane {
	l := &lane{sweep: s, scope: scope, batches: make(chan batch), ended: make(chan struct{}),
		pace: newPace(s.options.Rate), width: s.options.Concurrency}
	after := s.cursor.after(scope) // before the reader moves it
	go func() {
		defer close(l.ended)
		defer close(l.batches)
		l.work(ctx, after)
	}()
	return l
}

func (l *lane) work(ctx context.Context, after string) {
	defer func() {
		if p := recover(); p != nil {
			l.send(ctx, batch{err: diag.Errorf(diag.KindPanic, "sweeping %s: panic: %v", l.scope, p)})
		}
	}()
	if !l.reads() {
		l.send(ctx, batch{err: diag.Errorf(diag.KindIncomplete, "sweeping %s: the scope has no client that reads %s",
			l.scope, l.sweep.kind)})
		return
	}
	for u, err := range l.sweep.list(ctx, l, after) {
		b := batch{err: err}
		if err != nil {
			b.err = diag.Errorf(diag.KindOf(err), "sweeping %s: %w", l.scope, err)
		} else {
			b = l.examine(ctx, u)
		}
		if ctx.Err() != nil || !l.send(ctx, b) {
			return
		}
	}
}

// reads reports whether the scope has the client that lists the kind.
func (l *lane) reads() bool {
	c := l.scope.Clients
	return map[SweepKind]bool{SweepServices: c.ECS != nil, SweepLoadBalancers: c.ELB != nil,
		SweepInstances: c.EC2 != nil,
		SweepDatabases: c.RDS != nil}[l.sweep.kind]
}

func (l *lane) send(ctx context.Context, b batch) bool {
	select {
	case l.batches <- b:
		return true
	case <-ctx.Done():
		return false
	}
}

// examine diagnoses a unit. What AWS throttled is tried once more, slower.
func (l *lane) examine(ctx context.Context, u unit) batch {
	b := batch{reports: make([]*diag.Report, len(u.resources))}
	all := make([]int, len(u.resources))
	for i, r := range u.resources {
		all[i] = i
		b.names = append(b.names, r.ID)
	}
	l.diagnose(ctx, u, all, b.reports)
	again := slices.DeleteFunc(all, func(i int) bool { return !throttled(b.reports[i]) })
	if len(again) == 0 {
		l.width = min(l.width+1, l.sweep.options.Concurrency)
		return b
	}
	l.width = max(l.width/2, 1)
	l.pace.pause(ctx, throttlePause)
	if u.renew != nil {
		u.scope = u.renew()
	}
	l.diagnose(ctx, u, again, b.reports)
	return b
}

// throttlePause lets a bucket of tokens fill up again.
const throttlePause = 2 * time.Second

func throttled(r *diag.Report) bool {
	return slices.ContainsFunc(r.Inconclusive, func(i diag.Inconclusive) bool { return i.Kind == diag.KindThrottled })
}

// callsEach is how many calls of one resource may be under way at once.
const callsEach = 4

// diagnose examines the resources of some indices side by side, on a fresh scene.
func (l *lane) diagnose(ctx context.Context, u unit, which []int, reports []*diag.Report) {
	scene := NewScene(u.scope, l.sweep.window)
	if u.prepare != nil {
		u.prepare(scene)
	}
	next := make(chan int)
	var group sync.WaitGroup
	for range max(l.width/callsEach, 1) {
		group.Go(func() {
			for i := range next {
				reports[i] = l.report(ctx, scene, u.resources[i])
			}
		})
	}
	for _, i := range which {
		next <- i
	}
	close(next)
	group.Wait()
	for _, i := range which {
		l.calls.Add(int64(reports[i].Coverage.Calls))
	}
	l.pace.keep(ctx, int(l.calls.Swap(0)))
}

// report diagnoses one resource. Its maker is told that the walk comes from the resource itself, so that it does not
// look around as it would for somebody who asked about it alone.
func (l *lane) report(ctx context.Context, scene *Scene, r diag.Resource) *diag.Report {
	o := l.sweep.options
	r = r.In(l.scope.Account, l.scope.Region)
	plan := diag.Plan{}
	if maker := o.Catalogue[r.Type]; maker != nil {
		plan = maker(scene, r, r).In(l.scope.place())
	}
	runner := diag.Runner{Window: l.sweep.window, Focus: r, Concurrency: min(l.width, callsEach), Redactor: o.Redactor}
	return runner.Run(ctx, plan)
}
