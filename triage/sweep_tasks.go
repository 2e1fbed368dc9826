package triage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// maxHeldTasks is how many tasks of a cluster are read together and held. Beyond that each service's are listed by
// themselves, which takes a call for each service and keeps memory bounded.
const maxHeldTasks = 10_000

// clusterFacts are what the services of one cluster share, over all units of a sweep.
type clusterFacts struct {
	api     ECS
	cluster string
	answers diag.MemoMap[string, any]
	index   diag.Memo[*taskIndex]
	gone    diag.Memo[[]string]
}

// taskIndex are tasks by what they are asked for by.
type taskIndex struct {
	byService map[string][]*types.Task
	byARN     map[string]*types.Task
}

// tasks returns the tasks of all services of the cluster, nil if they are too many.
func (f *clusterFacts) tasks(ctx context.Context) (*taskIndex, error) {
	return f.index.Get(ctx, func(ctx context.Context) (*taskIndex, error) {
		var running, stopped []string
		var more bool
		var err, stoppedErr error
		var group sync.WaitGroup
		group.Go(func() {
			running, more, err = listTasks(ctx, f.api, &ecs.ListTasksInput{Cluster: &f.cluster}, maxHeldTasks)
		})
		group.Go(func() { stopped, stoppedErr = f.stopped(ctx) })
		group.Wait()
		switch {
		case err != nil:
			return nil, err
		case stoppedErr != nil:
			return nil, stoppedErr
		case more:
			return nil, nil
		}
		return describeAll(ctx, f.api, f.cluster, append(running, stopped...))
	})
}

// stopped lists the tasks that stopped within the last hour, as long as ECS knows them.
func (f *clusterFacts) stopped(ctx context.Context) ([]string, error) {
	return f.gone.Get(ctx, func(ctx context.Context) ([]string, error) {
		arns, _, err := listTasks(ctx, f.api, &ecs.ListTasksInput{Cluster: &f.cluster,
			DesiredStatus: types.DesiredStatusStopped}, maxHeldTasks)
		return arns, err
	})
}

// listTasks lists tasks up to a limit, and says whether there are more.
func listTasks(ctx context.Context, api ECS, in *ecs.ListTasksInput, limit int) (arns []string, more bool, err error) {
	pages := ecs.NewListTasksPaginator(api, in)
	for pages.HasMorePages() && len(arns) <= limit {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, false, fmt.Errorf("listing tasks of %s: %w",
				strings.TrimSuffix(aws.ToString(in.Cluster)+"/"+aws.ToString(in.ServiceName), "/"), err)
		}
		arns = append(arns, page.TaskArns...)
	}
	return arns, len(arns) > limit, nil
}

// describeAll describes tasks, a hundred with each call, side by side.
func describeAll(ctx context.Context, api ECS, cluster string, arns []string) (*taskIndex, error) {
	slices.Sort(arns)
	chunks := slices.Collect(slices.Chunk(slices.Compact(arns), describeTasksLimit))
	outs, errs := make([]*ecs.DescribeTasksOutput, len(chunks)), make([]error, len(chunks))
	var group sync.WaitGroup
	for i, chunk := range chunks {
		group.Go(func() {
			outs[i], errs[i] = api.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: &cluster, Tasks: chunk})
		})
	}
	group.Wait()
	index := &taskIndex{byService: map[string][]*types.Task{}, byARN: map[string]*types.Task{}}
	for i, out := range outs {
		if errs[i] != nil {
			return nil, fmt.Errorf("describing %d tasks of %s: %w", len(chunks[i]), cluster, errs[i])
		}
		for j := range out.Tasks {
			t := &out.Tasks[j]
			index.byARN[aws.ToString(t.TaskArn)] = t
			if service, ok := strings.CutPrefix(aws.ToString(t.Group), "service:"); ok {
				index.byService[service] = append(index.byService[service], t)
			}
		}
	}
	return index, nil
}
