package albdiag

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

const healthDoc = "Health checks for Application Load Balancer target groups"

// trouble is one row of the table that makes the checks of targets which do not serve.
type trouble struct {
	info      diag.Info
	condition Condition
	// says tells the summary of the targets in this condition.
	says func(tg *types.TargetGroup, troubled []Target, of int) string
	// steps are what a person may do.
	steps func(tg *types.TargetGroup, troubled []Target) []diag.Step
	// quiet makes the finding an info, whatever the share of targets.
	quiet bool
}

func (r trouble) check() *diag.Check[*TargetGroup] {
	info := r.info
	info.Severity, info.Source = diag.SeverityError, healthDoc
	if r.quiet {
		info.Severity = diag.SeverityInfo
	}
	info.Actions = []string{callTargetGroups, callTargetHealth}
	if !r.quiet {
		info.Actions = append(info.Actions, callMetrics)
	}
	return &diag.Check[*TargetGroup]{Info: info, Run: r.run}
}

func (r trouble) run(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
	described, err := tg.Describe(ctx)
	if err != nil {
		return nil, err
	}
	targets, err := tg.Targets(ctx)
	troubled := slices.DeleteFunc(slices.Clone(targets), func(t Target) bool { return t.Condition() != r.condition })
	if len(troubled) == 0 {
		return nil, err
	}
	f := diag.Finding{
		Resource: tg.resource(ctx), Summary: r.says(described, troubled, len(standing(targets))),
		Evidence:  append(targetEvidence(troubled), r.settings(described)...),
		NextSteps: r.steps(described, troubled),
	}
	if r.quiet {
		return []diag.Finding{f}, err
	}
	if len(troubled) < count(targets, Target.Serving) {
		f.Severity = diag.SeverityWarning
	}
	f.Since, f.SinceAtLeast, err = tg.unhealthySince(ctx)
	return []diag.Finding{f}, err
}

// settings quotes the health-check settings that decide about the condition.
func (r trouble) settings(tg *types.TargetGroup) []diag.Evidence {
	switch r.condition {
	case ResponseCodeMismatch, TimedOut, FailedHealthChecks:
		return []diag.Evidence{evidence(callTargetGroups, "targetGroups[0].healthCheck", settingsOf(tg).String())}
	}
	return nil
}

// standing are the targets that ought to serve: not those on their way out.
func standing(targets []Target) []Target {
	return slices.DeleteFunc(slices.Clone(targets), Target.Leaving)
}

func count(targets []Target, is func(Target) bool) int {
	n := 0
	for _, t := range targets {
		if is(t) {
			n++
		}
	}
	return n
}

// unhealthySince tells from the metrics since when targets are unhealthy, as long as they still are at the end. Zero if
// the metrics do not tell; atLeast if they were unhealthy already where the metrics begin.
func (tg *TargetGroup) unhealthySince(ctx context.Context) (since time.Time, atLeast bool, err error) {
	set, err := tg.Metrics(ctx)
	arn, _ := tg.ARN(ctx)
	described, describeErr := tg.Describe(ctx)
	if describeErr != nil {
		return time.Time{}, false, describeErr
	}
	for _, lb := range described.LoadBalancerArns {
		series := set.Series(metrics.TargetGroupMetric(lb, arn, "UnHealthyHostCount", "Maximum"))
		start, always := lastAbove(series)
		if !start.IsZero() && (since.IsZero() || start.Before(since)) {
			since, atLeast = start, always
		}
	}
	return since, atLeast, err
}

// lastAbove returns the beginning of the last run of points above zero that lasts to the newest point, and whether the
// series begins with it.
func lastAbove(s metrics.Series) (start time.Time, always bool) {
	always = true
	for _, p := range slices.Backward(s.Points) {
		if p.Value <= 0 {
			always = false
			break
		}
		start = p.At
	}
	return start, always && !start.IsZero()
}

func describeHealth(tg *types.TargetGroup) string {
	return "aws elbv2 describe-target-health --target-group-arn " + arnOf(tg)
}

func arnOf(tg *types.TargetGroup) string {
	if tg.TargetGroupArn == nil {
		return "<target-group-arn>"
	}
	return *tg.TargetGroupArn
}

func nameOf(tg *types.TargetGroup) string {
	if tg.TargetGroupName == nil {
		return "the target group"
	}
	return *tg.TargetGroupName
}

// share says "2 of 4 targets of shop-api", or "the only target of shop-api".
func share(troubled []Target, of int, tg *types.TargetGroup) string {
	if of == 1 && len(troubled) == 1 {
		return "the only target of " + nameOf(tg)
	}
	return fmt.Sprintf("%d of %s of %s", len(troubled), words.Count(max(of, len(troubled)), "target"), nameOf(tg))
}
