package ecsdiag

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// DeploymentPercentDeadlock finds percentages under which no deployment can replace a task.
var DeploymentPercentDeadlock = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.deployment-percent-deadlock", Title: "Percentages allow no deployment",
		Doc: "With the desired count of the service, minimumHealthyPercent (rounded up) allows no task to stop " +
			"before a new one runs, and maximumPercent (rounded down) allows no task more: a rolling deployment " +
			"cannot take its first step. An info while none is under way.",
		Severity: diag.SeverityError, Actions: actionsService, Breaks: []diag.Mechanism{diag.Rollout},
		Source: "Amazon ECS API reference: DeploymentConfiguration",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		svc, err := s.Describe(ctx)
		if err != nil || !rolling(svc) {
			return nil, err
		}
		c, desired := svc.DeploymentConfiguration, svc.DesiredCount
		least, most := (desired*or(c.MinimumHealthyPercent, 100)+99)/100, desired*or(c.MaximumPercent, 200)/100
		if desired == 0 || least < desired || most > desired {
			return nil, nil
		}
		f := diag.Finding{
			Resource: s.resource(svc), Severity: diag.SeverityInfo,
			Summary: fmt.Sprintf("no deployment of %s/%s can replace a task: of %d tasks at least %d must stay and at most "+
				"%d may run",
				s.cluster, s.name, desired, least, most),
			Evidence: []diag.Evidence{
				evidence(sourceServices, "deploymentConfiguration.minimumHealthyPercent", fmt.Sprint(or(c.MinimumHealthyPercent,
					100))),
				evidence(sourceServices, "deploymentConfiguration.maximumPercent", fmt.Sprint(or(c.MaximumPercent, 200))),
				evidence(sourceServices, "desiredCount", fmt.Sprint(desired)),
			},
			NextSteps: []diag.Step{{Text: "Let one task stop first, or one more run.", Changes: true, Doc: docDeployment,
				Command: fmt.Sprintf("aws ecs update-service --cluster %s --service %s --deployment-configuration "+
					"maximumPercent=200,minimumHealthyPercent=100", s.cluster, s.name)}},
		}
		if d := primary(svc); unfinished(svc) && d.RunningCount < d.DesiredCount && len(svc.Deployments) > 1 {
			f.Severity = diag.SeverityError
		}
		return []diag.Finding{f}, nil
	},
}

// rolling reports a service that ECS itself deploys by replacing tasks step by step.
func rolling(svc *types.Service) bool {
	controller := svc.DeploymentController
	return svc.DeploymentConfiguration != nil && svc.SchedulingStrategy != types.SchedulingStrategyDaemon &&
		(controller == nil || controller.Type == "" || controller.Type == types.DeploymentControllerTypeEcs) &&
		(svc.DeploymentConfiguration.Strategy == "" ||
			svc.DeploymentConfiguration.Strategy == types.DeploymentStrategyRolling)
}
