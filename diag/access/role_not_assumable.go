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
		Limits: "A condition whose value is known only when the service assumes the role is taken to hold; of " +
			"aws:SourceArn the service, region and account are compared.",
		Source: "AWS Identity and Access Management User Guide: AWS service principals; Amazon ECS Developer Guide: " +
			"Amazon ECS task IAM role",
	},
	Run: func(ctx context.Context, g *Grant) ([]diag.Finding, error) {
		trust, err := g.role.Trust(ctx)
		if err != nil {
			return nil, present(err)
		}
		var findings []diag.Finding
		for _, service := range g.services() {
			request := g.role.assumed(service, g.region())
			if effect, by := trust.Evaluate(request); effect == ImplicitDeny || effect == ExplicitDeny {
				findings = append(findings, g.role.notAssumable(ctx, service, trust, request, by))
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
// What ECS names as the source is only known up to the account ("Amazon ECS task execution IAM role": a cluster or
// service in aws:SourceArn is not supported).
func (r *Role) assumed(service, region string) Request {
	context := map[string]string{}
	account := arnPart(r.arn, partAccount)
	if account != "" {
		context[sourceAccount] = account
	}
	if partition, _, ok := strings.Cut(strings.TrimPrefix(r.arn, "arn:"), ":"); ok && account != "" && region != "" &&
		service == serviceTasks {
		context["aws:sourcearn"] = "arn:" + partition + ":ecs:" + region + ":" + account + restUnknown
	}
	return Request{Action: "sts:AssumeRole", Context: context, Principals: []string{"Service:" + service,
		"Service:" + service + ".cn"}}
}

func (r *Role) notAssumable(ctx context.Context, service string, trust Document, request Request, by int) diag.Finding {
	who := trusted(trust)
	summary := fmt.Sprintf("role %s cannot be assumed by %s: its trust policy lets in %s", r.name, service, who)
	unmet := trust.unmet(request)
	if len(unmet) > 0 {
		summary = fmt.Sprintf("role %s cannot be assumed by %s: its trust policy lets it in only where %s", r.name, service,
			strings.Join(unmet, " and "))
	}
	if by >= 0 {
		summary = fmt.Sprintf("role %s cannot be assumed by %s: a Deny statement of its trust policy refuses it", r.name,
			service)
	}
	f := diag.Finding{
		Summary:  summary,
		Evidence: []diag.Evidence{{Source: callRole, Field: "Role.AssumeRolePolicyDocument", Value: who}},
		NextSteps: []diag.Step{{Text: "Read the trust policy.",
			Command: "aws iam get-role --role-name " + r.name + " --query Role.AssumeRolePolicyDocument"}},
	}
	if role, err := r.Describe(ctx); err == nil && by < 0 {
		account := ""
		if len(unmet) > 0 {
			account = request.Context[sourceAccount]
		}
		if document, ok := alsoTrusts(aws.ToString(role.AssumeRolePolicyDocument), service, account); ok {
			f.NextSteps = append(f.NextSteps,
				diag.Step{Text: "Trust the service as well; this replaces the trust policy by itself and one statement more.",
					Changes: true, Command: fmt.Sprintf("aws iam update-assume-role-policy --role-name %s --policy-document '%s'",
						r.name, document)})
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
// With an account the service is let in on behalf of that account only.
func alsoTrusts(document, service, account string) (string, bool) {
	more := map[string]any{"Effect": "Allow", "Principal": map[string]any{"Service": service}, "Action": "sts:AssumeRole"}
	if account != "" {
		more["Condition"] = map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": account}}
	}
	return withStatement(document, more)
}

// sourceAccount is the context key for whose account a service acts for.
const sourceAccount = "aws:sourceaccount"

// unmet lists the conditions that keep out a caller whom a statement would let in otherwise.
func (d Document) unmet(r Request) []string {
	var all []string
	for _, s := range d.Statements {
		bare := s
		bare.Conditions = nil
		if s.Deny || bare.applies(r) != yes {
			continue
		}
		for _, c := range s.Conditions {
			if c.holds(r.Context) == no {
				all = append(all, fmt.Sprintf("%s of %s is met (%s); here it is %s", c.Operator, c.Key,
					strings.Join(c.Values, ", "),
					strings.TrimSuffix(r.Context[strings.ToLower(c.Key)], restUnknown)))
			}
		}
	}
	return all
}

// withStatement adds a statement to a document and returns it in one line, fit for single quotes.
func withStatement(document string, more map[string]any) (string, bool) {
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
	switch statements := policy["Statement"].(type) {
	case []any:
		policy["Statement"] = append(statements, more)
	default:
		policy["Statement"] = []any{statements, more}
	}
	text, err := json.Marshal(policy)
	return string(text), err == nil
}
