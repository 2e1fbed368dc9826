// Package logsfake is a fake of CloudWatch Logs: the literal is the world.
//
//	fake := &logsfake.Client{Groups: []logsfake.Group{{
//		LogGroup: types.LogGroup{LogGroupName: aws.String("/ecs/prod/api")},
//		Events:   []logsfake.Event{{At: noon, Stream: "api/api/0f3a", Message: "listening on :8080"}},
//	}}}
//
// It filters, pages and refuses as the service does: filter patterns of terms, quoted terms, optional (?) and excluded
// (-) terms and one regular expression (%…%); at most 10,000 events a page; ResourceNotFoundException for a group or
// stream that does not exist, InvalidParameterException for members that exclude each other.
package logsfake

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Client is an account's CloudWatch Logs. The zero value has no log groups.
type Client struct {
	diagfake.Recorder
	// Groups are the log groups, in any order.
	Groups []Group
	// Query answers Logs Insights queries; nil answers each with no rows. See [Client.StartQuery].
	Query func(*cloudwatchlogs.StartQueryInput) QueryResult
	// Live is what a Live Tail session sends.
	Live []types.StartLiveTailResponseStream
	// LiveError ends a Live Tail session once Live is sent; nil leaves it open.
	LiveError error

	queries queries
}

// Group is a log group and what is in it.
type Group struct {
	types.LogGroup
	// Streams describes streams. Those that only Events name need not be here.
	Streams []types.LogStream
	Events  []Event
}

// Event is one log event.
type Event struct {
	At      time.Time
	Stream  string
	Message string
	// ID is the event's id; one is made up if empty.
	ID string
	// Ingested is when it arrived; a second after At if zero.
	Ingested time.Time
}

// DescribeLogGroups answers by name prefix or pattern, sorted by name.
func (c *Client) DescribeLogGroups(ctx context.Context, in *cloudwatchlogs.DescribeLogGroupsInput,
	_ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "logs:DescribeLogGroups", in, c.describeLogGroups)
}

// DescribeLogStreams answers for one group, by name or by last event.
func (c *Client) DescribeLogStreams(ctx context.Context, in *cloudwatchlogs.DescribeLogStreamsInput,
	_ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeLogStreamsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "logs:DescribeLogStreams", in, c.describeLogStreams)
}

// FilterLogEvents answers for one group.
func (c *Client) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput,
	_ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "logs:FilterLogEvents", in, c.filterLogEvents)
}

// GetLogEvents answers for one stream. Its tokens never end: at an end, the token given comes back.
func (c *Client) GetLogEvents(ctx context.Context, in *cloudwatchlogs.GetLogEventsInput,
	_ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.GetLogEventsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "logs:GetLogEvents", in, c.getLogEvents)
}
