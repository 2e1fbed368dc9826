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
		s := readStop(&StoppedTask{Task: *task})
		why := causeTitle(s.cause)
		if asked(s.task) && s.cause.Kind() != ecstext.Trouble {
			return nil, nil
		}
		if endedItself(s) {
			td, defErr := t.TaskDefinition(ctx)
			err = defErr
			c := culprit(task.Containers, td)
			if c == nil || *c.ExitCode == 0 {
				return nil, err
			}
			s = s.exit(c)
			why = "container " + aws.ToString(c.Name) + " exited with code " + s.text
		}
		return []diag.Finding{t.failed(task, s, why)}, err
	},
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

func (t *Task) failed(task *types.Task, s sign, why string) diag.Finding {
	f := diag.Finding{
		Resource: diag.ResourceOf(typeTask, t.id, aws.ToString(task.TaskArn)), Since: s.at,
		Summary:  fmt.Sprintf("task %s of %s failed: %s", t.id, afterSlash(aws.ToString(task.TaskDefinitionArn)), why),
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
