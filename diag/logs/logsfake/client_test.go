package logsfake_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
)

var noon = time.Date(2026, 2, 11, 12, 0, 0, 0, time.UTC)

const name = "/ecs/prod/api"

func client() *logsfake.Client {
	return &logsfake.Client{Groups: []logsfake.Group{{
		LogGroup: types.LogGroup{LogGroupName: aws.String(name)},
		Events: []logsfake.Event{
			{At: noon.Add(2 * time.Second), Stream: "b/b/2", Message: "ERROR connection refused"},
			{At: noon, Stream: "a/a/1", Message: "INFO ready"},
			{At: noon.Add(time.Second), Stream: "a/a/1", Message: "WARN slow UNAUTHORIZED"},
		},
	}}}
}

func TestFilterPatterns(t *testing.T) {
	for _, test := range []struct {
		name, pattern string
		want          int
	}{
		{"nothing", "", 3},
		{"term", "ERROR", 1},
		{"terms are all needed", "ERROR refused", 1},
		{"terms that are not all there", "ERROR ready", 0},
		{"quoted", `"connection refused"`, 1},
		{"any", "?ERROR ?WARN", 2},
		{"any beside a needed one has no effect", "INFO ?ERROR", 1},
		{"excluded", "-ERROR", 2},
		{"case matters", "error", 0},
		{"regular expression", "%ERR.R|WARN%", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, err := client().FilterLogEvents(t.Context(),
				&cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(name), FilterPattern: aws.String(test.pattern)})
			require.NoError(t, err)
			assert.Len(t, out.Events, test.want)
		})
	}
}

func TestRefusals(t *testing.T) {
	many := make([]string, 101)
	for _, test := range []struct {
		name string
		in   cloudwatchlogs.FilterLogEventsInput
		code string
	}{
		{"no group", cloudwatchlogs.FilterLogEventsInput{}, "InvalidParameterException"},
		{"unknown group", cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/x")}, "ResourceNotFoundException"},
		{"name and identifier", cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(name),
			LogGroupIdentifier: aws.String(name)}, "InvalidParameterException"},
		{"names and prefix", cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(name),
			LogStreamNames: []string{"a"}, LogStreamNamePrefix: aws.String("a")}, "InvalidParameterException"},
		{"too many names", cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(name), LogStreamNames: many},
			"InvalidParameterException"},
		{"limit too high", cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(name), Limit: aws.Int32(10_001)},
			"InvalidParameterException"},
		{"end before start", cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(name), StartTime: aws.Int64(2),
			EndTime: aws.Int64(1)}, "InvalidParameterException"},
		{"pattern too long", cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(name),
			FilterPattern: aws.String(strings.Repeat("a", 1025))}, "InvalidParameterException"},
		{"parentheses in a regular expression", cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(name),
			FilterPattern: aws.String("%(a)%")}, "InvalidParameterException"},
		{"open quote", cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(name), FilterPattern: aws.String(`"a`)},
			"InvalidParameterException"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := client().FilterLogEvents(t.Context(), &test.in)
			var api smithy.APIError
			require.ErrorAs(t, err, &api)
			assert.Equal(t, test.code, api.ErrorCode())
		})
	}
}

func TestOrderAndSpan(t *testing.T) {
	in := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(name), StartTime: aws.Int64(noon.UnixMilli()),
		EndTime: aws.Int64(noon.Add(time.Second).UnixMilli()), StartFromHead: aws.Bool(false)}
	out, err := client().FilterLogEvents(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, out.Events, 2, "the end is included")
	assert.Equal(t, "WARN slow UNAUTHORIZED", *out.Events[0].Message, "newest first")
	got, err := client().GetLogEvents(t.Context(),
		&cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(name), LogStreamName: aws.String("a/a/1"),
			EndTime: aws.Int64(noon.Add(time.Second).UnixMilli())})
	require.NoError(t, err)
	assert.Len(t, got.Events, 1, "the end is not included")
}

func TestTokensOfStreamsNeverEnd(t *testing.T) {
	c := client()
	in := &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(name), LogStreamName: aws.String("a/a/1"),
		StartFromHead: aws.Bool(true)}
	out, err := c.GetLogEvents(t.Context(), in)
	require.NoError(t, err)
	in.NextToken = out.NextForwardToken
	again, err := c.GetLogEvents(t.Context(), in)
	require.NoError(t, err)
	assert.Empty(t, again.Events)
	assert.Equal(t, in.NextToken, again.NextForwardToken)
}

func TestStreams(t *testing.T) {
	c := client()
	out, err := c.DescribeLogStreams(t.Context(),
		&cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(name), OrderBy: types.OrderByLastEventTime,
			Descending: aws.Bool(true)})
	require.NoError(t, err)
	require.Len(t, out.LogStreams, 2)
	assert.Equal(t, "b/b/2", *out.LogStreams[0].LogStreamName)
	_, err = c.DescribeLogStreams(t.Context(), &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(name),
		OrderBy: types.OrderByLastEventTime, LogStreamNamePrefix: aws.String("a")})
	assert.ErrorContains(t, err, "InvalidParameterException", "the API refuses a prefix with this order")
}

func TestMergeIsIdempotent(t *testing.T) {
	c := &logsfake.Client{}
	filter := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(name)}
	events := &cloudwatchlogs.FilterLogEventsOutput{Events: []types.FilteredLogEvent{
		{EventId: aws.String("1"), LogStreamName: aws.String("a/a/1"), Message: aws.String("x"), Timestamp: aws.Int64(1),
			IngestionTime: aws.Int64(2)}}}
	get := &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(name), LogStreamName: aws.String("a/a/1")}
	same := &cloudwatchlogs.GetLogEventsOutput{Events: []types.OutputLogEvent{{Message: aws.String("x"),
		Timestamp: aws.Int64(1), IngestionTime: aws.Int64(2)}}}
	streams := &cloudwatchlogs.DescribeLogStreamsOutput{LogStreams: []types.LogStream{{LogStreamName: aws.String("a/a/1")}}}
	for range 2 {
		assert.True(t, c.Merge(&cloudwatchlogs.DescribeLogGroupsInput{},
			&cloudwatchlogs.DescribeLogGroupsOutput{LogGroups: []types.LogGroup{{LogGroupName: aws.String(name),
				RetentionInDays: aws.Int32(7)}}}))
		assert.True(t, c.Merge(filter, events))
		assert.True(t, c.Merge(get, same))
		assert.True(t, c.Merge(&cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(name)}, streams))
	}
	assert.False(t, c.Merge(nil, &cloudwatchlogs.StartQueryOutput{}))
	require.Len(t, c.Groups, 1)
	assert.Len(t, c.Groups[0].Events, 1)
	assert.Len(t, c.Groups[0].Streams, 1)
	assert.EqualValues(t, 7, *c.Groups[0].RetentionInDays)
}
