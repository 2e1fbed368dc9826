package rdsfake

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

// Merge adds a recorded answer to the world and reports whether it knew what to do with it. in and out are the SDK's
// input and output pointers. What is there already under the same identifier is replaced; an event is kept once.
func (c *Client) Merge(in, out any) bool {
	switch out := out.(type) {
	case *rds.DescribeDBInstancesOutput:
		c.DBInstances = put(c.DBInstances, out.DBInstances,
			func(i types.DBInstance) *string { return i.DBInstanceIdentifier })
	case *rds.DescribeDBClustersOutput:
		c.DBClusters = put(c.DBClusters, out.DBClusters, func(d types.DBCluster) *string { return d.DBClusterIdentifier })
	case *rds.DescribeBlueGreenDeploymentsOutput:
		c.BlueGreenDeployments = put(c.BlueGreenDeployments, out.BlueGreenDeployments,
			func(b types.BlueGreenDeployment) *string { return b.BlueGreenDeploymentIdentifier })
	case *rds.DescribeDBParameterGroupsOutput:
		c.DBParameterGroups = put(c.DBParameterGroups, out.DBParameterGroups,
			func(g types.DBParameterGroup) *string { return g.DBParameterGroupName })
	case *rds.DescribeDBSubnetGroupsOutput:
		c.DBSubnetGroups = put(c.DBSubnetGroups, out.DBSubnetGroups,
			func(g types.DBSubnetGroup) *string { return g.DBSubnetGroupName })
	case *rds.DescribePendingMaintenanceActionsOutput:
		c.PendingMaintenance = put(c.PendingMaintenance, out.PendingMaintenanceActions,
			func(r types.ResourcePendingMaintenanceActions) *string { return r.ResourceIdentifier })
	case *rds.DescribeEventsOutput:
		for _, e := range out.Events {
			if !slices.ContainsFunc(c.Events, func(o types.Event) bool { return sameEvent(o, e) }) {
				c.Events = append(c.Events, e)
			}
		}
	default:
		return c.mergeUnder(in, out)
	}
	return true
}

// mergeUnder merges answers that belong to the name in their question.
func (c *Client) mergeUnder(in, out any) bool {
	switch out := out.(type) {
	case *rds.DescribeDBParametersOutput:
		if in, ok := in.(*rds.DescribeDBParametersInput); ok && in != nil && in.DBParameterGroupName != nil {
			if c.Parameters == nil {
				c.Parameters = map[string][]types.Parameter{}
			}
			name := *in.DBParameterGroupName
			c.Parameters[name] = put(c.Parameters[name], out.Parameters,
				func(p types.Parameter) *string { return p.ParameterName })
			return true
		}
	case *rds.DescribeDBLogFilesOutput:
		if in, ok := in.(*rds.DescribeDBLogFilesInput); ok && in != nil && in.DBInstanceIdentifier != nil {
			if c.LogFiles == nil {
				c.LogFiles = map[string][]types.DescribeDBLogFilesDetails{}
			}
			id := *in.DBInstanceIdentifier
			c.LogFiles[id] = put(c.LogFiles[id], out.DescribeDBLogFiles,
				func(f types.DescribeDBLogFilesDetails) *string { return f.LogFileName })
			return true
		}
	case *rds.DownloadDBLogFilePortionOutput:
		in, ok := in.(*rds.DownloadDBLogFilePortionInput)
		if ok && in != nil && in.DBInstanceIdentifier != nil && in.LogFileName != nil {
			if c.LogText == nil {
				c.LogText = map[string]string{}
			}
			c.LogText[*in.DBInstanceIdentifier+"/"+*in.LogFileName] = aws.ToString(out.LogFileData)
			return true
		}
	}
	return false
}

func sameEvent(a, b types.Event) bool {
	return aws.ToString(a.SourceIdentifier) == aws.ToString(b.SourceIdentifier) && a.SourceType == b.SourceType &&
		aws.ToTime(a.Date).Equal(aws.ToTime(b.Date)) && aws.ToString(a.Message) == aws.ToString(b.Message)
}

func put[T any](items, more []T, key func(T) *string) []T {
	for _, item := range more {
		same := func(o T) bool { return key(o) != nil && aws.ToString(key(o)) == aws.ToString(key(item)) }
		if i := slices.IndexFunc(items, same); i >= 0 {
			items[i] = item
			continue
		}
		items = append(items, item)
	}
	return items
}
