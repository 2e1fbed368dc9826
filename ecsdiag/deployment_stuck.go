package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
	"github.com/awsdiag/awsdiag/internal/words"
)

// When a deployment in progress counts as stuck: soon if there are signs of trouble, late if there are none. Most
// rolling
// deployments take a few minutes; draining old targets alone takes five by default.
const (
	stuckInTrouble = 3 * time.Minute
	stuckInSilence = 30 * time.Minute
	// failedTasks is from how many failed tasks on a deployment counts as in trouble: one may be an accident.
	failedTasks = 2
)

const docDeployment = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html"

// DeploymentStuck finds a deployment that is in progress and does not get on.
var DeploymentStuck = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.deployment-stuck", Title: "Deployment does not get on",
		Doc: "The primary deployment is in progress, but its tasks fail or find no place, or it takes far longer " +
			"than deployments do. Without a circuit breaker ECS tries on for ever. Old tasks go on serving meanwhile.",
		Severity: diag.SeverityError, Actions: actionsTasksAndDef, Breaks: []diag.Mechanism{diag.Rollout},
		Needs:  append([]diag.Mechanism{diag.Rollout, diag.HostRun, diag.AgentConnect}, needsTasks...),
		Limits: limitStopped, Source: "Amazon ECS API reference: Deployment",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		found, err := s.readSigns(ctx)
		if found.service == nil {
			return nil, err
		}
		d := primary(found.service)
		if d == nil || d.RolloutState != types.DeploymentRolloutStateInProgress || d.CreatedAt == nil {
			return nil, err
		}
		trouble := found.troubleSince(*d.CreatedAt)
		since, stuck := stuckSince(found.service, d, trouble, s.window.End)
		if !stuck {
			return nil, err
		}
		f := stuckFinding(s, found.service, d, trouble, since)
		differences, diffErr := s.differences(ctx)
		f.Evidence = append(f.Evidence, differences...)
		return []diag.Finding{f}, joined(err, diffErr)
	},
}

func primary(svc *types.Service) *types.Deployment {
	i := slices.IndexFunc(svc.Deployments, isPrimary)
	if i < 0 {
		return nil
	}
	return &svc.Deployments[i]
}

// troubleSince returns the signs of trouble since a time: events of trouble, and stopped tasks that something ailed.
func (x signs) troubleSince(t time.Time) []sign {
	return slices.DeleteFunc(slices.Clone(x.all), func(s sign) bool {
		return s.at.Before(t) || s.cause.Kind() != ecstext.Trouble
	})
}

// stuckSince tells since when a deployment does not get on: from its first sign of trouble, or from when it should long
// have been through.
func stuckSince(svc *types.Service, d *types.Deployment, trouble []sign, now time.Time) (time.Time, bool) {
	age := now.Sub(*d.CreatedAt)
	switch {
	case len(trouble) >= failedTasks && age >= stuckInTrouble:
		return trouble[0].at, true
	case d.FailedTasks >= failedTasks && age >= stuckInTrouble:
		return d.CreatedAt.Add(stuckInTrouble), true
	case age >= stuckInSilence+bake(svc):
		return d.CreatedAt.Add(stuckInSilence + bake(svc)), true
	}
	return time.Time{}, false
}

// bake is how long a deployment stays in progress on purpose: its bake time, and the steps of a canary or linear shift.
func bake(svc *types.Service) time.Duration {
	c := svc.DeploymentConfiguration
	if c == nil {
		return 0
	}
	minutes := aws.ToInt32(c.BakeTimeInMinutes)
	if c.CanaryConfiguration != nil {
		minutes += aws.ToInt32(c.CanaryConfiguration.CanaryBakeTimeInMinutes)
	}
	if l := c.LinearConfiguration; l != nil && aws.ToFloat64(l.StepPercent) > 0 {
		minutes += aws.ToInt32(l.StepBakeTimeInMinutes) * int32(100 / *l.StepPercent)
	}
	return time.Duration(minutes) * time.Minute
}

func stuckFinding(s *Service, svc *types.Service, d *types.Deployment, trouble []sign, since time.Time) diag.Finding {
	id := aws.ToString(d.Id)
	f := diag.Finding{
		Resource: s.resource(svc), Since: since,
		Summary: fmt.Sprintf("deployment of %s to %s is in progress for %s and does not get on: %d of %d tasks run, %d "+
			"failed",
			s.cluster+"/"+s.name, afterSlash(aws.ToString(d.TaskDefinition)), words.Span(s.window.End.Sub(*d.CreatedAt)),
			d.RunningCount, d.DesiredCount, d.FailedTasks),
		Evidence: []diag.Evidence{
			evidenceAt(sourceServices, "deployments["+id+"].rolloutState", string(d.RolloutState), *d.CreatedAt),
			evidence(sourceServices, "deployments["+id+"]", fmt.Sprintf("desired %d, running %d, pending %d, failed %d",
				d.DesiredCount, d.RunningCount, d.PendingCount, d.FailedTasks)),
		},
		Related: []diag.Related{{Resource: taskDefinitionResource(aws.ToString(d.TaskDefinition)), Role: "new revision"}},
		NextSteps: []diag.Step{
			{Text: "Read the latest events of the service.", Command: fmt.Sprintf("aws ecs describe-services --cluster %s "+
				"--services %s --query 'services[0].events[:10]'", s.cluster, s.name)},
			{Text: "Turn the deployment circuit breaker on, so that the next one that fails goes back by itself.",
				Changes: true, Doc: docDeployment,
				Command: fmt.Sprintf("aws ecs update-service --cluster %s --service %s --deployment-configuration "+
					"'deploymentCircuitBreaker={enable=true,rollback=true}'", s.cluster, s.name)},
		},
	}
	if n := len(trouble); n > 0 {
		last := trouble[n-1]
		f.Evidence = append(f.Evidence, evidenceAt(last.source, last.path(), last.text, last.at))
	}
	for _, other := range svc.Deployments {
		if isPrimary(other) || other.RunningCount+other.DesiredCount == 0 {
			continue
		}
		which := "an earlier deployment that never completed"
		if other.RolloutState == types.DeploymentRolloutStateCompleted {
			which = "the deployment before"
		}
		f.Evidence = append(f.Evidence, evidence(sourceServices, "deployments["+aws.ToString(other.Id)+"]",
			fmt.Sprintf("%s still runs %d of %d tasks of %s",
				which, other.RunningCount, other.DesiredCount, afterSlash(aws.ToString(other.TaskDefinition)))))
	}
	return f
}
