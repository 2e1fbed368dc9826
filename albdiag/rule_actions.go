package albdiag

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
)

const rulesSource = "Listener rules for your Application Load Balancer"

// FixedErrorResponse reports a rule that answers with an error instead of asking a target.
var FixedErrorResponse = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.fixed-error-response", Title: "Rule answers with a fixed error",
		Doc: "A rule answers requests with a fixed 5xx, without asking a target. As a default for what no rule takes that is " +
			"usual; a rule that takes every request before rules with targets is a maintenance page that was left on, and so " +
			"is one for some requests when the load balancer answers with that code more often than it used to.",
		Severity: diag.SeverityWarning, Actions: append([]string{callTargetGroups, callMetrics}, actionsRules...),
		Breaks: []diag.Mechanism{diag.Routing},
		Source: rulesSource + ", fixed-response actions",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		rules, err := lb.Rules(ctx)
		var findings []diag.Finding
		for i, r := range rules {
			code := fixedCode(r)
			if code < 500 {
				continue
			}
			f := diag.Finding{
				Resource: lb.resource(ctx),
				Summary:  fmt.Sprintf("%s answers %d to %s, without asking a target", r, code, r.takes()),
				Evidence: []diag.Evidence{evidence(callRules, r.field("actions.fixedResponseConfig.statusCode"),
					strconv.Itoa(code))},
				NextSteps: []diag.Step{describeRules(r)},
			}
			if !hides(r, rules[i+1:]) {
				f.Severity = diag.SeverityInfo
				many, more := lb.answersMore(ctx, code)
				err = errors.Join(err, more)
				if many && !r.Default() {
					f.Severity = diag.SeverityWarning
				}
			}
			findings = append(findings, f)
		}
		return findings, err
	},
}

// answersMore reports that the load balancer itself answers with a code more often than it used to.
func (lb *LoadBalancer) answersMore(ctx context.Context, code int) (bool, error) {
	p, ok, err := lb.picture(ctx)
	if !ok {
		return false, err
	}
	_, many := p.outbreak(p.counter(fmt.Sprintf("HTTPCode_ELB_%d_Count", code)), errorBounds)
	return many, err
}

func fixedCode(r ListenerRule) int {
	for _, a := range r.Rule.Actions {
		if a.Type == types.ActionTypeEnumFixedResponse && a.FixedResponseConfig != nil {
			code, _ := strconv.Atoi(aws.ToString(a.FixedResponseConfig.StatusCode))
			return code
		}
	}
	return 0
}

// takes says which requests a rule takes.
func (r ListenerRule) takes() string {
	if r.catchesAll() {
		return "every request that comes to it"
	}
	return "requests for " + r.conditions()
}

// hides reports a rule that takes every request, so that later rules of its listener with targets get none.
func hides(r ListenerRule, later []ListenerRule) bool {
	return r.catchesAll() && slices.ContainsFunc(later, func(o ListenerRule) bool {
		return aws.ToString(o.Listener.ListenerArn) == aws.ToString(r.Listener.ListenerArn) &&
			len(forwards(o.Rule.Actions)) > 0
	})
}
