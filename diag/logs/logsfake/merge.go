package logsfake

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// Merge adds a recorded answer to the world and reports whether it knows the operation. Merging an answer twice changes
// nothing.
func (c *Client) Merge(in, out any) bool {
	switch out := out.(type) {
	case *cloudwatchlogs.DescribeLogGroupsOutput:
		for _, g := range out.LogGroups {
			c.named(aws.ToString(g.LogGroupName)).LogGroup = g
		}
	case *cloudwatchlogs.DescribeLogStreamsOutput:
		in, ok := in.(*cloudwatchlogs.DescribeLogStreamsInput)
		if !ok {
			return false
		}
		g := c.named(aws.ToString(cmpOr(in.LogGroupName, in.LogGroupIdentifier)))
		for _, s := range out.LogStreams {
			g.mergeStream(s)
		}
	case *cloudwatchlogs.FilterLogEventsOutput:
		in, ok := in.(*cloudwatchlogs.FilterLogEventsInput)
		if !ok {
			return false
		}
		g := c.named(aws.ToString(cmpOr(in.LogGroupName, in.LogGroupIdentifier)))
		for _, e := range out.Events {
			g.mergeEvent(Event{At: millis(e.Timestamp), Stream: aws.ToString(e.LogStreamName), Message: aws.ToString(e.Message),
				ID: aws.ToString(e.EventId), Ingested: millis(e.IngestionTime)})
		}
	case *cloudwatchlogs.GetLogEventsOutput:
		in, ok := in.(*cloudwatchlogs.GetLogEventsInput)
		if !ok {
			return false
		}
		g := c.named(aws.ToString(cmpOr(in.LogGroupName, in.LogGroupIdentifier)))
		for _, e := range out.Events {
			g.mergeEvent(Event{At: millis(e.Timestamp), Stream: aws.ToString(in.LogStreamName), Message: aws.ToString(e.Message),
				Ingested: millis(e.IngestionTime)})
		}
	default:
		return false
	}
	return true
}

func cmpOr(a, b *string) *string {
	if a != nil {
		return a
	}
	return b
}

// named returns the group of a name, made if it is new. Events of a group prove that it exists.
func (c *Client) named(name string) *Group {
	i := slices.IndexFunc(c.Groups, func(g Group) bool { return aws.ToString(g.LogGroupName) == name })
	if i < 0 {
		c.Groups = append(c.Groups, Group{LogGroup: types.LogGroup{LogGroupName: aws.String(name)}})
		i = len(c.Groups) - 1
	}
	return &c.Groups[i]
}

func (g *Group) mergeStream(s types.LogStream) {
	i := slices.IndexFunc(g.Streams,
		func(o types.LogStream) bool { return aws.ToString(o.LogStreamName) == aws.ToString(s.LogStreamName) })
	if i < 0 {
		g.Streams = append(g.Streams, s)
		return
	}
	g.Streams[i] = s
}

// mergeEvent adds an event that is not there yet. The same event may come with an id, from FilterLogEvents, and
// without one, from GetLogEvents.
func (g *Group) mergeEvent(e Event) {
	same := func(o Event) bool {
		if e.ID != "" && o.ID != "" {
			return e.ID == o.ID
		}
		return e.At.Equal(o.At) && e.Stream == o.Stream && e.Message == o.Message && e.Ingested.Equal(o.Ingested)
	}
	if !slices.ContainsFunc(g.Events, same) {
		g.Events = append(g.Events, e)
	}
}

func millis(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms).UTC()
}
