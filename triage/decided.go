package triage

import (
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
)

// decidedWithin is how long before a refusal a change of the document that refuses may have been made to be its likely
// cause: the last step in which the closeness of a change counts.
const decidedWithin = 6 * time.Hour

// decided makes changes likely that rewrote the very document of which a finding says that it refuses a call. Of other
// rewritten policies nobody knows whether they have to do with it. noticed is when the trouble was.
func decided(found []diag.Finding, noticed time.Time) {
	for i := range found {
		c := &found[i]
		if !c.Change || c.Confidence != diag.Possible || !c.Until.IsZero() {
			continue
		}
		for _, t := range found {
			if t.Change || t.Severity < diag.SeverityWarning || !rewrote(*c, t) {
				continue
			}
			at := noticed
			if !t.Since.IsZero() {
				at = t.Since
			}
			if before := at.Sub(c.Since); before >= -skew && before <= decidedWithin {
				c.Confidence = diag.Likely
			}
		}
	}
}

// skew is by how much the clocks of a change and of what it broke may differ.
const skew = 5 * time.Minute

// rewritten are the changes that rewrite what blocks packets, by the codes of the findings on the same resource: its
// rules, its routes, or which of them a subnet has.
var rewritten = map[diag.Code][]diag.Code{
	"changes.network-acl-changed":         {"ec2.network-acl-blocks"},
	"changes.security-group-rule-changed": {"ec2.security-group-blocks-ingress", "ec2.security-group-blocks-egress"},
	"changes.route-changed":               {"ec2.route-missing", "ec2.route-blackhole"},
	"changes.role-trust-changed":          {"access.role-not-assumable"},
}

// rewrote reports that a change rewrote the document that a finding says refuses a call, or what it says blocks
// packets.
func rewrote(c, t diag.Finding) bool {
	if slices.Contains(rewritten[c.Code], t.Code) {
		return c.Resource.Type == t.Resource.Type && c.Resource.ID == t.Resource.ID
	}
	if t.Code == "ec2.gateway-endpoint-not-routed" {
		return c.Code == "changes.vpc-endpoint-changed" && removed(c, t.Resource.ID)
	}
	if t.Code == "ec2.endpoint-policy-blocks" {
		return c.Code == "changes.vpc-endpoint-changed" && setPolicy(c) && c.Resource.ID == t.Resource.ID
	}
	by, which, ok := access.DecidedBy(t)
	if !ok {
		return false
	}
	switch c.Code {
	case "changes.permissions-boundary-changed":
		return by == access.DecidedByBoundary && c.Resource.Type == t.Resource.Type && c.Resource.ID == t.Resource.ID
	case "changes.policy-changed":
		return (by == access.DecidedByBoundary || by == access.DecidedByDeny) && c.Resource.ID != "" &&
			(strings.HasSuffix(which, "/"+c.Resource.ID) || strings.HasSuffix(which, " "+c.Resource.ID))
	case "changes.role-policy-changed":
		_, name, named := strings.Cut(which, " of policy ")
		return by == access.DecidedByDeny && named && c.Resource.ID == t.Resource.ID && puts(c, name)
	case "changes.vpc-endpoint-changed":
		return by == access.DecidedByEndpoint && setPolicy(c) &&
			(t.Resource.Type != c.Resource.Type || t.Resource.ID == c.Resource.ID)
	case "changes.resource-policy-changed":
		return by == access.DecidedByResource && tells(t, c.Resource)
	case "changes.organization-policy-changed":
		return by == access.DecidedByOrganization && (which == "" || strings.HasSuffix(which, "/"+c.Resource.ID))
	}
	return false
}

// removed reports that a change took a resource away from what it touched.
func removed(c diag.Finding, id string) bool {
	return id != "" && slices.ContainsFunc(c.Evidence, func(e diag.Evidence) bool {
		return strings.Contains(strings.ToLower(e.Field), "remove") && strings.Contains(e.Value, id)
	})
}

// setPolicy reports that a change of a VPC endpoint set its policy.
func setPolicy(c diag.Finding) bool {
	for _, e := range c.Evidence {
		name := strings.ToLower(e.Field)
		if strings.HasSuffix(name, ".policydocument") || strings.HasSuffix(name, ".resetpolicy") {
			return true
		}
	}
	return false
}

// puts reports that a change gave a role a policy of a name.
func puts(c diag.Finding, name string) bool {
	for _, e := range c.Evidence {
		set := e.Field == "requestParameters.policyName" || e.Field == "requestParameters.policyArn"
		if set && name != "" && (e.Value == name || strings.HasSuffix(e.Value, "/"+name)) {
			return true
		}
	}
	return false
}

// tells reports that a finding names a resource, by its ARN or its id.
func tells(t diag.Finding, r diag.Resource) bool {
	text := t.Summary
	for _, e := range t.Evidence {
		text += "\n" + e.Field + "\n" + e.Value
	}
	return r.ARN != "" && strings.Contains(text, r.ARN) || r.ID != "" && strings.Contains(text, r.ID)
}

// settledFor is how long before somebody noticed the trouble a log must be known for what it always said to be no part
// of it.
const settledFor = 30 * time.Minute

// sayRefused are the findings that rest on what a log says was refused.
var sayRefused = []diag.Code{"access.program-permission-missing", "access.refused-elsewhere",
	"access.endpoint-policy-refuses"}

// longRefused makes information of refused calls that logs told of all along, as an optional call that a program does
// without: they are no part of a trouble that somebody noticed later. Where anything else tells of a refusal they
// stand.
func longRefused(found []diag.Finding) {
	logged := false
	for _, f := range found {
		switch {
		case f.Change || slices.Contains(sayRefused, f.Code):
		case f.Code == "logs.access-denied":
			if f.Severity > diag.SeverityInfo {
				return
			}
			logged = true
		case f.Severity > diag.SeverityInfo && tellsRefusal(f):
			return
		}
	}
	for i := range found {
		if logged && slices.Contains(sayRefused, found[i].Code) {
			found[i].Severity = diag.SeverityInfo
			found[i].Summary += "; a log told so all along"
		}
	}
}

// tellsRefusal reports a finding that quotes a refused call.
func tellsRefusal(f diag.Finding) bool {
	text := f.Summary
	for _, e := range f.Evidence {
		text += "\n" + e.Value
	}
	_, refused := access.ParseDenial(text)
	return refused
}
