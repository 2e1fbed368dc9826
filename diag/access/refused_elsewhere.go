package access

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// RefusedElsewhere finds calls that were refused by a policy which is not among those that can be read here.
var RefusedElsewhere = &diag.Check[*Grant]{
	Info: diag.Info{
		Code: "access.refused-elsewhere", Title: "A policy outside the role refuses a call",
		Doc: "A message says that AWS refused the role a call because of a policy that the role does not carry: of a VPC " +
			"endpoint, " +
			"of the session, of the organization, or of the resource. What the role itself may do is not the matter.",
		Severity: diag.SeverityError, Actions: actionsRole,
		Breaks: []diag.Mechanism{diag.Permission, diag.SecretRead, diag.ImagePull, diag.LogDelivery, diag.Application},
		Limits: "It rests on the message alone, which may be older than the policy.",
		Source: "AWS Identity and Access Management User Guide: Troubleshoot access denied error messages",
	},
	Run: func(ctx context.Context, g *Grant) ([]diag.Finding, error) {
		if _, err := g.role.Describe(ctx); err != nil {
			return nil, present(err) // without the role itself the message is about the past
		}
		var findings []diag.Finding
		seen := map[string]bool{}
		for _, d := range g.denials {
			outside, ok := elsewhere[d.Kind]
			key := d.Action + " " + d.Resource + " " + string(d.Kind)
			if !ok || d.Action == "" || seen[key] || g.refusedAtEndpoint(d) {
				continue
			}
			seen[key] = true
			findings = append(findings, g.refusedElsewhere(d, outside))
		}
		return findings, nil
	},
}

// refusedAtEndpoint reports a refusal for which the policy of a known endpoint answers: that has a check of its own.
func (g *Grant) refusedAtEndpoint(d Denial) bool {
	return slices.ContainsFunc(g.endpoints, func(e Endpoint) bool {
		how, _ := g.refusedBy(e, d)
		return how != ""
	})
}

// outside is a policy that a role does not carry.
type outside struct{ name, step, command string }

// elsewhere are the kinds of denials by such policies. Those of secrets, keys and repositories are read and judged by
// the checks on permissions.
var elsewhere = map[DenialKind]outside{
	ImplicitVPCE:       endpointPolicy,
	ExplicitVPCE:       endpointPolicy,
	ExplicitVPCEViaSCP: endpointPolicy,
	ImplicitSession:    sessionPolicy,
	ExplicitSession:    sessionPolicy,
	ImplicitRCP: {"a resource control policy of the organization", "Ask who keeps the organization.",
		"aws organizations list-policies --filter RESOURCE_CONTROL_POLICY"},
	ExplicitRCP: {"a resource control policy of the organization", "Ask who keeps the organization.",
		"aws organizations list-policies --filter RESOURCE_CONTROL_POLICY"},
}

var (
	endpointPolicy = outside{"the policy of the VPC endpoint that the call goes through",
		"Read the policies of the VPC's endpoints and let the action through there.",
		"aws ec2 describe-vpc-endpoints --query 'VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]'"}
	sessionPolicy = outside{"the policy that was passed when the session began",
		"Look at who assumes the role: the Policy or PolicyArns given to AssumeRole bound the session.", ""}
)

func (g *Grant) refusedElsewhere(d Denial, by outside) diag.Finding {
	how := "does not allow it"
	if d.Explicit {
		how = "denies it"
	}
	what := d.Action
	if d.Resource != "" && d.Resource != "*" {
		what += " on " + plainName(d.Resource)
	}
	f := diag.Finding{
		Summary:    fmt.Sprintf("role %s was refused %s: %s %s, as the message of AWS says", g.role.name, what, by.name, how),
		Confidence: diag.Likely,
		Evidence: []diag.Evidence{{Source: "message", Field: "refused by",
			Value: strings.ReplaceAll(string(d.Kind), "_", " ")}},
		NextSteps: []diag.Step{{Text: by.step, Command: by.command}},
	}
	if d.Policy != "" {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: "message", Field: "policy", Value: d.Policy})
	}
	return f
}
