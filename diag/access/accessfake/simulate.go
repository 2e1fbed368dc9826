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
	var all []types.EvaluationResult
	for _, action := range in.ActionNames {
		for _, resource := range resources {
			all = append(all, c.result(r, access.Request{Action: action, Resource: resource, Context: known}))
		}
	}
	return all
}

func (c *Client) result(r *Role, q access.Request) types.EvaluationResult {
	for _, rec := range c.Recorded {
		if rec.Role == aws.ToString(r.Arn) && aws.ToString(rec.Result.EvalActionName) == q.Action &&
			aws.ToString(rec.Result.EvalResourceName) == q.Resource {
			return rec.Result
		}
	}
	effect, matched, missing := c.weigh(r, q)
	out := types.EvaluationResult{EvalActionName: aws.String(q.Action), EvalResourceName: aws.String(q.Resource),
		MatchedStatements:    matched,
		MissingContextValues: missing}
	if c.Organization != "" {
		allowed := allows(c.Organization, q)
		out.OrganizationsDecisionDetail = &types.OrganizationsDecisionDetail{AllowedByOrganizations: allowed}
		effect = also(effect, allowed)
	}
	if b := r.PermissionsBoundary; b != nil {
		allowed := false
		if p, err := c.policy(b.PermissionsBoundaryArn); err == nil {
			allowed = allows(p.Documents[aws.ToString(p.DefaultVersionId)], q)
		}
		out.PermissionsBoundaryDecisionDetail = &types.PermissionsBoundaryDecisionDetail{
			AllowedByPermissionsBoundary: allowed}
		effect = also(effect, allowed)
	}
	out.EvalDecision = effect
	return out
}

func allows(document string, q access.Request) bool {
	d, err := access.ParseDocument(document)
	effect, _ := d.Evaluate(q)
	return err == nil && effect == access.Allowed
}

func also(effect types.PolicyEvaluationDecisionType, allowed bool) types.PolicyEvaluationDecisionType {
	if !allowed && effect == types.PolicyEvaluationDecisionTypeAllowed {
		return types.PolicyEvaluationDecisionTypeImplicitDeny
	}
	return effect
}

// weigh decides by the role's own policies. Like IAM it takes a condition on a value that it was not given for unmet,
// and names the key.
func (c *Client) weigh(r *Role, q access.Request) (types.PolicyEvaluationDecisionType, []types.Statement, []string) {
	decision := types.PolicyEvaluationDecisionTypeImplicitDeny
	var matched []types.Statement
	var missing []string
	for _, p := range c.documents(r) {
		document, err := access.ParseDocument(p.text)
		if err != nil {
			continue
		}
		effect, _ := document.Evaluate(q)
		switch effect {
		case access.Allowed:
			if decision == types.PolicyEvaluationDecisionTypeImplicitDeny {
				decision = types.PolicyEvaluationDecisionTypeAllowed
			}
		case access.ExplicitDeny:
			decision = types.PolicyEvaluationDecisionTypeExplicitDeny
		case access.Depends:
			missing = append(missing, document.Keys(q)...)
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
