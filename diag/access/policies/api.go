package policies

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// SecretAPI reads the resource policies of secrets.
type SecretAPI interface {
	GetResourcePolicy(context.Context, *secretsmanager.GetResourcePolicyInput,
		...func(*secretsmanager.Options)) (*secretsmanager.GetResourcePolicyOutput, error)
}

// KeyAPI reads key policies, grants, and which key an alias stands for.
type KeyAPI interface {
	kms.ListGrantsAPIClient
	DescribeKey(context.Context, *kms.DescribeKeyInput, ...func(*kms.Options)) (*kms.DescribeKeyOutput, error)
	GetKeyPolicy(context.Context, *kms.GetKeyPolicyInput, ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error)
}

// RepositoryAPI reads the policies of repositories.
type RepositoryAPI interface {
	GetRepositoryPolicy(context.Context, *ecr.GetRepositoryPolicyInput,
		...func(*ecr.Options)) (*ecr.GetRepositoryPolicyOutput, error)
}

var (
	_ SecretAPI     = (*secretsmanager.Client)(nil)
	_ KeyAPI        = (*kms.Client)(nil)
	_ RepositoryAPI = (*ecr.Client)(nil)
)

// The calls, as IAM actions.
const (
	callSecret     = "secretsmanager:GetResourcePolicy"
	callKey        = "kms:GetKeyPolicy"
	callRepository = "ecr:GetRepositoryPolicy"
	callRole       = "iam:GetRole"
)
