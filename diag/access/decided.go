package access

import (
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// Decider is the kind of document that a finding of [GrantChecks] says refuses a call.
type Decider string

// The kinds of documents that somebody may have rewritten without touching what the role itself may do, and those with
// a Deny.
const (
	// DecidedByBoundary: the permissions boundary of the role.
	DecidedByBoundary Decider = "permissions boundary"
	// DecidedByDeny: a Deny statement of a policy of the role.
	DecidedByDeny Decider = "deny statement"
	// DecidedByEndpoint: the policy of a VPC endpoint.
	DecidedByEndpoint Decider = "VPC endpoint policy"
	// DecidedByResource: the policy of what is asked for.
	DecidedByResource Decider = "resource policy"
	// DecidedByOrganization: a policy of the organization.
	DecidedByOrganization Decider = "organization policy"
)

// The fields of evidence that tell which document decides.
const (
	boundaryARN   = "PermissionsBoundary.PermissionsBoundaryArn"
	ownPolicy     = "policy"
	denyStatement = "Statement"
	policyNamed   = "policy ARN"
	// byServicePolicy is the value of [refusedBy] where a message decides.
	byServicePolicy = "service control policy"
	orgDecision     = "OrganizationsDecisionDetail.AllowedByOrganizations"
)

// DecidedBy returns which kind of document a finding says refuses the call, and which one: its ARN, or a text that ends
// with its name, "" where that is not known or is the policy of what the finding names. It is false for other findings,
// also for those of a role that nothing allows what it needs.
func DecidedBy(f diag.Finding) (by Decider, which string, ok bool) {
	if f.Code == EndpointPolicyRefuses.Code {
		return DecidedByEndpoint, "", true
	}
	for _, e := range f.Evidence {
		switch e.Field {
		case boundaryARN:
			return DecidedByBoundary, e.Value, true
		case denyStatement:
			return DecidedByDeny, e.Value, true
		case orgDecision:
			return DecidedByOrganization, "", true
		case refusedBy:
			if e.Value == byServicePolicy {
				return DecidedByOrganization, policyTold(f), true
			}
			if by := deciderOf(DenialKind(strings.ReplaceAll(e.Value, " ", "_"))); by != "" {
				return by, policyTold(f), true
			}
		case ownPolicy:
			if strings.Contains(e.Source, ":Get") && e.Source != callRole {
				return DecidedByResource, "", true
			}
		}
	}
	return "", "", false
}

// policyTold is the ARN of the policy that a message names, "" if it names none.
func policyTold(f diag.Finding) string {
	for _, e := range f.Evidence {
		if e.Source == "message" && (e.Field == ownPolicy || e.Field == policyNamed) {
			return e.Value
		}
	}
	return ""
}

// deciderOf is the document that a kind of denial is about; "" for those of the role itself and of its session.
func deciderOf(kind DenialKind) Decider {
	switch kind {
	case ImplicitVPCE, ExplicitVPCE, ExplicitVPCEViaSCP:
		return DecidedByEndpoint
	case ImplicitSCP, ExplicitSCP, ImplicitRCP, ExplicitRCP:
		return DecidedByOrganization
	case ImplicitResource, ExplicitResource:
		return DecidedByResource
	case ImplicitBoundary, ExplicitBoundary:
		return DecidedByBoundary
	}
	return ""
}
