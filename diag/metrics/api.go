package metrics

import "github.com/aws/aws-sdk-go-v2/service/cloudwatch"

// Actions are the IAM actions that a [Source] calls.
func Actions() []string { return []string{"cloudwatch:GetMetricData"} }

// API is what a [Source] needs of CloudWatch.
type API interface {
	cloudwatch.GetMetricDataAPIClient
}

var _ API = (*cloudwatch.Client)(nil)
