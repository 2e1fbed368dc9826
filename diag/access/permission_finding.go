package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// maxSamples bounds the decisions that a finding quotes, maxNamed the actions that its summary names.
const (
	maxSamples = 12
	maxNamed   = 2
)

func (p permission) finding(v verdict, f fact, denied []Decision) diag.Finding {
	finding := diag.Finding{
		Summary: fmt.Sprintf("role %s may not use %s, needed for %s: %s", v.role.name, said(denied), p.purpose,
			v.because(f, denied)),
		Evidence:  v.evidence(f, denied),
		NextSteps: v.steps(p, f, denied),
	}
	for _, d := range denied {
		if !d.Simulated || d.ByMessage || d.Unweighed && f == byNothing {
			finding.Confidence = diag.Likely
		}
	}
	return finding
}

// said tells actions with what they were refused on: "ecr:BatchGetImage and 1 more on arn:…".
func said(denied []Decision) string {
	actions := distinctOf(denied, func(d Decision) string { return d.Action })
	text := strings.Join(actions[:min(len(actions), maxNamed)], ", ")
	if n := len(actions) - maxNamed; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	resources := distinctOf(denied, func(d Decision) string { return plainName(d.Resource) })
	if resources[0] == "*" {
		return text
	}
	text += " on " + resources[0]
	if n := len(resources) - 1; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

// kinds are how ARNs begin their resource parts, and what a person calls that.
var kinds = []struct{ prefix, name string }{
	{"secret:", "secret "}, {"parameter/", "parameter /"}, {"repository/", "repository "}, {"log-group:", "log group "},
	{"key/", "key "},
}

// plainName is what a person calls the resource of an ARN.
func plainName(resource string) string {
	name := strings.TrimSuffix(resource, anyStream)
	if part := arnPart(name, partResource); part != "" {
		name = part
	}
	for _, k := range kinds {
		if rest, ok := strings.CutPrefix(name, k.prefix); ok {
			return k.name + rest
		}
	}
	return name
}

// distinctOf returns the values of the decisions, each once, in their order.
func distinctOf(decisions []Decision, of func(Decision) string) []string {
	var values []string
	for _, d := range decisions {
		if v := of(d); !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// decisionWords are the words of IAM's simulator.
var decisionWords = map[Effect]string{Allowed: "allowed", ImplicitDeny: "implicitDeny", ExplicitDeny: "explicitDeny"}

func (v verdict) evidence(f fact, denied []Decision) []diag.Evidence {
	var all []diag.Evidence
	for _, d := range denied[:min(len(denied), maxSamples)] {
		source := callSimulate
		switch {
		case d.ByMessage:
			source = "message"
		case !d.Simulated:
			source = v.read()
		}
		all = append(all, diag.Evidence{Source: source, Field: d.Action + " on " + d.Resource,
			Value: decisionWords[d.Effect]})
	}
	switch {
	case f == byResource && denied[0].ByMessage:
		all = append(all, diag.Evidence{Source: "message", Field: refusedBy, Value: "implicit trust"})
	case f == byResourceDeny, f == byResource:
		policy := denied[0].OnResource
		all = append(all, diag.Evidence{Source: policy.Source, Field: ownPolicy, Value: policy.allowed()})
	case f == byOrganization:
		if denied[0].ByMessage {
			all = append(all, diag.Evidence{Source: "message", Field: refusedBy, Value: byServicePolicy})
			if len(denied[0].Policies) > 0 {
				all = append(all, diag.Evidence{Source: "message", Field: policyNamed, Value: denied[0].Policies[0]})
			}
			break
		}
		all = append(all, diag.Evidence{Source: callSimulate, Field: orgDecision, Value: "false"})
	case f == byDeny:
		all = append(all, diag.Evidence{Source: v.read(), Field: denyStatement, Value: denied[0].denier()})
	case f == byBoundary && v.boundary != nil:
		all = append(all, diag.Evidence{Source: callRole, Field: boundaryARN,
			Value: v.boundary.ARN})
	case f == byNothing && !v.partial:
		all = append(all, diag.Evidence{Source: v.read(), Field: "policies", Value: v.names()})
	}
	return all
}

// read is the call that a policy document came from.
func (v verdict) read() string {
	if len(v.policies) == 0 {
		return callInlineNames
	}
	return v.policies[0].source()
}

func (v verdict) names() string {
	var names []string
	for _, p := range v.policies {
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
