package access

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// RoleNotAssumable finds a role whose trust policy does not let in the service that is to use it.
var RoleNotAssumable = &diag.Check[*Grant]{
	Info: diag.Info{
		Code: "access.role-not-assumable", Title: "Role does not trust the service",
		Doc: "The trust policy of the role does not allow the service to assume it: a role for tasks must trust " +
			"ecs-tasks.amazonaws.com, a role for instances ec2.amazonaws.com, among others or alone.",
		Severity: diag.SeverityError, Actions: actionsRole, Breaks: breaksRole,
		Limits: "A condition whose value is known only when the service assumes the role, such as aws:SourceArn, is taken to hold.",
		Source: "AWS Identity and Access Management User Guide: AWS service principals; Amazon ECS Developer Guide: Amazon ECS task IAM role",
	},
	Run: func(ctx context.Context, g *Grant) ([]diag.Finding, error) {
		trust, err := g.role.Trust(ctx)
		if err != nil {
			return nil, present(err)
		}
		var findings []diag.Finding
		for _, service := range g.services() {
			if effect, by := trust.Evaluate(g.role.assumed(service)); effect == ImplicitDeny || effect == ExplicitDeny {
				findings = append(findings, g.role.notAssumable(ctx, service, trust, by))
			}
		}
		return findings, nil
	},
}

// present hides the error that says that the role does not exist, which has a check of its own.
func present(err error) error {
	if diag.KindOf(err) == diag.KindNotFound {
		return nil
	}
	return err
}

// assumed is the question whether a service may assume the role. In China, EC2 has a principal of its own.
func (r *Role) assumed(service string) Request {
	context := map[string]string{}
	if account := arnPart(r.arn, partAccount); account != "" {
		context["aws:sourceaccount"] = account
	}
	return Request{Action: "sts:AssumeRole", Context: context, Principals: []string{"Service:" + service, "Service:" + service + ".cn"}}
}

func (r *Role) notAssumable(ctx context.Context, service string, trust Document, by int) diag.Finding {
	who := trusted(trust)
	summary := fmt.Sprintf("role %s cannot be assumed by %s: its trust policy lets in %s", r.name, service, who)
	if by >= 0 {
		summary = fmt.Sprintf("role %s cannot be assumed by %s: a Deny statement of its trust policy refuses it", r.name, service)
	}
	f := diag.Finding{
		Summary:  summary,
		Evidence: []diag.Evidence{{Source: callRole, Field: "Role.AssumeRolePolicyDocument", Value: who}},
		NextSteps: []diag.Step{{Text: "Read the trust policy.",
			Command: "aws iam get-role --role-name " + r.name + " --query Role.AssumeRolePolicyDocument"}},
	}
	if role, err := r.Describe(ctx); err == nil && by < 0 {
		if document, ok := alsoTrusts(aws.ToString(role.AssumeRolePolicyDocument), service); ok {
			f.NextSteps = append(f.NextSteps, diag.Step{Text: "Trust the service as well; this replaces the trust policy by itself and one statement more.",
				Changes: true, Command: fmt.Sprintf("aws iam update-assume-role-policy --role-name %s --policy-document '%s'", r.name, document)})
		}
	}
	return f
}

// trusted lists who a trust policy lets in.
func trusted(trust Document) string {
	var all []string
	for _, s := range trust.Statements {
		if !s.Deny {
			all = append(all, s.Principals...)
		}
	}
	if len(all) == 0 {
		return "nobody"
	}
	return strings.Join(all, ", ")
}

// alsoTrusts adds a statement to a trust policy and returns it in one line.
func alsoTrusts(document, service string) (string, bool) {
	if strings.HasPrefix(document, "%") {
		plain, err := url.PathUnescape(document)
		if err != nil {
			return "", false
		}
		document = plain
	}
	var policy map[string]any
	if strings.Contains(document, "'") || json.Unmarshal([]byte(document), &policy) != nil {
		return "", false
	}
	more := map[string]any{"Effect": "Allow", "Principal": map[string]any{"Service": service}, "Action": "sts:AssumeRole"}
	switch statements := policy["Statement"].(type) {
	case []any:
		policy["Statement"] = append(statements, more)
	default:
		policy["Statement"] = []any{statements, more}
	}
	text, err := json.Marshal(policy)
	return string(text), err == nil
}
