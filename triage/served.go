package triage

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
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

// rerouted returns the load balancer whose listeners or rules were changed within the window: none where several were, as
// nobody knows which of them it was.
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

// servedPlan asks whether anything sends requests to a service that the question is about: where they do not come through,
// and, of a question about anything, where somebody changed where a load balancer sends them.
func (s *Scene) servedPlan(service *ecsdiag.Service) diag.Plan {
	served := s.served(service)
	checks := albdiag.ServedChecks()
	if !s.missesRequests() {
		for i, c := range checks {
			checks[i] = s.whereRerouted(c)
		}
	}
	return diag.Join(diag.On(served, checks...), diag.Observe(served, albdiag.ServedSurvey))
}

// whereRerouted has a check run only where a load balancer was changed.
func (s *Scene) whereRerouted(c *diag.Check[*albdiag.Served]) *diag.Check[*albdiag.Served] {
	gated := *c
	gated.Run = func(ctx context.Context, served *albdiag.Served) ([]diag.Finding, error) {
		if found, _ := s.rerouted(ctx); len(found) == 0 { // its error is told by the checks of changes
			return nil, nil
		}
		return c.Run(ctx, served)
	}
	return &gated
}
