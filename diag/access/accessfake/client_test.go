package accessfake_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
)

const document = `{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}`

// TestMerge: a world learnt from answers, twice over and in any order, answers as the one that was recorded.
func TestMerge(t *testing.T) {
	const arn = "arn:aws:iam::aws:policy/Read"
	name := aws.String("orders")
	recorded := types.EvaluationResult{EvalActionName: aws.String("s3:GetObject"), EvalResourceName: aws.String("*"),
		EvalDecision: types.PolicyEvaluationDecisionTypeExplicitDeny}
	role := accessfake.TaskRole("orders").Role
	c := new(accessfake.Client)
	for range 2 {
		for _, pair := range [][2]any{
			{&iam.ListAttachedRolePoliciesInput{RoleName: name},
				&iam.ListAttachedRolePoliciesOutput{AttachedPolicies: []types.AttachedPolicy{{PolicyArn: aws.String(arn)}}}},
			{&iam.GetRolePolicyInput{}, &iam.GetRolePolicyOutput{RoleName: name, PolicyName: aws.String("app"),
				PolicyDocument: aws.String(document)}},
			{&iam.ListRolePoliciesInput{RoleName: name}, &iam.ListRolePoliciesOutput{PolicyNames: []string{"app"}}},
			{&iam.GetRoleInput{}, &iam.GetRoleOutput{Role: &role}},
			{&iam.GetPolicyVersionInput{PolicyArn: aws.String(arn)},
				&iam.GetPolicyVersionOutput{PolicyVersion: &types.PolicyVersion{VersionId: aws.String("v2"),
					Document: aws.String(document)}}},
			{&iam.GetPolicyInput{},
				&iam.GetPolicyOutput{Policy: &types.Policy{Arn: aws.String(arn), PolicyName: aws.String("Read"),
					DefaultVersionId: aws.String("v2")}}},
			{&iam.SimulatePrincipalPolicyInput{PolicySourceArn: role.Arn},
				&iam.SimulatePrincipalPolicyOutput{EvaluationResults: []types.EvaluationResult{recorded}}},
			{&iam.GetInstanceProfileInput{},
				&iam.GetInstanceProfileOutput{InstanceProfile: accessfake.Profile("hosts", accessfake.InstanceRole("hosts"))}},
		} {
			require.True(t, c.Merge(pair[0], pair[1]), "%T", pair[1])
		}
	}
	assert.False(t, c.Merge(nil, &iam.ListUsersOutput{}))
	require.Len(t, c.Roles, 1)
	assert.Equal(t, []string{arn}, c.Roles[0].Attached)
	assert.Equal(t, map[string]string{"app": document}, c.Roles[0].Inline)
	assert.Len(t, c.Policies, 1)
	assert.Len(t, c.Profiles, 1)
	out, err := c.SimulatePrincipalPolicy(t.Context(), &iam.SimulatePrincipalPolicyInput{PolicySourceArn: role.Arn,
		ActionNames: []string{"s3:GetObject", "s3:GetBucketAcl", "s3:PutObject"}})
	require.NoError(t, err)
	var decisions []types.PolicyEvaluationDecisionType
	for _, r := range out.EvaluationResults {
		decisions = append(decisions, r.EvalDecision)
	}
	assert.Equal(t, []types.PolicyEvaluationDecisionType{"explicitDeny", "allowed", "implicitDeny"}, decisions,
		"what was recorded goes first")
}

// TestNoSuchEntity: what is not there has IAM's own code.
func TestNoSuchEntity(t *testing.T) {
	c, ctx := &accessfake.Client{Roles: []accessfake.Role{accessfake.TaskRole("known")}}, t.Context()
	_, roleErr := c.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("x")})
	_, listErr := c.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: aws.String("x")})
	_, attachedErr := c.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: aws.String("x")})
	_, inlineErr := c.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String("known"),
		PolicyName: aws.String("x")})
	_, policyErr := c.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: aws.String("x")})
	_, versionErr := c.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: aws.String("x")})
	_, profileErr := c.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: aws.String("x")})
	_, simulateErr := c.SimulatePrincipalPolicy(ctx,
		&iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String(accessfake.RoleARN("x")),
			ActionNames: []string{"a:b"}})
	for i, err := range []error{roleErr, listErr, attachedErr, inlineErr, policyErr, versionErr, profileErr, simulateErr} {
		var missing *types.NoSuchEntityException
		require.ErrorAs(t, err, &missing, i)
	}
	_, err := c.SimulatePrincipalPolicy(ctx,
		&iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String(accessfake.RoleARN("known"))})
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
}
