package logs

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Limits of Logs Insights ("CloudWatch Logs quotas"; "StartQuery", "GetQueryResults" of the API reference). This
// package
// takes a quarter of the rate, as people have dashboards open.
const (
	// queryGroups is the most log groups of a query.
	queryGroups = 50
	// queryRows is the most rows that a query without paging returns, and of a page of results.
	queryRows = 10_000
	// queryPace is the time between two StartQuery: a quarter of 5 a second, the lowest quota of a Region.
	queryPace = 800 * time.Millisecond
	// queryBurst is how many go out at once.
	queryBurst = 2
	// firstPoll and longestPoll bound the time between two looks at a query.
	firstPoll   = 500 * time.Millisecond
	longestPoll = 5 * time.Second
	// splitDepth is how often a span is halved whose rows do not fit or whose query timed out: into 16 at most.
	splitDepth = 4
)

// Row is one row of results, by field.
type Row map[string]string

// Runner runs Logs Insights queries within the quotas of the service. Queries are charged by the bytes that they scan.
type Runner struct {
	API QueryAPI
	// Pace spaces out the starts of queries; nil does not.
	Pace *diag.Pacer
	// Poll is the first time between two looks at a running query, which doubles up to ten times as long; half a second
	// if zero.
	Poll time.Duration
}

// NewRunner returns a runner that keeps to a part of the account's quota.
func NewRunner(api QueryAPI) *Runner {
	return &Runner{API: api, Pace: &diag.Pacer{Every: queryPace, Burst: queryBurst}}
}

// Run runs a query over the log groups and returns its rows. A span with more rows than fit, or whose query timed out,
// is halved and asked again, four times over at most; what is left out even then is told by an error of
// [diag.KindIncomplete] beside the rows. Aggregates of a span that was halved stand once for each part. When the
// context ends, a running query is stopped.
func (r *Runner) Run(ctx context.Context, query string, groups []string, window diag.Window) ([]Row, error) {
	if len(groups) == 0 || len(groups) > queryGroups {
		return nil, diag.Errorf(diag.KindInvalid,
			"querying %d log groups: between 1 and %d can be queried at once", len(groups), queryGroups)
	}
	if err := window.Validate(); err != nil {
		return nil, diag.Errorf(diag.KindInvalid, "querying log groups: %w", err)
	}
	return r.run(ctx, query, groups, window, splitDepth)
}

func (r *Runner) run(ctx context.Context, query string, groups []string, w diag.Window, depth int) ([]Row, error) {
	rows, status, err := r.once(ctx, query, groups, w)
	if err != nil {
		return rows, err
	}
	full := status == types.QueryStatusComplete && len(rows) >= queryRows
	switch {
	case status == types.QueryStatusComplete && !full:
		return rows, nil
	case (full || status == types.QueryStatusTimeout) && depth > 0 && w.Duration() >= 2*time.Second:
		middle := w.Start.Add(w.Duration() / 2).Truncate(time.Second)
		early, err := r.run(ctx, query, groups, diag.Window{Start: w.Start, End: middle}, depth-1)
		late, lateErr := r.run(ctx, query, groups, diag.Window{Start: middle, End: w.End}, depth-1)
		if err == nil {
			err = lateErr
		}
		return append(early, late...), err
	case full || status == types.QueryStatusTimeout:
		return rows, diag.Errorf(diag.KindIncomplete,
			"querying log groups: %d rows and no more (%s) from %s to %s", len(rows), status,
			w.Start.UTC().Format(time.RFC3339), w.End.UTC().Format(time.RFC3339))
	}
	return rows, fmt.Errorf("querying log groups: the query ended as %s", status)
}

// once starts a query and waits for its end.
func (r *Runner) once(ctx context.Context, query string, groups []string, w diag.Window) ([]Row, types.QueryStatus,
	error) {
	if err := r.Pace.Wait(ctx); err != nil {
		return nil, "", err
	}
	// The end is included, in whole seconds.
	out, err := r.API.StartQuery(ctx, &cloudwatchlogs.StartQueryInput{
		LogGroupNames: groups, QueryString: aws.String(query), Limit: aws.Int32(queryRows),
		StartTime: aws.Int64(w.Start.Unix()), EndTime: aws.Int64(w.End.Add(-time.Nanosecond).Unix()),
	})
	if err != nil {
		return nil, "", fmt.Errorf("starting a query over %d log groups: %w", len(groups), err)
	}
	rows, status, err := r.wait(ctx, out.QueryId)
	if ctx.Err() != nil {
		r.stop(ctx, out.QueryId)
	}
	return rows, status, err
}

// stopTime is how long stopping a query may take after its context has ended.
const stopTime = 5 * time.Second

// stop ends a query that nobody waits for any more: it would run, and cost, on.
func (r *Runner) stop(ctx context.Context, id *string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	_, _ = r.API.StopQuery(ctx, &cloudwatchlogs.StopQueryInput{QueryId: id}) // the context's own end is what is told
}

func (r *Runner) wait(ctx context.Context, id *string) ([]Row, types.QueryStatus, error) {
	poll := firstPoll
	if r.Poll > 0 {
		poll = r.Poll
	}
	for longest := 10 * poll; ; poll = min(2*poll, longest, longestPoll) {
		if err := diag.Sleep(ctx, poll); err != nil {
			return nil, "", err
		}
		out, err := r.API.GetQueryResults(ctx, &cloudwatchlogs.GetQueryResultsInput{QueryId: id})
		if err != nil {
			return nil, "", fmt.Errorf("reading the results of a query: %w", err)
		}
		if out.Status == types.QueryStatusRunning || out.Status == types.QueryStatusScheduled {
			continue
		}
		rows, err := r.pages(ctx, id, out)
		return rows, out.Status, err
	}
}

// pages reads what follows the first page of results.
func (r *Runner) pages(ctx context.Context, id *string, out *cloudwatchlogs.GetQueryResultsOutput) ([]Row, error) {
	rows := rowsOf(out.Results)
	for aws.ToString(out.NextToken) != "" {
		next, err := r.API.GetQueryResults(ctx, &cloudwatchlogs.GetQueryResultsInput{QueryId: id, NextToken: out.NextToken})
		if err != nil {
			return rows, fmt.Errorf("reading the results of a query: %w", err)
		}
		rows = append(rows, rowsOf(next.Results)...)
		out = next
	}
	return rows, nil
}

func rowsOf(results [][]types.ResultField) []Row {
	rows := make([]Row, 0, len(results))
	for _, fields := range results {
		row := Row{}
		for _, f := range fields {
			row[aws.ToString(f.Field)] = aws.ToString(f.Value)
		}
		rows = append(rows, row)
	}
	return rows
}
