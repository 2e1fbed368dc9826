package metrics

import (
	"context"
	"sync"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// standardPeriod is the period of most AWS metrics, and divides the retention limits of CloudWatch: data older than
	// 15 days exists in steps of five minutes ("GetMetricData", Amazon CloudWatch API Reference).
	standardPeriod = 5 * time.Minute
	// coarsePeriod keeps long windows small, and is all that is left after 63 days (same source).
	coarsePeriod = time.Hour
	// fineSpan is the longest span read at the standard period.
	fineSpan = 72 * time.Hour
	// minHistory is the least time before the window that is read to compare with.
	minHistory = 2 * time.Hour
	// maxAttempts is how often somebody asks whose fetch, led by another, ended with that other's context.
	maxAttempts = 3
)

// Source reads the metrics of one run. All series of one [Source.Fetch] share calls, and no series is read twice: who
// asks for one that somebody else is reading waits for it. It is safe for concurrent use and must not be copied.
type Source struct {
	api    API
	window diag.Window
	span   diag.Window
	period time.Duration

	mu      sync.Mutex // guards what follows
	entries map[string]*entry
}

// entry is one series, asked for or known.
type entry struct {
	metric Metric
	key    string // the name of the metric, which costs to make
	done   chan struct{}
	series Series
	err    error
}

// NewSource makes a source that reads the window and as much time before it, at least two hours. Points stand for five
// minutes each; for an hour each where the whole is longer than three days.
func NewSource(api API, window diag.Window) *Source {
	span := diag.Window{Start: window.Start.Add(-max(window.Duration(), minHistory)), End: window.End}
	period := standardPeriod
	if span.Duration() > fineSpan {
		period = coarsePeriod
	}
	span.Start, span.End = span.Start.UTC().Truncate(period), ceil(span.End.UTC(), period)
	return &Source{api: api, window: window, span: span, period: period, entries: map[string]*entry{}}
}

// ceil rounds up, so that the period under way is read too: what it has so far is often the news.
func ceil(t time.Time, period time.Duration) time.Time {
	if down := t.Truncate(period); !down.Equal(t) {
		return down.Add(period)
	}
	return t
}

// Window returns the window of the run; its End is now.
func (s *Source) Window() diag.Window { return s.window }

// Period returns the time each point stands for.
func (s *Source) Period() time.Duration { return s.period }

// Span returns what is read: the window and the time before it that it is compared with, in whole periods.
func (s *Source) Span() diag.Window { return s.span }

// Fetch returns the series of the metrics. Where some could not be read it returns the others and an error: of
// [diag.KindIncomplete] where CloudWatch gave part of the data only, of [diag.KindDenied] where it refused.
func (s *Source) Fetch(ctx context.Context, metrics ...Metric) (Set, error) {
	set := Set{period: s.period, span: s.span, series: make(map[string]Series, len(metrics))}
	var err error
	for range maxAttempts {
		entries, mine := s.enlist(metrics)
		s.lead(ctx, mine)
		if err = set.gather(ctx, entries); diag.KindOf(err) != diag.KindCanceled || ctx.Err() != nil {
			break
		}
	}
	return set, err
}

// Read returns the series of a metric if somebody has read it, and makes no call.
func (s *Source) Read(m Metric) (Series, bool) {
	s.mu.Lock()
	e := s.entries[m.String()]
	s.mu.Unlock()
	if e == nil {
		return Series{}, false
	}
	select {
	case <-e.done:
		return e.series, e.err == nil
	default:
		return Series{}, false
	}
}

// gather waits for the entries, files those that were read and returns the first error.
func (s Set) gather(ctx context.Context, entries []*entry) error {
	var first error
	for _, e := range entries {
		select {
		case <-e.done:
		case <-ctx.Done():
			return diag.Cause(ctx)
		}
		if e.err == nil {
			s.series[e.key] = e.series
		} else if first == nil {
			first = e.err
		}
	}
	return first
}

// enlist returns the entries of the metrics, and those among them that nobody reads yet: they are the caller's.
func (s *Source) enlist(metrics []Metric) (entries, mine []*entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[*entry]bool{}
	for _, m := range metrics {
		key := m.String()
		e := s.entries[key]
		if e == nil {
			e = &entry{metric: m, key: key, done: make(chan struct{})}
			s.entries[key] = e
			mine = append(mine, e)
		}
		if !seen[e] {
			seen[e] = true
			entries = append(entries, e)
		}
	}
	return entries, mine
}

// lead reads the entries and publishes them.
func (s *Source) lead(ctx context.Context, mine []*entry) {
	if len(mine) > 0 {
		defer s.publish(mine)
		s.read(ctx, mine)
	}
}

// publish wakes those who wait. What failed for reasons of the caller alone is forgotten.
func (s *Source) publish(batch []*entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range batch {
		if forgets(e.err) {
			delete(s.entries, e.key)
		}
		close(e.done)
	}
}

// forgets reports an error that says nothing about AWS, only about who asked.
func forgets(err error) bool {
	kind := diag.KindOf(err)
	return kind == diag.KindCanceled || kind == diag.KindBudget
}
