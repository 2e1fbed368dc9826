package albdiag_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// requests gives the load balancer its last numbers of requests, after a steady traffic.
func requests(last ...float64) func(*world) {
	return func(w *world) { w.set(metrics.LoadBalancerMetric(lbARN, "RequestCount", "Sum"), 12000, last...) }
}

func TestConformRequestsStopped(t *testing.T) {
	diagtest.Conform(t, albdiag.RequestsStopped, loadBalancers(requests(5000, 90, 80, 70)))
}

func TestRequestsStopped(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(*world)
		want  string // the beginning of the summary, empty where nothing is to be found
	}{
		{"in the middle of a period", requests(5000, 90, 80, 70),
			"shop gets hardly any requests since 14:15: 170 in 10 minutes, against 12000 every 5 minutes before"},
		{"between two periods", requests(90, 80, 70),
			"shop gets hardly any requests since 14:20: 170 in 10 minutes, against 12000 every 5 minutes before"},
		{"half an hour ago", requests(0, 0, 0, 0, 0, 0, 0),
			"shop gets hardly any requests since 14:00: 0 in 30 minutes, against 12000 every 5 minutes before"},
		{"a lull of one period", requests(12000, 90, 12000, 12000), ""},
		{"one low period so far", requests(12000, 12000, 90, 80), ""},
		{"a fifth of the traffic is left", requests(2400, 2400, 2400, 2400), ""},
		{"little by little, as at night", requests(11000, 9000, 8000, 6000, 5000, 4000, 3000, 2000, 1500, 900, 600, 500), ""},
		{"never much", func(w *world) { w.set(metrics.LoadBalancerMetric(lbARN, "RequestCount", "Sum"), 30, 0, 0, 0, 0) },
			""},
		{"answered 503 instead", func(w *world) {
			requests(0, 0, 0, 0)(w)
			w.counts("HTTPCode_ELB_503_Count", 12000, 12000, 12000, 12000)
		}, ""},
		{"a network load balancer", func(w *world) {
			asNetwork(w)
			w.set(metrics.LoadBalancerMetric(netARN, "NewFlowCount", "Sum"), 3000, 20, 10, 10)
		}, "shop gets hardly any connections since 14:20: 30 in 10 minutes, against 3000 every 5 minutes before"},
		{"no metrics at all", func(w *world) { w.cw.Series = nil }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			test.spoil(w)
			report := diagtest.Run(t, w.loadBalancer(), albdiag.RequestsStopped)
			if test.want == "" {
				assert.Empty(t, report.Findings)
				return
			}
			assert.Equal(t, test.want, diagtest.Only(t, report, "alb.requests-stopped").Summary)
		})
	}
	assert.False(t, slices.Contains(albdiag.LoadBalancerChecks(), albdiag.RequestsStopped), "not of every walk")
}
