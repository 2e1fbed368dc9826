package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// ExecCall is a call of ExecuteCommand that IAM refused.
type ExecCall struct {
	At time.Time
	// Who called, as CloudTrail names them; Role is the name of the role that they act as, "" for none. Message is the
	// error's message, which names the task or cluster and says what kind of policy refused.
	Who, Role, Message string
	// Task is the task's ID or ARN in the request, "" where CloudTrail left the request out.
	Task string
}

// ExecAttempts are the sessions that people tried to start in tasks of a service.
type ExecAttempts struct {
	service *Service
	refused func(context.Context) ([]ExecCall, error)
	known   diag.Memo[[]ExecCall]
}

var _ diag.Subject = (*ExecAttempts)(nil)

// NewExecAttempts makes the attempts on a service. ECS keeps no refused ones: refused is asked, who reads CloudTrail,
// for those of the region, the oldest first.
func NewExecAttempts(service *Service, refused func(context.Context) ([]ExecCall, error)) *ExecAttempts {
	return &ExecAttempts{service: service, refused: refused}
}

// Resource names the service.
func (a *ExecAttempts) Resource() diag.Resource { return a.service.Resource() }

// Refused returns the attempts on the cluster or on a running task of the service that were refused, the oldest first.
func (a *ExecAttempts) Refused(ctx context.Context) ([]ExecCall, error) {
	return a.known.Get(ctx, func(ctx context.Context) ([]ExecCall, error) {
		all, err := a.refused(ctx)
		if len(all) == 0 {
			return nil, err
		}
		running, tasksErr := a.service.RunningTasks(ctx)
		others := func(c ExecCall) bool { return !a.concerns(c, running) }
		return slices.DeleteFunc(slices.Clone(all), others), joined(err, tasksErr)
	})
}

// concerns reports a call on one of the tasks, or on the whole cluster: ecs:ExecuteCommand is checked against both
// (Service Authorization Reference, Amazon ECS).
func (a *ExecAttempts) concerns(c ExecCall, running []types.Task) bool {
	for _, word := range strings.Fields(c.Message) {
		if strings.HasSuffix(strings.TrimRight(word, ".,"), ":cluster/"+a.service.cluster) {
			return true
		}
	}
	return slices.ContainsFunc(running, func(t types.Task) bool {
		arn := aws.ToString(t.TaskArn)
		return arn != "" && (strings.Contains(c.Message, arn) || shortName(c.Task) == shortName(arn))
	})
}

// ExecAttemptsChecks returns all checks of [ExecAttempts].
func ExecAttemptsChecks() []*diag.Check[*ExecAttempts] {
	return []*diag.Check[*ExecAttempts]{ExecRefused}
}

// ExecRefused reports callers whom IAM does not let run ExecuteCommand.
var ExecRefused = &diag.Check[*ExecAttempts]{
	Info: diag.Info{
		Code: "ecs.exec-refused", Title: "Caller may not use ECS Exec", Severity: diag.SeverityError,
		Doc: "ExecuteCommand on the cluster or on a task of the service was refused for want of permission: the caller's " +
			"policies do not allow ecs:ExecuteCommand on it, or deny it. The task has nothing to do with it.",
		Actions: []string{"cloudtrail:LookupEvents", "ecs:ListTasks", "ecs:DescribeTasks"},
		Breaks:  []diag.Mechanism{diag.Session, diag.Permission},
		Limits:  "CloudTrail shows a call minutes after it was made. Calls on tasks that are gone are let pass.",
		Source:  sourceExec + ", Limit access to the execute command action",
	},
	Run: func(ctx context.Context, a *ExecAttempts) ([]diag.Finding, error) {
		all, err := a.Refused(ctx)
		if len(all) == 0 {
			return nil, err
		}
		return []diag.Finding{a.finding(all)}, err
	},
}

// finding tells of the calls, by the last of them.
func (a *ExecAttempts) finding(all []ExecCall) diag.Finding {
	first, last := all[0], all[len(all)-1]
	f := diag.Finding{Since: first.At,
		Summary: fmt.Sprintf("%s may not run commands in tasks of %s/%s: ecs:ExecuteCommand was refused (AccessDenied); %s",
			last.Who, a.service.cluster, a.service.name, calls(len(all), "call", first.At, last.At)),
		NextSteps: []diag.Step{{Text: "Allow the caller ecs:ExecuteCommand on the cluster and its tasks.", Changes: true,
			Doc: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html"}},
	}
	if last.Role != "" {
		role := diag.Resource{Type: "AWS::IAM::Role", ID: last.Role}
		f.Related = append(f.Related, diag.Related{Resource: role, Role: "called by"})
	}
	for _, c := range all[max(0, len(all)-maxSamples):] {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: "cloudtrail:LookupEvents", Field: "ExecuteCommand.errorMessage",
			Value: c.Message, At: c.At})
	}
	return f
}
