package rdsdiag

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// Directory hands out one subject for each database of an account and region, so that nothing is fetched twice in a
// run. It lists only when asked to, once.
type Directory struct {
	api    DirectoryAPI
	source *metrics.Source
	window diag.Window

	mu        sync.Mutex
	instances map[string]*DBInstance
	clusters  map[string]*DBCluster
	// blueGreens are made when the first is asked for.
	blueGreens map[string]*BlueGreenDeployment

	blueGreenList diag.Memo[[]*BlueGreenDeployment]
	instanceList  diag.Memo[[]*DBInstance]
	clusterList   diag.Memo[[]*DBCluster]
}

// NewDirectory makes a directory. The source and the window are those of its subjects.
func NewDirectory(api DirectoryAPI, source *metrics.Source, window diag.Window) *Directory {
	return &Directory{api: api, source: source, window: window, instances: map[string]*DBInstance{},
		clusters: map[string]*DBCluster{}}
}

// DBInstance returns the instance of an identifier or ARN, always the same one, without asking whether it exists.
func (d *Directory) DBInstance(idOrARN string) *DBInstance {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := refOf(idOrARN).id
	if d.instances[id] == nil {
		d.instances[id] = NewDBInstance(d.api, idOrARN, d.source, d.window)
		d.instances[id].clusters = d.DBCluster
	}
	return d.instances[id]
}

// DBCluster returns the cluster of an identifier or ARN, always the same one, without asking whether it exists.
func (d *Directory) DBCluster(idOrARN string) *DBCluster {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := refOf(idOrARN).id
	if d.clusters[id] == nil {
		d.clusters[id] = NewDBCluster(d.api, idOrARN, d.source, d.window)
	}
	return d.clusters[id]
}

// DBInstances lists the instances of the account and region, born described, by identifier. What was read before an
// error is returned with it.
func (d *Directory) DBInstances(ctx context.Context) ([]*DBInstance, error) {
	return d.instanceList.Get(ctx, func(ctx context.Context) ([]*DBInstance, error) {
		var found []*DBInstance
		pages := rds.NewDescribeDBInstancesPaginator(d.api, &rds.DescribeDBInstancesInput{})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return found, fmt.Errorf("listing database instances: %w", err)
			}
			for _, described := range page.DBInstances {
				i := d.DBInstance(cmp.Or(aws.ToString(described.DBInstanceArn), aws.ToString(described.DBInstanceIdentifier)))
				i.described.Set(&described)
				found = append(found, i)
			}
		}
		slices.SortFunc(found, func(a, b *DBInstance) int { return cmp.Compare(a.ref.id, b.ref.id) })
		return found, nil
	})
}

// DBClusters lists the clusters of the account and region, born described, by identifier. What was read before an error
// is returned with it.
func (d *Directory) DBClusters(ctx context.Context) ([]*DBCluster, error) {
	return d.clusterList.Get(ctx, func(ctx context.Context) ([]*DBCluster, error) {
		var found []*DBCluster
		pages := rds.NewDescribeDBClustersPaginator(d.api, &rds.DescribeDBClustersInput{})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return found, fmt.Errorf("listing database clusters: %w", err)
			}
			for _, described := range page.DBClusters {
				c := d.DBCluster(cmp.Or(aws.ToString(described.DBClusterArn), aws.ToString(described.DBClusterIdentifier)))
				c.described.Set(&described)
				found = append(found, c)
			}
		}
		slices.SortFunc(found, func(a, b *DBCluster) int { return cmp.Compare(a.ref.id, b.ref.id) })
		return found, nil
	})
}

// ByEndpoint finds the databases that a host name leads to: the instance of an instance endpoint, or the cluster of a
// writer, reader or custom endpoint. The host may carry a port. It is nil for a host that is no endpoint here; an alias
// in a DNS zone of one's own is such a host. Instances and clusters are listed once, side by side.
func (d *Directory) ByEndpoint(ctx context.Context, host string) (diag.Subject, error) {
	host, _, _ = strings.Cut(strings.TrimSuffix(strings.ToLower(strings.TrimSpace(host)), "."), ":")
	if host == "" {
		return nil, nil
	}
	var clusters []*DBCluster
	var clustersErr error
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		defer group.Done()
		clusters, clustersErr = d.DBClusters(ctx)
	}()
	instances, err := d.DBInstances(ctx)
	group.Wait()
	for _, i := range instances {
		if slices.Contains(i.hosts(ctx), host) {
			return i, nil
		}
	}
	for _, c := range clusters {
		if slices.Contains(c.hosts(ctx), host) {
			return c, nil
		}
	}
	return nil, errors.Join(err, clustersErr)
}

// hosts returns the host names of the endpoints of a described instance, in lower case.
func (i *DBInstance) hosts(ctx context.Context) []string {
	described, err := i.Describe(ctx)
	if err != nil {
		return nil
	}
	var hosts []string
	if described.Endpoint != nil {
		hosts = append(hosts, strings.ToLower(aws.ToString(described.Endpoint.Address)))
	}
	if described.ListenerEndpoint != nil {
		hosts = append(hosts, strings.ToLower(aws.ToString(described.ListenerEndpoint.Address)))
	}
	return hosts
}

// hosts returns the host names of the endpoints of a described cluster, in lower case.
func (c *DBCluster) hosts(ctx context.Context) []string {
	described, err := c.Describe(ctx)
	if err != nil {
		return nil
	}
	hosts := append(slices.Clone(described.CustomEndpoints), aws.ToString(described.Endpoint),
		aws.ToString(described.ReaderEndpoint))
	for n := range hosts {
		hosts[n] = strings.ToLower(hosts[n])
	}
	return hosts
}
