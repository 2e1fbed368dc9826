package triage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/awsdiag/awsdiag/diag"
)

// Places are where [NewScopes] looks: every Region with every role.
type Places struct {
	// Roles are the ARNs of roles to take on, such as one in each account. None means the caller as it is.
	Roles []string
	// Regions are Region codes. None means that of the configuration.
	Regions []string
	// Session names the sessions of the roles in CloudTrail; "awsdiag" if empty.
	Session string
	// Guard, if set, guards the configuration of each place: [guard.Guard.Config] fits. To take on a role is not a read,
	// and is done outside of it, by the SDK's own provider.
	Guard func(cfg aws.Config, account string) aws.Config
}

// roleIn is one role in one Region.
type roleIn struct{ role, region string }

func (p roleIn) String() string {
	return cmp.Or(p.role, "the caller") + " in " + cmp.Or(p.region, "the Region of the configuration")
}

// NewScopes makes the scopes of many accounts and Regions, side by side. A place that fails, such as a role that the
// caller may not take on, does not stop the others: it is left out, and the error names it. The scopes are in the order
// of roles and Regions.
func NewScopes(ctx context.Context, cfg aws.Config, places Places, options ...func(*ScopeOptions)) ([]Scope, error) {
	all := places.all()
	scopes, errs := make([]Scope, len(all)), make([]error, len(all))
	var group sync.WaitGroup
	for i, p := range all {
		group.Go(func() { scopes[i], errs[i] = places.open(ctx, cfg, p, options) })
	}
	group.Wait()
	var open []Scope
	for i, err := range errs {
		if err == nil {
			open = append(open, scopes[i])
			continue
		}
		errs[i] = fmt.Errorf("%s: %w", all[i], err)
	}
	return open, errors.Join(errs...)
}

func (p Places) all() []roleIn {
	roles, regions := p.Roles, p.Regions
	if len(roles) == 0 {
		roles = []string{""}
	}
	if len(regions) == 0 {
		regions = []string{""}
	}
	var all []roleIn
	for _, role := range roles {
		for _, region := range regions {
			all = append(all, roleIn{role, region})
		}
	}
	return all
}

func (p Places) open(ctx context.Context, cfg aws.Config, at roleIn, options []func(*ScopeOptions)) (Scope, error) {
	cfg = cfg.Copy()
	cfg.Region = cmp.Or(at.region, cfg.Region)
	account := ""
	if at.role != "" {
		role, err := arn.Parse(at.role)
		if err != nil || role.Service != "iam" {
			return Scope{}, diag.Errorf(diag.KindInvalid, "not the ARN of a role: want arn:aws:iam::ACCOUNT:role/NAME")
		}
		account = role.AccountID
		provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), at.role, func(o *stscreds.AssumeRoleOptions) {
			o.RoleSessionName = cmp.Or(p.Session, "awsdiag")
		})
		cfg.Credentials = aws.NewCredentialsCache(provider)
	}
	if p.Guard != nil {
		cfg = p.Guard(cfg, account)
	}
	return NewScope(ctx, cfg, options...)
}
