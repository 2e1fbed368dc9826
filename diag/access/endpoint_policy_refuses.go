package access

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// Endpoint is a VPC endpoint that the calls of a role may go through.
type Endpoint struct {
	// Resource names the endpoint.
	Resource diag.Resource
	// Service is the AWS service behind it, by the prefix of its IAM actions: "sqs".
	Service string
	// Policy is the document of the endpoint, as EC2 gives it.
	Policy string
}

// Through names the endpoints of a role's calls, for the refusals of which messages say that the policy of an endpoint
// made them.
func Through(endpoints ...Endpoint) GrantOption {
	return func(g *Grant) { g.endpoints = append(g.endpoints, endpoints...) }
}

// ByEndpoint reports a refusal of which the message says that the policy of a VPC endpoint made it.
func (d Denial) ByEndpoint() bool {
	return d.Action != "" && slices.Contains([]DenialKind{ImplicitVPCE, ExplicitVPCE, ExplicitVPCEViaSCP}, d.Kind)
}

// EndpointPolicyRefuses finds VPC endpoints whose policy refuses a call that messages say it refused.
var EndpointPolicyRefuses = &diag.Check[*Grant]{
	Info: diag.Info{
		Code: "access.endpoint-policy-refuses", Title: "Policy of a VPC endpoint refuses a call",
		Doc: "A message says that the policy of a VPC endpoint refused the role a call, and the policy of the endpoint that " +
			"leads to that service does indeed not allow it. The policies of the role are not the matter.",
		Severity: diag.SeverityError, Actions: actionsRole,
		Breaks: []diag.Mechanism{diag.Permission, diag.SecretRead, diag.ImagePull, diag.LogDelivery, diag.Application},
		Limits: "Conditions on what is not known of the call are taken to be what refuses it, for the message says so.",
		Source: "AWS PrivateLink user guide: Control access to VPC endpoints using endpoint policies",
	},
	Run: func(ctx context.Context, g *Grant) ([]diag.Finding, error) {
		if _, err := g.role.Describe(ctx); err != nil {
			return nil, present(err)
		}
		var findings []diag.Finding
		seen := map[string]bool{}
		for _, e := range g.endpoints {
			for _, d := range g.denials {
				how, statement := g.refusedBy(e, d)
				key := e.Resource.ID + " " + d.Action + " " + how
				if how == "" || seen[key] {
					continue
				}
				seen[key] = true
				findings = append(findings, g.refusedAt(e, d, how, statement))
			}
		}
		return findings, nil
	},
}

// refusedBy tells how the policy of an endpoint refuses what a message says that such a policy refused, and the
// statement that decides; both are empty where the policy allows the call, or speaks of another service.
func (g *Grant) refusedBy(e Endpoint, d Denial) (how, statement string) {
	service, _, _ := strings.Cut(d.Action, ":")
	document, err := ParseDocument(e.Policy)
	if !d.ByEndpoint() || !strings.EqualFold(service, e.Service) || e.Policy == "" || err != nil {
		return "", ""
	}
	request := g.requestOf(d)
	effect, at := document.Evaluate(request)
	if effect == Depends && document.Statements[at].Deny != d.Explicit {
		at = slices.IndexFunc(document.Statements, func(s Statement) bool {
			return s.Deny == d.Explicit && s.applies(request) == maybe
		})
	}
	switch {
	case effect == Allowed:
		return "", ""
	case at >= 0 && document.Statements[at].Deny:
		return "its " + nameOf(document, at) + " denies it", document.Statements[at].text()
	case at >= 0:
		return "its " + nameOf(document, at) + " allows it under conditions only", document.Statements[at].text()
	}
	if at = nearest(document, request); at < 0 {
		return "none of its statements allows it", e.Policy
	}
	s := document.Statements[at]
	switch {
	case !among(s.Actions, s.NotActions, request.Action, matchFold):
		return fmt.Sprintf("its %s allows other actions only (%s)", nameOf(document, at), briefly(s.Actions)), s.text()
	case !among(s.Resources, s.NotResources, request.Resource, matchResource):
		return fmt.Sprintf("its %s allows it on %s only", nameOf(document, at), briefly(s.Resources)), s.text()
	case !s.addresses(request.Principals):
		return fmt.Sprintf("its %s allows it to %s only", nameOf(document, at), briefly(s.Principals)), s.text()
	}
	return fmt.Sprintf("its %s allows it under conditions only", nameOf(document, at)), s.text()
}

