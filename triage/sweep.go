package triage

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// SweepKind names what a sweep goes over.
type SweepKind string

// The kinds of resources that can be swept.
const (
	SweepServices      SweepKind = "services"       // all ECS services of all clusters
	SweepLoadBalancers SweepKind = "load-balancers" // all load balancers but classic ones
	SweepInstances     SweepKind = "instances"      // all EC2 instances
	SweepDatabases     SweepKind = "databases"      // all RDS database instances
)

var listers = map[SweepKind]lister{
	SweepServices: listServices, SweepLoadBalancers: listBalancers, SweepInstances: listInstances,
	SweepDatabases: listDatabases,
}

// SweepKinds returns all kinds, sorted.
func SweepKinds() []SweepKind {
	return []SweepKind{SweepDatabases, SweepInstances, SweepLoadBalancers, SweepServices}
}

// SweepOptions change how a sweep runs. The zero value is ready.
type SweepOptions struct {
	// Now is the time to diagnose at. Zero means now.
	Now time.Time
	// Lookback is how far before Now to look. Zero means three hours.
	Lookback time.Duration
	// Catalogue tells how to examine a resource. Nil means [Default].
	Catalogue Catalogue
	// Concurrency is how many AWS calls may be under way at once in each scope. Zero means 16. It is halved where AWS
	// throttles, and grows again where it does not.
	Concurrency int
	// Rate is how many AWS calls a second a sweep makes in each scope on average, after a first burst. Zero means 20,
	// the sustained rate of the reads of Amazon ECS ("Request throttling for the Amazon ECS API"); a negative one lifts
	// it.
	Rate float64
	// Redactor cleans the reports. Nil means a new one for each report; see [diag.NewRedactor].
	Redactor *diag.Redactor
	// Cursor goes on after the resource where a sweep over the same kind and scopes was left; see Checkpoint.
	Cursor string
	// Checkpoint, if set, is called after each report that was handed out, with a cursor that goes on behind it.
	Checkpoint func(cursor string)
}

const defaultSweepConcurrency = 16

// Sweep diagnoses every resource of a kind in the scopes: each by itself, with the checks and surveys that the
// catalogue has for it, a report each. It does not walk on from there: [Investigate] what it finds.
//
// Reports come as a stream, in a fixed order: scope by scope in turn, a batch from each, sorted by name within a scope.
// Scopes are worked on side by side. What several resources need is read together in batches, and a batch is forgotten
// once it was handed out, so that memory does not grow with the number of resources. Stopping the loop ends the sweep,
// and nothing runs on after it.
//
// A scope, or a part of one, that cannot be listed gives an error that names it, without a report; the other scopes go
// on. What single resources did not show stands in their reports.
func Sweep(ctx context.Context, scopes []Scope, kind SweepKind, options SweepOptions) iter.Seq2[*diag.Report, error] {
	return func(yield func(*diag.Report, error) bool) {
		s, err := newSweep(scopes, kind, options)
		if err != nil {
			yield(nil, err)
			return
		}
		s.run(ctx, yield)
	}
}

// sweep is one sweep under way.
type sweep struct {
	kind    SweepKind
	list    lister
	options SweepOptions
	window  diag.Window
	scopes  []Scope
	cursor  cursor
}

func newSweep(scopes []Scope, kind SweepKind, o SweepOptions) (*sweep, error) {
	o.Now = cmp.Or(o.Now, time.Now())
	o.Concurrency = cmp.Or(max(o.Concurrency, 0), defaultSweepConcurrency)
	o.Rate = cmp.Or(o.Rate, defaultRate)
	if o.Catalogue == nil {
		o.Catalogue = Default()
	}
	s := &sweep{kind: kind, list: listers[kind], options: o, scopes: scopes}
	if s.list == nil {
		names := make([]string, len(listers))
		for i, k := range SweepKinds() {
			names[i] = string(k)
		}
		return nil, diag.Errorf(diag.KindInvalid, "unknown kind of resource %q: want one of %s", kind,
			strings.Join(names, ", "))
	}
	if len(scopes) == 0 {
		return nil, diag.Errorf(diag.KindInvalid, "no scope to sweep: give at least one account and region")
	}
	var err error
	if s.window, err = (Symptom{}).window(o.Now, o.Lookback); err != nil {
		return nil, err
	}
	s.cursor, err = readCursor(o.Cursor, kind)
	return s, err
}

// run takes a batch from each scope in turn, until all have ended or the consumer has had enough.
func (s *sweep) run(ctx context.Context, yield func(*diag.Report, error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	var lanes []*lane
	for _, scope := range s.scopes {
		lanes = append(lanes, s.begin(ctx, scope))
	}
	defer func() { // in this order: no lane may wait for a reader who is gone
		cancel()
		for _, l := range lanes {
			<-l.ended
		}
	}()
	for open := slices.Clone(lanes); len(open) > 0; {
		var still []*lane
		for _, l := range open {
			b, more := <-l.batches
			if !more {
				continue
			}
			still = append(still, l)
			if !s.hand(l, b, yield) {
				return
			}
		}
		open = still
	}
	if err := diag.Cause(ctx); err != nil {
		yield(nil, err)
	}
}

// hand hands a batch out. Where it was the consumer's last report, the cursor stands behind that one.
func (s *sweep) hand(l *lane, b batch, yield func(*diag.Report, error) bool) bool {
	for i, report := range b.reports {
		b.reports[i] = nil // the consumer's alone now
		goOn := yield(report, nil)
		s.cursor.pass(l.scope, b.names[i])
		if s.options.Checkpoint != nil {
			s.options.Checkpoint(s.cursor.String())
		}
		if !goOn {
			return false
		}
	}
	return b.err == nil || yield(nil, b.err)
}
