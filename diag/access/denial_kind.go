package access

import "regexp"

// DenialKind says which kind of policy refused a call, and whether by a Deny statement or for want of an Allow.
type DenialKind string

// The kinds ("Troubleshoot access denied error messages" and "Policy evaluation logic", IAM User Guide).
const (
	// ImplicitIdentity: no identity-based policy allows it.
	ImplicitIdentity DenialKind = "implicit_identity"
	// ImplicitBoundary: the permissions boundary does not allow it.
	ImplicitBoundary DenialKind = "implicit_boundary"
	// ImplicitSession: no session policy allows it.
	ImplicitSession DenialKind = "implicit_session"
	// ImplicitResource: no resource-based policy allows it.
	ImplicitResource DenialKind = "implicit_resource"
	// ImplicitVPCE: the VPC endpoint policy does not allow it.
	ImplicitVPCE DenialKind = "implicit_vpce"
	// ImplicitTrust: the role's trust policy does not allow to assume it.
	ImplicitTrust DenialKind = "implicit_trust"
	// ImplicitSCP: no service control policy allows it.
	ImplicitSCP DenialKind = "implicit_scp"
	// ImplicitRCP: no resource control policy allows it.
	ImplicitRCP DenialKind = "implicit_rcp"
	// ExplicitIdentity: a Deny of an identity-based policy.
	ExplicitIdentity DenialKind = "explicit_identity"
	// ExplicitBoundary: a Deny of the permissions boundary.
	ExplicitBoundary DenialKind = "explicit_boundary"
	// ExplicitSession: a Deny of a session policy.
	ExplicitSession DenialKind = "explicit_session"
	// ExplicitResource: a Deny of a resource-based policy.
	ExplicitResource DenialKind = "explicit_resource"
	// ExplicitSCP: a Deny of a service control policy.
	ExplicitSCP DenialKind = "explicit_scp"
	// ExplicitRCP: a Deny of a resource control policy.
	ExplicitRCP DenialKind = "explicit_rcp"
	// ExplicitVPCE: a Deny of a VPC endpoint policy.
	ExplicitVPCE DenialKind = "explicit_vpce"
	// ExplicitTrust: a Deny of the role's trust policy.
	ExplicitTrust DenialKind = "explicit_trust"
	// ExplicitVPCEViaSCP: a Deny of a VPC endpoint policy, through a service control policy.
	ExplicitVPCEViaSCP DenialKind = "explicit_vpce_via_scp"
	// Encoded: the reason stands in an encoded authorization message only.
	Encoded DenialKind = "encoded"
	// Unspecified: the message does not say which policy.
	Unspecified DenialKind = "unspecified"
	// BadCredentials: no policy matter: the credentials do not hold.
	BadCredentials DenialKind = "bad_credentials"
)

// DenialKinds returns all kinds.
func DenialKinds() []DenialKind {
	return []DenialKind{
		ImplicitIdentity, ImplicitBoundary, ImplicitSession, ImplicitResource, ImplicitVPCE, ImplicitTrust, ImplicitSCP,
		ImplicitRCP, ExplicitIdentity, ExplicitBoundary, ExplicitSession, ExplicitResource, ExplicitSCP, ExplicitRCP,
		ExplicitVPCE, ExplicitTrust, ExplicitVPCEViaSCP, Encoded, Unspecified, BadCredentials,
	}
}

// policyType is one type of policy in the words of IAM's messages.
type policyType struct {
	words              *regexp.Regexp
	implicit, explicit DenialKind
}

// policyTypes are tried in order: the more exact words first.
var policyTypes = []policyType{
	{regexp.MustCompile(`(?i)^vpc endpoint polic(?:y|ies) transitively through an? service control polic`), ImplicitVPCE,
		ExplicitVPCEViaSCP},
	{regexp.MustCompile(`(?i)^(?:vpc endpoint|vpce|endpoint) polic`), ImplicitVPCE, ExplicitVPCE},
	{regexp.MustCompile(`(?i)^permissions? boundar`), ImplicitBoundary, ExplicitBoundary},
	{regexp.MustCompile(`(?i)^sessions? polic`), ImplicitSession, ExplicitSession},
	{regexp.MustCompile(`(?i)^(?:service control polic|scp\b)`), ImplicitSCP, ExplicitSCP},
	{regexp.MustCompile(`(?i)^(?:resource control polic|rcp\b)`), ImplicitRCP, ExplicitRCP},
	{regexp.MustCompile(`(?i)^(?:role )?trust polic`), ImplicitTrust, ExplicitTrust},
	{regexp.MustCompile(`(?i)^(?:(?:resource|service)(?:-| )?(?:based)?|bucket|key|kms key|queue|topic|repository) polic`),
		ImplicitResource, ExplicitResource},
	{regexp.MustCompile(`(?i)^identity(?:-| )?(?:based)? polic`), ImplicitIdentity, ExplicitIdentity},
}

var (
	blanks = regexp.MustCompile(`\s+`)
	// denies introduces the policy with the Deny; allowsNot the one without an Allow. The user guide words the latter
	// for trust policies without its negation.
	denies = regexp.MustCompile(`(?i)explicit(?:ly)? den(?:y|ied)(?: (?:in|by|from|of))?(?: an?| the| your)? ?`)
	// allowsNot ends where the name of the policy begins.
	allowsNot = regexp.MustCompile(`(?i)(?:(?:because|since|as) (?:no |the |your )|\bno )`)
	// allowsAction is the end of a reason, which repeats the action.
	allowsAction = regexp.MustCompile(`(?i)(?:(?:because|since|as) (?:no|the|your)|\bno) [\w .()-]{3,` +
		`60}? allows? the ([a-z][a-z0-9-]*:[a-z*][a-z0-9*]*) action`)
	encoded = regexp.MustCompile(`(?i)encoded authorization (?:failure )?message:?\s*([A-Za-z0-9_-]{20,})?`)
	// expired says of a call that was refused that its credentials ran out.
	expired   = regexp.MustCompile(`(?i)\b(?:token|credentials?|session|request) (?:has|have|is|are) expired`)
	policyARN = regexp.MustCompile(`arn:aws[a-z-]*:(?:iam|organizations)::[^\s"',;]*policy/[A-Za-z0-9+=,` +
		`.@_/-]*[A-Za-z0-9]`)
)

// because reads the reason that a message gives.
func (d *Denial) because(rest string) {
	told := blanks.ReplaceAllString(rest, " ")
	if m := encoded.FindStringSubmatch(rest); m != nil {
		d.Encoded = m[1]
		d.Kind = Encoded
	}
	if d.Action == "" {
		if m := allowsAction.FindStringSubmatch(told); m != nil {
			d.Action = m[1]
		}
	}
	if at := denies.FindStringIndex(told); at != nil {
		d.Explicit = true
		if kind, ok := typeOf(told[at[1]:], true); ok {
			d.Kind = kind
			d.Policy = policyARN.FindString(told[at[1]:])
		}
		return
	}
	for _, at := range allowsNot.FindAllStringIndex(told, -1) {
		if kind, ok := typeOf(told[at[1]:], false); ok {
			d.Kind = kind
			return
		}
	}
	if d.Action == "" && d.Kind == Unspecified && (badCredentials(told) || expired.MatchString(told)) {
		d.Kind = BadCredentials
	}
}

func typeOf(words string, explicit bool) (DenialKind, bool) {
	for _, t := range policyTypes {
		if !t.words.MatchString(words) {
			continue
		}
		if explicit {
			return t.explicit, true
		}
		return t.implicit, true
	}
	return "", false
}
