package access

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// fact is which policy decides that a role may not do something.
type fact int

const (
	byOrganization fact = iota
	byBoundary
	byDeny
	byResourceDeny
	byResource // the policy of the resource would have to allow it
	byNothing  // no policy allows it
)

// facts are all facts, in the order in which they are told.
var facts = []fact{byOrganization, byBoundary, byDeny, byResourceDeny, byResource, byNothing}

// verdict is what is known of the actions that a role may not do.
type verdict struct {
	role     *Role
	denied   map[fact][]Decision
	policies []Policy
	boundary *Policy
	// partial says that not all policies could be read.
	partial bool
}

// verdict reads the policies to say which of them decides. What hangs on condition keys that nobody knows is an error
// of [diag.KindIncomplete] and stands under no fact.
func (r *Role) verdict(ctx context.Context, refused []Decision, told []Denial) (verdict, error) {
	v := verdict{role: r, denied: map[fact][]Decision{}}
	var policyErr, boundaryErr error
	v.policies, policyErr = r.Policies(ctx)
	v.boundary, boundaryErr = r.Boundary(ctx)
	v.partial = policyErr != nil || boundaryErr != nil
	errs := []error{policyErr, boundaryErr}
	for _, d := range refused {
		if !v.partial && d.OnResource == nil {
			d = d.explained(r.weigh(d.Question, v.policies, v.boundary))
		}
		d = d.fenced(v.boundary, told)
		if d.Effect == Depends || (v.partial && d.Effect == ImplicitDeny && len(d.Missing) > 0) {
			errs = append(errs, diag.Errorf(diag.KindIncomplete, "role %s: whether it may %s on %s depends on %s",
				r.name, d.Action, d.Resource, cmp.Or(strings.Join(d.Missing, ", "), "conditions that are not known")))
			continue
		}
		v.denied[d.fact()] = append(v.denied[d.fact()], d)
	}
	return v, joined(errs...)
}

// explained adds to IAM's decision what weighing the policies tells: which statement denies, and whether a refusal
// hangs on a context key that the question could not give. IAM's answer names such keys of any policy, also of those
// that are about other things.
func (d Decision) explained(weighed Decision) Decision {
	switch {
	case !d.Simulated:
	case d.Effect == ExplicitDeny && weighed.Effect == ExplicitDeny:
		d.Statement, d.Policies = weighed.Statement, weighed.Policies
	case d.Effect != Allowed && weighed.Effect == Depends && !d.OrganizationBlocks:
		d.Effect, d.Missing = Depends, weighed.Missing
	case d.Effect == ImplicitDeny && weighed.Effect == Allowed && weighed.dated && !d.OrganizationBlocks:
		d.Effect, d.Missing = Depends, []string{"aws:CurrentTime"} // which the question did not give
	}
	return d
}

// fenced lets a message decide what hangs on conditions: it says that the permissions boundary refused the call, and
// the role has one that may.
func (d Decision) fenced(boundary *Policy, told []Denial) Decision {
	if d.Effect != Depends || boundary == nil {
		return d
	}
	for _, t := range told {
		byBoundary := t.Kind == ExplicitBoundary || t.Kind == ImplicitBoundary
		if byBoundary && strings.EqualFold(t.Action, d.Action) && t.Resource == d.Resource {
			d.Effect, d.BoundaryBlocks = ImplicitDeny, true
			if t.Explicit {
				d.Effect = ExplicitDeny
			}
			d.Missing = nil
			return d
		}
	}
	return d
}

// forbidden lets a message decide that the organization refuses what IAM's simulator allows, whose results "can differ
// from your live AWS environment" ("SimulatePrincipalPolicy", IAM API Reference): service control policies with
// conditions are such a case (aws/aws-sdk issue 102).
func (d Decision) forbidden(told []Denial) Decision {
	if d.Effect != Allowed {
		return d
	}
	for _, t := range told {
		byOrganization := t.Kind == ExplicitSCP || t.Kind == ImplicitSCP
		if byOrganization && strings.EqualFold(t.Action, d.Action) && cmp.Or(t.Resource, "*") == d.Resource {
			d.Effect, d.OrganizationBlocks, d.ByMessage, d.Policies = ImplicitDeny, true, true, nil
			if t.Policy != "" {
				d.Policies = []string{t.Policy}
			}
			if t.Explicit {
				d.Effect = ExplicitDeny
			}
			return d
		}
	}
	return d
}

