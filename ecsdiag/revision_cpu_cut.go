package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
	"github.com/awsdiag/awsdiag/internal/words"
)

// RevisionCPUCut finds releases that give tasks less CPU than before, and whose tasks never pass their health checks.
var RevisionCPUCut = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.revision-cpu-cut", Title: "Release with less CPU never gets healthy",
		Doc: "The revision that is deployed gives its tasks at most three quarters of the CPU that the revision before it " +
			"gave, and its tasks give no answer to their health checks until they are stopped. A program that starts on a " +
			"quarter of the CPU takes about four times as long, and may not be ready when its grace period ends.",
		Severity: diag.SeverityWarning, Confidence: diag.Possible, Actions: actionsTasksAndDef,
		Breaks: []diag.Mechanism{diag.Application},
		Limits: limitStopped + " Checks that are answered with a wrong status code do not count: then the program runs.",
		Source: "Amazon ECS Developer Guide: Task size; Service.healthCheckGracePeriodSeconds",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		found, err := s.readSigns(ctx)
		if found.service == nil {
			return nil, err
		}
		g := group{subject: s, service: found.service}
		for _, x := range found.with(append(slices.Clone(elbCauses), ecstext.ContainerHealthCheckFailed)...) {
			if strings.Contains(x.text, "these codes") {
				return nil, err
			}
			if x.task != nil && x.task.StartedAt != nil &&
				aws.ToString(x.task.TaskDefinitionArn) == primaryDefinition(found.service) {
				g.signs = append(g.signs, x)
			}
		}
		if len(g.signs) < repeated {
			return nil, err
		}
		newer, defErr := s.TaskDefinition(ctx)
		older, oldErr := s.LastSteadyTaskDefinition(ctx)
		err = joined(err, defErr, oldErr)
		was, is := cpuOf(older), cpuOf(newer)
		if was == 0 || is == 0 || 4*is > 3*was {
			return nil, err
		}
		return []diag.Finding{g.cpuCut(older, newer)}, err
	},
}

func (g *group) cpuCut(older, newer *types.TaskDefinition) diag.Finding {
	grace := aws.ToInt32(g.service.HealthCheckGracePeriodSeconds)
	name := aws.ToString(newer.Family)
	return diag.Finding{
		Resource: g.subject.resource(g.service),
		Since:    *g.first().task.StartedAt,
		Summary: fmt.Sprintf("%s:%d gives tasks of %s %d CPU units, :%d gave %d: %d tasks started on them and never got "+
			"healthy, stopped after %s on average; their grace period is %d s", name, newer.Revision, g.name(), cpuOf(newer),
			older.Revision, cpuOf(older), len(g.signs), words.Span(lifetime(g.signs)), grace),
		Evidence: append(g.evidence(), append(quoteDifferences(older, newer),
			evidence(sourceServices, "healthCheckGracePeriodSeconds", fmt.Sprint(grace)))...),
		Related: []diag.Related{{Resource: taskDefinitionResource(aws.ToString(newer.TaskDefinitionArn)),
			Role: "task definition"}},
		NextSteps: []diag.Step{
			{Text: "Read in the log of a stopped task how far its start got."},
			{Text: "Give the tasks their CPU back in a new revision, or lengthen the grace period if the program only starts " +
				"slowly on so little.", Changes: true}},
	}
}

// cpuOf is the size of a task in CPU units: its own, or else the sum of its containers. It is zero where none is set.
func cpuOf(td *types.TaskDefinition) int {
	if td == nil {
		return 0
	}
	if n, err := strconv.Atoi(aws.ToString(td.Cpu)); err == nil {
		return n
	}
	sum := 0
	for _, c := range td.ContainerDefinitions {
		sum += int(c.Cpu)
	}
	return sum
}
