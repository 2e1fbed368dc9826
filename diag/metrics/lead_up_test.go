package metrics_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// TestLeadUp is that the way to a bad value begins where the series last stood at its level.
func TestLeadUp(t *testing.T) {
	start := time.Date(2026, 5, 12, 12, 0, 0, 0, time.UTC)
	noise := rand.New(rand.NewPCG(4, 7))
	plain := func(v float64) float64 { return v }
	noisy := func(v float64) float64 { return v + 0.8*(noise.Float64()-0.5) }
	tests := []struct {
		name      string
		direction metrics.Direction
		value     func(i int) float64
		// begins is the index of the point at which the way begins, -1 for none; within is how far it may be off.
		begins, within int
	}{
		{"credits that fall", metrics.Fall, func(i int) float64 { return plain(max(0, min(100, 100-5*float64(i-19)))) }, 19,
			0},
		{"credits that fall from a level that wavers", metrics.Fall,
			func(i int) float64 { return noisy(max(0, min(100, 100-5*float64(i-19)))) }, 19, 1},
		{"memory that rises", metrics.Rise, func(i int) float64 { return plain(min(99, max(40, 40+3*float64(i-30)))) }, 30,
			0},
		{"a fall that stands still for twenty minutes", metrics.Fall, func(i int) float64 {
			return []float64{100, 80, 60, 60, 60, 60, 40, 20, 0}[max(0, min(8, i-40))]
		}, 40, 0},
		{"a fall that stands still for an hour", metrics.Fall, func(i int) float64 {
			return max(0, min(60, 60-10*float64(i-50))) + max(0, min(40, 40-10*float64(i-20)))
		}, 50, 0},
		{"a fall that fills the series", metrics.Fall, func(i int) float64 { return 120 - 2*float64(i) }, 0, 0},
		{"a step", metrics.Fall, func(i int) float64 { return []float64{100, 0}[min(1, i/40)] }, -1, 0},
		{"nothing before", metrics.Fall, func(int) float64 { return 0 }, -1, 0},
		{"a slow fall, and then a step", metrics.Fall,
			func(i int) float64 { return []float64{60 - float64(i)/200, 0}[min(1, i/58)] }, -1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := metrics.Series{Period: 5 * time.Minute, Span: diag.Window{Start: start, End: start.Add(5 * time.Hour)}}
			end := time.Time{}
			for i := range 60 {
				p := metrics.Point{At: s.At(i), Value: tt.value(i)}
				s.Points = append(s.Points, p)
				bad := tt.direction == metrics.Fall && p.Value <= 2.5 || tt.direction == metrics.Rise && p.Value >= 97
				if bad && end.IsZero() {
					end = p.At
				}
			}
			p, ok := s.LeadUp(tt.direction, end)
			if tt.begins < 0 {
				assert.False(t, ok, "%v", p)
				return
			}
			assert.True(t, ok)
			assert.InDelta(t, 0, p.At.Sub(s.At(tt.begins)).Minutes(), 5*float64(tt.within)+0.1)
		})
	}
	_, ok := metrics.Series{}.LeadUp(metrics.Rise, start)
	assert.False(t, ok)
}
