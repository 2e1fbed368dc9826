package ecsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// Service is an ECS service and its facts. Make one with [NewService], [Cluster.Services] or [Directory.Services].
type Service struct {
	api           ServiceAPI
	cluster, name string
	window        diag.Window
	described     diag.Memo[*types.Service]
	tasks         *tasks
	hosts         *hosts
	definitions   *definitions
	archive       []types.Task
	metrics       *metrics.Source // nil if none was given
	signs         diag.Memo[[]sign]
	groups        diag.Memo[[]string]
	history       DeploymentAPI // nil if it was not given
	failed        diag.Memo[*FailedDeployment]
}

var _ diag.Subject = (*Service)(nil)

// ServiceOption changes what a [Service] reads.
type ServiceOption func(*Service)

// WithStateChanges adds stopped tasks from an archive to what ECS still knows; see [ReadTaskStateChanges]. Tasks of
// other services are left aside.
func WithStateChanges(tasks []types.Task) ServiceOption {
	return func(s *Service) { s.archive = append(s.archive, tasks...) }
}

// NewService makes a service of a cluster. Both may be given by name or ARN. An empty cluster is the one in the
// service's ARN or "cluster/service", else "default", as ECS has it. The window's End is "now"; events and stopped
// tasks before its Start are left aside.
func NewService(api ServiceAPI, cluster, name string, window diag.Window, options ...ServiceOption) *Service {
	within, _ := serviceNames(name)
	cluster, name = shortName(cmp.Or(cluster, within, "default")), shortName(name)
	s := &Service{
		api: api, cluster: cluster, name: name, window: window,
		tasks:       &tasks{api: api, cluster: cluster, service: name},
		hosts:       &hosts{api: api, cluster: cluster},
		definitions: &definitions{api: api},
	}
	for _, option := range options {
		option(s)
	}
	return s
}

// Resource names the service; the ARN is known once it was described.
func (s *Service) Resource() diag.Resource {
	return diag.Resource{Type: typeService, ID: s.cluster + "/" + s.name}
}

// resource names the service with what AWS tells of it.
func (s *Service) resource(svc *types.Service) diag.Resource {
	return diag.ResourceOf(typeService, s.cluster+"/"+s.name, aws.ToString(svc.ServiceArn))
}

// Cluster returns the name of the service's cluster.
func (s *Service) Cluster() string { return s.cluster }

// Name returns the name of the service.
func (s *Service) Name() string { return s.name }

// Window returns what the service looks back on.
func (s *Service) Window() diag.Window { return s.window }

// Describe returns what DescribeServices says of the service, with its deployments, latest 100 events and tags. A
// service that does not exist is an error of [diag.KindNotFound].
func (s *Service) Describe(ctx context.Context) (*types.Service, error) {
	return s.described.Get(ctx, func(ctx context.Context) (*types.Service, error) {
		out, err := s.api.DescribeServices(ctx, &ecs.DescribeServicesInput{
			Cluster: aws.String(s.cluster), Services: []string{s.name}, Include: withTags,
		})
		switch {
		case err != nil:
			return nil, fmt.Errorf("describing service %s/%s: %w", s.cluster, s.name, err)
		case len(out.Services) == 0:
			return nil, diag.Errorf(diag.KindNotFound, "describing service %s/%s: there is none of that name", s.cluster, s.name)
		}
		return &out.Services[0], nil
	})
}

// withTags asks for tags, which house checks like to judge; ECS leaves them out of a description otherwise.
var withTags = []types.ServiceField{types.ServiceFieldTags}

// Deployments returns the deployments that DescribeServices still knows: the primary one first, then older ones.
func (s *Service) Deployments(ctx context.Context) ([]types.Deployment, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	deployments := slices.Clone(svc.Deployments)
	slices.SortStableFunc(deployments, func(a, b types.Deployment) int {
		return cmp.Or(-compareBool(isPrimary(a), isPrimary(b)), -aws.ToTime(a.CreatedAt).Compare(aws.ToTime(b.CreatedAt)))
	})
	return deployments, nil
}

func isPrimary(d types.Deployment) bool { return aws.ToString(d.Status) == "PRIMARY" }

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Events returns the service events that ECS keeps (the latest 100), newest first.
func (s *Service) Events(ctx context.Context) ([]types.ServiceEvent, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	events := slices.Clone(svc.Events)
	slices.SortStableFunc(events, func(a, b types.ServiceEvent) int {
		return -aws.ToTime(a.CreatedAt).Compare(aws.ToTime(b.CreatedAt))
	})
	return events, nil
}

// RunningTasks returns the tasks that should run: those running and those on the way, oldest first.
func (s *Service) RunningTasks(ctx context.Context) ([]types.Task, error) {
	set, err := s.tasks.get(ctx)
	return slices.DeleteFunc(slices.Clone(set.running), s.foreign), err
}

// StoppedTasks returns the tasks that have stopped or were asked to, oldest first: those that ECS still knows (about
// one hour back) and those of the archive, as far as they stopped within the window.
func (s *Service) StoppedTasks(ctx context.Context) ([]StoppedTask, error) {
	set, err := s.tasks.get(ctx)
	var stopped []StoppedTask
	known := map[string]bool{}
	for _, t := range set.stopped {
		known[aws.ToString(t.TaskArn)] = true
		stopped = append(stopped, StoppedTask{Task: t})
	}
	for _, t := range latest(s.archive) {
		if !known[aws.ToString(t.TaskArn)] && shortName(aws.ToString(t.ClusterArn)) == s.cluster &&
			aws.ToString(t.Group) == s.group() {
			stopped = append(stopped, StoppedTask{Task: t, Archived: true})
		}
	}
	stopped = slices.DeleteFunc(stopped, func(t StoppedTask) bool {
		return s.foreign(t.Task) || (!t.at().IsZero() && t.at().Before(s.window.Start))
	})
	slices.SortStableFunc(stopped, func(a, b StoppedTask) int {
		return cmp.Or(a.begin().Compare(b.begin()), compareTasks(a.Task, b.Task))
	})
	return stopped, err
}

func (s *Service) group() string { return "service:" + s.name }

// foreign reports a task of another group; one without a group is taken for what it was listed as.
func (s *Service) foreign(t types.Task) bool {
	group := aws.ToString(t.Group)
	if group == "" {
		return s.tasks.service == ""
	}
	return group != s.group()
}

// ContainerInstances returns the container instances of the service's cluster with what they have left.
func (s *Service) ContainerInstances(ctx context.Context) ([]types.ContainerInstance, error) {
	return s.hosts.get(ctx)
}

// onEC2 reports a service whose tasks are placed on container instances. A capacity provider that is neither FARGATE
// nor FARGATE_SPOT is one of EC2 ("Amazon ECS capacity providers").
func onEC2(svc *types.Service) bool {
	if len(svc.CapacityProviderStrategy) > 0 {
		return slices.ContainsFunc(svc.CapacityProviderStrategy, func(i types.CapacityProviderStrategyItem) bool {
			return !strings.HasPrefix(aws.ToString(i.CapacityProvider), "FARGATE")
		})
	}
	return svc.LaunchType == types.LaunchTypeEc2
}
