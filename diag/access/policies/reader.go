package policies

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
)

// Reader reads the policies of resources of one account and region. A client that is nil leaves its resources out.
type Reader struct {
	Secrets SecretAPI
	Keys    KeyAPI
	// Repositories may be asked for those of other accounts too, as far as these let the caller.
	Repositories RepositoryAPI
	// Roles are those of the account Account.
	Roles   *access.Directory
	Account string

	policies diag.MemoMap[string, *access.ResourcePolicy]
	grants   diag.MemoMap[string, []string]
	keys     diag.MemoMap[string, *types.KeyMetadata]
}

var _ access.PolicySource = (*Reader)(nil)

// PolicyOf returns the policy of the resource of an ARN; nil if it has none, if it does not exist, and for resources of
// other kinds. It asks once for each resource.
func (r *Reader) PolicyOf(ctx context.Context, resource string) (*access.ResourcePolicy, error) {
	return r.policies.Get(ctx, resource, func(ctx context.Context) (*access.ResourcePolicy, error) {
		return r.policyOf(ctx, resource)
	})
}

func (r *Reader) policyOf(ctx context.Context, resource string) (*access.ResourcePolicy, error) {
	a, err := arn.Parse(resource)
	if err != nil {
		return nil, nil
	}
	kind, name, _ := strings.Cut(a.Resource, "/")
	switch {
	case a.Service == "secretsmanager" && r.Secrets != nil:
		return r.secret(ctx, a)
	case a.Service == "kms" && kind == "key" && r.Keys != nil:
		return r.key(ctx, resource, name)
	case a.Service == "ecr" && kind == "repository" && r.Repositories != nil:
		return r.repository(ctx, a.AccountID, name)
	case a.Service == "iam" && kind == "role" && r.Roles != nil && a.AccountID == r.Account:
		return r.role(ctx, resource)
	}
	return nil, nil
}

// missing reports an error by which AWS says that there is no such policy or resource.
func missing(err error) bool {
	return coded(err, "ResourceNotFoundException", "NotFoundException", "RepositoryNotFoundException", "NoSuchEntity")
}

func coded(err error, codes ...string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains(codes, api.ErrorCode())
}

func parsed(p access.ResourcePolicy, text string, err error) (*access.ResourcePolicy, error) {
	if missing(err) {
		return nil, nil
	}
	if err == nil {
		p.Text = text
		p.Document, err = access.ParseDocument(text)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the %s: %w", p.Name, err)
	}
	return &p, nil
}

func (r *Reader) secret(ctx context.Context, a arn.ARN) (*access.ResourcePolicy, error) {
	id := a.String()
	out, err := r.Secrets.GetResourcePolicy(ctx, &secretsmanager.GetResourcePolicyInput{SecretId: aws.String(id)})
	p := access.ResourcePolicy{
		Name: "resource policy of secret " + strings.TrimPrefix(a.Resource, "secret:"), Source: callSecret,
		Read:  "aws secretsmanager get-resource-policy --secret-id " + id,
		Write: "aws secretsmanager put-resource-policy --secret-id " + id + " --resource-policy",
	}
	if err != nil || out.ResourcePolicy == nil {
		return r.none(a.AccountID, p, err)
	}
	return parsed(p, *out.ResourcePolicy, nil)
}

// none is what a resource without a policy stands for: of another account, that nobody else is let in; of the own one,
// nothing, and neither does a resource that does not exist.
func (r *Reader) none(account string, p access.ResourcePolicy, err error) (*access.ResourcePolicy, error) {
	if err != nil && !coded(err, "RepositoryPolicyNotFoundException") {
		return parsed(p, "", err)
	}
	if r.Account == "" || account == "" || account == r.Account {
		return nil, nil
	}
	return &p, nil
}

func (r *Reader) repository(ctx context.Context, account, name string) (*access.ResourcePolicy, error) {
	out, err := r.Repositories.GetRepositoryPolicy(ctx, &ecr.GetRepositoryPolicyInput{
		RegistryId: aws.String(account), RepositoryName: aws.String(name),
	})
	p := access.ResourcePolicy{
		Name: "policy of repository " + name, Source: callRepository,
		Read:  "aws ecr get-repository-policy --registry-id " + account + " --repository-name " + name,
		Write: "aws ecr set-repository-policy --registry-id " + account + " --repository-name " + name + " --policy-text",
	}
	if err != nil || out.PolicyText == nil {
		return r.none(account, p, err)
	}
	return parsed(p, *out.PolicyText, nil)
}

