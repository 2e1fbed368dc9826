package albdiag_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

var (
	now    = time.Date(2026, 2, 11, 14, 37, 21, 0, time.UTC)
	window = diag.Last(time.Hour, now)
	lbARN  = albfake.LoadBalancerARN("shop")
	apiARN = albfake.TargetGroupARN("shop-api")
	webARN = albfake.TargetGroupARN("shop-web")
)

// world is a healthy account with four hours of metrics.
type world struct {
	elb *albfake.Client
	cw  *metricsfake.Client
}

// newest is the beginning of the newest period with a point, and periods is how many there are.
var newest = time.Date(2026, 2, 11, 14, 30, 0, 0, time.UTC)

const periods = 36

func newWorld() *world {
	w := &world{albfake.Healthy("shop"), &metricsfake.Client{}}
	w.set(metrics.LoadBalancerMetric(lbARN, "RequestCount", "Sum"), 12000)
	w.set(metrics.LoadBalancerMetric(lbARN, "TargetResponseTime", "Average"), 0.05)
	w.set(metrics.LoadBalancerMetric(lbARN, "TargetResponseTime", "p99"), 0.3)
	w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_5XX_Count", "Sum"), 1)
	w.set(metrics.LoadBalancerMetric(lbARN, "ClientTLSNegotiationErrorCount", "Sum"), 3)
	for _, arn := range []string{apiARN, webARN} {
		w.set(metrics.TargetGroupMetric(lbARN, arn, "RequestCount", "Sum"), 6000)
		w.set(metrics.TargetGroupMetric(lbARN, arn, "HealthyHostCount", "Minimum"), 2)
		w.set(metrics.TargetGroupMetric(lbARN, arn, "UnHealthyHostCount", "Maximum"), 0)
		w.set(metrics.TargetGroupMetric(lbARN, arn, "TargetResponseTime", "Average"), 0.05)
	}
	return w
}

// set makes a series of one value, with the given ones at its end.
func (w *world) set(m metrics.Metric, usual float64, last ...float64) {
	values := make([]float64, periods)
	for i := range values {
		values[i] = usual
	}
	copy(values[periods-len(last):], last)
	points := metricsfake.Every(5*time.Minute, newest.Add(-(periods-1)*5*time.Minute), values...)
	for i, s := range w.cw.Series {
		if s.Metric.String() == m.String() {
			w.cw.Series[i].Points = points
			return
		}
	}
	w.cw.Series = append(w.cw.Series, metricsfake.Series{Metric: m, Points: points})
}

// counts gives a counter of the load balancer its last values, after nothing.
func (w *world) counts(name string, last ...float64) {
	w.set(metrics.LoadBalancerMetric(lbARN, name, "Sum"), 0, last...)
}

func (w *world) times(last ...float64) {
	w.set(metrics.LoadBalancerMetric(lbARN, "TargetResponseTime", "Average"), 0.05, last...)
}

// successes lets nine in ten requests succeed, and as many as given at the end.
func (w *world) successes(last ...float64) {
	w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_2XX_Count", "Sum"), 10800, last...)
}

func (w *world) hosts(last ...float64) {
	w.set(metrics.TargetGroupMetric(lbARN, apiARN, "HealthyHostCount", "Minimum"), 2, last...)
}

func (w *world) unhealthyHosts(last ...float64) {
	w.set(metrics.TargetGroupMetric(lbARN, apiARN, "UnHealthyHostCount", "Maximum"), 0, last...)
}

// group is the target group that is spoiled.
func (w *world) group() *types.TargetGroup { return &w.elb.TargetGroups[1] }

func (w *world) rules() []types.Rule { return w.elb.Rules[albfake.ListenerARN("shop", 443)] }

func (w *world) addRule(priority int, action types.Action, paths ...string) {
	arn := albfake.ListenerARN("shop", 443)
	w.elb.Rules[arn] = append(w.elb.Rules[arn], albfake.PathRule("shop", 443, priority, action, paths...))
}

func (w *world) source() *metrics.Source { return metrics.NewSource(w.cw, window) }

func (w *world) loadBalancer() *albdiag.LoadBalancer {
	return albdiag.NewLoadBalancer(w.elb, "shop", w.source(), window)
}

func (w *world) targetGroup() *albdiag.TargetGroup {
	return albdiag.NewTargetGroup(w.elb, "shop-api", w.source(), window)
}

// groupInDirectory is the same target group, which knows its load balancer.
func (w *world) groupInDirectory() *albdiag.TargetGroup {
	return albdiag.NewDirectory(w.elb, w.source(), window).TargetGroup("shop-api")
}

// all examines the load balancer and its target groups.
func (w *world) all() diag.Plan {
	d := albdiag.NewDirectory(w.elb, w.source(), window)
	return diag.Join(
		diag.On(d.LoadBalancer("shop"), albdiag.LoadBalancerChecks()...),
		diag.On(d.TargetGroup("shop-api"), albdiag.TargetGroupChecks()...),
		diag.On(d.TargetGroup("shop-web"), albdiag.TargetGroupChecks()...),
		diag.Observe(d.LoadBalancer("shop"), albdiag.LoadBalancerSurvey),
	)
}
