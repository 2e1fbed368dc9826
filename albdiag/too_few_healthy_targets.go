package albdiag

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// TooFewHealthyTargets reports a target group of which more than half fails, or so many that the load balancer sends
// requests to unhealthy targets too.
var TooFewHealthyTargets = &diag.Check[*TargetGroup]{
	Info: diag.Info{
		Code: "alb.too-few-healthy-targets", Title: "Few healthy targets left",
		Doc: "Some targets are healthy, but more fail than serve, or fewer are healthy than the group's attributes want at " +
			"least; below that number the load balancer sends requests to all targets, unhealthy ones included.",
		Severity: diag.SeverityWarning, Actions: []string{callTargetGroups, callTargetHealth, callTargetGroupAttributes},
		Needs: []diag.Mechanism{diag.HealthCheck, diag.TargetReachable, diag.TaskRun, diag.TaskStart, diag.TaskCount,
			diag.Placement, diag.HostRun},
		Source: "Target group health, unhealthy state routing",
	},
	Run: func(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
		described, err := tg.Describe(ctx)
		if err != nil {
			return nil, err
		}
		targets, err := tg.Targets(ctx)
		serving := count(targets, Target.Serving)
		failing := slices.DeleteFunc(slices.Clone(targets), func(t Target) bool { return !t.Failing() })
		if err != nil || serving == 0 || len(failing) == 0 {
			return nil, err
		}
		attributes, err := tg.Attributes(ctx)
		of := serving + len(failing)
		least, by := wantedHealthy(attributes, of)
		failsOpen := serving < least
		if !failsOpen && serving >= len(failing) {
			return nil, err
		}
		f := diag.Finding{
			Resource: tg.resource(ctx), Evidence: targetEvidence(failing), NextSteps: []diag.Step{look(described)},
			Summary: fmt.Sprintf("only %d of %s of %s healthy", serving, words.Count(of, "target"), nameOf(described)),
		}
		if failsOpen {
			f.Summary += fmt.Sprintf(", below the %d it wants at least: requests go to unhealthy targets too", least)
			f.Evidence = append(f.Evidence, evidence(callTargetGroupAttributes, "attributes["+by+"]", attributes[by]))
		}
		return []diag.Finding{f}, err
	},
}

// wantedHealthy returns how many of a number of targets must be healthy for the load balancer to leave the others out,
// and the attribute that says so.
func wantedHealthy(attributes map[string]string, of int) (least int, by string) {
	const prefix = "target_group_health.unhealthy_state_routing.minimum_healthy_targets."
	if n, err := strconv.Atoi(attributes[prefix+"count"]); err == nil {
		least, by = n, prefix+"count"
	}
	if percent, err := strconv.Atoi(attributes[prefix+"percentage"]); err == nil {
		if n := int(math.Ceil(float64(of*percent) / 100)); n > least {
			least, by = n, prefix+"percentage"
		}
	}
	return least, by
}
