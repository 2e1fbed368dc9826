package rdsdiag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/pi"
	"github.com/aws/aws-sdk-go-v2/service/rds"
)

// DBInstanceAPI is what a [DBInstance] reads from. Clusters are for members whose limits stand there.
type DBInstanceAPI interface {
	rds.DescribeDBInstancesAPIClient
	rds.DescribeDBClustersAPIClient
	rds.DescribeEventsAPIClient
	rds.DescribeDBParametersAPIClient
	rds.DescribePendingMaintenanceActionsAPIClient
	rds.DescribeDBLogFilesAPIClient
}

// DBClusterAPI is what a [DBCluster] reads from.
type DBClusterAPI interface {
	rds.DescribeDBClustersAPIClient
	rds.DescribeEventsAPIClient
	rds.DescribePendingMaintenanceActionsAPIClient
}

// BlueGreenAPI is what a [BlueGreenDeployment] reads from.
type BlueGreenAPI interface {
	rds.DescribeBlueGreenDeploymentsAPIClient
	rds.DescribeEventsAPIClient
}

// DirectoryAPI is what a [Directory] and its subjects read from.
type DirectoryAPI interface {
	DBInstanceAPI
	DBClusterAPI
	BlueGreenAPI
}

// LogFileAPI is what [LogFiles] reads from. It returns what a customer's database wrote.
type LogFileAPI interface {
	rds.DescribeDBLogFilesAPIClient
	DownloadDBLogFilePortion(context.Context, *rds.DownloadDBLogFilePortionInput, ...func(*rds.Options)) (
		*rds.DownloadDBLogFilePortionOutput, error)
}

// LoadAPI is what [Load] reads from: Performance Insights. Of statements it returns digests, which customers wrote.
type LoadAPI interface {
	pi.GetResourceMetricsAPIClient
	pi.DescribeDimensionKeysAPIClient
}

var (
	_ DirectoryAPI = (*rds.Client)(nil)
	_ LogFileAPI   = (*rds.Client)(nil)
	_ LoadAPI      = (*pi.Client)(nil)
)

// The calls that facts come from, as IAM actions.
const (
	callInstances   = "rds:DescribeDBInstances"
	callBlueGreens  = "rds:DescribeBlueGreenDeployments"
	callClusters    = "rds:DescribeDBClusters"
	callEvents      = "rds:DescribeEvents"
	callParameters  = "rds:DescribeDBParameters"
	callMaintenance = "rds:DescribePendingMaintenanceActions"
	callLogFiles    = "rds:DescribeDBLogFiles"
	callLogPortion  = "rds:DownloadDBLogFilePortion"
	callMetrics     = "cloudwatch:GetMetricData"
	callLoad        = "pi:GetResourceMetrics"
	callStatements  = "pi:DescribeDimensionKeys"
)
