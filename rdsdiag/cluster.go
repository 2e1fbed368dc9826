package rdsdiag

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// DBCluster is an Aurora or a Multi-AZ DB cluster and its facts. Its instances are subjects of their own. Make one with
// [NewDBCluster] or a [Directory].
type DBCluster struct {
	api    DBClusterAPI
	ref    ref
	source *metrics.Source
	window diag.Window

	described   diag.Memo[*types.DBCluster]
	events      diag.Memo[[]Event]
	maintenance diag.Memo[[]types.PendingMaintenanceAction]
	series      diag.Memo[metrics.Set]
}

var _ diag.Subject = (*DBCluster)(nil)

// NewDBCluster makes a cluster, named by identifier or ARN. Metrics come from the source, which subjects of one run
// share. The window's End is "now".
func NewDBCluster(api DBClusterAPI, idOrARN string, source *metrics.Source, window diag.Window) *DBCluster {
	return &DBCluster{api: api, ref: refOf(idOrARN), source: source, window: window}
}

// Resource names the cluster; the ARN is there if it was given.
func (c *DBCluster) Resource() diag.Resource { return c.ref.resource(typeCluster) }

// Window returns what the cluster looks back on.
func (c *DBCluster) Window() diag.Window { return c.window }

// Describe returns what DescribeDBClusters says. A cluster that does not exist is an error of [diag.KindNotFound].
func (c *DBCluster) Describe(ctx context.Context) (*types.DBCluster, error) {
	return c.described.Get(ctx, func(ctx context.Context) (*types.DBCluster, error) {
		out, err := c.api.DescribeDBClusters(ctx, &rds.DescribeDBClustersInput{DBClusterIdentifier: aws.String(c.ref.id)})
		if err != nil {
			return nil, fmt.Errorf("describing database cluster %s: %w", c.ref.id, err)
		}
		if len(out.DBClusters) == 0 {
			return nil, diag.Errorf(diag.KindNotFound, "database cluster %s does not exist in this account and region", c.ref.id)
		}
		return &out.DBClusters[0], nil
	})
}

// Metrics returns the series of [metrics.DBCluster], which Aurora reports for the cluster as a whole.
func (c *DBCluster) Metrics(ctx context.Context) (metrics.Set, error) {
	return c.series.Get(ctx, func(ctx context.Context) (metrics.Set, error) {
		set, err := c.source.Fetch(ctx, metrics.DBCluster(c.ref.id)...)
		if err != nil {
			err = fmt.Errorf("reading the metrics of database cluster %s: %w", c.ref.id, err)
		}
		return set, err
	})
}

func (c *DBCluster) metric(name, stat string) metrics.Metric {
	return metrics.Metric{Namespace: "AWS/RDS", Name: name, Stat: stat,
		Dimensions: []metrics.Dimension{{Name: "DBClusterIdentifier", Value: c.ref.id}}}
}

// Maintenance returns the maintenance actions that wait for the cluster.
func (c *DBCluster) Maintenance(ctx context.Context) ([]types.PendingMaintenanceAction, error) {
	return c.maintenance.Get(ctx, func(ctx context.Context) ([]types.PendingMaintenanceAction, error) {
		described, err := c.Describe(ctx)
		if err != nil {
			return nil, err
		}
		return pendingMaintenance(ctx, c.api, aws.ToString(described.DBClusterArn))
	})
}

// resource names the cluster with its ARN, if that is known.
func (c *DBCluster) resource(described *types.DBCluster) diag.Resource {
	if described == nil || described.DBClusterArn == nil {
		return c.Resource()
	}
	return diag.ResourceOf(typeCluster, c.ref.id, *described.DBClusterArn)
}
