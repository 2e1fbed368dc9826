package ecsdiag

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

const sourceExec = "Amazon ECS Developer Guide: Monitor Amazon ECS containers with ECS Exec"

const limitExec = "ECS tells neither whether who asks may call ecs:ExecuteCommand, nor what the task role allows, nor " +
	"whether the agent reaches ssmmessages; an agent that runs does not prove that a session begins."

var breaksSession = []diag.Mechanism{diag.Session}

// execFault is one row of the table of checks on ECS Exec: what keeps a session out of the tasks of a service.
type execFault struct {
	code       diag.Code
	title      string
	doc        string
	severity   diag.Severity
	confidence diag.Confidence
	breaks     []diag.Mechanism
	needs      []diag.Mechanism
	actions    []string
	find       func(context.Context, *execution) (execHit, error)
	steps      func(*execution) []diag.Step
}

// execHit is what a row found; without evidence it found nothing.
type execHit struct {
	what     string // completes "ECS Exec into prod/api: …"
	severity diag.Severity
	proof    []diag.Evidence
	tasks    []types.Task
	also     []diag.Related
}

func (x execFault) check() *diag.Check[*Service] {
	return &diag.Check[*Service]{
		Info: diag.Info{Code: x.code, Title: x.title, Doc: x.doc, Severity: x.severity, Confidence: x.confidence,
			Breaks: x.breaks, Needs: x.needs, Actions: slices.Concat(actionsTasksAndDef, x.actions), Limits: limitExec,
			Source: sourceExec},
		Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
			e, err := s.execution(ctx)
			if e == nil {
				return nil, err
			}
			hit, findErr := x.find(ctx, e)
			err = joined(err, findErr)
			if len(hit.proof) == 0 {
				return nil, err
			}
			return []diag.Finding{e.finding(x, hit)}, err
		},
	}
}

func (x *execution) finding(fault execFault, hit execHit) diag.Finding {
	f := diag.Finding{
		Resource: x.subject.resource(x.service), Severity: hit.severity, Evidence: hit.proof,
		Summary: fmt.Sprintf("ECS Exec into %s/%s: %s", x.subject.cluster, x.subject.name, hit.what),
		Related: hit.also,
	}
	for _, t := range hit.tasks[:min(len(hit.tasks), maxSamples)] {
		f.Related = append(f.Related, diag.Related{Resource: taskResource(aws.ToString(t.TaskArn)), Role: "task"})
	}
	if fault.steps != nil {
		f.NextSteps = fault.steps(x)
	}
	return f
}

// stepDescribeTasks looks at the managed agents of the service's tasks.
func stepDescribeTasks(x *execution) diag.Step {
	step := diag.Step{Text: "Look at the agents of a task."}
	if len(x.running) > 0 {
		step.Command = fmt.Sprintf("aws ecs describe-tasks --cluster %s --tasks %s --query "+
			"'tasks[].[enableExecuteCommand,platformVersion,containers[].[name,managedAgents]]'", x.subject.cluster,
			shortName(aws.ToString(x.running[0].TaskArn)))
	}
	return step
}

// stepRedeploy enables ECS Exec and replaces the tasks: it only takes effect on tasks that start afterwards.
func stepRedeploy(text string) func(*execution) []diag.Step {
	return func(x *execution) []diag.Step {
		return []diag.Step{stepDescribeTasks(x), {Text: text, Changes: true, Command: fmt.Sprintf("aws ecs "+
			"update-service --cluster %s --service %s --enable-execute-command --force-new-deployment", x.subject.cluster,
			x.subject.name)}}
	}
}

// stepTaskRole shows what the task role allows.
func stepTaskRole(x *execution) []diag.Step {
	steps := []diag.Step{stepDescribeTasks(x)}
	for _, t := range x.enabled() {
		if td := x.definition(t); td != nil && aws.ToString(td.TaskRoleArn) != "" {
			return append(steps, diag.Step{Text: "Ask IAM whether the task role may open the channels of a session.",
				Command: "aws iam simulate-principal-policy --policy-source-arn " + *td.TaskRoleArn +
					" --action-names ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel " +
					"ssmmessages:OpenControlChannel ssmmessages:OpenDataChannel " +
					"--query 'EvaluationResults[].[EvalActionName,EvalDecision]' --output text"})
		}
	}
	return steps
}

func taskField(t types.Task, field string) string {
	return "tasks[" + shortName(aws.ToString(t.TaskArn)) + "]." + field
}
