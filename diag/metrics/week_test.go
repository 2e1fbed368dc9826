package metrics_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

// weekly makes eight days of five-minute points, of which level tells each by the day, zero today, and the hour.
func weekly(m metrics.Metric, level func(day int, at time.Time) float64) metricsfake.Series {
	const step = 5 * time.Minute
	s := metricsfake.Series{Metric: m}
	for at := hour.Add(-192 * time.Hour); at.Before(hour.Add(30 * time.Minute)); at = at.Add(step) {
		if v := level(int(hour.Add(time.Hour).Sub(at)/(24*time.Hour)), at); !math.IsNaN(v) {
			s.Points = append(s.Points, metrics.Point{At: at, Value: v})
		}
	}
	return s
}

func requests() metrics.Metric {
	return metrics.LoadBalancerMetric(loadBalancer, "RequestCount", "Sum")
}

// TestWeek reads any number of metrics with one call, and compares now with the same hour of the days before.
func TestWeek(t *testing.T) {
	cpu := cpuOf().Metric
	thisHour := func(at time.Time) bool { return at.Hour() == 13 || at.Hour() == 14 }
	tests := []struct {
		name   string
		m      metrics.Metric
		level  func(day int, at time.Time) float64
		want   string
		recurs bool
	}{
		{"four times", cpu, func(day int, at time.Time) float64 {
			if day == 0 && thisHour(at) {
				return 96
			}
			return 24
		}, "96 now; 24 (24 to 24) at the same hour of the 7 days before: 4 times", false},
		{"every night", cpu, func(_ int, at time.Time) float64 {
			if thisHour(at) {
				return 96
			}
			return 24
		}, "96 now; 96 (96 to 96) at the same hour of the 7 days before: as on 7 of them", true},
		{"on working days", cpu, func(day int, at time.Time) float64 {
			if thisHour(at) && at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
				return 96
			}
			return 24
		}, "96 now; 96 (24 to 96) at the same hour of the 7 days before: as on 5 of them", true},
		{"at all hours", cpu, func(int, time.Time) float64 { return 96 },
			"96 now; 96 (96 to 96) at the same hour of the 7 days before: about as usual", false},
		{"two days old", cpu, func(day int, _ time.Time) float64 {
			if day > 2 {
				return math.NaN()
			}
			return 96
		}, "", false},
		{"a count", requests(), func(day int, at time.Time) float64 {
			if day == 0 && thisHour(at) {
				return 900
			}
			return 300
		}, "900 now; 300 (300 to 300) at the same hour of the 7 days before: 3 times", false},
	}
	for _, tt := range tests {
		for _, beside := range []int{0, 60} { // more than 48 metrics are read by the hour
			t.Run(fmt.Sprintf("%s, beside %d", tt.name, beside), func(t *testing.T) {
				cw := &metricsfake.Client{Series: []metricsfake.Series{weekly(tt.m, tt.level)}}
				source := metrics.NewSource(cw, window)
				set, err := source.Fetch(t.Context(), tt.m)
				require.NoError(t, err)
				ask := []metrics.Metric{tt.m}
				for i := range beside {
					ask = append(ask, counter(fmt.Sprint(i)))
				}
				week, err := source.Week(t.Context(), ask...)
				require.NoError(t, err)
				assert.Len(t, cw.Calls(), 2, "one for the window, one for the week")
				c, ok := week[tt.m.String()].Compare(set.Series(tt.m),
					diag.Window{Start: hour.Add(-20 * time.Minute), End: hour.Add(30 * time.Minute)})
				require.Equal(t, tt.want != "", ok)
				if ok {
					assert.Equal(t, tt.want, c.String())
					assert.Equal(t, tt.recurs, c.Recurs())
				}
			})
		}
	}
}

// TestWeekCannotBeRead returns the error, and nothing for a window that has no days before it.
func TestWeekCannotBeRead(t *testing.T) {
	cw := &metricsfake.Client{}
	cw.Deny("cloudwatch:GetMetricData")
	week, err := metrics.NewSource(cw, window).Week(t.Context(), requests())
	assert.Equal(t, diag.KindDenied, diag.KindOf(err))
	assert.Empty(t, week)
	week, err = metrics.NewSource(cw, diag.Last(48*time.Hour, now)).Week(t.Context(), requests())
	assert.NoError(t, err)
	assert.Empty(t, week)
	assert.Len(t, cw.Calls(), 1)
}

// TestFindSurge tells a surge from a peak that comes every day.
func TestFindSurge(t *testing.T) {
	began := hour.Add(-25 * time.Minute)
	flood := func(now, usual float64) func(int, time.Time) float64 {
		return func(day int, at time.Time) float64 {
			if day == 0 && !at.Before(began) {
				return now
			}
			return usual
		}
	}
	tests := []struct {
		name  string
		level func(day int, at time.Time) float64
		want  string
	}{
		{"four times", flood(4000, 1000),
			"4.0 times what they are at this hour: 4000 in 5 minutes, 1000 (1000 to 1000) on the 7 days before"},
		{"half as much again", flood(1500, 1000), ""},
		{"few", flood(40, 4), ""},
		{"the peak of every day", func(_ int, at time.Time) float64 {
			if at.Hour() == 13 && at.Minute() >= 35 || at.Hour() == 14 {
				return 4000
			}
			return 1000
		}, ""},
		{"more than usual, but not than on one of the days", func(day int, at time.Time) float64 {
			if (day == 0 || day == 3) && (at.Hour() == 13 && at.Minute() >= 35 || at.Hour() == 14) {
				return 4000
			}
			return 1000
		}, ""},
		{"no days before", func(day int, at time.Time) float64 {
			if at.Before(hour.Add(-2 * time.Hour)) {
				return math.NaN()
			}
			return flood(4000, 1000)(day, at)
		}, "4.0 times what they were before: 4000 in 5 minutes, 1000 before; of the days before nothing is known"},
		{"no days before, and twice", func(day int, at time.Time) float64 {
			if at.Before(hour.Add(-2 * time.Hour)) {
				return math.NaN()
			}
			return flood(2000, 1000)(day, at)
		}, ""},
		{"nothing", func(int, time.Time) float64 { return math.NaN() }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cw := &metricsfake.Client{Series: []metricsfake.Series{weekly(requests(), tt.level)}}
			source := metrics.NewSource(cw, window)
			set, err := source.Fetch(t.Context(), requests())
			require.NoError(t, err)
			week, err := source.Week(t.Context(), requests())
			require.NoError(t, err)
			surge, ok := metrics.FindSurge(set.Series(requests()), week[requests().String()])
			require.Equal(t, tt.want != "", ok, "%v", surge)
			if ok {
				assert.Equal(t, tt.want, surge.String())
				assert.Equal(t, began, surge.Start)
				assert.True(t, surge.End.IsZero(), "it lasts")
			}
		})
	}
}

// TestRead returns what was read, and makes no call.
func TestRead(t *testing.T) {
	cw := &metricsfake.Client{Series: []metricsfake.Series{cpuOf(1, 2, 3)}}
	source := metrics.NewSource(cw, window)
	_, ok := source.Read(cpuOf().Metric)
	assert.False(t, ok)
	_, err := source.Fetch(t.Context(), cpuOf().Metric)
	require.NoError(t, err)
	series, ok := source.Read(cpuOf().Metric)
	assert.True(t, ok)
	assert.Len(t, series.Points, 3)
	assert.Len(t, cw.Calls(), 1)
}
