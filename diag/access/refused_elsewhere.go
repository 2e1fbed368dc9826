package access

import (
	"cmp"
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
		Limits: "It rests on the message alone, which may be older than the policy. The policies of buckets, queues, topics " +
			"and the like are not read.",
		Source: "AWS Identity and Access Management User Guide: Troubleshoot access denied error messages",
	},
	Run: func(ctx context.Context, g *Grant) ([]diag.Finding, error) {
		if _, err := g.role.Describe(ctx); err != nil {
			return nil, present(err) // without the role itself the message is about the past
		}
		var all []*elsewhereTold
		for _, d := range g.denials {
			by, holder, ok := elsewhereOf(d)
			if !ok || d.Action == "" || g.refusedAtEndpoint(d) {
				continue
			}
			i := slices.IndexFunc(all, func(t *elsewhereTold) bool { return t.by.name == by.name && t.kind == d.Kind })
			if i < 0 {
				i, all = len(all), append(all, &elsewhereTold{by: by, holder: holder, kind: d.Kind})
			}
			all[i].denials = append(all[i].denials, d)
		}
		var findings []diag.Finding
		for _, t := range all {
			findings = append(findings, g.refusedElsewhere(t))
		}
		return findings, nil
	},
}

// elsewhereTold is what messages say that one policy outside the role refused.
type elsewhereTold struct {
	by      outside
	holder  diag.Resource
	kind    DenialKind
	denials []Denial
}

// elsewhereOf returns the policy outside the role that a message blames, and the resource that carries it, where one
// does.
func elsewhereOf(d Denial) (outside, diag.Resource, bool) {
	if by, holder, ok := refusing(d); ok {
		return by, holder, true
	}
	by, ok := elsewhere[d.Kind]
	return by, diag.Resource{}, ok
}

// refusedAtEndpoint reports a refusal for which the policy of a known endpoint answers: that has a check of its own.
func (g *Grant) refusedAtEndpoint(d Denial) bool {
	return slices.ContainsFunc(g.endpoints, func(e Endpoint) bool {
		how, _ := g.refusedBy(e, d)
		return how != ""
	})
}

// refusedBy is the field of the evidence that tells which kind of policy refused, in the words of [DenialKind].
const refusedBy = "refused by"

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

func (g *Grant) refusedElsewhere(t *elsewhereTold) diag.Finding {
	how := "does not allow it"
	first := t.denials[0]
	if first.Explicit {
		how = "denies it"
	}
	var refused []Decision
	for _, d := range t.denials {
		refused = append(refused, Decision{Question: Question{Action: d.Action, Resource: cmp.Or(d.Resource, "*")}})
	}
	f := diag.Finding{
		Summary: fmt.Sprintf("role %s was refused %s: %s %s, as the message of AWS says", g.role.name, said(refused),
			t.by.name, how),
		Confidence: diag.Likely,
		Evidence:   []diag.Evidence{{Source: "message", Field: refusedBy, Value: strings.ReplaceAll(string(t.kind), "_", " ")}},
		NextSteps:  []diag.Step{{Text: t.by.step, Command: t.by.command}},
	}
	if first.Policy != "" {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: "message", Field: "policy", Value: first.Policy})
	}
	if t.holder.ID != "" {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: "message", Field: "resource",
			Value: cmp.Or(t.holder.ARN, t.holder.ID)})
		f.Related = []diag.Related{{Resource: t.holder, Role: "its policy refuses"}}
	}
	return f
}
