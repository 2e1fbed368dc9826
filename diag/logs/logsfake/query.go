package logsfake

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// groupLimit is the most log groups of a query, rowLimit the most rows of a page of results ("StartQuery",
// "GetQueryResults"), concurrentLimit the most queries that run at once.
const (
	groupLimit      = 50
	rowLimit        = 10_000
	concurrentLimit = 100
)

// QueryResult is the outcome of a query.
type QueryResult struct {
	Rows [][]types.ResultField
	// Status is the final one; Complete if empty.
	Status types.QueryStatus
	// Polls is how often GetQueryResults finds the query still running.
	Polls int
}

type queries struct {
	mu      sync.Mutex
	results []QueryResult
	over    map[int]bool
}

// StartQuery starts a query, whose outcome the Query function gives.
func (c *Client) StartQuery(ctx context.Context, in *cloudwatchlogs.StartQueryInput,
	_ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StartQueryOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "logs:StartQuery", in, c.startQuery)
}

// GetQueryResults tells how a query stands.
func (c *Client) GetQueryResults(ctx context.Context, in *cloudwatchlogs.GetQueryResultsInput,
	_ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.GetQueryResultsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "logs:GetQueryResults", in, c.getQueryResults)
}

// StopQuery ends a query.
func (c *Client) StopQuery(ctx context.Context, in *cloudwatchlogs.StopQueryInput,
	_ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StopQueryOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "logs:StopQuery", in, c.stopQuery)
}

func (c *Client) startQuery(in *cloudwatchlogs.StartQueryInput) (*cloudwatchlogs.StartQueryOutput, error) {
	named := 0
	for _, given := range []bool{in.LogGroupName != nil, len(in.LogGroupNames) > 0, len(in.LogGroupIdentifiers) > 0} {
		if given {
			named++
		}
	}
	switch {
	case in.QueryString == nil || in.StartTime == nil || in.EndTime == nil:
		return nil, invalid("queryString, startTime and endTime are required.")
	case named != 1:
		return nil, invalid("Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given.")
	case len(in.LogGroupNames) > groupLimit || len(in.LogGroupIdentifiers) > groupLimit:
		return nil, invalid("At most %d log groups can be queried.", groupLimit)
	case *in.StartTime > *in.EndTime:
		return nil, diagfake.APIError("MalformedQueryException", "the end of the time range lies before its start")
	}
	for _, name := range append(append([]string{}, in.LogGroupNames...), aws.ToString(in.LogGroupName)) {
		if _, err := c.group(aws.String(name), nil); name != "" && err != nil {
			return nil, err
		}
	}
	var result QueryResult
	if c.Query != nil {
		result = c.Query(in)
	}
	c.queries.mu.Lock()
	defer c.queries.mu.Unlock()
	if len(c.queries.results)-len(c.queries.over) >= concurrentLimit {
		return nil, diagfake.APIError("LimitExceededException", "Account maximum query concurrency limit reached")
	}
	c.queries.results = append(c.queries.results, result)
	return &cloudwatchlogs.StartQueryOutput{QueryId: aws.String(fmt.Sprintf("query-%d", len(c.queries.results)-1))}, nil
}

// find returns the number of a query. The caller holds the lock.
func (c *Client) find(id *string) (int, error) {
	var n int
	if _, err := fmt.Sscanf(aws.ToString(id), "query-%d", &n); err != nil || n < 0 || n >= len(c.queries.results) {
		return 0, diagfake.APIError("ResourceNotFoundException", "The specified query does not exist.")
	}
	return n, nil
}

func (c *Client) getQueryResults(in *cloudwatchlogs.GetQueryResultsInput) (*cloudwatchlogs.GetQueryResultsOutput, error) {
	c.queries.mu.Lock()
	defer c.queries.mu.Unlock()
	n, err := c.find(in.QueryId)
	if err != nil {
		return nil, err
	}
	q := &c.queries.results[n]
	if q.Polls > 0 {
		q.Polls--
		return &cloudwatchlogs.GetQueryResultsOutput{Status: types.QueryStatusRunning}, nil
	}
	c.queries.end(n)
	status := q.Status
	if status == "" {
		status = types.QueryStatusComplete
	}
	page, next, err := diagfake.Page(&c.Recorder, "logs:GetQueryResults", q.Rows, in.NextToken, rowLimit)
	return &cloudwatchlogs.GetQueryResultsOutput{Results: page, NextToken: next, Status: status}, err
}

func (c *Client) stopQuery(in *cloudwatchlogs.StopQueryInput) (*cloudwatchlogs.StopQueryOutput, error) {
	c.queries.mu.Lock()
	defer c.queries.mu.Unlock()
	n, err := c.find(in.QueryId)
	if err != nil {
		return nil, err
	}
	c.queries.end(n)
	return &cloudwatchlogs.StopQueryOutput{Success: true}, nil
}

func (q *queries) end(n int) {
	if q.over == nil {
		q.over = map[int]bool{}
	}
	q.over[n] = true
}
