package logs

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// GroupType is the CloudFormation type of a log group.
const GroupType = "AWS::Logs::LogGroup"

// Group is one CloudWatch log group, or the part of it that options narrow it to, over a window of time.
type Group struct {
	api        GroupAPI
	name       string
	arn        string
	window     diag.Window
	prefixes   []string
	streams    []string
	healthPath string
	made       func(context.Context) (bool, error)
	maxCalls   int
	maxEvents  int
	pacer      *diag.Pacer

	description diag.Memo[types.LogGroup]
	streamList  diag.Memo[[]types.LogStream]
	reading     diag.Memo[*Reading]
	breakdown   diag.Memo[*Breakdown]
	requests    diag.Memo[[]Request]
	tails       diag.MemoMap[string, []Line]
}

// Option narrows a group or sets its limits.
type Option func(*Group)

// WithStreamPrefixes reads only the streams whose names begin with one of the prefixes. The awslogs driver names the
// stream of a task prefix/container/task-id ("awslogs-stream-prefix", Amazon ECS Developer Guide).
func WithStreamPrefixes(prefixes ...string) Option {
	return func(g *Group) { g.prefixes = append(g.prefixes, prefixes...) }
}

// WithStreams reads only the streams of these names.
func WithStreams(names ...string) Option {
	return func(g *Group) { g.streams = append(g.streams, names...) }
}

// WithMaker tells how to find out whether the group is made when something first writes to it, as the awslogs driver
// does with awslogs-create-group: such a group is not missed before. It is asked only about a group that does not
// exist.
func WithMaker(made func(context.Context) (bool, error)) Option {
	return func(g *Group) { g.made = made }
}

// WithHealthPath tells the path that a load balancer's health check asks for, so that its requests are recognised in
// logs that hold no user agent.
func WithHealthPath(path string) Option { return func(g *Group) { g.healthPath = path } }

// WithMaxCalls limits the FilterLogEvents calls of the group; see [DefaultMaxCalls].
func WithMaxCalls(n int) Option { return func(g *Group) { g.maxCalls = n } }

// WithMaxEvents ends reading with the page that brings so many events; see [DefaultMaxEvents].
func WithMaxEvents(n int) Option { return func(g *Group) { g.maxEvents = n } }

// WithPacer makes the group share a pacer with others; nil lifts the pace.
func WithPacer(p *diag.Pacer) Option { return func(g *Group) { g.pacer = p } }

// WithARN gives the group's ARN, where the caller knows it, so that naming the group makes no call.
func WithARN(groupARN string) Option {
	return func(g *Group) { g.arn = strings.TrimSuffix(groupARN, ":*") }
}

// NewGroup returns the log group of a name, or of an ARN, over a window. It makes no call.
func NewGroup(api GroupAPI, name string, window diag.Window, opts ...Option) *Group {
	g := &Group{api: api, name: name, window: window, maxCalls: DefaultMaxCalls, maxEvents: DefaultMaxEvents,
		pacer: NewPacer()}
	if a, err := arn.Parse(name); err == nil {
		g.arn = strings.TrimSuffix(name, ":*")
		g.name = strings.TrimPrefix(strings.TrimSuffix(a.Resource, ":*"), "log-group:")
	}
	for _, opt := range opts {
		opt(g)
	}
	return g
}

// TaskStreamPrefix returns the prefix of the streams that the awslogs driver writes for a container of a task, or for
// a container of all tasks if taskID is empty.
func TaskStreamPrefix(streamPrefix, container, taskID string) string {
	return strings.Join([]string{streamPrefix, container, taskID}, "/")
}

// Resource names the group.
func (g *Group) Resource() diag.Resource { return diag.ResourceOf(GroupType, g.name, g.arn) }

// Window returns the span of time that the group is read over.
func (g *Group) Window() diag.Window { return g.window }

// Describe returns the group as DescribeLogGroups has it: retention in days (nil: never expires), stored bytes, class.
// A group that does not exist is an error of [diag.KindNotFound].
func (g *Group) Describe(ctx context.Context) (types.LogGroup, error) {
	return g.description.Get(ctx, func(ctx context.Context) (types.LogGroup, error) {
		pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(g.api,
			&cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String(g.name)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return types.LogGroup{}, fmt.Errorf("describing log group %s: %w", g.name, err)
			}
			for _, lg := range page.LogGroups {
				if aws.ToString(lg.LogGroupName) == g.name {
					return lg, nil
				}
			}
		}
		return types.LogGroup{}, diag.Errorf(diag.KindNotFound, "describing log group %s: no log group of this name", g.name)
	})
}

// Retention returns how long the group keeps events; zero means for ever.
func (g *Group) Retention(ctx context.Context) (time.Duration, error) {
	lg, err := g.Describe(ctx)
	return time.Duration(aws.ToInt32(lg.RetentionInDays)) * 24 * time.Hour, err
}

// Streams returns the streams of the group that its options select, by name. Ordering by last event would rule out a
// prefix ("DescribeLogStreams", orderBy), so it is left to the caller.
func (g *Group) Streams(ctx context.Context) ([]types.LogStream, error) {
	return g.streamList.Get(ctx, func(ctx context.Context) ([]types.LogStream, error) {
		var all []types.LogStream
		for _, prefix := range g.streamQueries() {
			in := &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(g.name)}
			if prefix != "" {
				in.LogStreamNamePrefix = aws.String(prefix)
			}
			pages := cloudwatchlogs.NewDescribeLogStreamsPaginator(g.api, in)
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return all, fmt.Errorf("describing the streams of log group %s: %w", g.name, err)
				}
				all = append(all, page.LogStreams...)
			}
		}
		return all, nil
	})
}

func (g *Group) streamQueries() []string {
	if len(g.prefixes)+len(g.streams) == 0 {
		return []string{""}
	}
	return append(append([]string{}, g.prefixes...), g.streams...)
}

// Tail returns the last n lines of a stream up to the end of the window, oldest first.
func (g *Group) Tail(ctx context.Context, stream string, n int) ([]Line, error) {
	return g.tails.Get(ctx, fmt.Sprintf("%d %s", n, stream), func(ctx context.Context) ([]Line, error) {
		var lines []Line
		in := &cloudwatchlogs.GetLogEventsInput{
			LogGroupName: aws.String(g.name), LogStreamName: aws.String(stream), StartFromHead: aws.Bool(false),
			EndTime: aws.Int64(g.window.End.UnixMilli()),
		}
		for n > len(lines) {
			in.Limit = aws.Int32(int32(min(n-len(lines), pageLimit)))
			out, err := g.api.GetLogEvents(ctx, in)
			if err != nil {
				return lines, fmt.Errorf("reading the end of log stream %s:%s: %w", g.name, stream, err)
			}
			lines = append(outputLines(stream, out.Events), lines...)
			// At the end of a stream, the token that was sent comes back ("GetLogEvents").
			if back := out.NextBackwardToken; back == nil || aws.ToString(back) == aws.ToString(in.NextToken) {
				break
			}
			in.NextToken = out.NextBackwardToken
		}
		return lines, nil
	})
}

func outputLines(stream string, events []types.OutputLogEvent) []Line {
	var lines []Line
	for _, e := range events {
		lines = append(lines, Line{At: millis(e.Timestamp), Stream: stream, Text: aws.ToString(e.Message)})
	}
	return lines
}

func millis(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms).UTC()
}
