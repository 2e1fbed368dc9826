package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// StandaloneTaskFailed finds a task that did not start or ended with an error, and says why.
var StandaloneTaskFailed = &diag.Check[*Task]{
	Info: diag.Info{
		Code: "ecs.standalone-task-failed", Title: "Task failed",
		Doc: "The task did not start, or ended without being asked to and not with code 0. The cause is read as for tasks " +
			"of services. A task that " +
			"somebody or its service stopped, and a job that ended with code 0, are well.",
		Severity: diag.SeverityError, Actions: []string{"ecs:DescribeTasks", "ecs:DescribeTaskDefinition"},
		Breaks: []diag.Mechanism{diag.TaskStart, diag.TaskRun},
		Needs:  append([]diag.Mechanism{diag.HostRun, diag.AgentConnect, diag.NameResolution}, needsTasks...),
		Limits: "ECS forgets stopped tasks after about an hour.", Source: sourceStopped,
	},
	Run: func(ctx context.Context, t *Task) ([]diag.Finding, error) {
		task, err := t.Describe(ctx)
		if err != nil || aws.ToString(task.DesiredStatus) != string(types.DesiredStatusStopped) {
			return nil, err
		}
		s, failed, err := judgeAlone(ctx, t.definitions, &StoppedTask{Task: *task})
		if !failed {
			return nil, err
		}
		return []diag.Finding{t.failed(task, s)}, err
	},
}

// judgeAlone tells whether a stopped task failed, and of what. A task that somebody stopped, and one whose containers
// ended
// with 0, did not.
func judgeAlone(ctx context.Context, definitions *definitions, t *StoppedTask) (s sign, failed bool, err error) {
	s = readStop(t)
	if asked(t) && s.cause.Kind() != ecstext.Trouble {
		return s, false, nil
	}
	if !endedItself(s) {
		return s, true, nil
	}
	td, err := definitions.get(ctx, aws.ToString(t.TaskDefinitionArn))
	c := culprit(t.Containers, td)
	if c == nil || *c.ExitCode == 0 {
		return s, false, err
	}
	return s.exit(c), true, err
}

// why tells in a few words what a failed task failed of.
func (s sign) why() string {
	if strings.HasSuffix(s.field, ".exitCode") {
		return "container " + containerOf(s) + " exited with code " + s.text
	}
	return causeTitle(s.cause)
}

// causeTitle returns the title of the row that knows a cause, in lower case for the middle of a sentence.
func causeTitle(c ecstext.Cause) string {
	for _, row := range allCauses {
		if slices.Contains(row.causes, c) {
			return strings.ToLower(row.title[:1]) + row.title[1:]
		}
	}
	return "the reason is not known"
}

func (t *Task) failed(task *types.Task, s sign) diag.Finding {
	f := diag.Finding{
		Resource: diag.ResourceOf(typeTask, t.id, aws.ToString(task.TaskArn)), Since: s.at,
		Summary:  fmt.Sprintf("task %s of %s failed: %s", t.id, afterSlash(aws.ToString(task.TaskDefinitionArn)), s.why()),
		Evidence: []diag.Evidence{evidenceAt(s.source, s.field, (&group{}).quote(s), s.at)},
		NextSteps: []diag.Step{{Text: "Look at the task as long as ECS knows it.",
			Command: fmt.Sprintf("aws ecs describe-tasks --cluster %s --tasks %s", t.cluster, t.id)}},
	}
	if s.field != "stoppedReason" && aws.ToString(task.StoppedReason) != "" {
		f.Evidence = append(f.Evidence, evidenceAt(s.source, "stoppedReason", *task.StoppedReason, s.at))
	}
	if name, ok := strings.CutPrefix(aws.ToString(task.Group), "service:"); ok {
		f.Related = append(f.Related, diag.Related{Role: "service", Resource: beside(f.Resource, typeService,
			t.cluster+"/"+name)})
	}
	return f
}
