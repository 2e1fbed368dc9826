package metrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

func TestNewSeries(t *testing.T) {
	start := time.Date(2026, 5, 1, 10, 0, 7, 0, time.UTC)
	at := func(minute int, value float64) Point {
		return Point{start.Add(time.Duration(minute) * time.Minute), value}
	}
	sum := Metric{Name: "errors", Stat: "Sum"}
	for _, test := range []struct {
		name   string
		period time.Duration
		points []Point
		want   []float64
		every  time.Duration
	}{
		{"in order", time.Minute, []Point{at(0, 1), at(1, 2), at(2, 3)}, []float64{1, 2, 3}, time.Minute},
		{"out of order, with a hole", time.Minute, []Point{at(3, 4), at(0, 1)}, []float64{1, 0, 0, 4}, time.Minute},
		{"period from the points", 0, []Point{at(0, 1), at(10, 2), at(15, 3)}, []float64{1, 0, 2, 3}, 5 * time.Minute},
		{"two in one period", 5 * time.Minute, []Point{at(0, 1), at(3, 2), at(5, 3)}, []float64{2, 3}, 5 * time.Minute},
		{"one point and no period", 0, []Point{at(0, 1)}, []float64{}, 0},
		{"equal times and no period", 0, []Point{at(0, 1), at(0, 2)}, []float64{}, 0},
		{"no points", time.Minute, nil, []float64{}, time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := NewSeries(sum, test.period, test.points...)
			assert.Equal(t, test.want, s.Values())
			assert.Equal(t, test.every, s.Period)
			_, found := s.Onset(Rise)
			assert.False(t, found)
		})
	}
	given := []Point{at(1, 2), at(0, 1)}
	s := NewSeries(sum, time.Minute, given...)
	assert.Equal(t, diag.Window{Start: start, End: start.Add(2 * time.Minute)}, s.Span)
	assert.Equal(t, at(1, 2), given[0], "what was given stays as it is")
}
