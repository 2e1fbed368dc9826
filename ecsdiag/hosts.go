package ecsdiag

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// hosts are the container instances of one cluster, shared by the cluster and its services.
type hosts struct {
	api     ServiceAPI
	cluster string
	memo    diag.Memo[[]types.ContainerInstance]
}

func (h *hosts) get(ctx context.Context) ([]types.ContainerInstance, error) {
	return h.memo.Get(ctx, func(ctx context.Context) ([]types.ContainerInstance, error) {
		arns, listErr := h.list(ctx)
		instances, err := inBatches(arns, maxDescribeInstances, func(batch []string) ([]types.ContainerInstance, error) {
			return h.describe(ctx, batch)
		})
		return instances, joined(listErr, err)
	})
}

func (h *hosts) list(ctx context.Context) ([]string, error) {
	var arns []string
	pages := ecs.NewListContainerInstancesPaginator(h.api,
		&ecs.ListContainerInstancesInput{Cluster: aws.String(h.cluster)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return arns, fmt.Errorf("listing container instances of %s: %w", h.cluster, err)
		}
		arns = append(arns, page.ContainerInstanceArns...)
	}
	return arns, nil
}

func (h *hosts) describe(ctx context.Context, arns []string) ([]types.ContainerInstance, error) {
	out, err := h.api.DescribeContainerInstances(ctx, &ecs.DescribeContainerInstancesInput{
		Cluster: aws.String(h.cluster), ContainerInstances: arns,
		Include: []types.ContainerInstanceField{types.ContainerInstanceFieldContainerInstanceHealth},
	})
	if err != nil {
		return nil, fmt.Errorf("describing %d container instances of %s: %w", len(arns), h.cluster, err)
	}
	return out.ContainerInstances, failed("container instances of "+h.cluster, out.Failures, len(out.ContainerInstances),
		len(arns))
}

// failed reports the items that a describe call could not answer for, other than those that are gone since they were
// listed.
func failed(what string, failures []types.Failure, got, asked int) error {
	failures = slices.DeleteFunc(slices.Clone(failures),
		func(f types.Failure) bool { return aws.ToString(f.Reason) == "MISSING" })
	if len(failures) == 0 {
		return nil
	}
	return diag.Errorf(diag.KindIncomplete, "describing %s: %d of %d answered, the first failure is %s",
		what, got, asked, aws.ToString(failures[0].Reason))
}

// leastOnOneHost is how many tasks in a row that end on the same host are no chance.
const leastOnOneHost = 3

// addOneHost tells that all stopped tasks of the group were on one container instance, while others of the service are
// not.
func (g *group) addOneHost(ctx context.Context) {
	stops := g.stops()
	if len(stops) < leastOnOneHost || stops[0].task.ContainerInstanceArn == nil {
		return
	}
	on := *stops[0].task.ContainerInstanceArn
	if slices.ContainsFunc(stops, func(x sign) bool { return aws.ToString(x.task.ContainerInstanceArn) != on }) {
		return
	}
	elsewhere := func(t types.Task) bool {
		return t.ContainerInstanceArn != nil && *t.ContainerInstanceArn != on
	}
	set, err := g.subject.tasks.get(ctx) // known by now: the stopped ones are of it
	if err != nil || !slices.ContainsFunc(slices.Concat(set.running, set.stopped), elsewhere) {
		return
	}
	id := shortName(on)
	g.tail += ", all on container instance " + id
	g.also = append(g.also, diag.Related{Resource: diag.ResourceOf(typeContainerInstance, id, on), Role: "container instance"})
}
