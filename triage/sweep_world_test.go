package triage_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// fleet is an ECS with any number of equal clusters, which makes its answers up as it is asked, so that it takes no
// memory of its own. Names are c<n>, s<n> and <n>: the tasks of a service carry its number.
type fleet struct {
	ecsfake.Client
	clusters, services, tasks int    // services in each cluster, tasks of each service
	families                  int    // how many task definitions there are; zero: one for each service
	broken                    string // cluster whose services cannot be listed
	throttle                  int    // how many DescribeTasks are refused first

	mu    sync.Mutex
	count map[string]int
}

// scope returns the fleet as something to sweep, with nothing else in the account.
func (f *fleet) scope(account string) triage.Scope {
	s := (&triagefake.Account{ID: account, Region: "eu-west-1"}).Scope()
	s.Clients.ECS = f
	return s
}

func (f *fleet) called(ctx context.Context, action string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count == nil {
		f.count = map[string]int{}
	}
	f.count[action]++
	end, err := diag.BeginCall(ctx, action)
	if err == nil {
		end()
	}
	return err
}

func (f *fleet) calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, c := range f.count {
		n += c
	}
	return n
}

// bound is the least number of calls that read all of the fleet: every list at its page size, every describe full.
func (f *fleet) bound() int {
	pages := func(n, size int) int { return max((n+size-1)/size, 1) }
	each := pages(f.services, 100) + pages(f.services, 10) + pages(f.services*f.tasks,
		100)*2 + 1 // the last: stopped tasks
	return pages(f.clusters, 100) + f.clusters*each + cmp.Or(min(f.families, f.services), f.clusters*f.services)
}

// page returns the numbers of a page and the token of the next.
func page(n, size int, token *string) (from, to int, next *string) {
	from, _ = strconv.Atoi(aws.ToString(token))
	to = min(from+size, n)
	if to < n {
		next = aws.String(strconv.Itoa(to))
	}
	return from, to, next
}

func (f *fleet) ListClusters(ctx context.Context, in *ecs.ListClustersInput,
	_ ...func(*ecs.Options)) (*ecs.ListClustersOutput, error) {
	from, to, next := page(f.clusters, 100, in.NextToken)
	out := &ecs.ListClustersOutput{NextToken: next}
	for i := from; i < to; i++ {
		out.ClusterArns = append(out.ClusterArns, ecsfake.ARN(fmt.Sprintf("cluster/c%03d", i)))
	}
	return out, f.called(ctx, "ListClusters")
}

func (f *fleet) ListServices(ctx context.Context, in *ecs.ListServicesInput,
	_ ...func(*ecs.Options)) (*ecs.ListServicesOutput, error) {
	if aws.ToString(in.Cluster) == f.broken {
		return nil, diag.Errorf(diag.KindDenied, "no")
	}
	from, to, next := page(f.services, int(aws.ToInt32(in.MaxResults)), in.NextToken)
	out := &ecs.ListServicesOutput{NextToken: next}
	for i := from; i < to; i++ { // AWS keeps no order
		out.ServiceArns = append(out.ServiceArns, ecsfake.ARN(fmt.Sprintf("service/%s/s%05d", *in.Cluster,
			f.services-1-i)))
	}
	return out, f.called(ctx, "ListServices")
}

func (f *fleet) DescribeServices(ctx context.Context, in *ecs.DescribeServicesInput,
	_ ...func(*ecs.Options)) (*ecs.DescribeServicesOutput, error) {
	if len(in.Services) > 10 {
		return nil, diag.Errorf(diag.KindInvalid, "%d services", len(in.Services))
	}
	out := &ecs.DescribeServicesOutput{}
	for _, name := range in.Services {
		s := ecsfake.Service(*in.Cluster, name)
		s.LoadBalancers = nil
		s.DesiredCount, s.RunningCount = int32(f.tasks), int32(f.tasks)
		s.Deployments[0].DesiredCount, s.Deployments[0].RunningCount = s.DesiredCount, s.RunningCount
		s.TaskDefinition, s.Deployments[0].TaskDefinition = f.family(*in.Cluster, name), f.family(*in.Cluster, name)
		out.Services = append(out.Services, s)
	}
	return out, f.called(ctx, "DescribeServices")
}

// family spreads the services over the task definitions.
func (f *fleet) family(cluster, service string) *string {
	n, _ := strconv.Atoi(service[1:])
	if f.families > 0 {
		return aws.String(ecsfake.ARN(fmt.Sprintf("task-definition/f%05d:7", n%f.families)))
	}
	return aws.String(ecsfake.ARN("task-definition/" + cluster + service + ":7"))
}

func (f *fleet) ListTasks(ctx context.Context, in *ecs.ListTasksInput, _ ...func(*ecs.Options)) (*ecs.ListTasksOutput,
	error) {
	n, first := f.services*f.tasks, 0
	if in.ServiceName != nil {
		number, _ := strconv.Atoi((*in.ServiceName)[1:])
		n, first = f.tasks, number*f.tasks
	}
	if in.DesiredStatus == types.DesiredStatusStopped {
		n = 0
	}
	from, to, next := page(n, 100, in.NextToken)
	out := &ecs.ListTasksOutput{NextToken: next}
	for i := from; i < to; i++ {
		out.TaskArns = append(out.TaskArns, ecsfake.ARN(fmt.Sprintf("task/%s/%032d", *in.Cluster, first+i)))
	}
	return out, f.called(ctx, "ListTasks")
}

func (f *fleet) DescribeTasks(ctx context.Context, in *ecs.DescribeTasksInput,
	_ ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error) {
	if len(in.Tasks) > 100 {
		return nil, diag.Errorf(diag.KindInvalid, "%d tasks", len(in.Tasks))
	}
	f.mu.Lock()
	refused := f.throttle > 0
	f.throttle--
	f.mu.Unlock()
	if refused {
		return nil, diagfake.APIError("ThrottlingException", "Rate exceeded")
	}
	out := &ecs.DescribeTasksOutput{}
	for _, arn := range in.Tasks {
		id := arn[strings.LastIndexByte(arn, '/')+1:]
		n, _ := strconv.Atoi(strings.TrimLeft(id, "0"))
		service := fmt.Sprintf("s%05d", n/f.tasks)
		t := ecsfake.Task(*in.Cluster, service, id)
		t.TaskDefinitionArn = f.family(*in.Cluster, service)
		out.Tasks = append(out.Tasks, t)
	}
	return out, f.called(ctx, "DescribeTasks")
}

func (f *fleet) DescribeTaskDefinition(ctx context.Context, in *ecs.DescribeTaskDefinitionInput,
	_ ...func(*ecs.Options)) (*ecs.DescribeTaskDefinitionOutput, error) {
	td := ecsfake.TaskDefinition("web", 7)
	td.TaskDefinitionArn = in.TaskDefinition
	return &ecs.DescribeTaskDefinitionOutput{TaskDefinition: &td}, f.called(ctx, "DescribeTaskDefinition")
}

// swept are the names of what a sweep handed out.
func swept(reports []*diag.Report) (names []string) {
	for _, r := range reports {
		names = append(names, r.Focus.Account+" "+r.Focus.ID)
	}
	return names
}

func sortedCopy(names []string) []string { return slices.Sorted(slices.Values(names)) }
