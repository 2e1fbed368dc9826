package triage

import (
	"context"
	"errors"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// ownLogs are the log groups that the tasks of a service write to in the scope, each once. The walk reads them anyway.
func (s *Scene) ownLogs(ctx context.Context, service *ecsdiag.Service) ([]*logs.Group, error) {
	definition, err := service.TaskDefinition(ctx)
	if err != nil || s.Scope.Clients.Logs == nil {
		return nil, err
	}
	var groups []*logs.Group
	for _, target := range ecsdiag.LogTargets(definition) {
		if target.Region != "" && target.Region != s.Scope.Region {
			continue
		}
		group := s.LogGroup(diag.Resource{Type: typeLogGroup, ID: target.Group})
		if !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
	}
	return groups, nil
}

// inLogs makes a survey of a service of what its logs lead to. It belongs to the service and not to the log group,
// which the walk may come to from a task definition as well.
func (s *Scene) inLogs(of func(service diag.Resource) *diag.Survey[*logs.Group]) *diag.Survey[*ecsdiag.Service] {
	lead := of(diag.Resource{})
	return &diag.Survey[*ecsdiag.Service]{
		Name: lead.Name, Actions: append([]string{"ecs:DescribeTaskDefinition"}, lead.Actions...),
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			groups, err := s.ownLogs(ctx, service)
			errs := []error{err}
			var links []diag.Link
			for _, group := range groups {
				found, err := of(service.Resource()).Links(ctx, group)
				links, errs = append(links, found...), append(errs, err)
			}
			return links, errors.Join(errs...)
		},
	}
}
