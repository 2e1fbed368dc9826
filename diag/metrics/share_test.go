package metrics_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

// TestCompareShares compares what part of the requests failed with the same hours of the days before.
func TestCompareShares(t *testing.T) {
	failures := metrics.LoadBalancerMetric(loadBalancer, "HTTPCode_ELB_502_Count", "Sum")
	every := func(v float64) func(int, time.Time) float64 { return func(int, time.Time) float64 { return v } }
	today := func(now, before float64) func(int, time.Time) float64 {
		return func(day int, _ time.Time) float64 {
			if day == 0 {
				return now
			}
			return before
		}
	}
	tests := []struct {
		name             string
		requests, failed func(day int, at time.Time) float64
		want             string
		asBefore, fresh  bool
	}{
		{"always", every(1000), every(40),
			"4 % now; 4 % (up to 4 %) at the same hours of the 7 days before", true, false},
		{"more requests, the same share", today(3000, 1000), today(120, 40),
			"4 % now; 4 % (up to 4 %) at the same hours of the 7 days before", true, false},
		{"new", every(1000), today(40, 0),
			"4 % now; none (up to none) at the same hours of the 7 days before", false, true},
		{"far more", every(1000), today(400, 3),
			"40 % now; 0.3 % (up to 0.3 %) at the same hours of the 7 days before", false, true},
		{"rather more", every(1000), today(40, 15),
			"4 % now; 1.5 % (up to 1.5 %) at the same hours of the 7 days before", false, false},
		{"for five days", every(1000), func(day int, _ time.Time) float64 {
			if day <= 5 {
				return 40
			}
			return 0
		}, "4 % now; 4 % (up to 4 %) at the same hours of the 7 days before", true, false},
		{"for two days", every(1000), func(day int, _ time.Time) float64 {
			if day <= 2 {
				return 40
			}
			return 0
		}, "4 % now; none (up to 4 %) at the same hours of the 7 days before", false, false},
		{"nothing gets through", today(0, 1000), today(900, 0),
			"100 % now; none (up to none) at the same hours of the 7 days before", false, true},
		{"hardly any requests before", today(1000, 5), today(40, 5), "", false, false},
		{"hardly any requests now", today(2, 1000), today(1, 0), "", false, false},
		{"no errors", every(1000), every(0), "", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cw := &metricsfake.Client{Series: []metricsfake.Series{weekly(requests(), tt.requests),
				weekly(failures, tt.failed)}}
			window := diag.Window{Start: hour.Add(-time.Hour), End: hour.Add(30 * time.Minute)}
			source := metrics.NewSource(cw, window)
			set, err := source.Fetch(t.Context(), requests(), failures)
			require.NoError(t, err)
			week, err := source.Week(t.Context(), requests(), failures)
			require.NoError(t, err)
			span := diag.Window{Start: hour.Add(-30 * time.Minute), End: hour.Add(15 * time.Minute)}
			got, ok := metrics.CompareShares(week, set.Series(failures), set.Series(requests()), span)
			require.Equal(t, tt.want != "", ok)
			if ok {
				assert.Equal(t, tt.want, got.String())
			}
			assert.Equal(t, tt.asBefore, got.AsBefore(), "as before")
			assert.Equal(t, tt.fresh, ok && got.New(), "new")
		})
	}
}

// TestShare writes shares of which small ones stay readable.
func TestShare(t *testing.T) {
	for share, want := range map[float64]string{0: "none", 0.00001: "less than 0.01 %", 0.0003: "0.03 %", 0.003: "0.3 %",
		0.045: "4.5 %", 0.05: "5 %", 0.426: "43 %", 1: "100 %"} {
		assert.Equal(t, want, metrics.Share(share))
	}
}
