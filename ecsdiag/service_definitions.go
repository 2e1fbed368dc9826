package ecsdiag

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// TaskDefinition returns the task definition of the primary deployment: the one that new tasks are made from. A service
// with an external or CodeDeploy controller has no deployments; then that of the service, or of its primary task set.
func (s *Service) TaskDefinition(ctx context.Context) (*types.TaskDefinition, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	return s.definitions.get(ctx, primaryDefinition(svc))
}

func primaryDefinition(svc *types.Service) string {
	for _, d := range svc.Deployments {
		if isPrimary(d) && aws.ToString(d.TaskDefinition) != "" {
			return aws.ToString(d.TaskDefinition)
		}
	}
	for _, t := range svc.TaskSets {
		if aws.ToString(t.Status) == "PRIMARY" && aws.ToString(t.TaskDefinition) != "" {
			return aws.ToString(t.TaskDefinition)
		}
	}
	return aws.ToString(svc.TaskDefinition)
}

// LastSteadyTaskDefinition returns the task definition of the deployment that the primary one replaces: of the newest
// other deployment that completed and whose revision differs. It is nil if there is none, as when the primary
// deployment has completed.
func (s *Service) LastSteadyTaskDefinition(ctx context.Context) (*types.TaskDefinition, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	ref, err := s.steadyDefinition(ctx, primaryDefinition(svc))
	if ref == "" || err != nil {
		return nil, err
	}
	return s.definitions.get(ctx, ref)
}

func (s *Service) steadyDefinition(ctx context.Context, primary string) (string, error) {
	deployments, err := s.Deployments(ctx)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(deployments, func(d types.Deployment) bool {
		return !isPrimary(d) && d.RolloutState == types.DeploymentRolloutStateCompleted &&
			aws.ToString(d.TaskDefinition) != primary
	})
	if i < 0 {
		return "", nil
	}
	return aws.ToString(deployments[i].TaskDefinition), nil
}

// TaskDefinitions returns the task definitions of all current deployments as subjects that share the service's facts,
// that of the primary one first. It calls for nothing but the service.
func (s *Service) TaskDefinitions(ctx context.Context) ([]*TaskDefinition, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	var subjects []*TaskDefinition
	for _, ref := range currentDefinitions(svc) {
		subjects = append(subjects, s.Definition(ref))
	}
	return subjects, nil
}

// Definition returns a task definition, by ARN or "family:revision", as a subject that shares the service's facts.
func (s *Service) Definition(ref string) *TaskDefinition {
	return &TaskDefinition{ref: ref, definitions: s.definitions}
}

// currentDefinitions are the task definitions of deployments and task sets, the primary one first, without repeats.
func currentDefinitions(svc *types.Service) []string {
	refs := []string{primaryDefinition(svc)}
	for _, d := range svc.Deployments {
		refs = append(refs, aws.ToString(d.TaskDefinition))
	}
	for _, t := range svc.TaskSets {
		refs = append(refs, aws.ToString(t.TaskDefinition))
	}
	var unique []string
	for _, ref := range refs {
		if ref != "" && !slices.Contains(unique, ref) {
			unique = append(unique, ref)
		}
	}
	return unique
}
