package ecsdiag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Task is one task, of a service or alone. Make one with [NewTask].
type Task struct {
	api         TaskAPI
	cluster, id string
	arn         string
	window      diag.Window
	described   diag.Memo[*types.Task]
	definitions *definitions
}

var _ diag.Subject = (*Task)(nil)

// NewTask makes a task of a cluster from its id or ARN.
func NewTask(api TaskAPI, cluster, id string, window diag.Window) *Task {
	t := &Task{api: api, cluster: shortName(cluster), id: shortName(id), window: window,
		definitions: &definitions{api: api}}
	if t.id != id {
		t.arn = id
	}
	return t
}

// Resource names the task.
func (t *Task) Resource() diag.Resource { return diag.ResourceOf(typeTask, t.id, t.arn) }

// Window returns what the task looks back on.
func (t *Task) Window() diag.Window { return t.window }

// Describe returns what DescribeTasks says. A task that does not exist, or that ECS forgot since it stopped (after
// about one hour), is an error of [diag.KindNotFound].
func (t *Task) Describe(ctx context.Context) (*types.Task, error) {
	return t.described.Get(ctx, func(ctx context.Context) (*types.Task, error) {
		found, err := describeTasks(ctx, t.api, t.cluster, []string{t.id})
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, diag.Errorf(diag.KindNotFound,
				"describing task %s of %s: ECS does not know it (it forgets stopped tasks after about an hour)", t.id, t.cluster)
		}
		return &found[0], nil
	})
}

// TaskDefinition returns the task definition that the task was made from.
func (t *Task) TaskDefinition(ctx context.Context) (*types.TaskDefinition, error) {
	task, err := t.Describe(ctx)
	if err != nil {
		return nil, err
	}
	return t.definitions.get(ctx, aws.ToString(task.TaskDefinitionArn))
}
