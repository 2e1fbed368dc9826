package access

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// Policy is one policy of a role, with its document.
type Policy struct {
	// Name is the name of an inline policy, or the last part of a managed policy's ARN.
	Name string
	// ARN is empty for an inline policy.
	ARN      string
	Document Document
}

// Inline reports a policy that stands in the role itself.
func (p Policy) Inline() bool { return p.ARN == "" }

// AWSManaged reports a policy that AWS maintains.
func (p Policy) AWSManaged() bool { return strings.Contains(p.ARN, ":iam::aws:policy/") }

// source is the call that gave the policy's document.
func (p Policy) source() string {
	if p.Inline() {
		return callInline
	}
	return callVersion
}

// Policies returns the role's policies with their documents, inline ones first, by name. Where some could not be read
// it returns the others and an error. The permissions boundary is not among them: it grants nothing.
func (r *Role) Policies(ctx context.Context) ([]Policy, error) {
	return r.policies.Get(ctx, func(ctx context.Context) ([]Policy, error) {
		var inline, attached []Policy
		var errs [2]error
		var group sync.WaitGroup
		group.Go(func() { inline, errs[0] = r.inlinePolicies(ctx) })
		group.Go(func() { attached, errs[1] = r.attachedPolicies(ctx) })
		group.Wait()
		all := slices.Concat(inline, attached)
		slices.SortFunc(all, func(a, b Policy) int { return cmp.Or(cmp.Compare(a.ARN, b.ARN), cmp.Compare(a.Name, b.Name)) })
		return all, joined(errs[:]...)
	})
}

func (r *Role) inlinePolicies(ctx context.Context) ([]Policy, error) {
	var names []string
	pages := iam.NewListRolePoliciesPaginator(r.api, &iam.ListRolePoliciesInput{RoleName: aws.String(r.name)})
	var listErr error
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			listErr = fmt.Errorf("listing inline policies of role %s: %w", r.name, err)
			break
		}
		names = append(names, page.PolicyNames...)
	}
	policies, err := each(names, func(name string) (Policy, error) {
		out, err := r.api.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String(r.name),
			PolicyName: aws.String(name)})
		if err != nil {
			return Policy{}, fmt.Errorf("getting policy %s of role %s: %w", name, r.name, err)
		}
		document, err := named(name, aws.ToString(out.PolicyDocument))
		return Policy{Name: name, Document: document}, err
	})
	return policies, joined(listErr, err)
}

func (r *Role) attachedPolicies(ctx context.Context) ([]Policy, error) {
	var attached []types.AttachedPolicy
	pages := iam.NewListAttachedRolePoliciesPaginator(r.api,
		&iam.ListAttachedRolePoliciesInput{RoleName: aws.String(r.name)})
	var listErr error
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			listErr = fmt.Errorf("listing attached policies of role %s: %w", r.name, err)
			break
		}
		attached = append(attached, page.AttachedPolicies...)
	}
	attached = slices.DeleteFunc(attached, func(p types.AttachedPolicy) bool { return p.PolicyArn == nil })
	policies, err := each(attached, func(p types.AttachedPolicy) (Policy, error) {
		document, err := r.library.read(ctx, *p.PolicyArn)
		return Policy{Name: lastPart(*p.PolicyArn), ARN: *p.PolicyArn, Document: document}, err
	})
	return policies, joined(listErr, err)
}

// Boundary returns the permissions boundary, nil if the role has none.
func (r *Role) Boundary(ctx context.Context) (*Policy, error) {
	return r.boundary.Get(ctx, func(ctx context.Context) (*Policy, error) {
		role, err := r.Describe(ctx)
		if err != nil || role.PermissionsBoundary == nil || role.PermissionsBoundary.PermissionsBoundaryArn == nil {
			return nil, err
		}
		arn := *role.PermissionsBoundary.PermissionsBoundaryArn
		document, err := r.library.read(ctx, arn)
		if err != nil {
			return nil, fmt.Errorf("permissions boundary of role %s: %w", r.name, err)
		}
		return &Policy{Name: lastPart(arn), ARN: arn, Document: document}, nil
	})
}

func lastPart(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }

// each calls f for all items side by side, and returns what succeeded, in order, with the errors of the rest.
func each[In, Out any](items []In, f func(In) (Out, error)) ([]Out, error) {
	outs, errs := make([]Out, len(items)), make([]error, len(items))
	var group sync.WaitGroup
	for i, item := range items {
		group.Go(func() { outs[i], errs[i] = f(item) })
	}
	group.Wait()
	var good []Out
	for i := range outs {
		if errs[i] == nil {
			good = append(good, outs[i])
		}
	}
	return good, joined(errs...)
}
