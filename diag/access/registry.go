package access

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsdiag/awsdiag/diag"
)

// registry keeps one value for each name.
type registry[T any] struct {
	mu     sync.Mutex
	values map[string]T
}

func (r *registry[T]) get(name string, create func() T) T {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.values[name]; ok {
		return known
	}
	if r.values == nil {
		r.values = map[string]T{}
	}
	r.values[name] = create()
	return r.values[name]
}

// library reads managed policies, each once.
type library struct {
	api   RoleAPI
	books diag.MemoMap[string, Document]
}

// read returns the default version of a managed policy.
func (l *library) read(ctx context.Context, arn string) (Document, error) {
	return l.books.Get(ctx, arn, func(ctx context.Context) (Document, error) {
		policy, err := l.api.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: aws.String(arn)})
		switch {
		case err != nil:
			return Document{}, fmt.Errorf("getting policy %s: %w", arn, err)
		case policy.Policy == nil || policy.Policy.DefaultVersionId == nil:
			return Document{}, diag.Errorf(diag.KindIncomplete, "getting policy %s: the answer names no default version", arn)
		}
		version, err := l.api.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{
			PolicyArn: aws.String(arn), VersionId: policy.Policy.DefaultVersionId,
		})
		switch {
		case err != nil:
			return Document{}, fmt.Errorf("getting policy %s: %w", arn, err)
		case version.PolicyVersion == nil:
			return Document{}, diag.Errorf(diag.KindIncomplete, "getting policy %s: the answer holds no document", arn)
		}
		return named(arn, aws.ToString(version.PolicyVersion.Document))
	})
}

func named(policy, document string) (Document, error) {
	d, err := ParseDocument(document)
	if err != nil {
		return Document{}, fmt.Errorf("policy %s: %w", policy, err)
	}
	return d, nil
}
