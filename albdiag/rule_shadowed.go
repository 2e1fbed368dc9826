package albdiag

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// RuleShadowed reports a rule that never takes a request because an earlier one takes all of them.
var RuleShadowed = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.rule-shadowed", Title: "Rule never reached",
		Doc: "An earlier rule of the listener takes every request, or all that this one is for: it is never reached. Worth " +
			"knowing, and a warning where its target group got requests before and gets none now. Then an earlier rule " +
			"that takes some of its requests is told as well, and one that leaves none to the default.",
		Severity: diag.SeverityWarning, Actions: append([]string{callTargetGroups, callMetrics}, actionsRules...),
		Breaks: []diag.Mechanism{diag.Routing, diag.Request}, Source: rulesSource + ", rule priority",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		rules, err := lb.Rules(ctx)
		var findings []diag.Finding
		for i, r := range rules {
			earlier, says := rules[:i], "is never reached: %s takes its requests"
			j := slices.IndexFunc(earlier, func(e ListenerRule) bool { return e.shadows(r) })
			whole := j >= 0
			if !whole && !r.Default() {
				says = "gets none of its requests: %s takes some of them"
				j = slices.IndexFunc(earlier, func(e ListenerRule) bool { return e.rivals(r) })
			}
			if j < 0 {
				continue
			}
			f := lb.shadowed(ctx, r, rules[j], says)
			err = errors.Join(err, lb.starved(ctx, r, &f, whole))
			if whole && !r.Default() || f.Severity > diag.SeverityInfo {
				findings = append(findings, f)
			}
		}
		return findings, err
	},
}

func (lb *LoadBalancer) shadowed(ctx context.Context, r, by ListenerRule, says string) diag.Finding {
	f := diag.Finding{
		Resource: lb.resource(ctx), Summary: fmt.Sprintf("%s "+says, r, by), Severity: diag.SeverityInfo,
		Evidence:  []diag.Evidence{evidence(callRules, by.field("conditions"), by.conditions())},
		NextSteps: []diag.Step{describeRules(r)},
	}
	if !r.Default() {
		f.Evidence = append(f.Evidence, evidence(callRules, r.field("conditions"), r.conditions()))
	}
	return f
}

// wellUsed is from how many requests in five minutes a group that gets none any more does not just rest: it is asked of
// one whose rule still takes what an earlier one leaves.
const wellUsed = 100

// starved makes the finding of a rule that is never reached a warning, if the metrics show that its target groups got
// requests before and get none now.
func (lb *LoadBalancer) starved(ctx context.Context, r ListenerRule, f *diag.Finding, whole bool) error {
	weights := forwards(r.Rule.Actions)
	if len(weights) == 0 {
		return nil
	}
	p, ok, err := lb.picture(ctx)
	if !ok {
		return err
	}
	for _, g := range p.groups {
		if weight, to := weights[g.arn]; !to || weight == 0 {
			continue
		}
		since, usual, dry := p.ranDry(g)
		if !dry || !whole && usual < wellUsed {
			continue
		}
		f.Severity, f.Since = diag.SeverityWarning, since
		f.Summary += fmt.Sprintf("; %s has got none since %s", g.name, clock(since))
		f.Related = append(f.Related, diag.Related{Resource: g.resource, Role: "target group"})
		f.Evidence = append(f.Evidence, metricFact("RequestCount of "+g.name, "0 since %s, %.0f in five minutes before",
			clock(since), usual))
	}
	return err
}

func (r ListenerRule) sameListener(o ListenerRule) bool {
	return aws.ToString(r.Listener.ListenerArn) == aws.ToString(o.Listener.ListenerArn)
}

// shadows reports an earlier rule that takes every request which a later one of its listener is for.
func (r ListenerRule) shadows(later ListenerRule) bool {
	return r.sameListener(later) && !r.Default() && (r.catchesAll() || impliedBy(r.Rule.Conditions, later.Rule.Conditions))
}

// rivals reports an earlier rule that takes requests which a later one of its listener is for, to send them elsewhere.
func (r ListenerRule) rivals(later ListenerRule) bool {
	if !r.sameListener(later) || r.Default() || !meet(r.Rule.Conditions, later.Rule.Conditions) {
		return false
	}
	own := forwards(r.Rule.Actions)
	for arn := range forwards(later.Rule.Actions) {
		if _, both := own[arn]; both {
			return false
		}
	}
	return true
}
