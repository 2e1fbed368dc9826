package logs

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// GroupAPI is what a [Group] reads. All of it reads; FilterLogEvents and GetLogEvents return what programs wrote.
type GroupAPI interface {
	cloudwatchlogs.DescribeLogGroupsAPIClient
	cloudwatchlogs.DescribeLogStreamsAPIClient
	cloudwatchlogs.FilterLogEventsAPIClient
	cloudwatchlogs.GetLogEventsAPIClient
}

// QueryAPI is what a [Runner] of Logs Insights queries calls. A query changes nothing, but it is charged by the bytes
// that it scans.
type QueryAPI interface {
	StartQuery(context.Context, *cloudwatchlogs.StartQueryInput,
		...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StartQueryOutput, error)
	GetQueryResults(context.Context, *cloudwatchlogs.GetQueryResultsInput,
		...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.GetQueryResultsOutput, error)
	StopQuery(context.Context, *cloudwatchlogs.StopQueryInput,
		...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StopQueryOutput, error)
}

// TailAPI is what [Tail] calls. A session is charged by the minute.
type TailAPI interface {
	StartLiveTail(context.Context, *cloudwatchlogs.StartLiveTailInput,
		...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StartLiveTailOutput, error)
}

var (
	_ GroupAPI = (*cloudwatchlogs.Client)(nil)
	_ QueryAPI = (*cloudwatchlogs.Client)(nil)
	_ TailAPI  = (*cloudwatchlogs.Client)(nil)
)
