package ecsdiag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// TaskDefinition is one revision of a task definition. Make one with [NewTaskDefinition] or [Service.TaskDefinitions].
type TaskDefinition struct {
	ref         string
	definitions *definitions
}

var _ diag.Subject = (*TaskDefinition)(nil)

// NewTaskDefinition makes a task definition from its ARN or "family:revision"; a family alone means its newest active
// revision.
func NewTaskDefinition(api TaskDefinitionAPI, ref string) *TaskDefinition {
	return &TaskDefinition{ref: ref, definitions: &definitions{api: api}}
}

// Resource names the task definition.
func (d *TaskDefinition) Resource() diag.Resource { return taskDefinitionResource(d.ref) }

// Describe returns what DescribeTaskDefinition says. A revision that does not exist is an error of
// [diag.KindNotFound].
func (d *TaskDefinition) Describe(ctx context.Context) (*types.TaskDefinition, error) {
	return d.definitions.get(ctx, d.ref)
}
