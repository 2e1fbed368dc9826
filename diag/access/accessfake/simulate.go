package accessfake

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// SimulatePrincipalPolicy answers for each action on each resource, one result for each pair. A role that does not
// exist is NoSuchEntity; a call without actions is InvalidInput.
func (c *Client) SimulatePrincipalPolicy(ctx context.Context, in *iam.SimulatePrincipalPolicyInput,
	_ ...func(*iam.Options)) (*iam.SimulatePrincipalPolicyOutput, error) {
	const action = "iam:SimulatePrincipalPolicy"
	return diagfake.Serve(ctx, &c.Recorder, action, in,
		func(in *iam.SimulatePrincipalPolicyInput) (*iam.SimulatePrincipalPolicyOutput, error) {
			source := aws.ToString(in.PolicySourceArn)
			if len(in.ActionNames) == 0 || source == "" {
				return nil, &types.InvalidInputException{Message: aws.String("PolicySourceArn and ActionNames are required.")}
			}
			r, err := c.role(aws.String(source[strings.LastIndex(source, "/")+1:]))
			if err != nil {
				return nil, err
			}
			page, marker, err := diagfake.Page(&c.Recorder, action, c.results(r, in), in.Marker, limit(in.MaxItems))
			return &iam.SimulatePrincipalPolicyOutput{EvaluationResults: page, Marker: marker, IsTruncated: marker != nil}, err
		})
}

func (c *Client) results(r *Role, in *iam.SimulatePrincipalPolicyInput) []types.EvaluationResult {
	resources := in.ResourceArns
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	known := map[string]string{"aws:principalarn": aws.ToString(r.Arn)}
	for _, e := range in.ContextEntries {
		if len(e.ContextKeyValues) > 0 {
			known[strings.ToLower(aws.ToString(e.ContextKeyName))] = e.ContextKeyValues[0]
		}
	}
	sim := c.simulation(r)
	var all []types.EvaluationResult
	for _, action := range in.ActionNames {
		for _, resource := range resources {
			all = append(all, c.result(r, sim, access.Request{Action: action, Resource: resource, Context: known}))
		}
	}
	return all
}

// simulation is what decides about a role, read once for all questions of a call.
type simulation struct {
	policies []policy
	// organization and boundary are nil where there are none.
	organization, boundary *access.Document
}

// policy is one of a role's own.
type policy struct {
	name     string
	document access.Document
}

func (c *Client) simulation(r *Role) simulation {
	var sim simulation
	for _, d := range c.documents(r) {
		if parsed, err := access.ParseDocument(d.text); err == nil {
			sim.policies = append(sim.policies, policy{d.name, parsed})
		}
	}
	if c.Organization != "" {
		sim.organization = parsed(c.Organization)
	}
	if b := r.PermissionsBoundary; b != nil {
		sim.boundary = &access.Document{} // one that cannot be read allows nothing
		if p, err := c.policy(b.PermissionsBoundaryArn); err == nil {
			sim.boundary = parsed(p.Documents[aws.ToString(p.DefaultVersionId)])
		}
	}
	return sim
}

// parsed reads a document that limits; one that cannot be read allows nothing.
func parsed(text string) *access.Document {
	d, err := access.ParseDocument(text)
	if err != nil {
		return &access.Document{}
	}
	return &d
}

func (c *Client) result(r *Role, sim simulation, q access.Request) types.EvaluationResult {
	for _, rec := range c.Recorded {
		if rec.Role == aws.ToString(r.Arn) && aws.ToString(rec.Result.EvalActionName) == q.Action &&
			aws.ToString(rec.Result.EvalResourceName) == q.Resource {
			return rec.Result
		}
	}
	effect, matched, missing := sim.weigh(q)
	out := types.EvaluationResult{EvalActionName: aws.String(q.Action), EvalResourceName: aws.String(q.Resource),
		MatchedStatements: matched, MissingContextValues: missing}
	if sim.organization != nil {
		allowed := allows(sim.organization, q)
		out.OrganizationsDecisionDetail = &types.OrganizationsDecisionDetail{AllowedByOrganizations: allowed}
		effect = also(effect, allowed)
	}
	if sim.boundary != nil {
		allowed := allows(sim.boundary, q)
		out.PermissionsBoundaryDecisionDetail = &types.PermissionsBoundaryDecisionDetail{
			AllowedByPermissionsBoundary: allowed}
		effect = also(effect, allowed)
	}
	out.EvalDecision = effect
	return out
}

func allows(d *access.Document, q access.Request) bool {
	effect, _ := d.Evaluate(q)
	return effect == access.Allowed
}

func also(effect types.PolicyEvaluationDecisionType, allowed bool) types.PolicyEvaluationDecisionType {
	if !allowed && effect == types.PolicyEvaluationDecisionTypeAllowed {
		return types.PolicyEvaluationDecisionTypeImplicitDeny
	}
	return effect
}

// weigh decides by the role's own policies. Like IAM it takes a condition on a value that it was not given for unmet,
// and names the key.
func (sim simulation) weigh(q access.Request) (types.PolicyEvaluationDecisionType, []types.Statement, []string) {
	decision := types.PolicyEvaluationDecisionTypeImplicitDeny
	var matched []types.Statement
	var missing []string
	for _, p := range sim.policies {
		effect, _ := p.document.Evaluate(q)
		switch effect {
		case access.Allowed:
			if decision == types.PolicyEvaluationDecisionTypeImplicitDeny {
				decision = types.PolicyEvaluationDecisionTypeAllowed
			}
		case access.ExplicitDeny:
			decision = types.PolicyEvaluationDecisionTypeExplicitDeny
		case access.Depends:
			missing = append(missing, p.document.Keys(q)...)
			continue
		default:
			continue
		}
		matched = append(matched, types.Statement{SourcePolicyId: aws.String(p.name), SourcePolicyType: "IAM Policy"})
	}
	slices.Sort(missing)
	return decision, matched, slices.Compact(missing)
}

type document struct{ name, text string }

// documents are the policies of a role as the simulator calls them: "role_<role>_<policy>" for inline ones.
func (c *Client) documents(r *Role) []document {
	var all []document
	for name, text := range r.Inline {
		all = append(all, document{"role_" + aws.ToString(r.RoleName) + "_" + name, text})
	}
	for _, arn := range r.Attached {
		if p, err := c.policy(aws.String(arn)); err == nil {
			all = append(all, document{aws.ToString(p.PolicyName), p.Documents[aws.ToString(p.DefaultVersionId)]})
		}
	}
	slices.SortFunc(all, func(a, b document) int { return strings.Compare(a.name, b.name) })
	return all
}
