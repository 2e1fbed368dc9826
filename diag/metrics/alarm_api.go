package metrics

import "github.com/aws/aws-sdk-go-v2/service/cloudwatch"

// AlarmAPI is what [Alarms] reads from.
type AlarmAPI interface {
	cloudwatch.DescribeAlarmsAPIClient
	cloudwatch.DescribeAlarmHistoryAPIClient
}

// DetectorAPI is what [Detectors] reads from.
type DetectorAPI interface {
	cloudwatch.DescribeAnomalyDetectorsAPIClient
}

var (
	_ AlarmAPI    = (*cloudwatch.Client)(nil)
	_ DetectorAPI = (*cloudwatch.Client)(nil)
)

// The calls that facts come from, as IAM actions.
const (
	callAlarms    = "cloudwatch:DescribeAlarms"
	callHistory   = "cloudwatch:DescribeAlarmHistory"
	callDetectors = "cloudwatch:DescribeAnomalyDetectors"
	callMetrics   = "cloudwatch:GetMetricData"
)
