package albdiag

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// Served is what registers its targets in target groups, such as an ECS service, seen from its load balancers.
type Served struct {
	of     diag.Resource
	groups func(ctx context.Context) ([]*TargetGroup, error)
	former func(ctx context.Context) ([]diag.Resource, error)
}

var _ diag.Subject = (*Served)(nil)

// NewServed makes the subject of a resource and its target groups. A group that nothing forwards to does not say which
// load balancer did before: former names those that may have, such as one whose rules were changed lately. It may be
// nil.
func NewServed(of diag.Resource, groups func(ctx context.Context) ([]*TargetGroup, error),
	former func(ctx context.Context) ([]diag.Resource, error)) *Served {
	return &Served{of: of, groups: groups, former: former}
}

// Resource is what is served.
func (s *Served) Resource() diag.Resource { return s.of }

// ServedChecks ask whether anything sends requests to what is asked about: for questions that say that something
// should.
func ServedChecks() []*diag.Check[*Served] { return []*diag.Check[*Served]{NothingForwards} }

// ServedSurvey leads from what gets no requests any more to the load balancers that may have sent them.
var ServedSurvey = &diag.Survey[*Served]{
	Name: "alb.served", Actions: []string{callTargetHealth},
	Links: func(ctx context.Context, s *Served) ([]diag.Link, error) {
		if s.former == nil {
			return nil, nil
		}
		if found, err := NothingForwards.Run(ctx, s); len(found) == 0 {
			return nil, err
		}
		former, err := s.former(ctx)
		var links []diag.Link
		for _, lb := range former {
			links = append(links, diag.Link{From: s.of, To: lb, Role: "may have got its requests from"})
		}
		return links, err
	},
}

// NothingForwards reports that no listener sends requests to any of the target groups.
var NothingForwards = &diag.Check[*Served]{
	Info: diag.Info{
		Code: "alb.nothing-forwards", Title: "No listener sends requests here",
		Doc: "Targets are registered, and no listener rule of a load balancer forwards to any of their target groups: they " +
			"are neither checked nor used. That is usual for the idle side of a blue/green deployment, and wrong where " +
			"requests are missed.",
		Severity: diag.SeverityWarning, Actions: []string{callTargetHealth},
		Breaks: []diag.Mechanism{diag.Routing, diag.Request}, Source: healthDoc + ", Target.NotInUse",
		Limits: "Which load balancer sent requests before is not told any more.",
	},
	Run: func(ctx context.Context, s *Served) ([]diag.Finding, error) {
		groups, err := s.groups(ctx)
		if err != nil {
			return nil, err
		}
		f := diag.Finding{Resource: s.of}
		var names []string
		for _, tg := range groups {
			targets, err := tg.Targets(ctx)
			if err != nil {
				return nil, err
			}
			unused := 0
			for _, t := range targets {
				if t.Condition() == NotInUse {
					unused++
				}
			}
			if unused == 0 || unused < len(standing(targets)) {
				return nil, nil
			}
			names = append(names, tg.ref.name)
			f.Related = append(f.Related, diag.Related{Resource: tg.resource(ctx), Role: "target group"})
			f.Evidence = append(f.Evidence, evidence(callTargetHealth, tg.ref.name+": targetHealth.reason", "Target.NotInUse"))
			f.NextSteps = append(f.NextSteps, diag.Step{Text: "See whether a load balancer names the group.",
				Command: "aws elbv2 describe-target-groups --target-group-arns " + tg.ref.arn})
		}
		if len(names) == 0 {
			return nil, nil
		}
		f.Summary = fmt.Sprintf("no listener rule forwards to %s: their targets are registered and get no requests",
			strings.Join(names, ", "))
		f.NextSteps = append(f.NextSteps,
			diag.Step{Text: "Find the change of listeners and rules that took it out, and send " +
				"requests to the group again.", Changes: true})
		return []diag.Finding{f}, nil
	},
}
