package albdiag

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// RequestsStopped reports load balancers that clients hardly come to any more. It is no part of [LoadBalancerChecks]:
// requests also stop because nobody asks, so that it is for who knows that somebody does, and is not answered.
var RequestsStopped = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.requests-stopped", Title: "Requests do not arrive any more",
		Doc: "The load balancer took requests, or connections, steadily, and from one period to the next nine in ten or more " +
			"stayed away. Clients do not reach it: something in front of it, its listeners or its name keeps them out.",
		Severity: diag.SeverityError, Actions: []string{callLoadBalancers, callTargetGroups, callMetrics},
		Breaks: []diag.Mechanism{diag.Request},
		Needs:  []diag.Mechanism{diag.NetworkPath, diag.NameResolution, diag.TLS, diag.Routing},
		Limits: "That clients moved to another address, or ended their work, looks the same.",
		Source: "CloudWatch metrics for your Application Load Balancer, RequestCount; CloudWatch metrics for your Network " +
			"Load Balancer, NewFlowCount",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		p, ok, err := lb.pictureIf(ctx, func(string) bool { return true })
		if !ok {
			return nil, err
		}
		s, ok := p.stopped()
		if !ok {
			return nil, err
		}
		name := p.traffic()
		return []diag.Finding{{
			Resource: lb.resource(ctx), Since: s.since,
			Summary: fmt.Sprintf("%s gets hardly any %s since %s: %.0f in %d minutes, against %.0f every %d minutes before",
				p.name, p.unit(), clock(s.since), s.left, s.minutes, s.before, s.period),
			Evidence: []diag.Evidence{metricFact(name, "%.0f since %s, %.0f every %d minutes before", s.left, clock(s.since),
				s.before, s.period)},
			NextSteps: []diag.Step{{Text: "Ask it from outside by the name that clients use, and see how far that gets: name, " +
				"connection, TLS handshake, answer.", Command: "curl -sv -o /dev/null https://<the name that clients use>/"},
				{Text: "See what was changed in front of it: DNS record, security groups, network ACL, routes of its subnets, " +
					"listeners and certificates."}},
		}}, err
	},
}

// stop is the end of the traffic of a load balancer.
type stop struct {
	since           time.Time
	before, left    float64
	minutes, period int
}

const (
	// stopPeriods is how many periods in a row must be nearly empty.
	stopPeriods = 2
	// stopShare is the share of the usual traffic that still counts as none: health checks of others and scanners.
	stopShare = 0.1
	// steadyShare is the share of the usual traffic that every period before must have had, lest a lull be taken for an
	// end.
	steadyShare = 0.5
	// stopHour is over how many periods before the traffic must have been steady, and stopLeast the least in each.
	stopHour, stopLeast = 12, 50
	// stopLate is how late CloudWatch may show a period that is over.
	stopLate = 3 * time.Minute
)

// traffic names the metric that counts what clients send.
func (p *picture) traffic() string {
	if isNetwork(p.arn) {
		return "NewFlowCount"
	}
	return "RequestCount"
}

// stopped finds the end of a steady traffic.
func (p *picture) stopped() (stop, bool) {
	series := p.counter(p.traffic())
	totals := p.totals(series)
	if series.Period <= 0 {
		return stop{}, false
	}
	end := min(int(p.window.End.Add(-stopLate).Sub(series.Span.Start)/series.Period), len(totals))
	// The level is taken from where the low end begins, without the period in which the traffic broke off.
	for first := end - stopPeriods; first > stopHour; first-- {
		before := totals[first-1-stopHour : first-1]
		usual := slices.Sorted(slices.Values(before))[stopHour/2]
		low := slices.Max(totals[first:end]) <= stopShare*usual
		if !low || usual < stopLeast {
			return stop{}, false
		}
		if totals[first-1] <= stopShare*usual {
			continue // it began earlier
		}
		if slices.Min(before) < steadyShare*usual {
			return stop{}, false
		}
		s := stop{since: series.At(first), before: usual, period: int(series.Period.Minutes())}
		if totals[first-1] < steadyShare*usual {
			s.since = series.At(first - 1)
		}
		for _, n := range totals[first:end] {
			s.left += n
		}
		s.minutes = (end - first) * s.period
		return s, true
	}
	return stop{}, false
}
