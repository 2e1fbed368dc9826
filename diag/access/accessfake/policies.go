package accessfake

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// maxItems is how many items IAM lists on a page ("MaxItems", IAM API Reference).
const maxItems = 100

func limit(asked *int32) int {
	if asked == nil {
		return maxItems
	}
	return int(*asked)
}

// encoded gives a document out as IAM does: URL-encoded ("GetRolePolicy", IAM API Reference).
func encoded(document string) string {
	if strings.HasPrefix(document, "%") {
		return document
	}
	return url.PathEscape(document)
}

// ListRolePolicies lists the names of a role's inline policies.
func (c *Client) ListRolePolicies(ctx context.Context, in *iam.ListRolePoliciesInput,
	_ ...func(*iam.Options)) (*iam.ListRolePoliciesOutput, error) {
	const action = "iam:ListRolePolicies"
	return diagfake.Serve(ctx, &c.Recorder, action, in, func(in *iam.ListRolePoliciesInput) (*iam.ListRolePoliciesOutput,
		error) {
		r, err := c.role(in.RoleName)
		if err != nil {
			return nil, err
		}
		page, marker, err := diagfake.Page(&c.Recorder, action, slices.Sorted(maps.Keys(r.Inline)), in.Marker,
			limit(in.MaxItems))
		return &iam.ListRolePoliciesOutput{PolicyNames: page, Marker: marker, IsTruncated: marker != nil}, err
	})
}

// ListAttachedRolePolicies lists the managed policies of a role.
func (c *Client) ListAttachedRolePolicies(ctx context.Context, in *iam.ListAttachedRolePoliciesInput,
	_ ...func(*iam.Options)) (*iam.ListAttachedRolePoliciesOutput, error) {
	const action = "iam:ListAttachedRolePolicies"
	return diagfake.Serve(ctx, &c.Recorder, action, in,
		func(in *iam.ListAttachedRolePoliciesInput) (*iam.ListAttachedRolePoliciesOutput, error) {
			r, err := c.role(in.RoleName)
			if err != nil {
				return nil, err
			}
			page, marker, err := diagfake.Page(&c.Recorder, action, r.Attached, in.Marker, limit(in.MaxItems))
			out := &iam.ListAttachedRolePoliciesOutput{Marker: marker, IsTruncated: marker != nil}
			for _, arn := range page {
				out.AttachedPolicies = append(out.AttachedPolicies, types.AttachedPolicy{PolicyArn: aws.String(arn),
					PolicyName: aws.String(arn[strings.LastIndex(arn, "/")+1:])})
			}
			return out, err
		})
}

// GetRolePolicy returns an inline policy of a role.
func (c *Client) GetRolePolicy(ctx context.Context, in *iam.GetRolePolicyInput,
	_ ...func(*iam.Options)) (*iam.GetRolePolicyOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "iam:GetRolePolicy", in,
		func(in *iam.GetRolePolicyInput) (*iam.GetRolePolicyOutput, error) {
			r, err := c.role(in.RoleName)
			if err != nil {
				return nil, err
			}
			document, ok := r.Inline[aws.ToString(in.PolicyName)]
			if !ok {
				return nil, missing("The role policy with name %s cannot be found.", aws.ToString(in.PolicyName))
			}
			return &iam.GetRolePolicyOutput{RoleName: r.RoleName, PolicyName: in.PolicyName,
				PolicyDocument: aws.String(encoded(document))}, nil
		})
}

// GetPolicy returns a managed policy, without its document.
func (c *Client) GetPolicy(ctx context.Context, in *iam.GetPolicyInput, _ ...func(*iam.Options)) (*iam.GetPolicyOutput,
	error) {
	return diagfake.Serve(ctx, &c.Recorder, "iam:GetPolicy", in,
		func(in *iam.GetPolicyInput) (*iam.GetPolicyOutput, error) {
			p, err := c.policy(in.PolicyArn)
			if err != nil {
				return nil, err
			}
			return &iam.GetPolicyOutput{Policy: &p.Policy}, nil
		})
}

// GetPolicyVersion returns a version of a managed policy.
func (c *Client) GetPolicyVersion(ctx context.Context, in *iam.GetPolicyVersionInput,
	_ ...func(*iam.Options)) (*iam.GetPolicyVersionOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "iam:GetPolicyVersion", in,
		func(in *iam.GetPolicyVersionInput) (*iam.GetPolicyVersionOutput, error) {
			p, err := c.policy(in.PolicyArn)
			if err != nil {
				return nil, err
			}
			document, ok := p.Documents[aws.ToString(in.VersionId)]
			if !ok {
				return nil, missing("Policy %s version %s does not exist or is not attachable.", aws.ToString(in.PolicyArn),
					aws.ToString(in.VersionId))
			}
			return &iam.GetPolicyVersionOutput{PolicyVersion: &types.PolicyVersion{VersionId: in.VersionId,
				Document:         aws.String(encoded(document)),
				IsDefaultVersion: aws.ToString(in.VersionId) == aws.ToString(p.DefaultVersionId)}}, nil
		})
}
