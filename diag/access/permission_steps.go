package access

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// steps leads to the policy that decides. A statement to add is offered only where that would do.
func (v verdict) steps(p permission, f fact, denied []Decision) []diag.Step {
	switch f {
	case byOrganization:
		return []diag.Step{{Text: "Ask who keeps the organization: list its service control policies from the management account.",
			Command: "aws organizations list-policies --filter SERVICE_CONTROL_POLICY"}}
	case byBoundary:
		if v.boundary == nil {
			return []diag.Step{v.look()}
		}
		return []diag.Step{{Text: "Read the permissions boundary; what it does not allow, no policy of the role can.",
			Command: "aws iam get-policy --policy-arn " + v.boundary.ARN}}
	case byDeny:
		return []diag.Step{v.lookAt(denied[0])}
	}
	return []diag.Step{v.look(), {
		Text:    "Allow the role just this, in an inline policy of its own; new tasks and sessions get it within seconds.",
		Changes: true,
		Command: fmt.Sprintf("aws iam put-role-policy --role-name %s --policy-name %s --policy-document '%s'", v.role.name, p.policy,
			Allow(denied...)),
	}}
}

func (v verdict) look() diag.Step {
	return diag.Step{Text: "List the policies of the role.", Command: "aws iam list-attached-role-policies --role-name " + v.role.name}
}

// lookAt leads to the policy whose statement denies.
func (v verdict) lookAt(d Decision) diag.Step {
	for _, p := range v.policies {
		if len(d.Policies) == 0 || p.Name != d.Policies[0] {
			continue
		}
		step := diag.Step{Text: "Read the statement that denies it: it goes before whatever allows it.",
			Command: fmt.Sprintf("aws iam get-role-policy --role-name %s --policy-name %s", v.role.name, p.Name)}
		if !p.Inline() {
			step.Command = "aws iam get-policy --policy-arn " + p.ARN
		}
		return step
	}
	return v.look()
}

// Allow returns the policy document, in one line of JSON, that allows what decisions refused and nothing else: one
// statement for each set of actions that goes with the same resources.
func Allow(decisions ...Decision) string {
	type statement struct {
		Effect   string
		Action   []string
		Resource []string
	}
	var all []statement
	byActions := map[string]int{}
	for _, resource := range distinctOf(decisions, func(d Decision) string { return d.Resource }) {
		var own []Decision
		for _, d := range decisions {
			if d.Resource == resource {
				own = append(own, d)
			}
		}
		actions := distinctOf(own, func(d Decision) string { return d.Action })
		named := strings.Replace(resource, anyStream, ":*", 1)
		key := strings.Join(actions, " ")
		if i, ok := byActions[key]; ok {
			all[i].Resource = append(all[i].Resource, named)
			continue
		}
		byActions[key] = len(all)
		all = append(all, statement{Effect: "Allow", Action: actions, Resource: []string{named}})
	}
	text, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": all}) // strings always marshal
	return string(text)
}
