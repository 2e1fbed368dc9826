package ecsdiag

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// startsIn is how long a new task may take from its creation before a service counts as short of it.
const startsIn = 5 * time.Minute

// ServiceBelowDesired finds a service that runs fewer tasks than it wants, and not because it just began to.
var ServiceBelowDesired = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.service-below-desired", Title: "Too few tasks",
		Doc: "The service runs fewer tasks than it wants. Tasks on the way for less than five minutes count as " +
			"running, as long as nothing ails the service; a deployment of less than five minutes is let pass.",
		Severity: diag.SeverityError, Actions: actionsTasks, Breaks: []diag.Mechanism{diag.TaskCount},
		Needs:  append([]diag.Mechanism{diag.HostRun, diag.AgentConnect, diag.Rollout}, needsTasks...),
		Limits: "ECS does not tell since when a service is short of tasks.", Source: "Amazon ECS API reference: Service",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		found, err := s.readSigns(ctx)
		if found.service == nil || found.service.RunningCount >= found.service.DesiredCount ||
			found.service.SchedulingStrategy == types.SchedulingStrategyDaemon {
			return nil, err
		}
		running, tasksErr := s.RunningTasks(ctx)
		err = joined(err, tasksErr)
		svc, now := found.service, s.window.End
		trouble := found.troubleSince(now.Add(-recent))
		if len(trouble) == 0 && (settling(svc, now) || int(svc.RunningCount)+onTheWay(running,
			now) >= int(svc.DesiredCount)) {
			return nil, err
		}
		f := diag.Finding{
			Resource: s.resource(svc), Severity: diag.SeverityWarning,
			Summary: fmt.Sprintf("%s/%s runs %d of %d tasks, %d pending", s.cluster, s.name, svc.RunningCount,
				svc.DesiredCount, svc.PendingCount),
			Evidence: []diag.Evidence{
				evidence(sourceServices, "runningCount", fmt.Sprint(svc.RunningCount)),
				evidence(sourceServices, "desiredCount", fmt.Sprint(svc.DesiredCount)),
				evidence(sourceServices, "pendingCount", fmt.Sprint(svc.PendingCount)),
			},
			NextSteps: []diag.Step{{Text: "Read the latest events of the service.",
				Command: fmt.Sprintf("aws ecs describe-services --cluster %s --services %s --query 'services[0].events[:10]'",
					s.cluster, s.name)}},
		}
		if svc.RunningCount == 0 {
			f.Severity = diag.SeverityError
		}
		return []diag.Finding{f}, err
	},
}

// settling reports a service whose primary deployment or desired count is so young that tasks may be missing still.
func settling(svc *types.Service, now time.Time) bool {
	if d := primary(svc); d != nil && now.Sub(aws.ToTime(d.CreatedAt)) < startsIn {
		return true
	}
	for _, e := range svc.Events {
		cause := ecstext.ServiceEvent(aws.ToString(e.Message)).Cause
		if cause == ecstext.DesiredCountSet && now.Sub(aws.ToTime(e.CreatedAt)) < startsIn {
			return true
		}
	}
	return false
}

// onTheWay counts tasks that do not run yet and are young.
func onTheWay(running []types.Task, now time.Time) int {
	n := 0
	for _, t := range running {
		if aws.ToString(t.LastStatus) != "RUNNING" && now.Sub(aws.ToTime(t.CreatedAt)) < startsIn {
			n++
		}
	}
	return n
}

// ServiceDesiredZero finds a service that wants no task.
var ServiceDesiredZero = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.service-desired-zero", Title: "Service scaled to zero",
		Doc: "The desired count is 0, so that ECS runs no task. A warning behind a load balancer if tasks were taken " +
			"away within the window; an info else, since a service may rest at zero on purpose.",
		Severity: diag.SeverityWarning, Actions: actionsService, Breaks: []diag.Mechanism{diag.TaskCount},
		Source: "Amazon ECS API reference: Service",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		svc, err := s.Describe(ctx)
		if err != nil || svc.DesiredCount != 0 || svc.SchedulingStrategy == types.SchedulingStrategyDaemon ||
			aws.ToString(svc.Status) != "ACTIVE" {
			return nil, err
		}
		f := diag.Finding{
			Resource: s.resource(svc), Severity: diag.SeverityInfo,
			Summary:  fmt.Sprintf("%s/%s wants no task: its desired count is 0, %d run", s.cluster, s.name, svc.RunningCount),
			Evidence: []diag.Evidence{evidence(sourceServices, "desiredCount", "0")},
			NextSteps: []diag.Step{{Text: "Scale the service up, if it should serve.", Changes: true,
				Command: fmt.Sprintf("aws ecs update-service --cluster %s --service %s --desired-count 1", s.cluster, s.name)}},
		}
		if e := s.lastTakenAway(svc); e != nil {
			f.Since = aws.ToTime(e.CreatedAt)
			f.Evidence = append(f.Evidence, evidenceAt(sourceServices, "events[].message", aws.ToString(e.Message), f.Since))
			if len(targetGroups(svc)) > 0 {
				f.Severity = diag.SeverityWarning
			}
		}
		return []diag.Finding{f}, nil
	},
}

// lastTakenAway returns the latest event of the window that tells of tasks that were stopped or no longer wanted.
func (s *Service) lastTakenAway(svc *types.Service) *types.ServiceEvent {
	var last *types.ServiceEvent
	for i := range svc.Events {
		e := &svc.Events[i]
		cause := ecstext.ServiceEvent(aws.ToString(e.Message)).Cause
		away := cause == ecstext.TasksStopped || cause == ecstext.DesiredCountSet || cause == ecstext.Draining
		at := aws.ToTime(e.CreatedAt)
		if away && !at.Before(s.window.Start) && (last == nil || at.After(aws.ToTime(last.CreatedAt))) {
			last = e
		}
	}
	return last
}

// ServiceNotActive finds a service that is being deleted or was.
var ServiceNotActive = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.service-not-active", Title: "Service deleted",
		Doc:      "The service is DRAINING or INACTIVE: it was deleted. ECS starts no tasks for it.",
		Severity: diag.SeverityError, Actions: actionsService, Breaks: []diag.Mechanism{diag.TaskCount},
		Source: "Amazon ECS API reference: Service",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		svc, err := s.Describe(ctx)
		if err != nil || svc.Status == nil || *svc.Status == "ACTIVE" {
			return nil, err
		}
		return []diag.Finding{{
			Resource: s.resource(svc),
			Summary: fmt.Sprintf("%s/%s is %s: the service was deleted, %d tasks still run", s.cluster, s.name, *svc.Status,
				svc.RunningCount),
			Evidence: []diag.Evidence{evidence(sourceServices, "status", *svc.Status)},
			NextSteps: []diag.Step{{Text: "Find out who deleted it.",
				Command: "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=DeleteService " +
					"--max-results 10"}},
		}}, nil
	},
}
