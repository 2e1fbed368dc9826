package triage

import (
	"context"
	"slices"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/logs"
)

const (
	typeRole  = "AWS::IAM::Role"
	typeVPC   = "AWS::EC2::VPC"
	typeTrail = "AWS::CloudTrail::Trail"
)

// history is the plan that reads what was changed in the scope.
func (s *Scene) history() diag.Plan {
	if s.Scope.Clients.CloudTrail == nil {
		return diag.Plan{}
	}
	made := changes.NewHistory(s.trail, s.Window)
	return diag.Join(diag.On(made, changes.TouchedChecks()...), diag.Observe(made, changes.TouchedSurvey))
}

// globalHistoryPlan reads what was changed in the global services, which file their events in us-east-1. It is asked
// for where a role or a name is among the suspects.
func globalHistoryPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if s.globals == nil || r.ID != changes.GlobalHistory.ID {
		return diag.Plan{}
	}
	made := changes.NewGlobalHistory(s.globals, s.Window)
	return diag.Join(diag.On(made, changes.TouchedChecks()...), diag.Observe(made, changes.TouchedSurvey))
}

// toGlobals leads to the history of the global services.
func toGlobals(from diag.Resource) diag.Link {
	return diag.Link{From: from, To: changes.GlobalHistory, Role: "changed by", Context: true}
}

// namedInLog leads from a log to the roles that it says were denied, and, where it says that or that a name did not
// resolve, to the history of the services that roles and names belong to. It reads what the checks of the log read.
var namedInLog = &diag.Survey[*logs.Group]{
	Name:    "triage.named-in-log",
	Actions: logs.GroupSurvey.Actions,
	Links: func(ctx context.Context, group *logs.Group) ([]diag.Link, error) {
		breakdown, err := group.Breakdown(ctx)
		switch {
		case diag.KindOf(err) == diag.KindNotFound:
			return nil, nil // for its own check to tell
		case breakdown == nil:
			return nil, err
		}
		var links []diag.Link
		for _, t := range breakdown.Tallies {
			switch t.Cause.Stem {
			case "access-denied":
				links = append(links, deniedRoles(group.Resource(), t)...)
			case "dns-failure":
				links = append(links, toGlobals(group.Resource()))
			}
		}
		return links, err
	},
}

// maxDenials bounds the lines of a log that are read for roles: a program that is denied says so again and again.
const maxDenials = 50

// deniedRoles are the roles of which a log says that something was denied to them.
func deniedRoles(of diag.Resource, t logs.Tally) []diag.Link {
	links := []diag.Link{toGlobals(of)}
	for _, hit := range t.Hits[:min(len(t.Hits), maxDenials)] {
		denial, ok := access.ParseDenial(hit.Text)
		if !ok || denial.Role == "" {
			continue
		}
		l := diag.Link{From: of, To: diag.Resource{Type: typeRole, ID: denial.Role, Account: denial.Account},
			Role: "denied to"}
		if !slices.Contains(links, l) {
			links = append(links, l)
		}
	}
	return links
}

// inVPC leads from a target group to the network that it is in: what is changed of that, such as whether names resolve,
// is felt by its targets. It reads what the group's checks read.
var inVPC = &diag.Survey[*albdiag.TargetGroup]{
	Name:    "triage.in-vpc",
	Actions: []string{"elasticloadbalancing:DescribeTargetGroups"},
	Links: func(ctx context.Context, tg *albdiag.TargetGroup) ([]diag.Link, error) {
		described, err := tg.Describe(ctx)
		if err != nil || described.VpcId == nil {
			return nil, err
		}
		return []diag.Link{{From: tg.Resource(), To: diag.Resource{Type: typeVPC, ID: *described.VpcId}, Role: "in network"}},
			nil
	},
}
