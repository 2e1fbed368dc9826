package access

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// breaksRole is what does not work without a role.
var breaksRole = []diag.Mechanism{diag.Permission, diag.TaskStart, diag.AgentConnect, diag.Session}

// RoleMissing finds a role that does not exist.
var RoleMissing = &diag.Check[*Grant]{
	Info: diag.Info{
		Code: "access.role-missing", Title: "Role does not exist",
		Doc: "There is no role of that name in the account: it was deleted, or the name is wrong. A role that was deleted " +
			"and made anew has its policies and its trust to be given again.",
		Severity: diag.SeverityError, Actions: actionsRole, Breaks: breaksRole,
		Source: "AWS Identity and Access Management API Reference: GetRole, NoSuchEntity",
	},
	Run: func(ctx context.Context, g *Grant) ([]diag.Finding, error) {
		_, err := g.role.Describe(ctx)
		if diag.KindOf(err) != diag.KindNotFound {
			return nil, err
		}
		_, told, _ := strings.Cut(err.Error(), ": ")
		return []diag.Finding{{
			Summary:  fmt.Sprintf("role %s, needed for %s, does not exist", g.role.name, g.purposes()),
			Evidence: []diag.Evidence{{Source: callRole, Field: "error", Value: told}},
			NextSteps: []diag.Step{{Text: "List the roles of the account whose names are alike.",
				Command: "aws iam list-roles --query \"Roles[?contains(RoleName, '" + stem(g.role.name) + "')].Arn\""}},
		}}, nil
	},
}

// stem is the beginning of a name up to the first dash, for finding names that are alike.
func stem(name string) string {
	word, _, _ := strings.Cut(name, "-")
	return word
}

func (g *Grant) purposes() string {
	var named []string
	for _, p := range Purposes() {
		if g.needed(p) {
			named = append(named, string(p))
		}
	}
	return strings.Join(named, ", ")
}
