package metrics

import (
	"math"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Point is one value, for the period that begins at At.
type Point struct {
	At    time.Time
	Value float64
}

// Series is what CloudWatch holds of one metric over a span.
type Series struct {
	Metric Metric
	// Period is the length of the time each point stands for.
	Period time.Duration
	// Span is what was asked for; Start and End are whole periods.
	Span diag.Window
	// Points are those that exist, oldest first.
	Points []Point
}

// NewSeries makes a series of points from anywhere, such as another monitoring system: one value for each period, in
// any order. A period of zero is the shortest distance between two points. The span is that of the points, and the
// newest of several points in one period counts.
func NewSeries(metric Metric, period time.Duration, points ...Point) Series {
	points = slices.Clone(points)
	slices.SortStableFunc(points, func(a, b Point) int { return a.At.Compare(b.At) })
	s := Series{Metric: metric, Period: period, Points: points}
	for i := 1; i < len(points) && period <= 0; i++ {
		if d := points[i].At.Sub(points[i-1].At); d > 0 && (s.Period <= 0 || d < s.Period) {
			s.Period = d
		}
	}
	if len(points) > 0 && s.Period > 0 {
		first, last := points[0].At, points[len(points)-1].At
		s.Span = diag.Window{Start: first, End: first.Add((last.Sub(first)/s.Period + 1) * s.Period)}
	}
	return s
}

// Len returns the number of periods in the span.
func (s Series) Len() int {
	if s.Period <= 0 || !s.Span.End.After(s.Span.Start) {
		return 0
	}
	return int(s.Span.Duration() / s.Period)
}

// At returns the beginning of period i.
func (s Series) At(i int) time.Time { return s.Span.Start.Add(time.Duration(i) * s.Period) }

// Values returns one value for each period of the span. A period without a point is zero for a count and NaN
// otherwise; see [Metric.Counts].
func (s Series) Values() []float64 {
	values := make([]float64, s.Len())
	for i := range values {
		if !s.Metric.Counts() {
			values[i] = math.NaN()
		}
	}
	for _, p := range s.Points {
		if i := s.index(p.At); i >= 0 && i < len(values) {
			values[i] = p.Value
		}
	}
	return values
}

func (s Series) index(at time.Time) int {
	if s.Period <= 0 || at.Before(s.Span.Start) {
		return -1
	}
	return int(at.Sub(s.Span.Start) / s.Period)
}

// Between returns the part of the series whose periods begin in the window.
func (s Series) Between(w diag.Window) Series {
	out := s
	first := max(s.index(w.Start), 0)
	if s.Period > 0 && s.At(first).Before(w.Start) {
		first++
	}
	out.Span.Start = s.At(first)
	if w.End.Before(out.Span.End) {
		n := max(int(w.End.Sub(out.Span.Start)+s.Period-1)/int(max(s.Period, 1)), 0)
		out.Span.End = out.At(n)
	}
	out.Points = slices.DeleteFunc(slices.Clone(s.Points), func(p Point) bool { return !out.Span.Contains(p.At) })
	return out
}

// SinceFirst returns the series from its first point on: of requests that nobody sent yet, or that were not saved, zero
// says nothing.
func (s Series) SinceFirst() Series {
	if len(s.Points) == 0 {
		return s
	}
	return s.Between(diag.Window{Start: s.Points[0].At, End: s.Span.End})
}

// Last returns the newest point.
func (s Series) Last() (Point, bool) {
	if len(s.Points) == 0 {
		return Point{}, false
	}
	return s.Points[len(s.Points)-1], true
}

// Max returns the highest point, the first of several.
func (s Series) Max() (Point, bool) {
	return s.best(func(a, b float64) bool { return a > b })
}

// Min returns the lowest point, the first of several. It looks at points that exist only, also for a count.
func (s Series) Min() (Point, bool) {
	return s.best(func(a, b float64) bool { return a < b })
}

func (s Series) best(better func(a, b float64) bool) (Point, bool) {
	var best Point
	found := false
	for _, p := range s.Points {
		if !found || better(p.Value, best.Value) {
			best, found = p, true
		}
	}
	return best, found
}

// Sum adds the points up.
func (s Series) Sum() float64 {
	var sum float64
	for _, p := range s.Points {
		sum += p.Value
	}
	return sum
}

// Median returns the median of [Series.Values], without those unknown.
func (s Series) Median() (float64, bool) {
	values := slices.DeleteFunc(s.Values(), math.IsNaN)
	if len(values) == 0 {
		return 0, false
	}
	return median(values), true
}

// Mean returns the mean of [Series.Values], without those unknown.
func (s Series) Mean() (float64, bool) {
	values := slices.DeleteFunc(s.Values(), math.IsNaN)
	if len(values) == 0 {
		return 0, false
	}
	var sum float64
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values)), true
}

// median sorts values in place. There must be at least one.
func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	if n%2 == 1 {
		return values[n/2]
	}
	return (values[n/2-1] + values[n/2]) / 2
}
