package ec2diag

import "github.com/awsdiag/awsdiag/diag"

// PathChecks returns all checks of a [Path].
func PathChecks() []*diag.Check[*Path] {
	return []*diag.Check[*Path]{SecurityGroupBlocksIngress, SecurityGroupBlocksEgress}
}
