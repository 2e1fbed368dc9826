package access

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// steps leads to the policy that decides. A statement to add is offered only where that would do.
func (v verdict) steps(p permission, f fact, denied []Decision) []diag.Step {
	switch f {
	case byOrganization:
		if id := denied[0].organizationPolicy(); id != "" {
			return []diag.Step{{Text: "Read the policy, or have who keeps the organization read it.",
				Command: "aws organizations describe-policy --policy-id " + id}}
		}
		return []diag.Step{{Text: "Ask who keeps the organization: list its service control policies from the management " +
			"account.",
			Command: "aws organizations list-policies --filter SERVICE_CONTROL_POLICY"}}
	case byBoundary:
		if v.boundary == nil {
			return []diag.Step{v.look()}
		}
		return []diag.Step{{Text: "Read the permissions boundary; what it does not allow, no policy of the role can.",
			Command: "aws iam get-policy --policy-arn " + v.boundary.ARN}}
	case byDeny:
		return []diag.Step{v.lookAt(denied[0])}
	case byResourceDeny:
		return []diag.Step{denied[0].OnResource.look("Read the statement that denies it: it goes before whatever allows it.")}
	case byResource:
		steps := v.resourceSteps(denied)
		if lacking := slices.DeleteFunc(slices.Clone(denied),
			func(d Decision) bool { return !d.AlsoIdentity }); len(lacking) > 0 {
			steps = append(steps, v.put(p, lacking))
		}
		return steps
	}
	return []diag.Step{v.look(), v.put(p, denied)}
}

// put allows the role what decisions refused.
func (v verdict) put(p permission, denied []Decision) diag.Step {
	return diag.Step{Text: "Allow the role just this, in an inline policy of its own. " + p.after(), Changes: true,
		Command: fmt.Sprintf("aws iam put-role-policy --role-name %s --policy-name %s%s'%s'", v.role.name,
			v.unused(p.policy), policyFlag, Allow(denied...))}
}

// unused is a name that no policy of the role has: PutRolePolicy replaces the inline policy of its name.
func (v verdict) unused(name string) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(v.policies, func(p Policy) bool { return strings.EqualFold(p.Name, name) })
	}
	free := name
	for n := 2; taken(free); n++ {
		free = fmt.Sprintf("%s-%d", name, n)
	}
	return free
}

// after says when a change of policies takes hold, and for whom: credentials are asked about at every call, but what is
// delivered at the start of a task stays as it was ("Pass sensitive data to an Amazon ECS container").
func (p permission) after() string {
	switch p.purpose {
	case ForExec:
		return "It holds within seconds, but an agent that has given up needs a new task: replace the tasks afterwards."
	case ForSecret, ForEnvFile, ForImage, ForLogs:
		return "It holds within seconds for tasks that start from then on; ECS tries again by itself. Tasks that run keep " +
			"what they started with."
	}
	return "It holds within seconds, also for what runs already: nothing needs a restart."
}

// resourceSteps leads to the policies of resources, and adds the statement that is missing there.
func (v verdict) resourceSteps(denied []Decision) []diag.Step {
	var steps []diag.Step
	seen := map[string]bool{}
	for _, d := range denied {
		policy := d.OnResource
		if seen[policy.Name] {
			continue
		}
		seen[policy.Name] = true
		steps = append(steps, policy.look("Read the "+policy.Name+"."))
		var own []string
		for _, other := range denied {
			if other.OnResource.Name == policy.Name && !slices.Contains(own, other.Action) {
				own = append(own, other.Action)
			}
		}
		if document, ok := policy.also(v.role.arn, own); ok && policy.Write != "" {
			steps = append(steps,
				diag.Step{Text: "Let the role in there too; this replaces the policy by itself and one statement more.",
					Changes: true, Command: policy.Write + " '" + document + "'"})
		}
	}
	return steps
}

func (p *ResourcePolicy) look(text string) diag.Step { return diag.Step{Text: text, Command: p.Read} }

// also is the policy with one statement more, in one line.
func (p *ResourcePolicy) also(role string, actions []string) (string, bool) {
	more := map[string]any{"Effect": "Allow", "Principal": map[string]any{"AWS": role}, "Action": actions}
	if !strings.HasPrefix(actions[0], "ecr:") && !strings.HasPrefix(actions[0], "sts:") {
		more["Resource"] = "*" // the resource that has the policy
	}
	if p.Text == "" {
		text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{more}})
		return string(text), err == nil && role != ""
	}
	text, ok := withStatement(p.Text, more)
	return text, ok && role != ""
}

// allowed lists whom the policy lets in.
func (p *ResourcePolicy) allowed() string {
	if p.Text == "" {
		return "none"
	}
	return "lets in " + trusted(p.Document)
}

func (v verdict) look() diag.Step {
	return diag.Step{Text: "List the policies of the role.", Command: "aws iam list-attached-role-policies --role-name " +
		v.role.name}
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
