package albdiag

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

const keyDelay = "deregistration_delay.timeout_seconds"

// RequestsCutOff reports a target group whose targets are taken away before their requests have come to an end.
var RequestsCutOff = &diag.Check[*Turnover]{
	Info: diag.Info{
		Code: "alb.requests-cut-off", Title: "Requests cut off when targets are replaced",
		Doc: "The load balancer answers 502 in short bursts, each of them while targets are made to leave the group, as " +
			"by a release. Their deregistration delay is shorter than requests take: the load balancer closes connections that " +
			"still wait for an answer.",
		Severity: diag.SeverityError, Confidence: diag.Likely,
		Actions: []string{callTargetGroups, callTargetGroupAttributes, callMetrics},
		Breaks:  []diag.Mechanism{diag.TargetReachable}, Needs: []diag.Mechanism{diag.TargetReachable},
		Limits: "Which target group a 502 came from the metrics do not tell, only that the times agree. Releases are " +
			"known of ECS services, and what the trail of changes holds.",
		Source: "Troubleshoot your Application Load Balancers, HTTP 502; Edit target group attributes, deregistration delay",
	},
	Run: func(ctx context.Context, t *Turnover) ([]diag.Finding, error) {
		described, err := t.Describe(ctx)
		if err != nil || t.directory == nil {
			return nil, err
		}
		var findings []diag.Finding
		var errs []error
		for _, arn := range described.LoadBalancerArns {
			p, ok, err := t.directory.LoadBalancer(arn).picture(ctx)
			errs = append(errs, err)
			if !ok {
				continue
			}
			f, ok, err := t.cutOff(ctx, p)
			if errs = append(errs, err); ok {
				findings = append(findings, f)
			}
		}
		return findings, errors.Join(errs...)
	},
}

// cutOff judges the 502s of one load balancer.
func (t *Turnover) cutOff(ctx context.Context, p *picture) (diag.Finding, bool, error) {
	series := p.counter("HTTPCode_ELB_502_Count")
	o, ok := p.outbreak(series, errorBounds)
	bursts := p.bursts(series, errorBounds)
	if !ok || slices.ContainsFunc(bursts, burst.long) || p.otherwise(t.ref.arn, o) {
		return diag.Finding{}, false, nil
	}
	attributes, err := t.Attributes(ctx)
	delay, known := secondsOf(attributes, keyDelay)
	if !known {
		return diag.Finding{}, false, err
	}
	longest, longestErr := t.longest(ctx, p, bursts)
	if delay > 0 && delay >= longest {
		return diag.Finding{}, false, errors.Join(err, longestErr)
	}
	departures, departuresErr := t.departures(ctx)
	err = errors.Join(err, longestErr, departuresErr)
	with := matching(bursts, departures, series.Period)
	if len(with) == 0 {
		return diag.Finding{}, false, err
	}
	f := t.cutOffFinding(ctx, p, o, bursts, with)
	f.Summary = fmt.Sprintf("%s gives targets %s to drain, %s: requests were cut off with 502 %s, each time while "+
		"targets were replaced", t.ref.name, words.Span(delay), needed(delay, longest), when(bursts))
	given := evidence(callTargetGroupAttributes, "attributes["+keyDelay+"]", attributes[keyDelay])
	f.Evidence = append([]diag.Evidence{given}, f.Evidence...)
	if longest > 0 {
		f.Evidence = append(f.Evidence, metricFact("TargetResponseTime", "%.1f s at the longest", longest.Seconds()))
	}
	return f, true, err
}

// otherwise reports 502s that the metrics explain by something that is not the replacing of a group's targets.
func (p *picture) otherwise(group string, o outbreak) bool {
	return p.counted(o) || o.many(p.during("HTTPCode_ELB_503_Count", o)) ||
		slices.ContainsFunc(p.groups, func(g groupPicture) bool { return g.arn == group && p.hosts(g, o).unhealthy > 0 })
}

