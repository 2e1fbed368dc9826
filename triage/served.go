package triage

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// served sees a service from the target groups that it registers in.
func (s *Scene) served(service *ecsdiag.Service) *albdiag.Served {
	return albdiag.NewServed(service.Resource(), func(ctx context.Context) ([]*albdiag.TargetGroup, error) {
		described, err := service.Describe(ctx)
		if err != nil {
			return nil, err
		}
		var groups []*albdiag.TargetGroup
		for _, l := range described.LoadBalancers {
			if arn := aws.ToString(l.TargetGroupArn); arn != "" {
				groups = append(groups, s.TargetGroup(diag.Resource{Type: typeTargetGroup, ARN: arn}))
			}
		}
		return groups, nil
	}, s.rerouted)
}

// rerouting are the calls that may take a target group out of where requests go.
var rerouting = []string{"ModifyListener", "ModifyRule", "DeleteRule", "DeleteListener", "SetRulePriorities",
	"DeleteLoadBalancer"}

// rerouted returns the load balancer whose listeners or rules were changed within the window: none where several were,
// as nobody knows which of them it was.
func (s *Scene) rerouted(ctx context.Context) ([]diag.Resource, error) {
	if s.Scope.Clients.CloudTrail == nil {
		return nil, nil
	}
	made, err := s.trail.Changes(ctx, s.Window)
	var found []diag.Resource
	for _, c := range made {
		for _, r := range c.Resources {
			known := slices.ContainsFunc(found, func(have diag.Resource) bool { return have.ID == r.ID })
			if r.Type == typeLoadBalancer && !known && slices.Contains(rerouting, c.EventName) {
				found = append(found, r)
			}
		}
	}
	if len(found) > 1 {
		return nil, err
	}
	return found, err
}

// servedPlan asks whether anything sends requests to a service that the question is about: where they do not come
// through, and, of a question about anything or about the whole cluster, where somebody changed where a load balancer
// sends them.
func (s *Scene) servedPlan(service *ecsdiag.Service, from diag.Resource) diag.Plan {
	served := s.served(service)
	checks, survey := albdiag.ServedChecks(), albdiag.ServedSurvey
	if !s.missesRequests() || !from.IsZero() {
		moved := func(ctx context.Context, _ *albdiag.Served) bool {
			found, _ := s.rerouted(ctx) // its error is told by the checks of changes
			return len(found) > 0
		}
		checks, survey = onlyWhere(moved, checks), linksOnlyWhere(moved, survey)
	}
	return diag.Join(diag.On(served, checks...), diag.Observe(served, survey))
}

// routedPlan asks where the rules of a load balancer on the way send requests: where these do not come through, and, of
// a question about anything, where somebody changed that within the window or one of its groups gets none any more.
// That fewer requests succeed is seen in metrics that were read anyway.
func (s *Scene) routedPlan(lb *albdiag.LoadBalancer) diag.Plan {
	if s.missesRequests() {
		return diag.On(lb, albdiag.RuleChecks()...)
	}
	if !s.asks(Unknown) {
		return diag.Plan{}
	}
	moved := func(ctx context.Context, lb *albdiag.LoadBalancer) bool {
		dry, _ := lb.GroupsRanDry(ctx) // its error is told by the checks of errors
		return dry || s.rulesChanged(ctx, lb)
	}
	return diag.Join(diag.On(lb, onlyWhere(moved, albdiag.RuleChecks())...), diag.On(lb, albdiag.FewerSuccesses))
}

// rulesChanged reports whether somebody changed a listener or a rule of a load balancer within the window.
func (s *Scene) rulesChanged(ctx context.Context, lb *albdiag.LoadBalancer) bool {
	if s.Scope.Clients.CloudTrail == nil {
		return false
	}
	made, _ := s.trail.Changes(ctx, s.Window) // its error is told by the checks of changes
	return slices.ContainsFunc(made, func(c changes.Change) bool {
		ours := slices.ContainsFunc(c.Resources, func(r diag.Resource) bool {
			return r.Type == typeLoadBalancer && r.ID == lb.Resource().ID
		})
		return ours && (c.EventName == "CreateRule" || slices.Contains(rerouting, c.EventName))
	})
}

// onlyWhere has checks run only where a condition holds of their subject: for those that cost calls.
func onlyWhere[S diag.Subject](holds func(context.Context, S) bool, checks []*diag.Check[S]) []*diag.Check[S] {
	gated := make([]*diag.Check[S], len(checks))
	for i, c := range checks {
		one := *c
		one.Run = func(ctx context.Context, subject S) ([]diag.Finding, error) {
			if !holds(ctx, subject) {
				return nil, nil
			}
			return c.Run(ctx, subject)
		}
		gated[i] = &one
	}
	return gated
}

// linksOnlyWhere has a survey of links run only where a condition holds of its subject.
func linksOnlyWhere[S diag.Subject](holds func(context.Context, S) bool, survey *diag.Survey[S]) *diag.Survey[S] {
	one := *survey
	one.Links = func(ctx context.Context, subject S) ([]diag.Link, error) {
		if !holds(ctx, subject) {
			return nil, nil
		}
		return survey.Links(ctx, subject)
	}
	return &one
}
