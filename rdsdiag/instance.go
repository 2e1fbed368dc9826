package rdsdiag

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// DBInstance is a database instance and its facts, of RDS or a member of an Aurora cluster. Make one with
// [NewDBInstance] or a [Directory].
type DBInstance struct {
	api    DBInstanceAPI
	ref    ref
	source *metrics.Source
	window diag.Window

	described   diag.Memo[*types.DBInstance]
	events      diag.Memo[[]Event]
	groupEvents diag.Memo[[]Event]
	parameters  diag.MemoMap[string, map[string]types.Parameter]
	maintenance diag.Memo[[]types.PendingMaintenanceAction]
	logFiles    diag.Memo[[]types.DescribeDBLogFilesDetails]
	series      diag.Memo[metrics.Set]

	// clusters finds the subject of a cluster, which a directory shares; without one, its own is made once.
	clusters func(id string) *DBCluster
	once     sync.Once
	own      *DBCluster
}

var _ diag.Subject = (*DBInstance)(nil)

// NewDBInstance makes a database instance, named by identifier or ARN. Metrics come from the source, which subjects of
// one run share. The window's End is "now".
func NewDBInstance(api DBInstanceAPI, idOrARN string, source *metrics.Source, window diag.Window) *DBInstance {
	return &DBInstance{api: api, ref: refOf(idOrARN), source: source, window: window}
}

// Resource names the instance; the ARN is there if it was given.
func (i *DBInstance) Resource() diag.Resource { return i.ref.resource(typeInstance) }

// Window returns what the instance looks back on.
func (i *DBInstance) Window() diag.Window { return i.window }

// Describe returns what DescribeDBInstances says. An instance that does not exist is an error of [diag.KindNotFound].
func (i *DBInstance) Describe(ctx context.Context) (*types.DBInstance, error) {
	return i.described.Get(ctx, func(ctx context.Context) (*types.DBInstance, error) {
		out, err := i.api.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: aws.String(i.ref.id)})
		if err != nil {
			return nil, fmt.Errorf("describing database instance %s: %w", i.ref.id, err)
		}
		if len(out.DBInstances) == 0 {
			return nil, diag.Errorf(diag.KindNotFound, "database instance %s does not exist in this account and region",
				i.ref.id)
		}
		return &out.DBInstances[0], nil
	})
}

// Cluster returns the cluster that the instance is a member of, nil if it is of none.
func (i *DBInstance) Cluster(ctx context.Context) (*DBCluster, error) {
	described, err := i.Describe(ctx)
	if err != nil || aws.ToString(described.DBClusterIdentifier) == "" {
		return nil, err
	}
	id := *described.DBClusterIdentifier
	if i.clusters != nil {
		return i.clusters(id), nil
	}
	i.once.Do(func() { i.own = NewDBCluster(i.api, id, i.source, i.window) })
	return i.own, nil
}

// Metrics returns the series of [metrics.DBInstance]. Series that the instance's engine, class or storage does not have
// are empty.
func (i *DBInstance) Metrics(ctx context.Context) (metrics.Set, error) {
	return i.series.Get(ctx, func(ctx context.Context) (metrics.Set, error) {
		set, err := i.source.Fetch(ctx, metrics.DBInstance(i.ref.id)...)
		if err != nil {
			err = fmt.Errorf("reading the metrics of database instance %s: %w", i.ref.id, err)
		}
		return set, err
	})
}

// metric is a series of the instance.
func (i *DBInstance) metric(name, stat string) metrics.Metric {
	return instanceMetric(i.ref.id, name, stat)
}

func instanceMetric(id, name, stat string) metrics.Metric {
	return metrics.Metric{Namespace: "AWS/RDS", Name: name, Stat: stat,
		Dimensions: []metrics.Dimension{{Name: "DBInstanceIdentifier", Value: id}}}
}

// observe returns the description and the metrics, fetched side by side.
func (i *DBInstance) observe(ctx context.Context) (*types.DBInstance, metrics.Set, error) {
	var set metrics.Set
	var setErr error
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		defer group.Done()
		set, setErr = i.Metrics(ctx)
	}()
	described, err := i.Describe(ctx)
	group.Wait()
	return described, set, errors.Join(err, setErr)
}

// Maintenance returns the maintenance actions that wait for the instance.
func (i *DBInstance) Maintenance(ctx context.Context) ([]types.PendingMaintenanceAction, error) {
	return i.maintenance.Get(ctx, func(ctx context.Context) ([]types.PendingMaintenanceAction, error) {
		described, err := i.Describe(ctx)
		if err != nil {
			return nil, err
		}
		return pendingMaintenance(ctx, i.api, aws.ToString(described.DBInstanceArn))
	})
}

// LogFiles lists the log files of the instance, without what stands in them; see [NewLogFiles].
func (i *DBInstance) LogFiles(ctx context.Context) ([]types.DescribeDBLogFilesDetails, error) {
	return i.logFiles.Get(ctx, func(ctx context.Context) ([]types.DescribeDBLogFilesDetails, error) {
		return listLogFiles(ctx, i.api, &rds.DescribeDBLogFilesInput{DBInstanceIdentifier: aws.String(i.ref.id)})
	})
}

// resource names the instance with its ARN, if that is known.
func (i *DBInstance) resource(described *types.DBInstance) diag.Resource {
	if described == nil || described.DBInstanceArn == nil {
		return i.Resource()
	}
	return diag.ResourceOf(typeInstance, i.ref.id, *described.DBInstanceArn)
}
