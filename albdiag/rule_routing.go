package albdiag

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

var actionsRules = []string{callLoadBalancers, callListeners, callRules}

func describeRules(r ListenerRule) diag.Step {
	return diag.Step{Text: "Read the rules of the listener.",
		Command: "aws elbv2 describe-rules --listener-arn " + defaultTo(r.Listener.ListenerArn, "<listener-arn>")}
}

// RuleForwardsToEmptyGroup reports a rule that sends requests to a target group without targets.
var RuleForwardsToEmptyGroup = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.rule-forwards-to-empty-group", Title: "Rule forwards to a group without targets",
		Doc: "A listener rule sends requests to a target group that holds no target but such as are leaving. Each of these " +
			"requests is answered with 503. An error while 503s go on, worth knowing where there are none.",
		Severity: diag.SeverityError,
		Actions: []string{callLoadBalancers, callListeners, callRules, callTargetGroups, callTargetHealth,
			callMetrics},
		Breaks: []diag.Mechanism{diag.Routing},
		Needs: []diag.Mechanism{diag.TaskRun, diag.TaskStart, diag.TaskCount, diag.Placement, diag.HostRun, diag.HealthCheck,
			diag.Routing},
		Source: "Troubleshoot your Application Load Balancers, HTTP 503",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		var rules []ListenerRule
		var empty map[string]*TargetGroup
		err := together(2, func(i int) (err error) {
			if i == 0 {
				rules, err = lb.Rules(ctx)
			} else {
				empty, err = lb.emptyGroups(ctx)
			}
			return err
		})
		var findings []diag.Finding
		for _, r := range rules {
			weights := forwards(r.Rule.Actions)
			for _, arn := range slices.Sorted(maps.Keys(weights)) {
				if tg := empty[arn]; tg != nil && weights[arn] > 0 {
					findings = append(findings, lb.forwardsToEmpty(ctx, r, tg))
				}
			}
		}
		if len(findings) == 0 {
			return nil, err
		}
		severity, metricsErr := lb.emptinessHurts(ctx)
		for i := range findings {
			findings[i].Severity = severity
		}
		return findings, errors.Join(err, metricsErr)
	},
}

func (lb *LoadBalancer) forwardsToEmpty(ctx context.Context, r ListenerRule, tg *TargetGroup) diag.Finding {
	targets, _ := tg.Targets(ctx)
	what := "all requests that no other rule takes"
	if !r.Default() {
		what = "requests for " + r.conditions()
	}
	return diag.Finding{
		Resource: lb.resource(ctx),
		Summary:  fmt.Sprintf("%s sends %s to %s, which holds no target%s", r, what, tg.ref.name, leaving(targets)),
		Evidence: []diag.Evidence{
			evidence(callRules, r.field("actions.targetGroupArn"), tg.ref.arn),
			emptiness(targets),
		},
		Related: []diag.Related{{Resource: tg.resource(ctx), Role: "target group"}},
		NextSteps: []diag.Step{{Text: "Look at the health of all targets.",
			Command: "aws elbv2 describe-target-health --target-group-arn " + tg.ref.arn}, describeRules(r)},
	}
}

// emptyGroups returns the target groups without targets, by ARN. Health is asked side by side.
func (lb *LoadBalancer) emptyGroups(ctx context.Context) (map[string]*TargetGroup, error) {
	groups, listErr := lb.TargetGroups(ctx)
	empty := make([]bool, len(groups))
	err := together(len(groups), func(i int) error {
		targets, err := groups[i].Targets(ctx)
		empty[i] = err == nil && len(standing(targets)) == 0
		return err
	})
	found := map[string]*TargetGroup{}
	for i, tg := range groups {
		if empty[i] {
			found[tg.ref.arn] = tg
		}
	}
	return found, errors.Join(listErr, err)
}

// emptinessHurts judges by the metrics whether requests run into empty groups now.
func (lb *LoadBalancer) emptinessHurts(ctx context.Context) (diag.Severity, error) {
	set, err := lb.Metrics(ctx)
	arn, arnErr := lb.ARN(ctx)
	if arnErr != nil {
		return diag.SeverityWarning, arnErr
	}
	refused := set.Series(unavailableOf(arn)).Between(lb.window)
	last, some := refused.Last()
	newest, known := set.Latest(requestsOf(arn), unavailableOf(arn))
	switch {
	case some && last.Value > 0 && newest.Sub(last.At) <= refused.Period:
		return diag.SeverityError, err
	case known && !some:
		return diag.SeverityInfo, err
	}
	return diag.SeverityWarning, err
}

// RuleWithoutWeight reports a rule all of whose target groups have the weight zero.
var RuleWithoutWeight = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.rule-weights-zero", Title: "Rule forwards with weight zero only",
		Doc:      "All target groups of a forward action have the weight zero, so that none is chosen by its weight.",
		Severity: diag.SeverityWarning, Confidence: diag.Likely, Actions: actionsRules,
		Breaks: []diag.Mechanism{diag.Routing}, Source: "Listener rules for your Application Load Balancer, forward actions",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		rules, err := lb.Rules(ctx)
		var findings []diag.Finding
		for _, r := range rules {
			weights := forwards(r.Rule.Actions)
			total := 0
			for _, w := range weights {
				total += w
			}
			if len(weights) == 0 || total > 0 {
				continue
			}
			findings = append(findings, diag.Finding{
				Resource: lb.resource(ctx),
				Summary:  fmt.Sprintf("%s forwards to %s, each with weight 0", r, words.Count(len(weights), "target group")),
				Evidence: []diag.Evidence{evidence(callRules, r.field("actions.forwardConfig.targetGroups"),
					strings.Join(slices.Sorted(maps.Keys(weights)), " weight 0, ")+" weight 0")},
				NextSteps: []diag.Step{describeRules(r)},
			})
		}
		return findings, err
	},
}