// untrusted lets a message decide that a role of another account is not to be assumed, although the own policies allow
// it: then its trust policy does not, which cannot be read from here ("Cross-account policy evaluation logic", IAM User
// Guide).
func (d Decision) untrusted(own string, told []Denial) Decision {
	account := arnPart(d.Resource, partAccount)
	abroad := account != "" && own != "" && account != own
	if d.Effect != Allowed || !strings.EqualFold(d.Action, "sts:AssumeRole") || !abroad {
		return d
	}
	for _, t := range told {
		unsaid := t.Kind == Unspecified || t.Kind == ImplicitTrust || t.Kind == ImplicitResource
		if unsaid && strings.EqualFold(t.Action, d.Action) && t.Resource == d.Resource {
			d.Effect, d.ByMessage = ImplicitDeny, true
			d.OnResource = &ResourcePolicy{Name: "trust policy of role " + lastPart(d.Resource) + " in account " + account,
				Source: "message",
				Read:   "aws iam get-role --query Role.AssumeRolePolicyDocument --role-name " + lastPart(d.Resource)}
			return d
		}
	}
	return d
}

func (d Decision) fact() fact {
	switch {
	case d.OnResource != nil && d.Effect == ExplicitDeny:
		return byResourceDeny
	case d.OnResource != nil:
		return byResource
	case d.OrganizationBlocks:
		return byOrganization
	case d.BoundaryBlocks:
		return byBoundary
	case d.Effect == ExplicitDeny:
		return byDeny
	}
	return byNothing
}

// because says which policy decides, to follow "role x may not y: ".
func (v verdict) because(f fact, denied []Decision) string {
	switch f {
	case byOrganization:
		if id := denied[0].organizationPolicy(); id != "" {
			return "service control policy " + id + " of the organization does not allow it"
		}
		return "a service control policy of the organization does not allow it"
	case byBoundary:
		if v.boundary != nil {
			return "its permissions boundary " + v.boundary.Name + " does not allow it"
		}
		return "its permissions boundary does not allow it"
	case byDeny:
		return denied[0].denier() + " denies it"
	case byResourceDeny:
		return denied[0].denier() + " of the " + denied[0].OnResource.Name + " denies it"
	case byResource:
		text := "the " + denied[0].OnResource.Name + " does not allow it"
		if slices.ContainsFunc(denied, func(d Decision) bool { return d.AlsoIdentity }) {
			text += ", and neither do the role's own policies"
		}
		return text
	}
	if until, statement, policy, ok := v.role.ranOut(denied[0].Question, v.policies); ok && !v.partial {
		return fmt.Sprintf("%s of policy %s allowed it until %s only (aws:CurrentTime), and that is over",
			articled(statement), policy, until)
	}
	switch n := len(v.policies); {
	case v.partial:
		return "no policy of it allows it"
	case n == 0:
		return "it has no policies"
	case n == 1:
		return "its only policy, " + v.policies[0].Name + ", does not allow it"
	default:
		return fmt.Sprintf("none of its %d policies allows it", n)
	}
}

// organizationPolicy is the id of the policy of the organization that a message names, "" if none does.
func (d Decision) organizationPolicy() string {
	if !d.ByMessage || len(d.Policies) == 0 {
		return ""
	}
	return lastPart(d.Policies[0])
}

// denier names the statement that denies.
func (d Decision) denier() string {
	text := "a Deny statement"
	if d.Statement != "" {
		text = "the Deny statement " + d.Statement
	}
	if len(d.Policies) > 0 && d.OnResource == nil {
		text += " of policy " + d.Policies[0]
	}
	return text
}
