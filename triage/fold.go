package triage

import (
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/ec2diag"
)

// folds joins what has one fault in common: findings of several ways through the network, because a security group that
// guards the targets of two target groups is one thing to repair; and what several services lack of one role.
func folds() func(f, more diag.Finding) (diag.Finding, bool) {
	ways := map[diag.Code]bool{}
	for _, c := range ec2diag.PathChecks() {
		ways[c.Code] = c.Severity != diag.SeverityInfo
	}
	return func(f, more diag.Finding) (diag.Finding, bool) {
		if ways[f.Code] {
			return fold(f, more), true
		}
		return access.Merge(f, more)
	}
}

// alsoElsewhere ends the summary of what bars other ports or subnets as well.
const alsoElsewhere = "; the same for other ports or subnets"

// fold adds a finding to one of the same code and resource.
func fold(f, more diag.Finding) diag.Finding {
	switch also := strangers(f, more); {
	case len(also) > 0:
		f.Summary += "; the same for " + strings.Join(also, ", ")
	case f.Summary != more.Summary && !strings.HasSuffix(f.Summary, alsoElsewhere):
		f.Summary += alsoElsewhere
	}
	f.Severity, f.Confidence = max(f.Severity, more.Severity), max(f.Confidence, more.Confidence)
	if !more.Since.IsZero() && (f.Since.IsZero() || more.Since.Before(f.Since)) {
		f.Since, f.SinceAtLeast = more.Since, more.SinceAtLeast
	}
	f.Evidence = union(f.Evidence, more.Evidence)
	f.Related = union(f.Related, more.Related)
	f.NextSteps = union(f.NextSteps, more.NextSteps)
	f.ExplainedBy = union(f.ExplainedBy, more.ExplainedBy)
	return f
}

// strangers names the ends of a way that the finding does not name yet.
func strangers(f, more diag.Finding) []string {
	var names []string
	for _, r := range more.Related {
		if (r.Role == "from" || r.Role == "to") && !slices.Contains(f.Related, r) {
			names = append(names, strings.TrimSpace(ends[r.Resource.Type]+" "+r.Resource.ID))
		}
	}
	return names
}

// ends are the names of what ways lead from and to.
var ends = map[string]string{typeTargetGroup: "target group", typeLoadBalancer: "load balancer", typeService: "service",
	typeTask: "task", typeInstance: "instance", typeDBInstance: "database", typeDBCluster: "database cluster"}

// union returns the items of both lists, each once.
func union[T comparable](a, b []T) []T {
	out := slices.Clip(a)
	for _, x := range b {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}