// longest is the longest that a request to the group took outside of the bursts, in which such requests leave no time;
// zero if that is not known.
func (t *Turnover) longest(ctx context.Context, p *picture, bursts []burst) (time.Duration, error) {
	m := metrics.TargetGroupMetric(p.arn, t.ref.arn, "TargetResponseTime", "Maximum")
	set, err := t.source.Fetch(ctx, m)
	if err != nil {
		err = fmt.Errorf("reading the longest response time of target group %s: %w", t.ref.name, err)
	}
	most := 0.0
	for _, s := range []metrics.Series{set.Series(m), p.series("TargetResponseTime", "p99")} {
		if point, ok := s.Max(); ok {
			most = max(most, point.Value)
		}
	}
	return time.Duration(most * float64(time.Second)), err
}

// matching returns the departures that fit the bursts, none if a burst is without one, or if half of those since the
// first burst made no errors: then the times agree by chance.
func matching(bursts []burst, departures []Departure, period time.Duration) []Departure {
	var with []Departure
	calm := 0
	met := make([]bool, len(bursts))
	for _, d := range departures {
		last := d.Start
		if d.End.After(last) {
			last = d.End
		}
		if last.Sub(d.Start) > time.Hour {
			continue // a deployment that does not come to its end: what breaks then is something else
		}
		hit := false
		for i, b := range bursts {
			if !d.Start.After(b.End) && !last.Add(period).Before(b.Start) {
				hit, met[i] = true, true
			}
		}
		switch {
		case hit:
			with = append(with, d)
		case len(bursts) > 0 && d.Start.After(bursts[0].End):
			calm++
		}
	}
	if len(bursts) == 0 || slices.Contains(met, false) || calm >= len(with) {
		return nil
	}
	slices.SortStableFunc(with, func(a, b Departure) int { return a.Start.Compare(b.Start) })
	return with
}

func (t *Turnover) cutOffFinding(
	ctx context.Context, p *picture, o outbreak, bursts []burst, with []Departure,
) diag.Finding {
	const grave = 0.01
	f := diag.Finding{
		Resource: t.resource(ctx), Since: bursts[0].Start, Severity: diag.SeverityWarning,
		Related: []diag.Related{{Resource: diag.ResourceOf(typeLoadBalancer, p.name, p.arn), Role: "load balancer"}},
		NextSteps: []diag.Step{
			{Text: "Give targets as long to drain as the longest request takes.", Changes: true,
				Command: "aws elbv2 modify-target-group-attributes --target-group-arn " + t.ref.arn +
					" --attributes Key=" + keyDelay + ",Value=<seconds>"},
			{Text: "See that the program ends its requests when it is asked to stop (SIGTERM), before it ends itself."},
		},
	}
	if o.ongoing && o.share() >= grave {
		f.Severity = diag.SeverityError
	}
	if !o.ongoing {
		f.Until = o.last
	}
	if len(bursts) == 1 {
		f.Confidence = diag.Possible
	}
	for _, b := range bursts[max(0, len(bursts)-maxNamed):] {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: callMetrics, Field: "HTTPCode_ELB_502_Count", At: b.Start,
			Value: fmt.Sprintf("%.0f from %s to %s, none to speak of before and after", b.errors, clock(b.Start), clock(b.End))})
	}
	for _, d := range with[max(0, len(with)-maxNamed):] {
		f.Evidence = append(f.Evidence, d.Evidence)
		by := diag.Related{Resource: d.By, Role: "replaces its targets"}
		if !d.By.IsZero() && !slices.Contains(f.Related, by) {
			f.Related = append(f.Related, by)
		}
	}
	return f
}

// needed says how long requests take, beside a delay.
func needed(delay, longest time.Duration) string {
	if delay == 0 {
		return "so that no request can end"
	}
	return fmt.Sprintf("and requests take up to %.0f s", longest.Seconds())
}

// when lists the times of the last bursts: "at 13:15, 14:10 and 15:05".
func when(bursts []burst) string {
	var times []string
	for _, b := range bursts[max(0, len(bursts)-maxNamed):] {
		times = append(times, clock(b.Start))
	}
	if len(times) == 1 {
		return "at " + times[0]
	}
	last := len(times) - 1
	return "at " + strings.Join(times[:last], ", ") + " and " + times[last]
}
