package albdiag

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// TargetBalancerWithoutListener reports an Application Load Balancer that is the target of a Network Load Balancer and does
// not listen on the port of the target group.
var TargetBalancerWithoutListener = &diag.Check[*TargetGroup]{
	Info: diag.Info{
		Code: "alb.target-balancer-without-listener", Title: "Target load balancer does not listen",
		Doc: "The target of a Network Load Balancer is an Application Load Balancer, which has no listener on the port that it is " +
			"registered with: nothing answers there. Its listener must have the same port.",
		Severity: diag.SeverityError, Actions: []string{callTargetGroups, callTargetHealth, callLoadBalancers, callListeners},
		Breaks: []diag.Mechanism{diag.NetworkPath, diag.TargetReachable, diag.HealthCheck}, Needs: []diag.Mechanism{diag.Routing},
		Source: "Use Application Load Balancers as targets of a Network Load Balancer",
	},
	Run: func(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
		described, err := tg.Describe(ctx)
		if err != nil || described.TargetType != types.TargetTypeEnumAlb || tg.directory == nil {
			return nil, err
		}
		targets, err := tg.Targets(ctx)
		errs := []error{err}
		var findings []diag.Finding
		for _, t := range standing(targets) {
			lb := tg.directory.LoadBalancer(t.ID)
			listeners, err := lb.Listeners(ctx)
			errs = append(errs, err)
			heard := slices.ContainsFunc(listeners, func(l types.Listener) bool { return int(aws.ToInt32(l.Port)) == t.Port })
			if err != nil || heard {
				continue
			}
			findings = append(findings, tg.deaf(ctx, t, lb, listeners))
		}
		return findings, errors.Join(errs...)
	},
}

// deaf is the finding of a target, which is a load balancer, and its listeners.
func (tg *TargetGroup) deaf(ctx context.Context, t Target, lb *LoadBalancer, listeners []types.Listener) diag.Finding {
	arn, port := t.ID, t.Port
	heard := "no listener at all"
	if len(listeners) > 0 {
		var names []string
		for _, l := range listeners {
			names = append(names, listenerName(l))
		}
		slices.Sort(names)
		heard = "listens on " + strings.Join(names, ", ") + " only"
	}
	return diag.Finding{
		Resource: tg.resource(ctx),
		Summary: fmt.Sprintf("%s sends to load balancer %s on port %d, where that has no listener (%s): nothing answers there",
			tg.ref.name, lb.ref.name, port, heard),
		Evidence: []diag.Evidence{evidence(callListeners, "listeners[].port of "+lb.ref.name, heard)},
		Related:  []diag.Related{{Resource: lb.resource(ctx), Role: "target"}},
		NextSteps: []diag.Step{
			{Text: "See on which ports it listens, and find out who removed or moved the listener.",
				Command: "aws elbv2 describe-listeners --load-balancer-arn " + arn},
			{Text: fmt.Sprintf("Give it a listener on port %d again, or register it with the port it listens on.", port),
				Changes: true},
		},
	}
}
