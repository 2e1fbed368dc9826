package tracesfake_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray"
	"github.com/aws/aws-sdk-go-v2/service/xray/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/traces/tracesfake"
)

var noon = time.Date(2026, 2, 11, 12, 0, 0, 0, time.UTC)

func client() *tracesfake.Client {
	return &tracesfake.Client{Traces: []tracesfake.Trace{
		{ID: tracesfake.ID(noon.Add(-time.Hour), 1),
			Segments: []string{`{"id":"a","name":"web","fault":true,"start_time":1,"end_time":3}`}},
		{ID: tracesfake.ID(noon.Add(-2*time.Hour), 2),
			Segments: []string{`{"id":"b","name":"web","subsegments":[{"throttle":true}]}`}},
		{ID: tracesfake.ID(noon.Add(-3*time.Hour), 3), Segments: []string{`{"id":"c","name":"api","error":true}`}},
	}}
}

func summaries(filter string, d time.Duration) *xray.GetTraceSummariesInput {
	return &xray.GetTraceSummariesInput{StartTime: aws.Time(noon.Add(-d)), EndTime: aws.Time(noon),
		FilterExpression: aws.String(filter)}
}

func TestSummaries(t *testing.T) {
	for filter, want := range map[string]int{
		"": 3, "fault = true": 1, "throttle = true": 1, "error = true": 1, "responsetime > 1.5": 1, `service("web")`: 2,
		"fault = true OR error = true": 2, `(service("web")) AND (fault = true OR error = true)`: 1,
	} {
		t.Run(filter, func(t *testing.T) {
			out, err := client().GetTraceSummaries(t.Context(), summaries(filter, 6*time.Hour))
			require.NoError(t, err)
			assert.Len(t, out.TraceSummaries, want)
			assert.Equal(t, int64(3), *out.TracesProcessedCount)
		})
	}
}

func TestRefusals(t *testing.T) {
	c := client()
	_, long := c.GetTraceSummaries(t.Context(), summaries("", 7*time.Hour))
	_, odd := c.GetTraceSummaries(t.Context(), summaries("nonsense", time.Hour))
	_, backwards := c.GetTraceSummaries(t.Context(), summaries("", -time.Hour))
	_, none := c.BatchGetTraces(t.Context(), &xray.BatchGetTracesInput{})
	_, six := c.BatchGetTraces(t.Context(), &xray.BatchGetTracesInput{TraceIds: make([]string, 6)})
	_, graph := c.GetServiceGraph(t.Context(), &xray.GetServiceGraphInput{})
	for _, err := range []error{long, odd, backwards, none, six, graph} {
		var api smithy.APIError
		require.ErrorAs(t, err, &api)
		assert.Equal(t, "InvalidRequestException", api.ErrorCode())
	}
}

func TestMerge(t *testing.T) {
	from, to := client(), &tracesfake.Client{}
	listed, err := from.GetTraceSummaries(t.Context(), summaries("", 6*time.Hour))
	require.NoError(t, err)
	read, err := from.BatchGetTraces(t.Context(),
		&xray.BatchGetTracesInput{TraceIds: []string{from.Traces[0].ID, from.Traces[1].ID, "unknown"}})
	require.NoError(t, err)
	assert.Equal(t, []string{"unknown"}, read.UnprocessedTraceIds)
	graph := &xray.GetServiceGraphOutput{Services: []types.Service{{ReferenceId: aws.Int32(1), Name: aws.String("web")}}}
	for range 2 {
		assert.True(t, to.Merge(nil, listed))
		assert.True(t, to.Merge(nil, read))
		assert.True(t, to.Merge(nil, graph))
	}
	assert.False(t, to.Merge(nil, &xray.GetGroupsOutput{}))
	assert.Len(t, to.Traces, 3)
	assert.Len(t, to.Services, 1)
	again, err := to.GetTraceSummaries(t.Context(), summaries("fault = true", 6*time.Hour))
	require.NoError(t, err)
	assert.Len(t, again.TraceSummaries, 1)
}
