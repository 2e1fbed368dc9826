package traces

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// TracesChecks returns the checks of traced requests. Client errors (4xx) are left out: they are the caller's, and an
// error that breaks a service shows as its fault.
func TracesChecks() []*diag.Check[*Traces] {
	return []*diag.Check[*Traces]{FaultBeginsAt, Throttled, SlowSegment}
}

const (
	limits = "X-Ray sees instrumented services only, and of their requests a sample; it keeps traces for 30 days. At " +
		"most ten traces are read in full."
	source = "AWS X-Ray segment documents, AWS X-Ray Developer Guide"

	// minTraces is how many traces in trouble are a pattern and no accident, minShare which part of all.
	minTraces = 3
	minShare  = 0.01
	// recent is how fresh a fault must be to count as going on: X-Ray shows a trace within a minute or two.
	recent = 15 * time.Minute
)

// FaultBeginsAt reports the services at which the faults of requests begin.
var FaultBeginsAt = &diag.Check[*Traces]{
	Info: diag.Info{
		Code: "traces.fault-begins-at", Title: "Requests fail at one place",
		Doc: "Traced requests ended in a fault (5xx). Followed down the calls, their faults begin at the same segment: the " +
			"lowest one that failed while what it called was sound. Fewer than three, or than one in a hundred, are an info.",
		Severity: diag.SeverityError, Confidence: diag.Likely,
		Actions: []string{tracesAction, graphAction, summariesAction},
		Breaks:  []diag.Mechanism{diag.Application, diag.Request},
		Needs: []diag.Mechanism{diag.Permission, diag.NetworkPath, diag.NameResolution, diag.DBServe, diag.DBAccept,
			diag.Application,
			diag.TaskRun},
		Limits: limits, Source: source,
	},
	Run: func(ctx context.Context, t *Traces) ([]diag.Finding, error) {
		s, err := t.Summaries(ctx)
		if s == nil || len(s.Faulty) == 0 {
			return nil, err
		}
		trees, treesErr := t.Trees(ctx, s.Faulty)
		edges, graphErr := t.Graph(ctx)
		var findings []diag.Finding
		for _, p := range places(trees, faultAt) {
			findings = append(findings, t.fault(s, p, len(trees), edges))
		}
		return findings, errors.Join(err, treesErr, graphErr)
	},
}

func faultAt(roots []*Segment) (*Origin, time.Duration) { return FaultOrigin(roots), 0 }

func throttledAt(roots []*Segment) (*Origin, time.Duration) { return ThrottleOrigin(roots), 0 }

func (t *Traces) fault(s *Summaries, p *place, read int, edges []Edge) diag.Finding {
	f := diag.Finding{
		Summary: fmt.Sprintf("faults begin at %s: in %d of %d faulty traces looked at; %d of %d sampled requests faulted",
			p.origin, len(p.trees), read, len(s.Faulty), max(s.Processed, len(s.Faulty))),
		Resource: p.at(), Since: p.trees[0].At, Evidence: p.evidence("fault", "true"), NextSteps: []diag.Step{p.look()},
	}
	if told := p.most(); told != "" {
		f.Summary += ": " + told
	}
	for _, e := range edges {
		if e.From == p.origin.Caller && e.To == p.origin.Service && e.Faults > 0 {
			f.Evidence = append(f.Evidence, diag.Evidence{Source: graphAction,
				Field: fmt.Sprintf("Services[%s].Edges[%s].SummaryStatistics", e.From, e.To),
				Value: fmt.Sprintf("%d of %d calls faulted", e.Faults, e.Total)})
		}
	}
	last := begun(s.Faulty[len(s.Faulty)-1])
	switch {
	case !pattern(len(s.Faulty), s.Processed):
		f.Severity = diag.SeverityInfo
	case !last.IsZero() && t.window.End.Sub(last) > recent:
		f.Severity = diag.SeverityWarning
	}
	return f
}

// pattern reports whether n traces of a trouble among so many are more than an accident.
func pattern(n, processed int) bool {
	return n >= minTraces && float64(n) >= minShare*float64(processed)
}

