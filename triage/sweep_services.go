package triage

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// clustersTogether is how many clusters are listed side by side, so that many small ones fill a batch.
	clustersTogether = 10
	// The limits of the API reference of each operation.
	describeServicesLimit = 10
	describeTasksLimit    = 100
	listServicesLimit     = 100
)

// serviceName is a service by its cluster and name, in the order of a sweep.
type serviceName struct{ cluster, name string }

func (n serviceName) String() string { return n.cluster + "/" + n.name }

func compareNames(a, b serviceName) int {
	return cmp.Or(cmp.Compare(a.cluster, b.cluster), cmp.Compare(a.name, b.name))
}

// listServices lists clusters, then their services, some clusters at a time, and describes them a hundred at a time.
func listServices(ctx context.Context, l *lane, after string) iter.Seq2[unit, error] {
	cluster, name, _ := strings.Cut(after, "/")
	last := serviceName{cluster, name}
	definitions := &recent{}
	return func(yield func(unit, error) bool) {
		clusters, err := l.clusters(ctx)
		if err != nil && !yield(unit{}, err) {
			return
		}
		clusters = slices.DeleteFunc(clusters, func(c string) bool { return c < last.cluster })
		for some := range slices.Chunk(clusters, clustersTogether) {
			names, errs := l.services(ctx, some)
			for _, err := range errs {
				if !yield(unit{}, err) {
					return
				}
			}
			names = slices.DeleteFunc(names, func(n serviceName) bool { return compareNames(n, last) <= 0 })
			var facts map[string]*clusterFacts
			for batch := range slices.Chunk(names, sweepBatch) {
				facts = l.facts(batch, facts)
				if !yield(l.serviceUnit(ctx, batch, facts, definitions), nil) {
					return
				}
			}
		}
	}
}

// facts are what the services of a batch share with others of their clusters: of clusters that go on from the batch
// before, what was read for that. Those that are done with are forgotten.
func (l *lane) facts(batch []serviceName, before map[string]*clusterFacts) map[string]*clusterFacts {
	facts := map[string]*clusterFacts{}
	for _, n := range batch {
		if facts[n.cluster] == nil {
			facts[n.cluster] = before[n.cluster]
		}
		if facts[n.cluster] == nil {
			facts[n.cluster] = &clusterFacts{api: l.scope.Clients.ECS, cluster: n.cluster}
		}
	}
	return facts
}

func (l *lane) clusters(ctx context.Context) ([]string, error) {
	var names []string
	pages := ecs.NewListClustersPaginator(l.scope.Clients.ECS, &ecs.ListClustersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		l.calls.Add(1)
		if err != nil {
			return slices.Sorted(slices.Values(names)), fmt.Errorf("listing clusters: %w", err)
		}
		for _, arn := range page.ClusterArns {
			names = append(names, nameIn(arn))
		}
	}
	return slices.Sorted(slices.Values(names)), nil
}

// services lists the services of clusters side by side, sorted.
func (l *lane) services(ctx context.Context, clusters []string) ([]serviceName, []error) {
	lists, errs := make([][]serviceName, len(clusters)), make([]error, len(clusters))
	var group sync.WaitGroup
	for i, cluster := range clusters {
		group.Go(func() { lists[i], errs[i] = l.servicesOf(ctx, cluster) })
	}
	group.Wait()
	names := slices.Concat(lists...)
	slices.SortFunc(names, compareNames)
	return names, slices.DeleteFunc(errs, func(err error) bool { return err == nil })
}

func (l *lane) servicesOf(ctx context.Context, cluster string) ([]serviceName, error) {
	var names []serviceName
	pages := ecs.NewListServicesPaginator(l.scope.Clients.ECS,
		&ecs.ListServicesInput{Cluster: aws.String(cluster), MaxResults: aws.Int32(listServicesLimit)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		l.calls.Add(1)
		if err != nil {
			return names, fmt.Errorf("listing services of %s: %w", cluster, err)
		}
		for _, arn := range page.ServiceArns {
			names = append(names, serviceName{cluster, nameIn(arn)})
		}
	}
	return names, nil
}

// serviceUnit describes services. Those that it could not describe are left to be asked for one by one, and then tell
// why.
func (l *lane) serviceUnit(ctx context.Context, names []serviceName, facts map[string]*clusterFacts,
	definitions *recent) unit {
	client := &unitClient{ECS: l.scope.Clients.ECS, described: map[string]types.Service{}, clusters: facts,
		definitions: definitions}
	scopeOf := func(c *unitClient) Scope {
		scope := l.scope
		scope.Clients.ECS = c
		return scope
	}
	u := unit{scope: scopeOf(client), renew: func() Scope {
		return scopeOf(&unitClient{ECS: client.ECS, described: client.described, names: client.names,
			clusters: l.facts(names, nil), definitions: &recent{}})
	}}
	byCluster := map[string][]string{}
	for _, n := range names {
		byCluster[n.cluster] = append(byCluster[n.cluster], n.name)
		u.resources = append(u.resources, diag.Resource{Type: typeService, ID: n.String()})
	}
	client.names = byCluster
	var mu sync.Mutex
	var group sync.WaitGroup
	for cluster, all := range byCluster {
		for some := range slices.Chunk(all, describeServicesLimit) {
			group.Go(func() {
				out, err := l.scope.Clients.ECS.DescribeServices(ctx, &ecs.DescribeServicesInput{
					Cluster: aws.String(cluster), Services: some,
					Include: []types.ServiceField{types.ServiceFieldTags}})
				l.calls.Add(1)
				mu.Lock()
				defer mu.Unlock()
				for _, s := range described(out, err) {
					client.described[cluster+"/"+aws.ToString(s.ServiceName)] = s
				}
			})
		}
	}
	group.Wait()
	return u
}

func described(out *ecs.DescribeServicesOutput, err error) []types.Service {
	if err != nil || out == nil {
		return nil
	}
	return out.Services
}

// nameIn returns the last part of an ARN, without holding on to the rest.
func nameIn(arn string) string { return strings.Clone(arn[strings.LastIndexByte(arn, '/')+1:]) }
