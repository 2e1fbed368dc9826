package rdsdiag

import (
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

// stretch is a span in which a series was in a bad state.
type stretch struct {
	start time.Time
	// end is the end of the last period that was bad; ongoing reports that none after it was good.
	end     time.Time
	ongoing bool
	// open reports that the series begins within the stretch: it may have begun earlier.
	open bool
	// first and last are its outer points, worst the furthest one.
	first, last, worst metrics.Point
	points             int
}

// maxSilence is how many periods may be missing within a stretch, and between its end and now: CloudWatch shows points
// late, and a database in trouble reports irregularly.
const maxSilence = 4

// lastStretch returns the last span of at least n points in a row for which bad holds, if it reaches into the window.
// Higher is worse; for a series whose low values are bad, lowIsBad.
func lastStretch(s metrics.Series, w diag.Window, n int, lowIsBad bool, bad func(float64) bool) (stretch, bool) {
	var found, current stretch
	for _, p := range s.Points {
		if current.points > 0 && p.At.Sub(current.last.At) > maxSilence*s.Period {
			current = stretch{}
		}
		if !bad(p.Value) {
			current = stretch{}
			continue
		}
		if current.points == 0 {
			current = stretch{start: p.At, first: p, worst: p}
		}
		if (lowIsBad && p.Value < current.worst.Value) || (!lowIsBad && p.Value > current.worst.Value) {
			current.worst = p
		}
		current.points, current.last, current.end = current.points+1, p, p.At.Add(s.Period)
		if current.points >= n {
			found = current
		}
	}
	newest, ok := s.Last()
	if !ok || found.points == 0 || !found.end.After(w.Start) {
		return stretch{}, false
	}
	found.open = found.start.Equal(s.Points[0].At)
	found.ongoing = newest.At.Equal(found.last.At) && w.End.Sub(found.end) <= maxSilence*s.Period
	return found, true
}

func atLeast(limit float64) func(float64) bool { return func(v float64) bool { return v >= limit } }
func atMost(limit float64) func(float64) bool  { return func(v float64) bool { return v <= limit } }

// severity is what the trouble counts for: as given while it lasts, at most a warning when it is over.
func (s stretch) severity(now diag.Severity) diag.Severity {
	if s.ongoing {
		return now
	}
	return min(now, diag.SeverityWarning)
}

// when tells the time in words: "since 18:30 UTC", "from 18:30 to 18:45 UTC".
func (s stretch) when() string {
	switch {
	case s.ongoing && s.open:
		return "since " + words.Clock(s.start) + " or earlier"
	case s.ongoing:
		return "since " + words.Clock(s.start)
	}
	return "from " + s.start.UTC().Format("15:04") + " to " + words.Clock(s.end)
}

// sum adds two series up where both have a point.
func sum(a, b metrics.Series) metrics.Series {
	other := map[time.Time]float64{}
	for _, p := range b.Points {
		other[p.At] = p.Value
	}
	out := metrics.Series{Metric: a.Metric, Period: a.Period, Span: a.Span}
	out.Metric.Name += "+" + b.Metric.Name
	for _, p := range a.Points {
		if v, ok := other[p.At]; ok {
			out.Points = append(out.Points, metrics.Point{At: p.At, Value: p.Value + v})
		}
	}
	return out
}