func (r *Reader) key(ctx context.Context, id, name string) (*access.ResourcePolicy, error) {
	out, err := r.Keys.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: aws.String(id),
		PolicyName: aws.String("default")}) // the only name that there is ("GetKeyPolicy", AWS KMS API Reference)
	p := access.ResourcePolicy{
		Name: "key policy of KMS key " + name, Source: callKey, Required: true,
		Read:  "aws kms get-key-policy --policy-name default --key-id " + id,
		Write: "aws kms put-key-policy --policy-name default --key-id " + id + " --policy",
		Granted: func(ctx context.Context, principal, action string) (bool, error) {
			return r.granted(ctx, id, principal, action)
		},
	}
	if err != nil {
		return parsed(p, "", err)
	}
	if aws.ToString(out.Policy) == "" {
		return nil, nil // every key has a policy: this answer leaves it out
	}
	return parsed(p, *out.Policy, nil)
}

// granted asks whether a grant lets a principal use a key. A grant with constraints is taken to hold.
func (r *Reader) granted(ctx context.Context, key, principal, action string) (bool, error) {
	_, operation, _ := strings.Cut(action, ":")
	allowed, err := r.grants.Get(ctx, key+" "+principal, func(ctx context.Context) ([]string, error) {
		var operations []string
		pages := kms.NewListGrantsPaginator(r.Keys, &kms.ListGrantsInput{KeyId: aws.String(key),
			GranteePrincipal: aws.String(principal)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return operations, fmt.Errorf("listing the grants of KMS key %s: %w", key, err)
			}
			for _, g := range page.Grants {
				for _, o := range g.Operations {
					operations = append(operations, string(o))
				}
			}
		}
		return operations, nil
	})
	if slices.Contains(allowed, operation) {
		return true, nil
	}
	return false, err
}

func (r *Reader) role(ctx context.Context, id string) (*access.ResourcePolicy, error) {
	role := r.Roles.Role(id)
	document, err := role.Trust(ctx)
	p := access.ResourcePolicy{
		Name: "trust policy of role " + role.Name(), Source: callRole, Required: true, Document: document,
		Read:  "aws iam get-role --query Role.AssumeRolePolicyDocument --role-name " + role.Name(),
		Write: "aws iam update-assume-role-policy --role-name " + role.Name() + " --policy-document",
	}
	if err != nil {
		return parsed(p, "", err)
	}
	described, err := role.Describe(ctx)
	if err != nil {
		return nil, err
	}
	p.Text = aws.ToString(described.AssumeRolePolicyDocument)
	return &p, nil
}

// KeyARN returns the ARN of the key that an id, an ARN or an alias ("alias/shop") stands for, and whether AWS manages
// it, so that its policy admits whoever may use the service. It returns "" for none.
func (r *Reader) KeyARN(ctx context.Context, id string) (key string, managed bool, err error) {
	if id == "" || strings.HasPrefix(id, "alias/aws/") || strings.Contains(id, ":alias/aws/") {
		return "", true, nil
	}
	if strings.HasPrefix(id, "arn:") && !strings.Contains(id, ":alias/") {
		return id, false, nil
	}
	of, err := r.describeKey(ctx, id)
	if of == nil {
		return "", false, err
	}
	return aws.ToString(of.Arn), of.KeyManager == types.KeyManagerTypeAws, err
}

// describeKey asks once for each key; nil is one that does not exist, or that there is no client to ask about.
func (r *Reader) describeKey(ctx context.Context, id string) (*types.KeyMetadata, error) {
	if r.Keys == nil {
		return nil, nil
	}
	return r.keys.Get(ctx, id, func(ctx context.Context) (*types.KeyMetadata, error) {
		out, err := r.Keys.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(id)})
		switch {
		case missing(err):
			return nil, nil
		case err != nil:
			return nil, fmt.Errorf("describing KMS key %s: %w", id, err)
		}
		return out.KeyMetadata, nil
	})
}
