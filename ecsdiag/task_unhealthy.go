package ecsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// TaskUnhealthy finds running tasks whose container health check fails at present.
var TaskUnhealthy = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.task-unhealthy", Title: "Running task unhealthy",
		Doc: "A container of a running task fails the health check of its container definition. ECS will replace the " +
			"task.",
		Severity: diag.SeverityWarning, Actions: actionsTasks, Breaks: []diag.Mechanism{diag.HealthCheck},
		Needs: []diag.Mechanism{diag.Application, diag.NetworkPath}, Source: "Amazon ECS API reference: HealthStatus",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		return inRunning(ctx, s, "fail the health check of their container definition", func(c types.Container) string {
			if c.HealthStatus == types.HealthStatusUnhealthy {
				return "healthStatus"
			}
			return ""
		})
	},
}

// ContainerStopped finds containers that ended with an error while their task runs on.
var ContainerStopped = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.container-stopped", Title: "Side container stopped",
		Doc: "A container that is not essential ended with an error; its task runs on without it. Containers that " +
			"end with code 0 (set-up steps) are let pass.",
		Severity: diag.SeverityWarning, Actions: actionsTasks,
		Needs: []diag.Mechanism{diag.Application}, Source: "Amazon ECS API reference: Container",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		return inRunning(ctx, s, "run on without a container that ended with an error", func(c types.Container) string {
			failed := c.ExitCode != nil && ecstext.ExitCode(int(*c.ExitCode)).Class != ecstext.ExitOK
			if aws.ToString(c.LastStatus) == "STOPPED" && failed {
				return "exitCode"
			}
			return ""
		})
	},
}

// inRunning makes one finding of the containers of running tasks in which ails names a telling field.
func inRunning(ctx context.Context, s *Service, say string,
	ails func(types.Container) (field string)) ([]diag.Finding, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	running, err := s.RunningTasks(ctx)
	f := diag.Finding{Resource: s.resource(svc)}
	ailing, n := map[string]bool{}, 0
	var names []string
	for _, t := range running {
		if aws.ToString(t.LastStatus) != "RUNNING" {
			continue
		}
		n++
		for _, c := range t.Containers {
			if field := ails(c); field != "" {
				ailing[aws.ToString(t.TaskArn)] = true
				f.Evidence = append(f.Evidence, containerFact(t, c, field))
				if name := strings.TrimSpace(aws.ToString(c.Name) + " " + exitText(c, field)); !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	if len(ailing) == 0 {
		return nil, err
	}
	f.Evidence = f.Evidence[:min(len(f.Evidence), maxInstances)]
	f.Summary = fmt.Sprintf("%d of %d running tasks of %s/%s %s", len(ailing), n, s.cluster, s.name, say)
	slices.Sort(names)
	f.Summary += " (" + strings.Join(names[:min(len(names), maxSamples)], ", ") + ")"
	f.NextSteps = []diag.Step{{Text: "Look at the tasks.", Command: fmt.Sprintf("aws ecs list-tasks --cluster %s "+
		"--service-name %s", s.cluster, s.name)}}
	return []diag.Finding{f}, err
}

// exitText is the exit code of a container with the reason that ECS gives; "" of one that runs.
func exitText(c types.Container, field string) string {
	if field != "exitCode" {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", *c.ExitCode, aws.ToString(c.Reason)))
}

func containerFact(t types.Task, c types.Container, field string) diag.Evidence {
	value := cmp.Or(exitText(c, field), string(c.HealthStatus))
	return evidence(sourceTasks,
		"tasks["+shortName(aws.ToString(t.TaskArn))+"].containers["+aws.ToString(c.Name)+"]."+field, value)
}
