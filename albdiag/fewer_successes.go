package albdiag

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// FewerSuccesses reports a load balancer whose targets answer far fewer requests with success than they did, though as
// many requests come and few of them end in a 5xx.
var FewerSuccesses = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.fewer-successes", Title: "Far fewer requests succeed",
		Doc: "From one period to the next four in ten or more of the 2xx answers stayed away, while as many requests came as " +
			"before and 5xx errors do not make up for them: what is missing are redirects or 4xx answers. Requests go to a " +
			"program that does not know them, or a program or a rule refuses or redirects them.",
		Severity: diag.SeverityWarning, Actions: []string{callLoadBalancers, callTargetGroups, callMetrics},
		Breaks: []diag.Mechanism{diag.Request}, Needs: []diag.Mechanism{diag.Routing, diag.Application},
		Limits: "What the answers were instead is known where HTTPCode_Target_4XX_Count tells it.",
		Source: "CloudWatch metrics for your Application Load Balancer, HTTPCode_Target_2XX_Count",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		p, ok, err := lb.picture(ctx)
		if !ok {
			return nil, err
		}
		d, ok := p.fewer()
		if !ok {
			return nil, err
		}
		f := diag.Finding{
			Resource: lb.resource(ctx), Since: d.since,
			Summary: fmt.Sprintf("only %.0f %% of the requests to %s are answered 2xx since %s, against %.0f %% before, and "+
				"few are 5xx%s",
				100*d.share, p.name, clock(d.since), 100*d.before, d.instead),
			Evidence: []diag.Evidence{
				metricFact("HTTPCode_Target_2XX_Count", "%.0f %% of RequestCount since %s, %.0f %% before", 100*d.share,
					clock(d.since), 100*d.before),
				metricFact("HTTPCode_Target_5XX_Count", "%.0f in the same time", d.failed),
			},
			NextSteps: []diag.Step{
				{Text: "See which answers came instead, in the access log or the logs of the targets: 404 tells that requests " +
					"reach a program that does not know them, 401 and 403 that they are refused, 3xx that they are sent elsewhere."},
				{Text: "Compare the rules of the listeners with what they were, and look for a release at this time.",
					Command: "aws elbv2 describe-listeners --load-balancer-arn " + lb.ref.arn},
			},
		}
		return []diag.Finding{f}, err
	},
}

// decline is when fewer requests began to succeed: the share that does, and the share before.
type decline struct {
	since                 time.Time
	share, before, failed float64
	instead               string
}

const (
	// declined is the share of the usual successes that is a decline; kept is the share of the usual requests that must
	// still come, lest a lull be taken for one. No document gives a figure; both are judgements, with one bound from below:
	// the fewest successes that are looked at, succeeds of stopLeast requests or 25, vary by 5 by chance alone (their square
	// root), so that four in ten fewer lie two deviations off in each of the stopPeriods periods in a row. A mix of
	// requests that changes as much for good reasons is told too, as a warning.
	declined, kept = 0.6, 0.8
	// succeeds is the least share of requests that succeed usually.
	succeeds = 0.5
)

// fewer finds a decline of successes that goes on.
func (p *picture) fewer() (decline, bool) {
	requests, good := p.counter("RequestCount"), p.counter("HTTPCode_Target_2XX_Count")
	came, went := requests.Values(), good.Values()
	if requests.Period <= 0 || len(came) != len(went) {
		return decline{}, false
	}
	end := min(p.periods(requests), len(came))
	for first := end - stopPeriods; first > stopHour && !requests.At(first).Before(p.window.Start); first-- {
		usual, succeeded := median(came[first-1-stopHour:first-1]), median(went[first-1-stopHour:first-1])
		if usual < stopLeast || succeeded < succeeds*usual || slices.Max(went[first:end]) > declined*succeeded ||
			slices.Min(came[first:end]) < kept*usual {
			return decline{}, false
		}
		if went[first-1] <= declined*succeeded {
			continue // it began earlier
		}
		return p.declined(first, end, usual, succeeded)
	}
	return decline{}, false
}

func (p *picture) declined(first, end int, usual, succeeded float64) (decline, bool) {
	requests, good := p.counter("RequestCount"), p.counter("HTTPCode_Target_2XX_Count")
	span := diag.Window{Start: requests.At(first), End: requests.At(end)}
	sum := func(s metrics.Series) float64 { return s.Between(span).Sum() }
	missing := succeeded*float64(end-first) - sum(good)
	d := decline{since: span.Start, share: sum(good) / sum(requests), before: succeeded / usual}
	for _, name := range []string{"HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count", "HTTPCode_ELB_4XX_Count"} {
		d.failed += sum(p.counter(name))
	}
	if sum(p.counter("HTTPCode_Target_4XX_Count")) >= missing/2 {
		d.instead = "; most of the others are 4xx"
	}
	return d, d.failed < missing/2
}

// median returns the middle of some values, the upper one of two.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
