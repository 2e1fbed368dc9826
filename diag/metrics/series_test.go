package metrics

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

func TestMissingIsZeroForCountsOnly(t *testing.T) {
	nan := math.NaN()
	assert.Equal(t, []float64{3, 0, 5}, seriesOf("Sum", 3, nan, 5).Values())
	assert.Equal(t, []float64{3, 0, 5}, seriesOf("SampleCount", 3, nan, 5).Values())
	for _, stat := range []string{"Average", "Minimum", "Maximum", "p99"} {
		values := seriesOf(stat, 3, nan, 5).Values()
		assert.True(t, math.IsNaN(values[1]), stat)
	}
}

func TestBetween(t *testing.T) {
	s := seriesOf("Sum", 0, 1, 2, 3, 4, 5)
	at := func(minutes int) time.Time { return day.Add(time.Duration(minutes) * time.Minute) }
	tests := []struct {
		name       string
		start, end time.Time
		want       []float64
	}{
		{"whole periods", at(5), at(15), []float64{1, 2}},
		{"begins inside a period", at(6), at(15), []float64{2}},
		{"ends inside a period", at(5), at(16), []float64{1, 2, 3}},
		{"wider than the series", at(-60), at(600), []float64{0, 1, 2, 3, 4, 5}},
		{"empty", at(10), at(10), []float64{}},
		{"after the series", at(600), at(700), []float64{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, s.Between(diag.Window{Start: tt.start, End: tt.end}).Values())
		})
	}
	assert.Empty(t, Series{}.Between(diag.Window{Start: at(0), End: at(5)}).Values())
}

func TestFigures(t *testing.T) {
	s := seriesOf("Average", 4, math.NaN(), 1, 9, 2)
	maximum, _ := s.Max()
	minimum, _ := s.Min()
	last, _ := s.Last()
	middle, _ := s.Median()
	mean, _ := s.Mean()
	assert.Equal(t, []float64{9, 1, 2, 3, 4, 16},
		[]float64{maximum.Value, minimum.Value, last.Value, middle, mean, s.Sum()})
	for name, f := range map[string]func() bool{
		"max":    func() bool { _, ok := Series{}.Max(); return ok },
		"last":   func() bool { _, ok := Series{}.Last(); return ok },
		"median": func() bool { _, ok := Series{}.Median(); return ok },
		"mean":   func() bool { _, ok := Series{}.Mean(); return ok },
		"usual":  func() bool { _, ok := Series{}.Usual(day); return ok },
	} {
		assert.False(t, f(), "%s of nothing", name)
	}
}

func TestAtLimit(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name    string
		values  []float64
		n       int
		start   int // -1 for none
		ongoing bool
	}{
		{"never", []float64{10, 20, 30}, 1, -1, false},
		{"too short", []float64{10, 100, 30, 100}, 2, -1, false},
		{"ongoing", []float64{10, 20, 99, 100, 100}, 3, 2, true},
		{"over", []float64{100, 100, 100, 20}, 3, 0, false},
		{"the last of two", []float64{100, 100, 1, 100, 100}, 2, 3, true},
		{"unknown ends it", []float64{100, nan, 100}, 2, -1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := seriesOf("Average", tt.values...)
			e, ok := s.AtLimit(99, tt.n)
			require.Equal(t, tt.start >= 0, ok)
			if ok {
				assert.Equal(t, s.At(tt.start), e.Start)
				assert.Equal(t, tt.ongoing, e.Ongoing())
				assert.Equal(t, 100.0, e.Peak.Value)
			}
		})
	}
}

func TestRelate(t *testing.T) {
	errors := seriesOf("Sum", 0, 0, 0, 0, 0, 0, 0, 50, 55, 51)
	hosts := seriesOf("Minimum", 2, 2, 2, 2, 2, 2, 0, 0, 0, 0)
	calm := seriesOf("Sum", 1, 0, 1, 0, 1, 0, 1, 0, 1, 0)
	r, ok := Relate(hosts, Fall, errors, Rise)
	require.True(t, ok)
	assert.Equal(t, standardPeriod, r.Lag)
	assert.InDelta(t, -0.8, r.Correlation, 0.02)
	_, ok = Relate(hosts, Fall, calm, Rise)
	assert.False(t, ok)
	assert.Zero(t, pearson([]float64{1, 1}, []float64{2, 3}), "a flat series goes with nothing")
}

// TestSetOfSeries: series from elsewhere make a set, of which a metric that is not among them has no points.
func TestSetOfSeries(t *testing.T) {
	cpu := Metric{Namespace: "AWS/ECS", Name: "CPUUtilization", Stat: "Average"}
	one := Series{Metric: cpu, Period: time.Minute, Points: []Point{{Value: 41}}}
	set := NewSet(one)
	assert.Equal(t, one, set.Series(cpu))
	cpu.Name = "MemoryUtilization"
	assert.Empty(t, set.Series(cpu).Points)
}