// requestOf is the call that a message says was refused.
func (g *Grant) requestOf(d Denial) Request {
	context := map[string]string{}
	var callers []string
	if arn := g.role.arn; arn != "" {
		context["aws:principalarn"], context["aws:principalaccount"] = arn, arnPart(arn, partAccount)
		_, callers = g.role.callers(arn)
	}
	if d.Principal != "" {
		callers = append(callers, "AWS:"+d.Principal)
	}
	resource := d.Resource
	if resource == "" {
		resource = "*"
	}
	return Request{Principals: callers, Action: d.Action, Resource: resource, Context: context}
}

// nearest returns the Allow statement that comes closest to allowing a call: one of the action rather than one of the
// resource; -1 where there is none.
func nearest(d Document, r Request) int {
	at := slices.IndexFunc(d.Statements, func(s Statement) bool {
		return !s.Deny && among(s.Actions, s.NotActions, r.Action, matchFold)
	})
	if at >= 0 {
		return at
	}
	return slices.IndexFunc(d.Statements, func(s Statement) bool { return !s.Deny })
}

// nameOf names a statement of a document by its Sid, else by its place.
func nameOf(d Document, at int) string {
	if sid := d.Statements[at].Sid; sid != "" {
		return "statement " + sid
	}
	if len(d.Statements) == 1 {
		return "only statement"
	}
	return fmt.Sprintf("statement %d", at+1)
}

// articled is the name of a statement with its article, where it needs one: "statement 3", "the only statement".
func articled(statement string) string {
	if strings.HasPrefix(statement, "only") {
		return "the " + statement
	}
	return statement
}

// briefly lists the first values of an element.
func briefly(values []string) string {
	switch n := len(values) - maxNamed; {
	case len(values) == 0:
		return "others"
	case n > 0:
		return fmt.Sprintf("%s and %d more", strings.Join(values[:maxNamed], ", "), n)
	}
	return strings.Join(values, ", ")
}

// text is a statement in a line: "Allow sqs:* on arn:… to *".
func (s *Statement) text() string {
	effect := "Allow "
	if s.Deny {
		effect = "Deny "
	}
	text := effect + orBut(s.Actions, s.NotActions) + " on " + orBut(s.Resources, s.NotResources)
	if s.Principals != nil || s.NotPrincipals != nil {
		text += " to " + orBut(s.Principals, s.NotPrincipals)
	}
	for _, c := range s.Conditions {
		text += " if " + c.Operator + " " + c.Key + " " + strings.Join(c.Values, ", ")
	}
	return text
}

func orBut(in, notIn []string) string {
	if in == nil && notIn != nil {
		return "all but " + strings.Join(notIn, ", ")
	}
	return strings.Join(in, ", ")
}

func (g *Grant) refusedAt(e Endpoint, d Denial, how, statement string) diag.Finding {
	what := d.Action
	if d.Resource != "" && d.Resource != "*" {
		what += " on " + plainName(d.Resource)
	}
	id := e.Resource.ID
	return diag.Finding{
		Resource: e.Resource,
		Summary: fmt.Sprintf("the policy of VPC endpoint %s, the way to %s, refuses role %s %s: %s", id, e.Service,
			g.role.name,
			what, how),
		Evidence: []diag.Evidence{
			{Source: "message", Field: refusedBy, Value: strings.ReplaceAll(string(d.Kind), "_", " ")},
			{Source: "ec2:DescribeVpcEndpoints", Field: id + ".PolicyDocument.Statement", Value: statement},
		},
		Related: []diag.Related{{Resource: g.role.Resource(), Role: "refused"}},
		NextSteps: []diag.Step{
			{Text: "Read the policy of the endpoint.",
				Command: "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids " + id + " --query 'VpcEndpoints[].PolicyDocument'"},
			{Text: "Let " + d.Action + " through in the policy of the endpoint, beside what it allows now.", Changes: true,
				Command: "aws ec2 modify-vpc-endpoint --vpc-endpoint-id " + id + " --policy-document file://policy.json"},
		},
	}
}
