package access

import (
	"context"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// ResourcePolicy is the policy that a resource itself has: of a secret, a KMS key, a repository, or the trust policy of
// a role that is to be assumed.
type ResourcePolicy struct {
	// Name is what a person calls it: "resource policy of secret shop/db".
	Name string
	// Source is the call that gave it, as an IAM action.
	Source string
	// Text is the document as it was given, and Document what it says.
	Text     string
	Document Document
	// Required says that nothing may be done unless this policy allows it, whatever the policies of the caller say: key
	// policies and trust policies ("Key policies in AWS KMS").
	Required bool
	// Granted are principals that may do what they want to do here by other means than the policy, such as a KMS grant.
	Granted func(ctx context.Context, principal, action string) (bool, error)
	// Read is the command that shows the policy; Write, if not empty, the one that replaces it, up to the document.
	Read, Write string
}

// PolicySource reads the policies of resources. It returns nil for a resource whose policy it cannot read by its
// nature, and for one that has none. It is asked for the same resource again and remembers what it read.
type PolicySource interface {
	PolicyOf(ctx context.Context, resource string) (*ResourcePolicy, error)
}

// callers are the names under which a role may stand in the policy of a resource. The first results are its own; the
// second adds its account, in whose name a policy leaves the decision to the policies of the caller ("AWS JSON policy
// elements: Principal").
func (r *Role) callers(arn string) (own, all []string) {
	account := arnPart(arn, partAccount)
	partition, _, _ := strings.Cut(strings.TrimPrefix(arn, "arn:"), ":")
	own = []string{"AWS:" + arn}
	return own, append([]string{"AWS:" + account, "AWS:arn:" + partition + ":iam::" + account + ":root"}, own...)
}

// session says whether a principal of a policy is a session of a role ("arn:aws:sts::…:assumed-role/name/session").
func session(principal, arn string) bool {
	rest, ok := strings.CutPrefix(principal, "AWS:")
	name, _ := roleAndAccount(rest)
	return ok && strings.Contains(rest, ":assumed-role/") && name == lastPart(arn) &&
		arnPart(rest, partAccount) == arnPart(arn, partAccount)
}

// onResource joins what the caller's own policies say with the policy of the resource ("Policy evaluation logic" and
// "Cross-account policy evaluation logic", IAM User Guide).
func (r *Role) onResource(ctx context.Context, d Decision, p *ResourcePolicy) (Decision, error) {
	arn, err := r.ARN(ctx)
	if err != nil || p == nil {
		return d, err
	}
	request := r.request(d.Question)
	request.Context["aws:principalarn"] = arn
	request.Context["aws:principalaccount"] = arnPart(arn, partAccount)
	request.Context["kms:calleraccount"] = arnPart(arn, partAccount)
	own, all := r.callers(arn)
	request.Principals = own
	alone, _ := p.Document.withSessions(arn).Evaluate(request)
	request.Principals = all
	together, by := p.Document.withSessions(arn).Evaluate(request)
	foreign := arnPart(d.Resource, partAccount) != arnPart(arn, partAccount) && arnPart(d.Resource, partAccount) != ""
	switch {
	case together == ExplicitDeny:
		d.Effect, d.OnResource, d.Statement = ExplicitDeny, p, p.Document.Statements[by].Sid
	case alone == Allowed && !foreign && d.Effect == ImplicitDeny && !d.BoundaryBlocks && !d.OrganizationBlocks:
		d.Effect = Allowed
	case together == ImplicitDeny && (p.Required || foreign):
		return r.granted(ctx, d, p, arn)
	}
	return d, nil
}

// granted asks for other means than the policy before it calls the policy the reason.
func (r *Role) granted(ctx context.Context, d Decision, p *ResourcePolicy, arn string) (Decision, error) {
	if p.Granted != nil {
		allowed, err := p.Granted(ctx, arn, d.Action)
		if err != nil {
			return d, err
		}
		if allowed {
			d.Effect = Allowed
			return d, nil
		}
	}
	if d.Effect == ExplicitDeny || d.BoundaryBlocks || d.OrganizationBlocks {
		return d, nil // both would have to change; the one that denies comes first
	}
	d.AlsoIdentity = d.Effect == ImplicitDeny
	d.Effect, d.OnResource = ImplicitDeny, p
	return d, nil
}

// withSessions reads sessions of a role in a policy as the role: which session it will be is not known here.
func (d Document) withSessions(arn string) Document {
	var out Document
	for _, s := range d.Statements {
		s.Principals, s.NotPrincipals = asRole(s.Principals, arn), asRole(s.NotPrincipals, arn)
		out.Statements = append(out.Statements, s)
	}
	return out
}

func asRole(principals []string, arn string) []string {
	if principals == nil {
		return nil
	}
	out := make([]string, len(principals))
	for i, p := range principals {
		if out[i] = p; session(p, arn) {
			out[i] = "AWS:" + arn
		}
	}
	return out
}

// weighResources reads the policies of the resources that were asked about, each once, and joins them with the
// decisions. What could not be read leaves its decisions as they are, with an error.
func (g *Grant) weighResources(ctx context.Context, decided []Decision) ([]Decision, error) {
	if g.policies == nil {
		return decided, nil
	}
	var errs []error
	out := make([]Decision, 0, len(decided))
	for _, d := range decided {
		policy, err := g.policies.PolicyOf(ctx, d.Resource)
		if err == nil {
			d, err = g.role.onResource(ctx, d, policy)
		}
		if kind := diag.KindOf(err); kind == diag.KindCanceled || kind == diag.KindBudget {
			return nil, err
		}
		d.Unweighed = err != nil
		errs, out = append(errs, err), append(out, d)
	}
	return out, joined(errs...)
}
