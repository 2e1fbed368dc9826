package rdsfake

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// Client is a fake of Amazon RDS. Its fields may be changed between calls, not during one.
type Client struct {
	diagfake.Recorder

	// Now is what events are looked back from; zero means the time of the newest event.
	Now time.Time

	DBInstances []types.DBInstance
	DBClusters  []types.DBCluster
	// BlueGreenDeployments are those of the account.
	BlueGreenDeployments []types.BlueGreenDeployment
	Events               []types.Event
	DBParameterGroups    []types.DBParameterGroup
	DBSubnetGroups       []types.DBSubnetGroup
	// Parameters are by name of the DB parameter group.
	Parameters map[string][]types.Parameter
	// PendingMaintenance are the actions by resource.
	PendingMaintenance []types.ResourcePendingMaintenanceActions
	// LogFiles are by identifier of the instance, LogText by identifier and file name joined by a slash.
	LogFiles map[string][]types.DescribeDBLogFilesDetails
	LogText  map[string]string
	// PortionSize is how many bytes of a log file an answer holds; zero means RDS's own 1 MiB.
	PortionSize int
}

var (
	_ rdsdiag.DirectoryAPI = (*Client)(nil)
	_ rdsdiag.LogFileAPI   = (*Client)(nil)
)

// DescribeDBInstances answers for all instances, or for the one asked for.
func (c *Client) DescribeDBInstances(
	ctx context.Context, in *rds.DescribeDBInstancesInput, _ ...func(*rds.Options),
) (*rds.DescribeDBInstancesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "rds:DescribeDBInstances", in, c.describeDBInstances)
}

// DescribeDBClusters answers for all clusters, or for the one asked for.
func (c *Client) DescribeDBClusters(
	ctx context.Context, in *rds.DescribeDBClustersInput, _ ...func(*rds.Options),
) (*rds.DescribeDBClustersOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "rds:DescribeDBClusters", in, c.describeDBClusters)
}

// DescribeBlueGreenDeployments answers for all blue/green deployments, or for the one asked for.
func (c *Client) DescribeBlueGreenDeployments(
	ctx context.Context, in *rds.DescribeBlueGreenDeploymentsInput, _ ...func(*rds.Options),
) (*rds.DescribeBlueGreenDeploymentsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "rds:DescribeBlueGreenDeployments", in, c.describeBlueGreenDeployments)
}

// DescribeEvents answers for the time asked for, or for the last 60 minutes.
func (c *Client) DescribeEvents(
	ctx context.Context, in *rds.DescribeEventsInput, _ ...func(*rds.Options),
) (*rds.DescribeEventsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "rds:DescribeEvents", in, c.describeEvents)
}

// DescribeDBParameterGroups answers for all groups, or for the one asked for.
func (c *Client) DescribeDBParameterGroups(
	ctx context.Context, in *rds.DescribeDBParameterGroupsInput, _ ...func(*rds.Options),
) (*rds.DescribeDBParameterGroupsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "rds:DescribeDBParameterGroups", in, c.describeDBParameterGroups)
}

// DescribeDBParameters answers for a group. Of the filters it knows parameter-name, as RDS does.
func (c *Client) DescribeDBParameters(
	ctx context.Context, in *rds.DescribeDBParametersInput, _ ...func(*rds.Options),
) (*rds.DescribeDBParametersOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "rds:DescribeDBParameters", in, c.describeDBParameters)
}

// DescribeDBSubnetGroups answers for all groups, or for the one asked for.
func (c *Client) DescribeDBSubnetGroups(
	ctx context.Context, in *rds.DescribeDBSubnetGroupsInput, _ ...func(*rds.Options),
) (*rds.DescribeDBSubnetGroupsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "rds:DescribeDBSubnetGroups", in, c.describeDBSubnetGroups)
}

// DescribePendingMaintenanceActions answers for all resources, or for the one asked for.
func (c *Client) DescribePendingMaintenanceActions(
	ctx context.Context, in *rds.DescribePendingMaintenanceActionsInput, _ ...func(*rds.Options),
) (*rds.DescribePendingMaintenanceActionsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "rds:DescribePendingMaintenanceActions", in,
		c.describePendingMaintenanceActions)
}

// DescribeDBLogFiles answers for an instance.
func (c *Client) DescribeDBLogFiles(
	ctx context.Context, in *rds.DescribeDBLogFilesInput, _ ...func(*rds.Options),
) (*rds.DescribeDBLogFilesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "rds:DescribeDBLogFiles", in, c.describeDBLogFiles)
}

// DownloadDBLogFilePortion answers with lines of a log file: those behind the marker, or the last ones without.
func (c *Client) DownloadDBLogFilePortion(
	ctx context.Context, in *rds.DownloadDBLogFilePortionInput, _ ...func(*rds.Options),
) (*rds.DownloadDBLogFilePortionOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "rds:DownloadDBLogFilePortion", in, c.downloadDBLogFilePortion)
}
