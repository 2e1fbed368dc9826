package access

import "github.com/awsdiag/awsdiag/diag"

// GrantChecks returns all checks on a grant: whether the role is there, lets the service in, and may do what it is
// needed for.
func GrantChecks() []*diag.Check[*Grant] {
	checks := []*diag.Check[*Grant]{RoleMissing, RoleNotAssumable, RefusedElsewhere, EndpointPolicyRefuses}
	for _, p := range permissions {
		checks = append(checks, p.check())
	}
	return checks
}
