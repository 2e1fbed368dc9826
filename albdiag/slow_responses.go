package albdiag

import (
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// SlowResponses reports targets that take much longer to answer than they did before.
var SlowResponses = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.slow-responses", Title: "Targets answer slowly",
		Doc: "The time that targets take until they answer rose to a multiple of what it was, and to a length that people " +
			"notice. The program waits for something, or has too little processor.",
		Severity: diag.SeverityWarning, Actions: []string{callLoadBalancers, callTargetGroups, callMetrics},
		Breaks: []diag.Mechanism{diag.Request},
		Needs: []diag.Mechanism{diag.DBServe, diag.DBAccept, diag.Application, diag.NetworkPath, diag.NameResolution,
			diag.HostRun, diag.TaskCount, diag.Demand},
		Limits: "The response time ends with the headers, and leaves out requests that were never answered.",
		Source: "CloudWatch metrics for your Application Load Balancer, TargetResponseTime",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		p, ok, err := lb.picture(ctx)
		if !ok {
			return nil, err
		}
		// The average tells of many requests, the 99th percentile of a few: it must be slower to matter.
		for _, row := range []struct {
			stat, says string
			notice     float64
		}{{"Average", "on average", 1}, {"p99", "at p99", 5}} {
			if e, ok := p.slow(p.series("TargetResponseTime", row.stat), row.notice); ok {
				return []diag.Finding{p.slowFinding(e, row.stat, row.says, lb.resource(ctx))}, err
			}
		}
		return nil, err
	},
}

// slow returns a rise of a response time within the window to the length that people notice, and three times what it
// was.
func (p *picture) slow(series metrics.Series, notice float64) (metrics.Episode, bool) {
	e, ok := series.Onset(metrics.Rise)
	over := ok && !e.Ongoing() && !e.End.After(p.window.Start)
	return e, ok && !over && e.Peak.Value >= notice && e.Peak.Value >= 3*e.Before
}

func (p *picture) slowFinding(e metrics.Episode, stat, says string, of diag.Resource) diag.Finding {
	until := "still going on"
	if !e.Ongoing() {
		until = "over at " + clock(e.End)
	}
	f := diag.Finding{
		Resource: of, Since: e.Start,
		Summary: fmt.Sprintf("targets of %s take up to %.1f s %s to answer since %s, against %.2f s before; %s",
			p.name, e.Peak.Value, says, clock(e.Start), e.Before, until),
		Evidence: []diag.Evidence{{Source: callMetrics, Field: "TargetResponseTime " + stat, At: e.Peak.At,
			Value: fmt.Sprintf("%.3f s, %.3f s before %s", e.Peak.Value, e.Before, clock(e.Start))}},
		NextSteps: []diag.Step{{Text: "See what the targets wait for: database, another service, processor."}},
	}
	for _, g := range p.groups {
		if own, ok := p.slow(p.group(g, "TargetResponseTime", "Average"), 0.5); ok {
			f.Related = append(f.Related, diag.Related{Resource: g.resource, Role: "target group"})
			f.Evidence = append(f.Evidence, metricFact("TargetResponseTime Average of "+g.name, "%.3f s, %.3f s before %s",
				own.Peak.Value, own.Before, clock(own.Start)))
		}
	}
	return f
}
