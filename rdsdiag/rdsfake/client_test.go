package rdsfake_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

var now = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func code(err error) string {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return ""
	}
	return api.ErrorCode()
}

func TestEmptyAccount(t *testing.T) {
	c := &rdsfake.Client{}
	out, err := c.DescribeDBInstances(t.Context(), &rds.DescribeDBInstancesInput{})
	require.NoError(t, err)
	assert.Empty(t, out.DBInstances)
	assert.Nil(t, out.Marker)
}

// TestFaults are RDS's own codes for what is missing or wrong.
func TestFaults(t *testing.T) {
	c, ctx := rdsfake.Healthy("shop", now), t.Context()
	name := aws.String("gone")
	for want, call := range map[string]func() error{
		"DBInstanceNotFound": func() error {
			_, err := c.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: name})
			return err
		},
		"DBClusterNotFoundFault": func() error {
			_, err := c.DescribeDBClusters(ctx, &rds.DescribeDBClustersInput{DBClusterIdentifier: name})
			return err
		},
		"DBParameterGroupNotFound": func() error {
			_, err := c.DescribeDBParameters(ctx, &rds.DescribeDBParametersInput{DBParameterGroupName: name})
			return err
		},
		"DBSubnetGroupNotFoundFault": func() error {
			_, err := c.DescribeDBSubnetGroups(ctx, &rds.DescribeDBSubnetGroupsInput{DBSubnetGroupName: name})
			return err
		},
		"DBLogFileNotFoundFault": func() error {
			_, err := c.DownloadDBLogFilePortion(ctx,
				&rds.DownloadDBLogFilePortionInput{DBInstanceIdentifier: aws.String("shop"), LogFileName: name})
			return err
		},
		"InvalidParameterCombination": func() error {
			_, err := c.DescribeEvents(ctx, &rds.DescribeEventsInput{SourceIdentifier: aws.String("shop")})
			return err
		},
		"InvalidParameterValue": func() error {
			_, err := c.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{MaxRecords: aws.Int32(5)})
			return err
		},
	} {
		assert.Equal(t, want, code(call()))
	}
	_, err := c.DescribeEvents(ctx, &rds.DescribeEventsInput{StartTime: aws.Time(now.Add(-20 * 24 * time.Hour)),
		EndTime: aws.Time(now)})
	assert.Equal(t, "InvalidParameterValue", code(err), "older than RDS keeps events")
}

func TestEventsDefaultToAnHour(t *testing.T) {
	c := rdsfake.Healthy("shop", now)
	c.Events = []types.Event{rdsfake.Event("shop", now.Add(-2*time.Hour), "DB instance shutdown"), rdsfake.Event("shop",
		now.Add(-time.Minute), "DB instance restarted")}
	count := func(in rds.DescribeEventsInput) int {
		out, err := c.DescribeEvents(t.Context(), &in)
		require.NoError(t, err)
		return len(out.Events)
	}
	assert.Equal(t, 1, count(rds.DescribeEventsInput{}))
	assert.Equal(t, 2, count(rds.DescribeEventsInput{Duration: aws.Int32(180)}))
	assert.Equal(t, 2, count(rds.DescribeEventsInput{StartTime: aws.Time(now.Add(-3 * time.Hour))}))
	assert.Equal(t, 1, count(rds.DescribeEventsInput{EndTime: aws.Time(now.Add(-90 * time.Minute))}))
	assert.Equal(t, 0, count(rds.DescribeEventsInput{Duration: aws.Int32(180), SourceType: types.SourceTypeDbCluster}))
}

func TestParametersByName(t *testing.T) {
	c := rdsfake.Healthy("shop", now)
	out, err := c.DescribeDBParameters(t.Context(),
		&rds.DescribeDBParametersInput{DBParameterGroupName: aws.String("shop-params"),
			Filters: []types.Filter{{Name: aws.String("parameter-name"), Values: []string{"max_connections"}}}})
	require.NoError(t, err)
	assert.Len(t, out.Parameters, 1)
}

func TestPages(t *testing.T) {
	c := &rdsfake.Client{}
	for range 45 {
		c.DBInstances = append(c.DBInstances, rdsfake.Instance("shop", "params", now))
	}
	pages, sizes := rds.NewDescribeDBInstancesPaginator(c, &rds.DescribeDBInstancesInput{MaxRecords: aws.Int32(20)}),
		[]int{}
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		sizes = append(sizes, len(page.DBInstances))
	}
	assert.Equal(t, []int{20, 20, 5}, sizes)
}

func TestMerge(t *testing.T) {
	c, id, group := &rdsfake.Client{}, aws.String("shop"), aws.String("params")
	documents := [][2]any{
		{nil, &rds.DescribeDBInstancesOutput{DBInstances: []types.DBInstance{rdsfake.Instance("shop", "params", now)}}},
		{nil, &rds.DescribeDBClustersOutput{DBClusters: []types.DBCluster{rdsfake.Cluster("c", now)}}},
		{nil, &rds.DescribeEventsOutput{Events: []types.Event{rdsfake.Event("shop", now, "DB instance restarted")}}},
		{nil,
			&rds.DescribeDBParameterGroupsOutput{DBParameterGroups: []types.DBParameterGroup{{DBParameterGroupName: group}}}},
		{nil, &rds.DescribeDBSubnetGroupsOutput{DBSubnetGroups: []types.DBSubnetGroup{{DBSubnetGroupName: group}}}},
		{nil,
			&rds.DescribePendingMaintenanceActionsOutput{PendingMaintenanceActions: []types.ResourcePendingMaintenanceActions{{ResourceIdentifier: id}}}},
		{&rds.DescribeDBParametersInput{DBParameterGroupName: group},
			&rds.DescribeDBParametersOutput{Parameters: []types.Parameter{rdsfake.Parameter("a", "1")}}},
		{&rds.DescribeDBLogFilesInput{DBInstanceIdentifier: id},
			&rds.DescribeDBLogFilesOutput{DescribeDBLogFiles: []types.DescribeDBLogFilesDetails{{LogFileName: id}}}},
		{&rds.DownloadDBLogFilePortionInput{DBInstanceIdentifier: id, LogFileName: id},
			&rds.DownloadDBLogFilePortionOutput{LogFileData: aws.String("x")}},
	}
	for range 2 { // a second time changes nothing
		for _, d := range documents {
			assert.True(t, c.Merge(d[0], d[1]), "%T", d[1])
		}
	}
	assert.Equal(t, []int{1, 1, 1, 1, 1, 1, 1, 1, 1}, []int{len(c.DBInstances), len(c.DBClusters), len(c.Events),
		len(c.DBParameterGroups),
		len(c.DBSubnetGroups), len(c.PendingMaintenance), len(c.Parameters["params"]), len(c.LogFiles["shop"]),
		len(c.LogText)})
	assert.False(t, c.Merge(nil, &rds.DescribeDBParametersOutput{}), "parameters of no group")
	assert.False(t, c.Merge(nil, 5))
}
