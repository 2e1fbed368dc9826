package access

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// RoleAPI is what a [Role] and its [Grant] need of IAM.
type RoleAPI interface {
	iam.GetRoleAPIClient
	iam.ListAttachedRolePoliciesAPIClient
	iam.ListRolePoliciesAPIClient
	iam.GetPolicyAPIClient
	iam.SimulatePrincipalPolicyAPIClient
	GetRolePolicy(context.Context, *iam.GetRolePolicyInput, ...func(*iam.Options)) (*iam.GetRolePolicyOutput, error)
	GetPolicyVersion(context.Context, *iam.GetPolicyVersionInput, ...func(*iam.Options)) (*iam.GetPolicyVersionOutput,
		error)
}

// ProfileAPI is what [RoleOfProfile] needs of IAM.
type ProfileAPI interface {
	iam.GetInstanceProfileAPIClient
}

var (
	_ RoleAPI    = (*iam.Client)(nil)
	_ ProfileAPI = (*iam.Client)(nil)
)

// The calls, as IAM actions.
const (
	callRole        = "iam:GetRole"
	callAttached    = "iam:ListAttachedRolePolicies"
	callInlineNames = "iam:ListRolePolicies"
	callInline      = "iam:GetRolePolicy"
	callManaged     = "iam:GetPolicy"
	callVersion     = "iam:GetPolicyVersion"
	callSimulate    = "iam:SimulatePrincipalPolicy"

	callSecretPolicy     = "secretsmanager:GetResourcePolicy"
	callRepositoryPolicy = "ecr:GetRepositoryPolicy"
)

var (
	actionsRole  = []string{callRole}
	actionsGrant = []string{callRole, callAttached, callInlineNames, callInline, callManaged, callVersion, callSimulate}
	// actionsPolicies are those by which the policies of a role are read.
	actionsPolicies = []string{callAttached, callInlineNames, callInline, callManaged, callVersion}
	actionsKey      = []string{"kms:GetKeyPolicy", "kms:ListGrants"}
)
