package ssmdiag

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/awsdiag/awsdiag/diag"
)

// named makes a resource from what AWS gives as its name or its ARN. The id is what follows the last slash of an ARN,
// as keys and roles have it.
func named(typ, nameOrARN string) diag.Resource {
	if !arn.IsARN(nameOrARN) {
		return diag.Resource{Type: typ, ID: nameOrARN}
	}
	return diag.ResourceOf(typ, nameOrARN[strings.LastIndexAny(nameOrARN, "/:")+1:], nameOrARN)
}

// roleName returns the name of a role from its name, its ARN or a path before its name.
func roleName(role string) string { return role[strings.LastIndexByte(role, '/')+1:] }
