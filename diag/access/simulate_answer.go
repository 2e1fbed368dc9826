package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// known are the context keys whose values every question gives away ("AWS global condition context keys", IAM User
// Guide). Region locks and the like would otherwise seem to deny everything.
func known(questions []Question) map[string]string {
	context := map[string]string{"aws:SecureTransport": "true"}
	if regions := distinct(questions,
		func(q Question) string { return arnPart(q.Resource, partRegion) }); len(regions) == 1 {
		context["aws:RequestedRegion"] = regions[0]
	}
	if via := distinct(questions, func(q Question) string { return q.Via }); len(via) == 1 {
		context["kms:ViaService"] = via[0]
	}
	return context
}

// The parts of an ARN, by number.
const (
	partRegion   = 3
	partAccount  = 4
	partResource = 5
)

// arnPart returns the n-th part of an ARN, empty if there is none.
func arnPart(arn string, n int) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[n]
	}
	return ""
}

func entries(questions []Question) []types.ContextEntry {
	var out []types.ContextEntry
	for key, value := range known(questions) {
		typ := types.ContextKeyTypeEnumString
		if value == "true" {
			typ = types.ContextKeyTypeEnumBoolean
		}
		out = append(out, types.ContextEntry{ContextKeyName: aws.String(key), ContextKeyType: typ,
			ContextKeyValues: []string{value}})
	}
	slices.SortFunc(out, func(a, b types.ContextEntry) int {
		return strings.Compare(*a.ContextKeyName,
			*b.ContextKeyName)
	})
	return out
}

// decide finds the answer to a question. Where several resources were asked about it stands in a result of its own, or
// under the action's ResourceSpecificResults. An action that knows no resources may be answered under another name than
// "*".
func decide(q Question, results []types.EvaluationResult) (Decision, bool) {
	var loose *types.EvaluationResult
	for i := range results {
		e := &results[i]
		if !strings.EqualFold(aws.ToString(e.EvalActionName), q.Action) {
			continue
		}
		for _, s := range e.ResourceSpecificResults {
			if aws.ToString(s.EvalResourceName) == q.Resource {
				return decision(q, specific(e, s)), true
			}
		}
		if aws.ToString(e.EvalResourceName) == q.Resource {
			return decision(q, e), true
		}
		loose = e
	}
	if loose == nil || q.Resource != "*" {
		return Decision{}, false
	}
	return decision(q, loose), true
}

// specific is the result of one resource. What stands at the action only holds for all of its resources.
func specific(e *types.EvaluationResult, s types.ResourceSpecificResult) *types.EvaluationResult {
	one := &types.EvaluationResult{
		EvalDecision: s.EvalResourceDecision, MatchedStatements: s.MatchedStatements,
		MissingContextValues:              s.MissingContextValues,
		PermissionsBoundaryDecisionDetail: s.PermissionsBoundaryDecisionDetail,
		OrganizationsDecisionDetail:       e.OrganizationsDecisionDetail,
	}
	if one.PermissionsBoundaryDecisionDetail == nil {
		one.PermissionsBoundaryDecisionDetail = e.PermissionsBoundaryDecisionDetail
	}
	return one
}

func decision(q Question, e *types.EvaluationResult) Decision {
	d := Decision{Question: q, Effect: effects[e.EvalDecision], Simulated: true, Missing: e.MissingContextValues}
	if d.Effect == "" {
		d.Effect = Depends // a decision of a kind that is not known yet
	}
	for _, s := range e.MatchedStatements {
		if s.SourcePolicyId != nil {
			d.Policies = append(d.Policies, *s.SourcePolicyId)
		}
	}
	slices.Sort(d.Policies)
	d.Policies = slices.Compact(d.Policies)
	refused := d.Effect != Allowed
	boundary, organization := e.PermissionsBoundaryDecisionDetail, e.OrganizationsDecisionDetail
	d.BoundaryBlocks = refused && boundary != nil && !boundary.AllowedByPermissionsBoundary
	d.OrganizationBlocks = refused && organization != nil && !organization.AllowedByOrganizations
	return d
}

// effects translates the simulator's words.
var effects = map[types.PolicyEvaluationDecisionType]Effect{
	types.PolicyEvaluationDecisionTypeAllowed:      Allowed,
	types.PolicyEvaluationDecisionTypeExplicitDeny: ExplicitDeny,
	types.PolicyEvaluationDecisionTypeImplicitDeny: ImplicitDeny,
}

// weighAll answers from the role's policies and boundary, without IAM's simulator.
func (r *Role) weighAll(ctx context.Context, questions []Question) ([]Decision, error) {
	policies, err := r.Policies(ctx)
	boundary, boundaryErr := r.Boundary(ctx)
	if err = joined(err, boundaryErr); err != nil {
		return nil, err // half of the policies says nothing
	}
	var out []Decision
	for _, q := range questions {
		out = append(out, r.weigh(q, policies, boundary))
	}
	return out, nil
}

// weigh answers one question.
func (r *Role) weigh(q Question, policies []Policy, boundary *Policy) Decision {
	request := r.request(q)
	d := Decision{Question: q, Effect: ImplicitDeny}
	var whole Document
	var owners []string
	for _, p := range policies {
		for _, s := range p.Document.Statements {
			whole.Statements = append(whole.Statements, s)
			owners = append(owners, p.Name)
		}
	}
	effect, decided := whole.Evaluate(request)
	d.Effect = effect
	if decided >= 0 {
		d.Policies, d.Statement = []string{owners[decided]}, whole.Statements[decided].Sid
	}
	d.Missing = whole.Keys(request)
	d.dated = effect == Allowed && whole.needsTime(request)
	if boundary == nil {
		return d
	}
	limit, _ := boundary.Document.Evaluate(request)
	switch {
	case limit == ExplicitDeny, limit == ImplicitDeny:
		d.BoundaryBlocks = true
		if d.Effect != ExplicitDeny {
			d.Effect = ImplicitDeny
		}
	case limit == Depends && d.Effect == Allowed:
		d.Effect, d.Missing = Depends, boundary.Document.Keys(request)
	}
	return d
}

func (r *Role) request(q Question) Request {
	context := map[string]string{}
	for key, value := range known([]Question{q}) {
		context[strings.ToLower(key)] = value
	}
	if arn := r.arn; arn != "" {
		context["aws:principalarn"], context["aws:principalaccount"] = arn, arnPart(arn, partAccount)
	}
	if !r.window.End.IsZero() {
		context[currentTime] = r.window.End.UTC().Format(time.RFC3339)
	}
	return Request{Action: q.Action, Resource: q.Resource, Context: context}
}
