package access

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// RoleAPI is what a [Role] and its [Grant] need of IAM.
type RoleAPI interface {
	iam.GetRoleAPIClient
	iam.ListAttachedRolePoliciesAPIClient
	iam.ListRolePoliciesAPIClient
	iam.GetPolicyAPIClient
	iam.SimulatePrincipalPolicyAPIClient
	GetRolePolicy(context.Context, *iam.GetRolePolicyInput, ...func(*iam.Options)) (*iam.GetRolePolicyOutput, error)
	GetPolicyVersion(context.Context, *iam.GetPolicyVersionInput, ...func(*iam.Options)) (*iam.GetPolicyVersionOutput, error)
}

// SecretAPI is what a [Secret] needs of Secrets Manager: descriptions and policies, never a value.
type SecretAPI interface {
	DescribeSecret(context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options)) (*secretsmanager.DescribeSecretOutput, error)
	GetResourcePolicy(context.Context, *secretsmanager.GetResourcePolicyInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetResourcePolicyOutput, error)
}

// KeyAPI is what a [Key] needs of KMS.
type KeyAPI interface {
	DescribeKey(context.Context, *kms.DescribeKeyInput, ...func(*kms.Options)) (*kms.DescribeKeyOutput, error)
	GetKeyPolicy(context.Context, *kms.GetKeyPolicyInput, ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error)
}

// RepositoryAPI is what a [Repository] needs of ECR.
type RepositoryAPI interface {
	GetRepositoryPolicy(context.Context, *ecr.GetRepositoryPolicyInput, ...func(*ecr.Options)) (*ecr.GetRepositoryPolicyOutput, error)
}

var (
	_ RoleAPI       = (*iam.Client)(nil)
	_ SecretAPI     = (*secretsmanager.Client)(nil)
	_ KeyAPI        = (*kms.Client)(nil)
	_ RepositoryAPI = (*ecr.Client)(nil)
)

// The calls, as IAM actions.
const (
	callRole         = "iam:GetRole"
	callAttached     = "iam:ListAttachedRolePolicies"
	callInlineNames  = "iam:ListRolePolicies"
	callInline       = "iam:GetRolePolicy"
	callManaged      = "iam:GetPolicy"
	callVersion      = "iam:GetPolicyVersion"
	callSimulate     = "iam:SimulatePrincipalPolicy"
	callSecret       = "secretsmanager:DescribeSecret"
	callSecretPolicy = "secretsmanager:GetResourcePolicy"
	callKey          = "kms:DescribeKey"
	callKeyPolicy    = "kms:GetKeyPolicy"
	callRepository   = "ecr:GetRepositoryPolicy"
)

var (
	actionsRole     = []string{callRole}
	actionsPolicies = []string{callAttached, callInlineNames, callInline, callManaged, callVersion}
	actionsGrant    = append([]string{callRole, callSimulate}, actionsPolicies...)
)
