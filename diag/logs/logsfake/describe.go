package logsfake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// describeLimit is the most items of a page ("DescribeLogGroups", "DescribeLogStreams": limit).
const describeLimit = 50

func invalid(format string, args ...any) error {
	return diagfake.APIError("InvalidParameterException", fmt.Sprintf(format, args...))
}

// limit checks a caller's limit against the API's own.
func limit(asked *int32, most int) (int, error) {
	if asked == nil {
		return most, nil
	}
	if n := int(*asked); n >= 1 && n <= most {
		return n, nil
	}
	return 0,
		invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value "+
			"between 1 and %d", *asked, most)
}

func (c *Client) describeLogGroups(in *cloudwatchlogs.DescribeLogGroupsInput) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
	if in.LogGroupNamePrefix != nil && in.LogGroupNamePattern != nil {
		return nil, invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	size, err := limit(in.Limit, describeLimit)
	if err != nil {
		return nil, err
	}
	var groups []types.LogGroup
	for _, g := range c.Groups {
		name := aws.ToString(g.LogGroupName)
		if strings.HasPrefix(name, aws.ToString(in.LogGroupNamePrefix)) &&
			strings.Contains(strings.ToLower(name), strings.ToLower(aws.ToString(in.LogGroupNamePattern))) {
			groups = append(groups, g.LogGroup)
		}
	}
	slices.SortFunc(groups, func(a, b types.LogGroup) int {
		return cmp.Compare(aws.ToString(a.LogGroupName), aws.ToString(b.LogGroupName))
	})
	page, next, err := diagfake.Page(&c.Recorder, "logs:DescribeLogGroups", groups, in.NextToken, size)
	return &cloudwatchlogs.DescribeLogGroupsOutput{LogGroups: page, NextToken: next}, err
}

// group finds a group by exactly one of name and identifier.
func (c *Client) group(name, identifier *string) (*Group, error) {
	if (name == nil) == (identifier == nil) {
		return nil, invalid("Exactly one of logGroupName and logGroupIdentifier must be given.")
	}
	want := aws.ToString(cmp.Or(name, identifier))
	if _, after, ok := strings.Cut(want, ":log-group:"); ok {
		want = after
	}
	for i := range c.Groups {
		if aws.ToString(c.Groups[i].LogGroupName) == want {
			return &c.Groups[i], nil
		}
	}
	return nil, diagfake.APIError("ResourceNotFoundException", "The specified log group does not exist.")
}

func (c *Client) describeLogStreams(in *cloudwatchlogs.DescribeLogStreamsInput) (*cloudwatchlogs.DescribeLogStreamsOutput, error) {
	g, err := c.group(in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	if in.OrderBy == types.OrderByLastEventTime && in.LogStreamNamePrefix != nil {
		return nil, invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	size, err := limit(in.Limit, describeLimit)
	if err != nil {
		return nil, err
	}
	streams := slices.DeleteFunc(g.streams(), func(s types.LogStream) bool {
		return !strings.HasPrefix(aws.ToString(s.LogStreamName), aws.ToString(in.LogStreamNamePrefix))
	})
	if in.OrderBy == types.OrderByLastEventTime {
		slices.SortStableFunc(streams, func(a, b types.LogStream) int {
			return cmp.Compare(aws.ToInt64(a.LastEventTimestamp), aws.ToInt64(b.LastEventTimestamp))
		})
	}
	if aws.ToBool(in.Descending) {
		slices.Reverse(streams)
	}
	page, next, err := diagfake.Page(&c.Recorder, "logs:DescribeLogStreams", streams, in.NextToken, size)
	return &cloudwatchlogs.DescribeLogStreamsOutput{LogStreams: page, NextToken: next}, err
}

// streams returns the described streams and those that only events name, sorted by name.
func (g *Group) streams() []types.LogStream {
	streams := slices.Clone(g.Streams)
	for _, e := range g.Events {
		at := aws.Int64(e.At.UnixMilli())
		i := slices.IndexFunc(streams, func(s types.LogStream) bool { return aws.ToString(s.LogStreamName) == e.Stream })
		switch {
		case i < 0:
			streams = append(streams, types.LogStream{LogStreamName: aws.String(e.Stream), CreationTime: at,
				FirstEventTimestamp: at, LastEventTimestamp: at})
		case aws.ToInt64(streams[i].LastEventTimestamp) < *at:
			streams[i].LastEventTimestamp = at
		}
	}
	slices.SortFunc(streams, func(a, b types.LogStream) int {
		return cmp.Compare(aws.ToString(a.LogStreamName), aws.ToString(b.LogStreamName))
	})
	return streams
}
