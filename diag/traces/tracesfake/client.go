package tracesfake

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray"
	"github.com/aws/aws-sdk-go-v2/service/xray/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/traces"
)

const (
	// maxSpan, batchLimit and pageLimit are the limits of the service; see package traces. A page of summaries holds what
	// fits, which AWS does not promise in numbers.
	maxSpan    = 6 * time.Hour
	batchLimit = 5
	pageLimit  = 100
)

// Client is a fake of X-Ray. The zero value has seen no request.
type Client struct {
	diagfake.Recorder
	// Traces are what was sampled, in any order.
	Traces []Trace
	// Services are the service graph, whichever time frame is asked for.
	Services []types.Service
}

// Trace is one traced request.
type Trace struct {
	ID string
	// Segments are the segment documents, as JSON.
	Segments []string
	// Summary is what a summary tells; what it leaves nil follows from the segments.
	Summary types.TraceSummary
	// LimitExceeded marks a trace that is larger than X-Ray keeps.
	LimitExceeded bool
}

var _ traces.TraceAPI = (*Client)(nil)

// ID makes the id of a trace that began at a time.
func ID(at time.Time, n int) string { return fmt.Sprintf("1-%08x-%024x", at.Unix(), n) }

func invalid(format string, args ...any) error {
	return diagfake.APIError("InvalidRequestException", fmt.Sprintf(format, args...))
}

func checkSpan(start, end *time.Time) error {
	switch {
	case start == nil || end == nil:
		return invalid("StartTime and EndTime are required.")
	case start.After(*end):
		return invalid("StartTime must be before EndTime.")
	case end.Sub(*start) > maxSpan:
		return invalid("Time range cannot be longer than 6 hours.")
	}
	return nil
}

// GetTraceSummaries answers with the traces that began in the time frame and match the filter, the newest first.
func (c *Client) GetTraceSummaries(ctx context.Context, in *xray.GetTraceSummariesInput,
	_ ...func(*xray.Options)) (*xray.GetTraceSummariesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "xray:GetTraceSummaries", in,
		func(in *xray.GetTraceSummariesInput) (*xray.GetTraceSummariesOutput, error) {
			if err := checkSpan(in.StartTime, in.EndTime); err != nil {
				return nil, err
			}
			matches, err := compile(aws.ToString(in.FilterExpression))
			if err != nil {
				return nil, err
			}
			var found []types.TraceSummary
			processed := 0
			for _, t := range c.Traces {
				s := t.summary()
				if at := aws.ToTime(s.StartTime); at.Before(*in.StartTime) || !at.Before(*in.EndTime) {
					continue
				}
				processed++
				if matches(t, s) {
					found = append(found, s)
				}
			}
			slices.SortStableFunc(found, func(a, b types.TraceSummary) int { return b.StartTime.Compare(*a.StartTime) })
			page, token, err := diagfake.Page(&c.Recorder, "xray:GetTraceSummaries", found, in.NextToken, pageLimit)
			if in.NextToken != nil {
				processed = 0 // the first page counts them all
			}
			return &xray.GetTraceSummariesOutput{TraceSummaries: page, NextToken: token, ApproximateTime: in.StartTime,
				TracesProcessedCount: aws.Int64(int64(processed))}, err
		})
}

// BatchGetTraces answers with the traces that it knows; ids that it does not know are unprocessed.
func (c *Client) BatchGetTraces(ctx context.Context, in *xray.BatchGetTracesInput,
	_ ...func(*xray.Options)) (*xray.BatchGetTracesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "xray:BatchGetTraces", in,
		func(in *xray.BatchGetTracesInput) (*xray.BatchGetTracesOutput, error) {
			if n := len(in.TraceIds); n == 0 || n > batchLimit {
				return nil, invalid("TraceIds must hold between 1 and %d ids.", batchLimit)
			}
			out := &xray.BatchGetTracesOutput{}
			var found []types.Trace
			for _, id := range in.TraceIds {
				i := slices.IndexFunc(c.Traces, func(t Trace) bool { return t.ID == id })
				if i < 0 {
					out.UnprocessedTraceIds = append(out.UnprocessedTraceIds, id)
					continue
				}
				found = append(found, c.Traces[i].full())
			}
			var err error
			out.Traces, out.NextToken, err = diagfake.Page(&c.Recorder, "xray:BatchGetTraces", found, in.NextToken, batchLimit)
			return out, err
		})
}

// GetServiceGraph answers with the services.
func (c *Client) GetServiceGraph(ctx context.Context, in *xray.GetServiceGraphInput,
	_ ...func(*xray.Options)) (*xray.GetServiceGraphOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "xray:GetServiceGraph", in,
		func(in *xray.GetServiceGraphInput) (*xray.GetServiceGraphOutput, error) {
			if err := checkSpan(in.StartTime, in.EndTime); err != nil {
				return nil, err
			}
			page, token, err := diagfake.Page(&c.Recorder, "xray:GetServiceGraph", c.Services, in.NextToken, pageLimit)
			return &xray.GetServiceGraphOutput{Services: page, NextToken: token, StartTime: in.StartTime, EndTime: in.EndTime},
				err
		})
}
