package ecsfake

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// ListTasks returns the ARNs of a cluster's tasks by service, family, container instance and desired status (RUNNING
// where none is asked for), 100 a page.
func (c *Client) ListTasks(ctx context.Context, in *ecs.ListTasksInput, _ ...options) (*ecs.ListTasksOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:ListTasks", in, func(in *ecs.ListTasksInput) (*ecs.ListTasksOutput,
		error) {
		cluster, err := c.cluster(in.Cluster)
		if err != nil {
			return nil, err
		}
		if in.ServiceName != nil && !c.hasService(cluster, short(in.ServiceName)) {
			return nil, diagfake.APIError("ServiceNotFoundException", "Service not found.")
		}
		var arns []string
		for i := range c.Tasks {
			if short(c.Tasks[i].ClusterArn) == cluster && matches(in, &c.Tasks[i]) {
				arns = append(arns, aws.ToString(c.Tasks[i].TaskArn))
			}
		}
		page, next, err := diagfake.Page(&c.Recorder, "ecs:ListTasks", arns, in.NextToken, pageLimit(in.MaxResults, 100))
		return &ecs.ListTasksOutput{TaskArns: page, NextToken: next}, err
	})
}

func (c *Client) hasService(cluster, name string) bool {
	for _, s := range c.Services {
		if short(s.ClusterArn) == cluster && short(s.ServiceArn) == name {
			return true
		}
	}
	return false
}

func matches(in *ecs.ListTasksInput, t *types.Task) bool {
	status := in.DesiredStatus
	if status == "" {
		status = types.DesiredStatusRunning
	}
	family, _, _ := strings.Cut(short(t.TaskDefinitionArn), ":")
	return aws.ToString(t.DesiredStatus) == string(status) &&
		(in.ServiceName == nil || aws.ToString(t.Group) == "service:"+short(in.ServiceName)) &&
		(in.Family == nil || family == aws.ToString(in.Family)) &&
		(in.ContainerInstance == nil || short(t.ContainerInstanceArn) == short(in.ContainerInstance)) &&
		(in.StartedBy == nil || aws.ToString(t.StartedBy) == aws.ToString(in.StartedBy))
}

// DescribeTasks returns up to 100 tasks by id or ARN.
func (c *Client) DescribeTasks(ctx context.Context, in *ecs.DescribeTasksInput,
	_ ...options) (*ecs.DescribeTasksOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:DescribeTasks", in,
		func(in *ecs.DescribeTasksInput) (*ecs.DescribeTasksOutput, error) {
			cluster, err := c.cluster(in.Cluster)
			if err != nil {
				return nil, err
			}
			if err := tooMany(len(in.Tasks), 100, "Tasks"); err != nil {
				return nil, err
			}
			found, failures := collect(in.Tasks, c.Tasks, func(ref string, x *types.Task) bool {
				return short(x.ClusterArn) == cluster && named(ref, x.TaskArn)
			})
			return &ecs.DescribeTasksOutput{Tasks: found, Failures: failures}, nil
		})
}

// DescribeTaskDefinition returns one revision by ARN or "family:revision", or the newest active one of a family.
func (c *Client) DescribeTaskDefinition(ctx context.Context, in *ecs.DescribeTaskDefinitionInput,
	_ ...options) (*ecs.DescribeTaskDefinitionOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:DescribeTaskDefinition", in,
		func(in *ecs.DescribeTaskDefinitionInput) (*ecs.DescribeTaskDefinitionOutput, error) {
			ref := aws.ToString(in.TaskDefinition)
			var newest *types.TaskDefinition
			for i := range c.TaskDefinitions {
				d := &c.TaskDefinitions[i]
				if named(ref, d.TaskDefinitionArn) {
					return &ecs.DescribeTaskDefinitionOutput{TaskDefinition: d}, nil
				}
				if aws.ToString(d.Family) == ref && d.Status != types.TaskDefinitionStatusInactive && (newest == nil ||
					d.Revision > newest.Revision) {
					newest = d
				}
			}
			if newest == nil {
				return nil, diagfake.APIError("ClientException", "Unable to describe task definition.")
			}
			return &ecs.DescribeTaskDefinitionOutput{TaskDefinition: newest}, nil
		})
}
