package triage

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// unitClient is an ECS client that answers questions about single services of a unit from what it read of all of them
// together. Everything else it hands on.
type unitClient struct {
	ECS
	names       map[string][]string // the unit's services, by cluster
	described   map[string]types.Service
	clusters    map[string]*clusterFacts
	definitions *recent
	tasks       diag.MemoMap[string, *taskIndex] // by cluster, of those too large to read whole
}

// DescribeServices answers for one service that is described already.
func (c *unitClient) DescribeServices(ctx context.Context, in *ecs.DescribeServicesInput,
	opts ...func(*ecs.Options)) (*ecs.DescribeServicesOutput, error) {
	if len(in.Services) == 1 {
		if s, ok := c.described[nameIn(aws.ToString(in.Cluster))+"/"+nameIn(in.Services[0])]; ok {
			return &ecs.DescribeServicesOutput{Services: []types.Service{s}}, nil
		}
	}
	return c.ECS.DescribeServices(ctx, in, opts...)
}

// ListTasks answers for one service of the unit.
func (c *unitClient) ListTasks(ctx context.Context, in *ecs.ListTasksInput,
	opts ...func(*ecs.Options)) (*ecs.ListTasksOutput, error) {
	cluster, service := nameIn(aws.ToString(in.Cluster)), nameIn(aws.ToString(in.ServiceName))
	if !slices.Contains(c.names[cluster], service) || in.ContainerInstance != nil || in.Family != nil ||
		in.StartedBy != nil || in.LaunchType != "" {
		return c.ECS.ListTasks(ctx, in, opts...)
	}
	index, err := c.tasksOf(ctx, cluster)
	if err != nil {
		return nil, err
	}
	out := &ecs.ListTasksOutput{}
	for _, t := range index.byService[service] {
		if stopped := aws.ToString(t.DesiredStatus) == string(types.DesiredStatusStopped); stopped == (in.DesiredStatus == types.DesiredStatusStopped) {
			out.TaskArns = append(out.TaskArns, aws.ToString(t.TaskArn))
		}
	}
	return out, nil
}

// DescribeTasks answers for tasks that are described already.
func (c *unitClient) DescribeTasks(ctx context.Context, in *ecs.DescribeTasksInput,
	opts ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error) {
	cluster := nameIn(aws.ToString(in.Cluster))
	if len(c.names[cluster]) == 0 {
		return c.ECS.DescribeTasks(ctx, in, opts...)
	}
	index, err := c.tasksOf(ctx, cluster)
	if err != nil {
		return nil, err
	}
	out := &ecs.DescribeTasksOutput{}
	for _, arn := range in.Tasks {
		t, ok := index.byARN[arn]
		if !ok {
			return c.ECS.DescribeTasks(ctx, in, opts...)
		}
		out.Tasks = append(out.Tasks, *t)
	}
	return out, nil
}

// DescribeTaskDefinition answers from what was read lately.
func (c *unitClient) DescribeTaskDefinition(ctx context.Context, in *ecs.DescribeTaskDefinitionInput,
	opts ...func(*ecs.Options)) (*ecs.DescribeTaskDefinitionOutput, error) {
	return remembered(ctx, c.definitions.memo(keyOf(in)), keyOf(in),
		func(ctx context.Context) (*ecs.DescribeTaskDefinitionOutput, error) {
			return c.ECS.DescribeTaskDefinition(ctx, in, opts...)
		})
}

// ListContainerInstances answers once for all services of a cluster.
func (c *unitClient) ListContainerInstances(ctx context.Context, in *ecs.ListContainerInstancesInput,
	opts ...func(*ecs.Options)) (*ecs.ListContainerInstancesOutput, error) {
	return remembered(ctx, c.facts(in.Cluster), "list "+keyOf(in),
		func(ctx context.Context) (*ecs.ListContainerInstancesOutput, error) {
			return c.ECS.ListContainerInstances(ctx, in, opts...)
		})
}

// DescribeContainerInstances answers once for all services of a cluster.
func (c *unitClient) DescribeContainerInstances(ctx context.Context, in *ecs.DescribeContainerInstancesInput,
	opts ...func(*ecs.Options)) (*ecs.DescribeContainerInstancesOutput, error) {
	return remembered(ctx, c.facts(in.Cluster), "describe "+keyOf(in),
		func(ctx context.Context) (*ecs.DescribeContainerInstancesOutput, error) {
			return c.ECS.DescribeContainerInstances(ctx, in, opts...)
		})
}

func (c *unitClient) facts(cluster *string) *diag.MemoMap[string, any] {
	if f := c.clusters[nameIn(aws.ToString(cluster))]; f != nil {
		return &f.answers
	}
	return new(diag.MemoMap[string, any])
}

// tasksOf returns the tasks of a cluster, or, where it has too many, those of the unit's services.
func (c *unitClient) tasksOf(ctx context.Context, cluster string) (*taskIndex, error) {
	index, err := c.clusters[cluster].tasks(ctx)
	if err != nil || index != nil {
		return index, err
	}
	return c.tasks.Get(ctx, cluster, func(ctx context.Context) (*taskIndex, error) {
		arns, err := c.clusters[cluster].stopped(ctx)
		if err != nil {
			return nil, err
		}
		lists, errs := make([][]string, len(c.names[cluster])), make([]error, len(c.names[cluster]))
		var group sync.WaitGroup
		for i, name := range c.names[cluster] {
			group.Go(func() {
				lists[i], _, errs[i] = listTasks(ctx, c.ECS, &ecs.ListTasksInput{Cluster: &cluster, ServiceName: &name},
					maxHeldTasks)
			})
		}
		group.Wait()
		if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
			return nil, errs[i]
		}
		return describeAll(ctx, c.ECS, cluster, slices.Concat(append(lists, arns)...))
	})
}

// remembered returns the answer to a question, asking only the first time.
func remembered[Out any](ctx context.Context, memo *diag.MemoMap[string, any], key string,
	ask func(context.Context) (*Out, error)) (*Out, error) {
	v, err := memo.Get(ctx, key, func(ctx context.Context) (any, error) { return ask(ctx) })
	out, _ := v.(*Out)
	return out, err
}

// keyOf is a question as text.
func keyOf(in any) string {
	text, err := json.Marshal(in)
	if err != nil {
		return fmt.Sprintf("%p", in)
	}
	return string(text)
}

// recent keeps answers until they are too many, and then begins anew.
type recent struct {
	mu   sync.Mutex
	keys map[string]bool
	kept *diag.MemoMap[string, any]
}

const maxRecent = 200

func (r *recent) memo(key string) *diag.MemoMap[string, any] {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil || (!r.keys[key] && len(r.keys) >= maxRecent) {
		r.keys, r.kept = map[string]bool{}, new(diag.MemoMap[string, any])
	}
	r.keys[strings.Clone(key)] = true
	return r.kept
}
