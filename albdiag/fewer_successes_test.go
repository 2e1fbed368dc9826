package albdiag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

func TestFewerSuccesses(t *testing.T) {
	requests := metrics.LoadBalancerMetric(lbARN, "RequestCount", "Sum")
	const half = "only 42 % of the requests to shop are answered 2xx since 14:20, against 90 % before, and few are 5xx"
	tests := []struct {
		name  string
		spoil func(*world)
		want  string
	}{
		{"half stays away", func(w *world) { w.successes(5000, 5000, 5000) }, half},
		{"and is told to be 4xx", func(w *world) {
			w.successes(5000, 5000, 5000)
			w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_4XX_Count", "Sum"), 100, 6000, 6000, 6000)
		}, half + "; most of the others are 4xx"},
		{"more requests, fewer successes", func(w *world) {
			w.successes(5000, 5000)
			w.set(requests, 12000, 90000, 90000)
		}, "only 6 % of the requests to shop are answered 2xx since 14:25, against 90 % before, and few are 5xx"},
		{"one period", func(w *world) { w.successes(5000) }, ""},
		{"over again", func(w *world) { w.successes(5000, 5000, 10800) }, ""},
		{"a third less", func(w *world) { w.successes(7500, 7500, 7500) }, ""},
		{"a lull", func(w *world) { w.successes(5000, 5000, 5000); w.set(requests, 12000, 5600, 5600, 5600) }, ""},
		{"errors of the targets", func(w *world) {
			w.successes(5000, 5000, 5000)
			w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_5XX_Count", "Sum"), 1, 5800, 5800, 5800)
		}, ""},
		{"never many", func(w *world) {
			w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_2XX_Count", "Sum"), 5000, 2000, 2000, 2000)
		}, ""},
		{"hardly any requests", func(w *world) {
			w.set(requests, 20)
			w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_2XX_Count", "Sum"), 18, 2, 2, 2)
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			var got []string
			for _, f := range w.look(t).Findings {
				if f.Code == "alb.fewer-successes" {
					assert.Equal(t, diag.SeverityWarning, f.Severity)
					got = append(got, f.Summary)
				}
			}
			if tt.want == "" {
				assert.Empty(t, got)
				return
			}
			assert.Equal(t, []string{tt.want}, got)
		})
	}
}
