package metrics

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

var day = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func seriesOf(stat string, values ...float64) Series {
	s := Series{Metric: metric("AWS/Test", "Tested", stat), Period: standardPeriod,
		Span: diag.Window{Start: day, End: day.Add(time.Duration(len(values)) * standardPeriod)}}
	for i, v := range values {
		if !math.IsNaN(v) {
			s.Points = append(s.Points, Point{At: s.At(i), Value: v})
		}
	}
	return s
}

// shape adds a trouble to a calm value, i periods after it began. size is in units of noise.
type shape func(i int, noise float64) float64

var shapes = map[string]shape{
	"step":  func(i int, noise float64) float64 { return 10 * noise },
	"ramp":  func(i int, noise float64) float64 { return 4 * noise * float64(min(i+1, 8)) },
	"spike": func(i int, noise float64) float64 { return map[bool]float64{true: 15 * noise}[i < 3] },
	"calm":  func(int, float64) float64 { return 0 },
}

// generate makes three days of five-minute points: a level, a daily season, noise, holes, and a trouble from onset on.
func generate(r *rand.Rand, trouble shape, onset, n int, stat string) Series {
	level := 20 + 980*r.Float64()
	season := level * 0.6 * r.Float64()
	noise := level * (0.02 + 0.1*r.Float64())
	phase := r.Float64() * 2 * math.Pi
	values := make([]float64, n)
	for i := range values {
		v := level + season*math.Sin(phase+2*math.Pi*float64(i)/288) + noise*r.NormFloat64()
		if i >= onset {
			v += trouble(i-onset, noise)
		}
		if stat == "Sum" {
			v = math.Round(max(v, 0))
		} else if r.Float64() < 0.05 {
			v = math.NaN()
		}
		values[i] = v
	}
	return seriesOf(stat, values...)
}

func TestOnsetOnGeneratedSeries(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	const each = 250
	var errors []int
	missed, troubled := 0, 0
	for _, name := range []string{"step", "ramp", "spike"} {
		var own []int
		for range each {
			n := 36 + r.IntN(250)
			onset := 12 + r.IntN(n-16)
			found, ok := generate(r, shapes[name], onset, n, []string{"Average", "Sum"}[r.IntN(2)]).Onset(Rise)
			troubled++
			if !ok {
				missed++
				continue
			}
			own = append(own, abs(int(found.Start.Sub(day)/standardPeriod)-onset))
		}
		slices.Sort(own)
		t.Logf("%s: %d found of %d, onset error median %d, 90th percentile %d periods", name, len(own), each, own[len(own)/2],
			own[len(own)*9/10])
		errors = append(errors, own...)
	}
	slices.Sort(errors)
	median := errors[len(errors)/2]
	t.Logf("median onset error: %d periods of %d series, %d missed", median, troubled, missed)
	assert.LessOrEqual(t, median, 1)
	assert.LessOrEqual(t, missed, troubled/50)
}

func TestNoOnsetOnCalmSeries(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	const series = 2000
	wrong := 0
	for range series {
		if _, ok := generate(r, shapes["calm"], 0, 36+r.IntN(250), []string{"Average", "Sum"}[r.IntN(2)]).Onset(Rise); ok {
			wrong++
		}
	}
	t.Logf("false onsets: %d of %d calm series (%.2f %%)", wrong, series, 100*float64(wrong)/series)
	assert.LessOrEqual(t, wrong, series/50)
}

func TestNoOnsetOnRareErrors(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	const series = 1000
	wrong := 0
	for range series {
		rate := 0.2 + 3*r.Float64()
		values := make([]float64, 72)
		for i := range values {
			values[i] = poisson(r, rate)
		}
		if _, ok := seriesOf("Sum", values...).Onset(Rise); ok {
			wrong++
		}
	}
	t.Logf("false onsets: %d of %d series of rare errors", wrong, series)
	assert.LessOrEqual(t, wrong, series/50)
}

func poisson(r *rand.Rand, rate float64) float64 {
	limit, p, k := math.Exp(-rate), 1.0, 0
	for p *= r.Float64(); p > limit; p *= r.Float64() {
		k++
	}
	return float64(k)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

func TestOnset(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name      string
		series    Series
		direction Direction
		start     int // period; -1 for none
		ongoing   bool
		before    float64
		peak      float64
	}{
		{"nothing", seriesOf("Sum"), Rise, -1, false, 0, 0},
		{"flat", seriesOf("Average", 5, 5, 5, 5, 5, 5, 5, 5), Rise, -1, false, 0, 0},
		{"errors from nothing", seriesOf("Sum", nan, nan, nan, nan, nan, nan, 40, 52, 47), Rise, 6, true, 0, 52},
		{"a handful of errors", seriesOf("Sum", nan, nan, nan, nan, nan, nan, 2, nan, 1), Rise, -1, false, 0, 0},
		{"comes and goes", seriesOf("Sum", nan, nan, nan, nan, nan, 40, nan, 60, nan, nan, 55), Rise, 5, true, 0, 60},
		{"came and went", seriesOf("Sum", nan, nan, nan, nan, nan, 40, 41, nan, nan, nan, nan), Rise, 5, false, 0, 41},
		{"hosts die", seriesOf("Minimum", 2, 2, 2, 2, 2, 2, 0, 0, 0), Fall, 6, true, 2, 0},
		{"hosts die, then no point", seriesOf("Minimum", 2, 2, 2, 2, 2, 2, 0, nan, nan), Fall, 6, true, 2, 0},
		{"hosts come back after a hole", seriesOf("Minimum", 2, 2, 2, 2, 2, 2, 0, nan, 2), Fall, 6, false, 2, 0},
		{"more hosts is no fall", seriesOf("Minimum", 2, 2, 2, 2, 2, 2, 4, 4, 4), Fall, -1, false, 0, 0},
		{"holes only", seriesOf("Average", nan, nan, nan, nan, nan, nan), Rise, -1, false, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found, ok := tt.series.Onset(tt.direction)
			require.Equal(t, tt.start >= 0, ok)
			if ok {
				assert.Equal(t, tt.series.At(tt.start), found.Start)
				assert.Equal(t, tt.ongoing, found.Ongoing())
				assert.Equal(t, tt.before, found.Before)
				assert.Equal(t, tt.peak, found.Peak.Value)
			}
		})
	}
}
