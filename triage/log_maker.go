package triage

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// noteLogger remembers from where the walk came to a log group.
func (s *Scene) noteLogger(group, from diag.Resource) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loggers[group.ID] = append(s.loggers[group.ID], from)
}

// makesLogGroup tells whether the awslogs driver of one of those who log to a group makes it where it is missing
// ("Send Amazon ECS logs to CloudWatch", awslogs-create-group). Their task definitions were read on the way here.
func (s *Scene) makesLogGroup(ctx context.Context, group string) (bool, error) {
	s.mu.Lock()
	loggers := slices.Clone(s.loggers[group])
	s.mu.Unlock()
	var errs []error
	for _, from := range loggers {
		td, err := s.definitionOf(ctx, from)
		if slices.ContainsFunc(ecsdiag.LogTargets(td),
			func(t ecsdiag.LogTarget) bool { return t.Group == group && t.CreateGroup }) {
			return true, nil
		}
		errs = append(errs, err)
	}
	return false, errors.Join(errs...)
}

// definitionOf returns the task definition of a service, a task or itself; nil of anything else.
func (s *Scene) definitionOf(ctx context.Context, r diag.Resource) (*types.TaskDefinition, error) {
	switch r.Type {
	case typeService:
		return s.Service(r).TaskDefinition(ctx)
	case typeTask:
		return s.Task(r).TaskDefinition(ctx)
	case typeTaskDefinition:
		return s.TaskDefinition(r).Describe(ctx)
	}
	return nil, nil
}
