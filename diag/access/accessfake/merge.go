package accessfake

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// Merge adds a recorded answer to the world and reports whether it knows the operation. What is merged twice stands
// once. Answers about a role or policy that was not described yet make it.
func (c *Client) Merge(in, out any) bool {
	switch out := out.(type) {
	case *iam.GetRoleOutput:
		if out.Role != nil {
			c.roleOf(out.Role.RoleName).Role = *out.Role
		}
	case *iam.GetInstanceProfileOutput:
		c.mergeProfile(out.InstanceProfile)
	case *iam.ListAttachedRolePoliciesOutput:
		r := c.roleOf(in.(*iam.ListAttachedRolePoliciesInput).RoleName)
		for _, p := range out.AttachedPolicies {
			if !slices.Contains(r.Attached, aws.ToString(p.PolicyArn)) {
				r.Attached = append(r.Attached, aws.ToString(p.PolicyArn))
			}
		}
	case *iam.ListRolePoliciesOutput:
		r := c.roleOf(in.(*iam.ListRolePoliciesInput).RoleName)
		for _, name := range out.PolicyNames {
			r.inline(name, r.Inline[name])
		}
	case *iam.GetRolePolicyOutput:
		c.roleOf(out.RoleName).inline(aws.ToString(out.PolicyName), aws.ToString(out.PolicyDocument))
	case *iam.GetPolicyOutput:
		if out.Policy != nil {
			c.policyOf(out.Policy.Arn).Policy = *out.Policy
		}
	case *iam.GetPolicyVersionOutput:
		c.mergeVersion(in.(*iam.GetPolicyVersionInput).PolicyArn, out.PolicyVersion)
	case *iam.SimulatePrincipalPolicyOutput:
		c.mergeResults(aws.ToString(in.(*iam.SimulatePrincipalPolicyInput).PolicySourceArn), out.EvaluationResults)
	case *iam.ListServerCertificatesOutput:
		c.mergeCertificates(out.ServerCertificateMetadataList...)
	case *iam.GetServerCertificateOutput:
		if out.ServerCertificate != nil && out.ServerCertificate.ServerCertificateMetadata != nil {
			c.mergeCertificates(*out.ServerCertificate.ServerCertificateMetadata)
		}
	default:
		return false
	}
	return true
}

func (c *Client) roleOf(name *string) *Role {
	if r, err := c.role(name); err == nil {
		return r
	}
	c.Roles = append(c.Roles, Role{Role: types.Role{RoleName: name}})
	return &c.Roles[len(c.Roles)-1]
}

func (r *Role) inline(name, document string) {
	if r.Inline == nil {
		r.Inline = map[string]string{}
	}
	r.Inline[name] = document
}

func (c *Client) policyOf(arn *string) *Policy {
	if p, err := c.policy(arn); err == nil {
		return p
	}
	c.Policies = append(c.Policies, Policy{Policy: types.Policy{Arn: arn}})
	return &c.Policies[len(c.Policies)-1]
}

func (c *Client) mergeVersion(arn *string, v *types.PolicyVersion) {
	if v == nil {
		return
	}
	p := c.policyOf(arn)
	if p.Documents == nil {
		p.Documents = map[string]string{}
	}
	p.Documents[aws.ToString(v.VersionId)] = aws.ToString(v.Document)
}

func (c *Client) mergeProfile(profile *types.InstanceProfile) {
	if profile == nil {
		return
	}
	i := slices.IndexFunc(c.Profiles,
		func(p types.InstanceProfile) bool { return aws.ToString(p.Arn) == aws.ToString(profile.Arn) })
	if i >= 0 {
		c.Profiles[i] = *profile
	} else {
		c.Profiles = append(c.Profiles, *profile)
	}
}

func (c *Client) mergeResults(role string, results []types.EvaluationResult) {
	for _, e := range slices.Concat(results, specifics(results)) {
		known := slices.ContainsFunc(c.Recorded, func(r Recorded) bool {
			return r.Role == role && aws.ToString(r.Result.EvalActionName) == aws.ToString(e.EvalActionName) &&
				aws.ToString(r.Result.EvalResourceName) == aws.ToString(e.EvalResourceName)
		})
		if !known {
			c.Recorded = append(c.Recorded, Recorded{Role: role, Result: e})
		}
	}
}

// specifics are the results of single resources that stand within that of an action, each as a result of its own.
func specifics(results []types.EvaluationResult) []types.EvaluationResult {
	var all []types.EvaluationResult
	for _, e := range results {
		for _, s := range e.ResourceSpecificResults {
			one := e
			one.ResourceSpecificResults = nil
			one.EvalResourceName, one.EvalDecision = s.EvalResourceName, s.EvalResourceDecision
			one.MatchedStatements, one.MissingContextValues = s.MatchedStatements, s.MissingContextValues
			if s.PermissionsBoundaryDecisionDetail != nil {
				one.PermissionsBoundaryDecisionDetail = s.PermissionsBoundaryDecisionDetail
			}
			all = append(all, one)
		}
	}
	return all
}
