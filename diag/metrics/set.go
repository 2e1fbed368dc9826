package metrics

import (
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Set holds series by metric. The zero value is empty.
type Set struct {
	period time.Duration
	span   diag.Window
	series map[string]Series
}

// NewSet makes a set of series, for tests and for series from elsewhere than a [Source].
func NewSet(series ...Series) Set {
	s := Set{series: map[string]Series{}}
	for _, one := range series {
		s.series[one.Metric.String()] = one
		s.period, s.span = one.Period, one.Span
	}
	return s
}

// Series returns the series of a metric. One that was not fetched has no span and no points.
func (s Set) Series(m Metric) Series {
	if series, ok := s.series[m.String()]; ok {
		return series
	}
	return Series{Metric: m, Period: s.period}
}

// Known reports whether the metric was read. A metric that exists nowhere is known: it has no points.
func (s Set) Known(m Metric) bool {
	_, ok := s.series[m.String()]
	return ok
}

// Len returns the number of series.
func (s Set) Len() int { return len(s.series) }

// Latest returns the beginning of the newest period for which any of the metrics has a point. CloudWatch shows a period
// a few minutes late, so that the end of the span says nothing about "now".
func (s Set) Latest(metrics ...Metric) (time.Time, bool) {
	var latest time.Time
	for _, m := range metrics {
		if p, ok := s.Series(m).Last(); ok && p.At.After(latest) {
			latest = p.At
		}
	}
	return latest, !latest.IsZero()
}
