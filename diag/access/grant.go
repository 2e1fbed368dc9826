package access

import (
	"context"
	"sync"

	"github.com/awsdiag/awsdiag/diag"
)

// Grant is a role and what it is needed for: whether its policies allow that is for [GrantChecks] to tell. Make one
// with [NewGrant].
type Grant struct {
	role     *Role
	needs    []Need
	policies PolicySource
	other    *Role
	roleOf   Slot
	denials  []Denial
	// endpoints are those that its calls may go through.
	endpoints []Endpoint
}

// Slot is one of the two roles that a task definition names.
type Slot string

const (
	// ExecutionRole is used by the agent to start a task: image, secrets, logs.
	ExecutionRole Slot = "execution role"
	// TaskRole is used by the program in the task.
	TaskRole Slot = "task role"
)

func (s Slot) opposite() Slot {
	if s == TaskRole {
		return ExecutionRole
	}
	return TaskRole
}

// GrantOption says more about a [Grant].
type GrantOption func(*Grant)

// WithPolicies has the policies of the resources weighed too.
func WithPolicies(source PolicySource) GrantOption { return func(g *Grant) { g.policies = source } }

// BesideRole names which role of a task definition this is, and the other one: a permission that is missing may have
// been given to that.
func BesideRole(is Slot, other *Role) GrantOption {
	return func(g *Grant) { g.roleOf, g.other = is, other }
}

// Told adds what messages said of calls that the role was refused, for the refusals that no policy of the role
// explains.
func Told(denials ...Denial) GrantOption {
	return func(g *Grant) { g.denials = append(g.denials, denials...) }
}

// With applies options and returns the grant.
func (g *Grant) With(options ...GrantOption) *Grant {
	for _, option := range options {
		option(g)
	}
	return g
}

var _ diag.Subject = (*Grant)(nil)

// NewGrant makes a grant of a role and what is needed of it.
func NewGrant(role *Role, needs ...Need) *Grant { return &Grant{role: role, needs: needs} }

// Resource names the role.
func (g *Grant) Resource() diag.Resource { return g.role.Resource() }

// Role returns the role.
func (g *Grant) Role() *Role { return g.role }

// Needs returns what is needed of the role.
func (g *Grant) Needs() []Need { return g.needs }

// decisions answers the questions of one purpose. All of the grant's are asked at the first time, so that one call
// serves all checks. A role that does not exist gives no decisions and no error: that has a check of its own.
func (g *Grant) decisions(ctx context.Context, purpose Purpose) ([]Decision, error) {
	var all []Question
	var of []Purpose
	for _, n := range g.needs {
		for _, q := range n.questions() {
			all, of = append(all, q), append(of, n.Purpose)
		}
	}
	var group sync.WaitGroup
	group.Go(func() { g.readAhead(ctx, purpose) })
	decided, err := g.role.Simulate(ctx, all...)
	group.Wait()
	if diag.KindOf(err) == diag.KindNotFound {
		return nil, nil
	}
	var own []Decision
	seen := map[Question]bool{}
	for i, d := range decided {
		if of[i] == purpose && !seen[d.Question] {
			seen[d.Question] = true
			own = append(own, d)
		}
	}
	own, policyErr := g.weighResources(ctx, own)
	return own, joined(err, policyErr)
}

// readAhead reads the policies of the resources of a purpose side by side, while the simulation is under way. Its
// errors come again where the policies are used.
func (g *Grant) readAhead(ctx context.Context, purpose Purpose) {
	if g.policies == nil {
		return
	}
	var group sync.WaitGroup
	seen := map[string]bool{}
	for _, n := range g.needs {
		for _, resource := range n.Resources {
			if n.Purpose == purpose && !seen[resource] {
				seen[resource] = true
				group.Go(func() { _, _ = g.policies.PolicyOf(ctx, resource) })
			}
		}
	}
	group.Wait()
}

// needed reports whether the role is needed for a purpose.
func (g *Grant) needed(purpose Purpose) bool {
	for _, n := range g.needs {
		if n.Purpose == purpose {
			return true
		}
	}
	return false
}

// services returns the service principals that must be able to assume the role, each once.
func (g *Grant) services() []string {
	var all []string
	seen := map[string]bool{}
	for _, n := range g.needs {
		if s := n.service(); !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	return all
}

// region is where the needs are, as far as their resources tell.
func (g *Grant) region() string {
	for _, n := range g.needs {
		for _, r := range n.Resources {
			if region := arnPart(r, partRegion); region != "" {
				return region
			}
		}
	}
	return ""
}
