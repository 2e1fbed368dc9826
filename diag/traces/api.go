package traces

import "github.com/aws/aws-sdk-go-v2/service/xray"

const (
	summariesAction = "xray:GetTraceSummaries"
	tracesAction    = "xray:BatchGetTraces"
	graphAction     = "xray:GetServiceGraph"
)

// TraceAPI is what [Traces] reads. All of it reads; what it returns is what programs wrote.
type TraceAPI interface {
	xray.GetTraceSummariesAPIClient
	xray.BatchGetTracesAPIClient
	xray.GetServiceGraphAPIClient
}

var _ TraceAPI = (*xray.Client)(nil)