// Throttled reports calls that were refused for being too many.
var Throttled = &diag.Check[*Traces]{
	Info: diag.Info{
		Code: "traces.throttled", Title: "Calls are throttled",
		Doc: "Calls within traced requests were answered with 429 or a throttling error: they exceed a quota of what they " +
			"call. Fewer than three, or than one in a hundred, are an info.",
		Severity: diag.SeverityWarning, Confidence: diag.Likely,
		Actions: []string{tracesAction, summariesAction},
		Breaks:  []diag.Mechanism{diag.Application},
		Limits:  limits, Source: source,
	},
	Run: func(ctx context.Context, t *Traces) ([]diag.Finding, error) {
		s, err := t.Summaries(ctx)
		if s == nil || len(s.Throttled) == 0 {
			return nil, err
		}
		trees, treesErr := t.Trees(ctx, s.Throttled)
		var findings []diag.Finding
		for _, p := range places(trees, throttledAt) {
			findings = append(findings, s.throttled(p, len(trees)))
		}
		return findings, errors.Join(err, treesErr)
	},
}

func (s *Summaries) throttled(p *place, read int) diag.Finding {
	f := diag.Finding{
		Summary: fmt.Sprintf("%s throttles calls: in %d of %d throttled traces looked at; %d of %d sampled requests were throttled",
			p.origin, len(p.trees), read, len(s.Throttled), max(s.Processed, len(s.Throttled))),
		Resource: p.at(), Since: p.trees[0].At, Evidence: p.evidence("throttle", "true"),
		NextSteps: []diag.Step{{Text: "Raise the quota or capacity of what is called, or call it less often."}, p.look()},
	}
	if !pattern(len(s.Throttled), s.Processed) {
		f.Severity = diag.SeverityInfo
	}
	return f
}

// SlowSegment reports where slow requests spend their time.
var SlowSegment = &diag.Check[*Traces]{
	Info: diag.Info{
		Code: "traces.slow-segment", Title: "Requests wait at one place",
		Doc: "HTTP requests took longer than five seconds without a fault, and in most of them one segment spent at least half of " +
			"that time itself instead of waiting for what it called. Fewer than three, or than one in a hundred, are left out.",
		Severity: diag.SeverityWarning, Confidence: diag.Likely,
		Actions: []string{tracesAction, summariesAction},
		Breaks:  []diag.Mechanism{diag.Application, diag.Request},
		Needs: []diag.Mechanism{diag.NetworkPath, diag.NameResolution, diag.HostRun, diag.DBServe, diag.DBAccept,
			diag.Application},
		Limits: limits, Source: source,
	},
	Run: func(ctx context.Context, t *Traces) ([]diag.Finding, error) {
		s, err := t.Summaries(ctx)
		if s == nil || !pattern(len(s.Slow), s.Processed) {
			return nil, err
		}
		trees, treesErr := t.Trees(ctx, s.Slow)
		var findings []diag.Finding
		for _, p := range places(trees, dominant) {
			if 2*len(p.trees) >= len(trees) {
				findings = append(findings, t.slowFinding(s, p, len(trees)))
			}
		}
		return findings, errors.Join(err, treesErr)
	},
}

// dominant is the segment that spent at least half of the time of its trace itself.
func dominant(roots []*Segment) (*Origin, time.Duration) {
	o, own := SlowOrigin(roots)
	if o == nil || len(roots) == 0 || 2*own < roots[0].Duration() {
		return nil, 0
	}
	return o, own
}

func (t *Traces) slowFinding(s *Summaries, p *place, read int) diag.Finding {
	var total time.Duration
	for _, d := range p.own {
		total += d
	}
	mean := words.Span(total / time.Duration(len(p.own)))
	return diag.Finding{
		Summary: fmt.Sprintf("slow requests wait at %s: %s on average in %d of %d slow traces looked at; %d of %d sampled "+
			"requests took longer than %s",
			p.origin, mean, len(p.trees), read, len(s.Slow), max(s.Processed, len(s.Slow)), words.Span(t.slow)),
		Resource: p.at(), Since: p.trees[0].At, Evidence: p.evidence("own time", words.Span(p.own[0])),
		NextSteps: []diag.Step{p.look()},
	}
}
