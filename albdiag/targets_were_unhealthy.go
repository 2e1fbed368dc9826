package albdiag

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// TargetsWereUnhealthy reports targets that failed within the window and are well now.
var TargetsWereUnhealthy = &diag.Check[*TargetGroup]{
	Info: diag.Info{
		Code: "alb.targets-were-unhealthy", Title: "Targets were unhealthy",
		Doc: "The metrics show that targets failed, or none was left, within the window; at the moment all is well. A warning if " +
			"no target was healthy or more failed than not; fewer targets without failures are a scale-in and no trouble.",
		Severity: diag.SeverityWarning, Actions: []string{callTargetGroups, callTargetHealth, callMetrics},
		Breaks: []diag.Mechanism{diag.Routing},
		Needs: []diag.Mechanism{diag.HealthCheck, diag.TargetReachable, diag.TaskRun, diag.TaskStart, diag.TaskCount,
			diag.Placement, diag.HostRun, diag.NetworkPath, diag.Application},
		Limits: "Metrics tell health minute by minute at best: targets that were gone for seconds leave no trace.",
		Source: "CloudWatch metrics for your Application Load Balancer",
	},
	Run: func(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
		described, err := tg.Describe(ctx)
		if err != nil {
			return nil, err
		}
		targets, err := tg.Targets(ctx)
		if err != nil || slices.ContainsFunc(targets, Target.Failing) || !slices.ContainsFunc(targets, Target.Serving) {
			return nil, err
		}
		set, err := tg.Metrics(ctx)
		var findings []diag.Finding
		for _, lb := range described.LoadBalancerArns {
			if f, ok := tg.wasUnhealthy(ctx, described, lb, set); ok {
				findings = append(findings, f)
			}
		}
		return findings, err
	},
}

// bout is what the health of a group was at its worst within the window.
type bout struct {
	first, last                  time.Time
	empty, worse                 bool // no target healthy; more unhealthy than healthy
	leastHealthy, mostUnhealthy  float64
	healthyPoint, unhealthyPoint bool
}

func (tg *TargetGroup) wasUnhealthy(
	ctx context.Context, described *types.TargetGroup, lb string, set metrics.Set,
) (diag.Finding, bool) {
	arn, _ := tg.ARN(ctx)
	b := boutOf(set.Series(metrics.TargetGroupMetric(lb, arn, "HealthyHostCount", "Minimum")),
		set.Series(metrics.TargetGroupMetric(lb, arn, "UnHealthyHostCount", "Maximum")), tg.window)
	if b.first.IsZero() {
		return diag.Finding{}, false
	}
	f := diag.Finding{Resource: tg.resource(ctx), Since: b.first, NextSteps: []diag.Step{look(described)}}
	between := fmt.Sprintf("between %s and %s", clock(b.first), clock(b.last))
	switch {
	case b.empty:
		f.Summary = fmt.Sprintf("%s had no healthy target %s; it has now", nameOf(described), between)
	default:
		f.Summary = fmt.Sprintf("%s had up to %.0f unhealthy and as few as %.0f healthy targets %s; none is unhealthy now",
			nameOf(described), b.mostUnhealthy, b.leastHealthy, between)
	}
	if !b.empty && !b.worse {
		f.Severity = diag.SeverityInfo
	}
	if b.healthyPoint {
		f.Evidence = append(f.Evidence, evidence(callMetrics, "HealthyHostCount",
			fmt.Sprintf("minimum %.0f", b.leastHealthy)))
	}
	if b.unhealthyPoint {
		f.Evidence = append(f.Evidence, evidence(callMetrics, "UnHealthyHostCount",
			fmt.Sprintf("maximum %.0f", b.mostUnhealthy)))
	}
	return f, true
}

func boutOf(healthy, unhealthy metrics.Series, window diag.Window) bout {
	var b bout
	hosts := map[time.Time]float64{}
	had := false
	for _, p := range healthy.Points {
		hosts[p.At] = p.Value
		if p.Value == 0 && had && window.Contains(p.At) {
			b.at(p.At, healthy.Period)
			b.empty = true
		}
		had = had || p.Value > 0
	}
	for _, p := range unhealthy.Points {
		if p.Value > 0 && window.Contains(p.At) {
			b.at(p.At, unhealthy.Period)
			b.mostUnhealthy, b.unhealthyPoint = max(b.mostUnhealthy, p.Value), true
			b.worse = b.worse || p.Value > hosts[p.At]
		}
	}
	part := healthy.Between(diag.Window{Start: b.first, End: b.last})
	if least, ok := part.Min(); ok {
		b.leastHealthy, b.healthyPoint = least.Value, true
	}
	return b
}

func (b *bout) at(t time.Time, period time.Duration) {
	if b.first.IsZero() || t.Before(b.first) {
		b.first = t
	}
	if end := t.Add(period); end.After(b.last) {
		b.last = end
	}
}
