package albdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// NoHealthyTargets reports a target group in use whose targets all fail.
var NoHealthyTargets = &diag.Check[*TargetGroup]{
	Info: diag.Info{
		Code: "alb.no-healthy-targets", Title: "No healthy target",
		Doc: "Targets are registered and none of them is healthy. A load balancer then fails open: it sends requests to all of " +
			"them, healthy or not, and answers 502, 503 or 504 where they do not. New targets do not count as failing until " +
			"they have had time to pass.",
		Severity: diag.SeverityError, Actions: []string{callTargetGroups, callTargetHealth, callMetrics},
		Breaks: []diag.Mechanism{diag.Routing},
		Needs: []diag.Mechanism{diag.HealthCheck, diag.TargetReachable, diag.TaskRun, diag.TaskStart, diag.TaskCount,
			diag.Placement, diag.HostRun},
		Source: healthDoc,
	},
	Run: func(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
		described, err := tg.Describe(ctx)
		if err != nil {
			return nil, err
		}
		all, err := tg.Targets(ctx)
		targets := standing(all)
		if err != nil || len(targets) == 0 || len(described.LoadBalancerArns) == 0 ||
			slices.ContainsFunc(targets, Target.Serving) || !slices.ContainsFunc(targets, Target.used) {
			return nil, err
		}
		since, atLeast, err := tg.noneHealthySince(ctx, described)
		if !slices.ContainsFunc(targets, failed) && !tg.newForTooLong(described, since) {
			return nil, err
		}
		who, not := fmt.Sprintf("none of the %d targets", len(targets)), ""
		if len(targets) == 1 {
			who, not = "the only target", "not "
		}
		return []diag.Finding{{
			Resource: tg.resource(ctx), Since: since, SinceAtLeast: atLeast, Evidence: targetEvidence(targets),
			Summary:   fmt.Sprintf("%s of %s is %shealthy (%s): %s", who, nameOf(described), not, tally(targets), fate(targets)),
			NextSteps: []diag.Step{look(described)},
		}}, err
	},
}

// used reports a target that is checked and gets requests: one of a group that no rule forwards to, such as the idle
// side of a blue/green deployment, is neither well nor ill.
func (t Target) used() bool { return t.Condition() != NotInUse }

// failed reports a target that is known not to serve, as opposed to one that is new.
func failed(t Target) bool {
	switch t.Condition() {
	case InitialChecks, RegistrationInProgress, Draining, UnknownCondition:
		return false
	}
	return !t.Serving()
}

// fate says what becomes of requests ("Target group health", Elastic Load Balancing: routing failover).
func fate(targets []Target) string {
	if slices.ContainsFunc(targets, Target.Failing) {
		return "the load balancer fails open and sends requests to unhealthy targets"
	}
	return "requests are answered with 503"
}

// tally counts the targets by state: "2 unhealthy, 1 initial".
func tally(targets []Target) string {
	counts := map[types.TargetHealthStateEnum]int{}
	for _, t := range targets {
		counts[t.State]++
	}
	var parts []string
	for _, state := range types.TargetHealthStateEnum("").Values() {
		if n := counts[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
			delete(counts, state)
		}
	}
	for _, n := range counts {
		parts = append(parts, fmt.Sprintf("%d of unknown state", n))
		break
	}
	return strings.Join(parts, ", ")
}

// noneHealthySince tells from the metrics since when no target is healthy, as long as it was so at the newest point.
func (tg *TargetGroup) noneHealthySince(ctx context.Context, described *types.TargetGroup) (time.Time, bool, error) {
	set, err := tg.Metrics(ctx)
	arn, _ := tg.ARN(ctx)
	var since time.Time
	atLeast := false
	for _, lb := range described.LoadBalancerArns {
		series := set.Series(metrics.TargetGroupMetric(lb, arn, "HealthyHostCount", "Minimum"))
		if start, always := lastZero(series); !start.IsZero() && (since.IsZero() || start.Before(since)) {
			since, atLeast = start, always
		}
	}
	return since, atLeast, err
}

// lastZero returns the beginning of the last run of zeros that lasts to the newest point, and whether the series begins
// with it.
func lastZero(s metrics.Series) (start time.Time, always bool) {
	always = true
	for _, p := range slices.Backward(s.Points) {
		if p.Value > 0 {
			always = false
			break
		}
		start = p.At
	}
	return start, always && !start.IsZero()
}

// newForTooLong reports that targets which are still new should have passed their checks long ago. When they were
// registered AWS does not tell; that no target has been healthy for so long is the only sign.
func (tg *TargetGroup) newForTooLong(described *types.TargetGroup, since time.Time) bool {
	const patience = 10 * time.Minute
	s := settingsOf(described)
	return !since.IsZero() && tg.window.End.Sub(since) > max(patience, 2*s.untilHealthy())
}
