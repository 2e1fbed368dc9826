package ecsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// StoppedTask is a task that has stopped or was asked to.
type StoppedTask struct {
	types.Task
	// Archived says that the task was read from an event and not from ECS; see [ReadTaskStateChanges].
	Archived bool
}

// source names where the task was seen, as evidence.
func (t *StoppedTask) source() string {
	if t.Archived {
		return sourceArchive
	}
	return sourceTasks
}

// at is when the task stopped, or else was asked to.
func (t *StoppedTask) at() time.Time {
	return cmpTime(aws.ToTime(t.StoppedAt), cmpTime(aws.ToTime(t.ExecutionStoppedAt), aws.ToTime(t.StoppingAt)))
}

// begin is when the trouble showed: the end of the first container where ECS says it, or else the order to stop.
func (t *StoppedTask) begin() time.Time {
	first := aws.ToTime(t.ExecutionStoppedAt)
	if stopping := aws.ToTime(t.StoppingAt); !stopping.IsZero() && (first.IsZero() || stopping.Before(first)) {
		first = stopping
	}
	return cmpTime(first, aws.ToTime(t.StoppedAt))
}

func cmpTime(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

// tasks are those of one service, or with an empty service those of a whole cluster.
type tasks struct {
	api              ServiceAPI
	cluster, service string
	stoppedOnly      bool
	memo             diag.Memo[taskSet]
}

type taskSet struct{ running, stopped []types.Task }

// get lists running and stopped tasks side by side and describes them together, so that few tasks cost one call.
func (t *tasks) get(ctx context.Context) (taskSet, error) {
	return t.memo.Get(ctx, func(ctx context.Context) (taskSet, error) {
		arns, listErr := t.list(ctx)
		described, err := inBatches(arns, maxDescribeTasks, func(batch []string) ([]types.Task, error) {
			return describeTasks(ctx, t.api, t.cluster, batch)
		})
		slices.SortFunc(described, compareTasks)
		var set taskSet
		for _, task := range described {
			if aws.ToString(task.DesiredStatus) == string(types.DesiredStatusStopped) {
				set.stopped = append(set.stopped, task)
			} else {
				set.running = append(set.running, task)
			}
		}
		return set, joined(listErr, err)
	})
}

func (t *tasks) list(ctx context.Context) ([]string, error) {
	statuses := []types.DesiredStatus{types.DesiredStatusStopped}
	if !t.stoppedOnly {
		statuses = append(statuses, types.DesiredStatusRunning)
	}
	arns, errs := make([][]string, len(statuses)), make([]error, len(statuses))
	var group sync.WaitGroup
	for i, status := range statuses {
		group.Go(func() { arns[i], errs[i] = t.listStatus(ctx, status) })
	}
	group.Wait()
	all := slices.Concat(arns...)
	slices.Sort(all)
	return slices.Compact(all), joined(errs...)
}

func (t *tasks) listStatus(ctx context.Context, status types.DesiredStatus) ([]string, error) {
	in := &ecs.ListTasksInput{Cluster: aws.String(t.cluster), DesiredStatus: status}
	if t.service != "" {
		in.ServiceName = aws.String(t.service)
	}
	var arns []string
	pages := ecs.NewListTasksPaginator(t.api, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return arns, fmt.Errorf("listing %s tasks of %s: %w", status, strings.TrimSuffix(t.cluster+"/"+t.service, "/"), err)
		}
		arns = append(arns, page.TaskArns...)
	}
	return arns, nil
}

func describeTasks(ctx context.Context, api ecs.DescribeTasksAPIClient, cluster string, arns []string) ([]types.Task,
	error) {
	out, err := api.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: aws.String(cluster), Tasks: arns})
	if err != nil {
		return nil, fmt.Errorf("describing %d tasks of %s: %w", len(arns), cluster, err)
	}
	return out.Tasks, failed("tasks of "+cluster, out.Failures, len(out.Tasks), len(arns))
}

func compareTasks(a, b types.Task) int {
	return cmp.Or(aws.ToTime(a.CreatedAt).Compare(aws.ToTime(b.CreatedAt)), cmp.Compare(aws.ToString(a.TaskArn),
		aws.ToString(b.TaskArn)))
}
