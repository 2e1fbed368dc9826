package ecsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const (
	// slowPull is from when on pulling the images counts as slow: most take some seconds.
	slowPull = 2 * time.Minute
	// slowStart is from when on the way from the pulled image to RUNNING counts as slow.
	slowStart = 2 * time.Minute
)

// TaskStartSlow finds tasks of the current revision that got to RUNNING, but late.
var TaskStartSlow = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.task-start-slow", Title: "Tasks start slowly",
		Doc: "Half of the tasks of the current revision took two minutes or more to pull their images, or from there to " +
			"RUNNING; or one task took far longer than the others of its revision. Every deployment, scale-out and " +
			"replacement takes that much longer.",
		Severity: diag.SeverityInfo, Actions: actionsTasksAndDef, Limits: limitStopped,
		Source: "Amazon ECS Developer Guide: Amazon ECS task lifecycle",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		svc, err := s.Describe(ctx)
		if err != nil {
			return nil, err
		}
		starts, err := s.starts(ctx, svc)
		f, found := judgeStarts(starts)
		if !found {
			return nil, err
		}
		f.Resource = s.resource(svc)
		f.Summary = s.cluster + "/" + s.name + ": " + f.Summary
		f.NextSteps = []diag.Step{{Text: "Compare the size of the image and where it is pulled from.",
			Command: "aws ecs describe-task-definition --task-definition " + afterSlash(primaryDefinition(svc)) +
				" --query 'taskDefinition.containerDefinitions[].image'"}}
		td, tdErr := s.TaskDefinition(ctx)
		f.Evidence = append(f.Evidence, patienceEvidence(svc, td)...)
		return []diag.Finding{f}, joined(err, tdErr)
	},
}

// starts are those of the running tasks of the current revision.
func (s *Service) starts(ctx context.Context, svc *types.Service) ([]start, error) {
	running, err := s.RunningTasks(ctx)
	var starts []start
	for _, t := range running {
		if t.StartedAt != nil && aws.ToString(t.TaskDefinitionArn) == primaryDefinition(svc) {
			starts = append(starts, startOf(t))
		}
	}
	return starts, err
}

// pullsSlow reports that half of the running tasks of the current revision, or more, pulled their images slowly.
func (s *Service) pullsSlow(ctx context.Context, svc *types.Service) (bool, error) {
	starts, err := s.starts(ctx, svc)
	slow := slices.DeleteFunc(slices.Clone(starts), func(x start) bool { return x.pull < slowPull })
	return len(slow) > 0 && 2*len(slow) >= len(starts), err
}

// start is how long a task took on its way.
type start struct {
	task                types.Task
	pull, launch, whole time.Duration
}

func startOf(t types.Task) start {
	return start{
		task:   t,
		pull:   between(t.PullStartedAt, t.PullStoppedAt),
		launch: between(t.PullStoppedAt, t.StartedAt),
		whole:  between(t.CreatedAt, t.StartedAt),
	}
}

// judgeStarts tells of starts that are slow as a rule, or else of one that is far slower than its peers.
func judgeStarts(starts []start) (diag.Finding, bool) {
	if len(starts) == 0 {
		return diag.Finding{}, false
	}
	middle := func(of func(start) time.Duration) start {
		slices.SortFunc(starts, func(a, b start) int {
			return cmp.Or(
				cmp.Compare(of(a), of(b)),
				cmp.Compare(aws.ToString(a.task.TaskArn), aws.ToString(b.task.TaskArn)),
			)
		})
		return starts[(len(starts)-1)/2]
	}
	launch := middle(func(s start) time.Duration { return s.launch })
	pull := middle(func(s start) time.Duration { return s.pull })
	slowest := starts[len(starts)-1] // by pull, as sorted last
	switch {
	case pull.pull >= slowPull:
		return pull.finding(fmt.Sprintf("pulling the images takes %s of the %s until a task runs (median of %d tasks)",
			words.Span(pull.pull), words.Span(pull.whole), len(starts))), true
	case launch.launch >= slowStart:
		return launch.finding(fmt.Sprintf("containers take %s to start after their images are there, %s in all "+
			"(median of %d tasks)", words.Span(launch.launch), words.Span(launch.whole), len(starts))), true
	case len(starts) > 2 && slowest.pull >= slowPull && slowest.pull >= slowFactor*pull.pull:
		return slowest.finding(fmt.Sprintf("one of %d tasks took %s to pull its images, the others %s as a rule",
			len(starts), words.Span(slowest.pull), words.Span(pull.pull))), true
	}
	return diag.Finding{}, false
}

func (s start) finding(what string) diag.Finding {
	return diag.Finding{
		Summary: what,
		Evidence: []diag.Evidence{
			evidence(sourceTasks, taskField(s.task, "pullStartedAt"), stamp(s.task.PullStartedAt)),
			evidence(sourceTasks, taskField(s.task, "pullStoppedAt"), stamp(s.task.PullStoppedAt)),
			evidence(sourceTasks, taskField(s.task, "startedAt"), stamp(s.task.StartedAt)),
		},
		Related: []diag.Related{{Resource: taskResource(aws.ToString(s.task.TaskArn)), Role: "task"}},
	}
}

// patienceEvidence quotes how long a task may take after RUNNING before its health counts against it.
func patienceEvidence(svc *types.Service, td *types.TaskDefinition) []diag.Evidence {
	var e []diag.Evidence
	if len(svc.LoadBalancers) > 0 {
		e = append(e, evidence(sourceServices, "healthCheckGracePeriodSeconds",
			fmt.Sprint(aws.ToInt32(svc.HealthCheckGracePeriodSeconds))))
	}
	if td == nil {
		return e
	}
	for _, c := range td.ContainerDefinitions {
		if c.HealthCheck != nil {
			e = append(e, evidence(sourceTaskDefinition, path(c, "healthCheck"), healthCheckText(c.HealthCheck)))
		}
	}
	return e
}
