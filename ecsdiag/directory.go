package ecsdiag

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

// Directory holds all services of all clusters of one account and region, and is what subjects share: one service of a
// name, one set of container instances for a cluster, one task definition of a revision. It lists only when asked to.
//
// It describes at most 2,000 services; beyond that its answers come with an error of [diag.KindIncomplete].
type Directory struct {
	api         DirectoryAPI
	window      diag.Window
	options     []ServiceOption
	definitions *definitions
	memo        diag.Memo[[]*Service]

	mu      sync.Mutex
	known   map[string]*Service
	rosters map[string]*roster
}

// NewDirectory makes a directory. Window and options are those of its services.
func NewDirectory(api DirectoryAPI, window diag.Window, options ...ServiceOption) *Directory {
	return &Directory{api: api, window: window, definitions: &definitions{api: api}, options: options,
		known: map[string]*Service{}, rosters: map[string]*roster{}}
}

// Service returns the service of a name, always the same one, without asking whether it exists.
func (d *Directory) Service(cluster, name string) *Service {
	cluster, name = shortName(cluster), shortName(name)
	r := d.roster(cluster)
	d.mu.Lock()
	defer d.mu.Unlock()
	key := cluster + "/" + name
	if d.known[key] == nil {
		d.known[key] = r.shared.service(cluster, name)
	}
	return d.known[key]
}

// Cluster returns a cluster that shares the directory's services and container instances.
func (d *Directory) Cluster(api ClusterAPI, name string) *Cluster {
	r := d.roster(shortName(name))
	return &Cluster{api: api, name: r.cluster, window: d.window, hosts: r.shared.hosts, services: r.get,
		tasks: &tasks{api: api, cluster: r.cluster, stoppedOnly: true}, definitions: d.definitions}
}

// TaskDefinition returns a task definition that shares what the directory's services fetch.
func (d *Directory) TaskDefinition(ref string) *TaskDefinition {
	return &TaskDefinition{ref: ref, definitions: d.definitions}
}

// Task returns a task whose task definition is shared.
func (d *Directory) Task(cluster, id string) *Task {
	t := NewTask(d.api, cluster, id, d.window)
	t.definitions = d.definitions
	return t
}

func (d *Directory) roster(cluster string) *roster {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.rosters[cluster]
	if r == nil {
		r = &roster{api: d.api, cluster: cluster, maker: func(name string) *Service { return d.Service(cluster, name) },
			shared: shared{api: d.api, window: d.window, hosts: &hosts{api: d.api, cluster: cluster},
				definitions: d.definitions, options: d.options}}
		d.rosters[cluster] = r
	}
	return r
}

// Services returns all services, born described, by cluster and name. It lists clusters, then the services of each,
// then
// describes ten at a time, all side by side.
func (d *Directory) Services(ctx context.Context) ([]*Service, error) {
	return d.memo.Get(ctx, func(ctx context.Context) ([]*Service, error) {
		clusters, listErr := d.clusters(ctx)
		arns, n, err := d.list(ctx, clusters)
		errs := []error{listErr, err, beyondCap(n)}
		services := make([][]*Service, len(clusters))
		describeErrs := make([]error, len(clusters))
		var group sync.WaitGroup
		for i, cluster := range clusters {
			group.Go(func() { services[i], describeErrs[i] = d.describe(ctx, cluster, arns[i]) })
		}
		group.Wait()
		return slices.Concat(services...), joined(append(errs, describeErrs...)...)
	})
}

func (d *Directory) describe(ctx context.Context, cluster string, arns []string) ([]*Service, error) {
	r := d.roster(cluster)
	if all, _ := r.list(ctx); len(all) == len(arns) {
		return r.get(ctx) // shares the outcome with the cluster of the same name
	}
	return r.describe(ctx, arns)
}

// Clusters returns the names of all clusters, sorted. It lists them anew.
func (d *Directory) Clusters(ctx context.Context) ([]string, error) { return d.clusters(ctx) }

func (d *Directory) clusters(ctx context.Context) ([]string, error) {
	var names []string
	pages := ecs.NewListClustersPaginator(d.api, &ecs.ListClustersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return slices.Sorted(slices.Values(names)), fmt.Errorf("listing clusters: %w", err)
		}
		names = append(names, mapped(page.ClusterArns, shortName)...)
	}
	return slices.Sorted(slices.Values(names)), nil
}

// list returns the services of each cluster, cut to the cap over all, and how many there are.
func (d *Directory) list(ctx context.Context, clusters []string) ([][]string, int, error) {
	arns, errs := make([][]string, len(clusters)), make([]error, len(clusters))
	var group sync.WaitGroup
	for i, cluster := range clusters {
		group.Go(func() { arns[i], errs[i] = d.roster(cluster).list(ctx) })
	}
	group.Wait()
	n := 0
	for i := range arns {
		free := max(maxServices-n, 0)
		n += len(arns[i])
		arns[i] = arns[i][:min(len(arns[i]), free)]
	}
	return arns, n, joined(errs...)
}

// ServicesOf returns the services that register their tasks in a target group, given by ARN. What was found is returned
// even with an error.
func (d *Directory) ServicesOf(ctx context.Context, targetGroupARN string) ([]*Service, error) {
	return d.where(ctx, func(_ *Service, svc *types.Service) bool {
		return slices.Contains(targetGroups(svc), targetGroupARN)
	})
}

// Lookup returns the services of a name, "cluster/name" or ARN. A bare name may stand for one in each cluster.
func (d *Directory) Lookup(ctx context.Context, name string) ([]*Service, error) {
	cluster, service := serviceNames(name)
	return d.where(ctx, func(s *Service, svc *types.Service) bool {
		if strings.HasPrefix(name, "arn:") {
			return aws.ToString(svc.ServiceArn) == name
		}
		return s.name == service && (cluster == "" || s.cluster == cluster)
	})
}

func (d *Directory) where(ctx context.Context, match func(*Service, *types.Service) bool) ([]*Service, error) {
	services, err := d.Services(ctx)
	var found []*Service
	for _, s := range services {
		if svc, describeErr := s.Describe(ctx); describeErr == nil && match(s, svc) {
			found = append(found, s)
		}
	}
	return found, err
}

// targetGroups are the ARNs of all target groups that a service registers in, those of task sets and of the other side
// of a blue/green deployment included.
func targetGroups(svc *types.Service) []string {
	balancers := slices.Clone(svc.LoadBalancers)
	for _, t := range svc.TaskSets {
		balancers = append(balancers, t.LoadBalancers...)
	}
	var arns []string
	for _, b := range balancers {
		arns = append(arns, aws.ToString(b.TargetGroupArn))
		if b.AdvancedConfiguration != nil {
			arns = append(arns, aws.ToString(b.AdvancedConfiguration.AlternateTargetGroupArn))
		}
	}
	slices.Sort(arns)
	return slices.DeleteFunc(slices.Compact(arns), func(s string) bool { return s == "" })
}
