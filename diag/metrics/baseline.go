package metrics

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Earlier are the usual distances of a baseline: the three days before, and the same day of the two weeks before. What
// a Monday morning is like, Sunday does not know.
func Earlier() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{day, 2 * day, 3 * day, 7 * day, 14 * day}
}

// Baseline is what a series was like at the same hour of earlier days.
type Baseline struct {
	// Days are the series of those days, moved to the time of the window.
	Days []Series
	// Week is the whole time before, where that was read.
	Week Series
}

// Baselines reads the window of the source at each of the distances before: one call for 500 metrics and distance. They
// are by the name of the metric. What could be read is returned with the error of what could not.
func (s *Source) Baselines(ctx context.Context, before []time.Duration, of ...Metric) (map[string]Baseline, error) {
	all := map[string]Baseline{}
	var errs []error
	for _, distance := range before {
		distance = distance.Round(s.period)
		span := diag.Window{Start: s.window.Start.Add(-distance).UTC().Truncate(s.period),
			End: ceil(s.window.End.Add(-distance).UTC(), s.period)}
		past := &Source{api: s.api, window: span, span: span, period: s.period, entries: map[string]*entry{}}
		set, err := past.Fetch(ctx, of...)
		errs = append(errs, err)
		for _, m := range of {
			if series := set.Series(m); set.Known(m) && len(series.Points) > 0 {
				b := all[m.String()]
				b.Days = append(b.Days, series.moved(distance))
				all[m.String()] = b
			}
		}
	}
	return all, errors.Join(errs...)
}

func (s Series) moved(by time.Duration) Series {
	s.Span = diag.Window{Start: s.Span.Start.Add(by), End: s.Span.End.Add(by)}
	s.Points = slices.Clone(s.Points)
	for i := range s.Points {
		s.Points[i].At = s.Points[i].At.Add(by)
	}
	return s
}

// minDays is how many earlier days make a baseline: with two nobody knows which was unusual.
const minDays = 3

// Usual returns the median of the earlier days at a time, each taken over an hour around it, and their spread: how far
// apart the days are. It is false with fewer than three days.
func (b Baseline) Usual(at time.Time) (level, spread float64, ok bool) {
	var levels []float64
	for _, day := range b.Days {
		hour := day.Between(diag.Window{Start: at.Add(-around), End: at.Add(around + 1)})
		if v, ok := hour.Median(); ok {
			levels = append(levels, v)
		}
	}
	if len(levels) < minDays {
		return 0, 0, false
	}
	low, high := slices.Min(levels), slices.Max(levels)
	return median(levels), high - low, true
}

// Unusual returns the last span of at least n periods in a row in which the series lay beyond all the earlier days, in
// the direction, by more than they differ from each other and by a tenth of their level at least.
func (b Baseline) Unusual(s Series, direction Direction, n int) (Episode, bool) {
	values := s.Values()
	var found Episode
	ok := false
	for i := 0; i < len(values); i++ {
		start, worst := i, i
		for ; i < len(values) && b.beyond(s.At(i), values[i], direction); i++ {
			if (direction == Fall) == (values[i] < values[worst]) {
				worst = i
			}
		}
		if i-start >= max(n, 1) {
			found, ok = Episode{Start: s.At(start), Peak: Point{At: s.At(worst), Value: values[worst]}}, true
			found.Before, _, _ = b.Usual(s.At(start))
			if i < len(values) {
				found.End = s.At(i)
			}
		}
	}
	return found, ok
}

func (b Baseline) beyond(at time.Time, v float64, direction Direction) bool {
	level, spread, ok := b.Usual(at)
	if !ok || math.IsNaN(v) {
		return false
	}
	far := v - level
	if direction == Fall {
		far = -far
	}
	return far > max(spread, math.Abs(level)/10)
}
