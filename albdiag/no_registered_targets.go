package albdiag

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// NoRegisteredTargets reports a target group behind a load balancer that holds no target.
var NoRegisteredTargets = &diag.Check[*TargetGroup]{
	Info: diag.Info{
		Code: "alb.no-registered-targets", Title: "No target registered",
		Doc: "The group holds no target but such as are leaving: each request that a rule sends to it is answered with 503. It " +
			"is only worth knowing where the load balancer takes requests and answers none with 503, as for the idle side of " +
			"a blue/green deployment.",
		Severity: diag.SeverityWarning, Actions: []string{callTargetGroups, callTargetHealth, callMetrics},
		Breaks: []diag.Mechanism{diag.Routing},
		Needs: []diag.Mechanism{diag.TaskRun, diag.TaskStart, diag.TaskCount, diag.Placement, diag.HostRun,
			diag.HealthCheck},
		Source: "Troubleshoot your Application Load Balancers, HTTP 503",
	},
	Run: func(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
		described, err := tg.Describe(ctx)
		if err != nil {
			return nil, err
		}
		targets, err := tg.Targets(ctx)
		if err != nil || len(standing(targets)) > 0 || len(described.LoadBalancerArns) == 0 {
			return nil, err
		}
		f := diag.Finding{
			Resource: tg.resource(ctx), Evidence: append(targetEvidence(targets), emptiness(targets)),
			Summary: fmt.Sprintf("%s holds no target%s: requests that a rule sends to it are answered with 503",
				nameOf(described), leaving(targets)),
			NextSteps: []diag.Step{look(described)},
		}
		f.Severity, f.Since, err = tg.emptyNow(ctx, described, &f)
		return []diag.Finding{f}, err
	},
}

func emptiness(targets []Target) diag.Evidence {
	n := len(targets)
	return evidence(callTargetHealth, "targetHealthDescriptions", fmt.Sprintf("%d registered, %d of them leaving", n, n))
}

func leaving(targets []Target) string {
	if len(targets) == 0 {
		return ""
	}
	return fmt.Sprintf(" but %d that drain", len(targets))
}

// emptyNow judges by the metrics whether requests run into the empty group.
func (tg *TargetGroup) emptyNow(
	ctx context.Context, described *types.TargetGroup, f *diag.Finding,
) (diag.Severity, time.Time, error) {
	set, err := tg.Metrics(ctx)
	severity := diag.SeverityWarning
	var since time.Time
	for _, lb := range described.LoadBalancerArns {
		refused, requests := set.Series(unavailableOf(lb)).Between(tg.window), set.Series(requestsOf(lb)).Between(tg.window)
		if onset, ok := set.Series(unavailableOf(lb)).Onset(metrics.Rise); ok && onset.Ongoing() {
			since = onset.Start
		}
		switch {
		case refused.Sum() > 0:
			f.Evidence = append(f.Evidence, evidence(callMetrics,
				unavailableOf(lb).Name+" of "+metrics.LoadBalancerDimension(lb),
				fmt.Sprintf("%.0f in the window", refused.Sum())))
			return diag.SeverityWarning, since, err
		case requests.Sum() > 0:
			severity = diag.SeverityInfo
		}
	}
	return severity, since, err
}
