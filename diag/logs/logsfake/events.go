package logsfake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// eventLimit is the most events of a page ("FilterLogEvents", "GetLogEvents": limit), namesLimit the most streams that
// FilterLogEvents takes.
const (
	eventLimit = 10_000
	namesLimit = 100
)

func (c *Client) filterLogEvents(in *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	g, err := c.group(in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	switch {
	case in.LogStreamNamePrefix != nil && len(in.LogStreamNames) > 0:
		return nil, invalid("logStreamNames and logStreamNamePrefix are mutually exclusive.")
	case len(in.LogStreamNames) > namesLimit:
		return nil, invalid("At most %d log stream names are allowed.", namesLimit)
	case in.StartTime != nil && in.EndTime != nil && *in.StartTime > *in.EndTime:
		return nil, invalid("startTime must not be after endTime.")
	}
	size, err := limit(in.Limit, eventLimit)
	if err != nil {
		return nil, err
	}
	matches, err := compile(aws.ToString(in.FilterPattern))
	if err != nil {
		return nil, err
	}
	var events []types.FilteredLogEvent
	for _, e := range g.sorted() {
		if within(e, in.StartTime, in.EndTime, true) && selects(e.Stream, in) && matches(e.Message) {
			events = append(events, e.filtered())
		}
	}
	if in.StartFromHead != nil && !*in.StartFromHead {
		slices.Reverse(events)
	}
	page, next, err := diagfake.Page(&c.Recorder, "logs:FilterLogEvents", events, in.NextToken, size)
	return &cloudwatchlogs.FilterLogEventsOutput{Events: page, NextToken: next}, err
}

func selects(stream string, in *cloudwatchlogs.FilterLogEventsInput) bool {
	if len(in.LogStreamNames) > 0 {
		return slices.Contains(in.LogStreamNames, stream)
	}
	return strings.HasPrefix(stream, aws.ToString(in.LogStreamNamePrefix))
}

// within reports whether an event lies in a span whose end FilterLogEvents includes and GetLogEvents does not.
func within(e Event, start, end *int64, endIncluded bool) bool {
	at := e.At.UnixMilli()
	return (start == nil || at >= *start) && (end == nil || at < *end || (endIncluded && at == *end))
}

// sorted returns the events by time, each with an id.
func (g *Group) sorted() []Event {
	events := slices.Clone(g.Events)
	for i := range events {
		if events[i].ID == "" {
			events[i].ID = fmt.Sprintf("%d", 3_000_000+i)
		}
		if events[i].Ingested.IsZero() {
			events[i].Ingested = events[i].At.Add(time.Second)
		}
	}
	slices.SortStableFunc(events, func(a, b Event) int { return a.At.Compare(b.At) })
	return events
}

func (e Event) filtered() types.FilteredLogEvent {
	return types.FilteredLogEvent{
		EventId: aws.String(e.ID), LogStreamName: aws.String(e.Stream), Message: aws.String(e.Message),
		Timestamp: aws.Int64(e.At.UnixMilli()), IngestionTime: aws.Int64(e.Ingested.UnixMilli()),
	}
}

func (c *Client) getLogEvents(in *cloudwatchlogs.GetLogEventsInput) (*cloudwatchlogs.GetLogEventsOutput, error) {
	g, err := c.group(in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	size, err := limit(in.Limit, eventLimit)
	if err != nil {
		return nil, err
	}
	stream := aws.ToString(in.LogStreamName)
	if !slices.ContainsFunc(g.streams(), func(s types.LogStream) bool { return aws.ToString(s.LogStreamName) == stream }) {
		return nil, diagfake.APIError("ResourceNotFoundException", "The specified log stream does not exist.")
	}
	var events []types.OutputLogEvent
	for _, e := range g.sorted() {
		if e.Stream == stream && within(e, in.StartTime, in.EndTime, false) {
			events = append(events, types.OutputLogEvent{
				Message: aws.String(e.Message), Timestamp: aws.Int64(e.At.UnixMilli()),
				IngestionTime: aws.Int64(e.Ingested.UnixMilli()),
			})
		}
	}
	return c.slice(events, in, size)
}

// slice cuts a page out of a stream. A token is a direction and a place: f/12 goes on after the twelfth event, b/12
// goes back from it.
func (c *Client) slice(events []types.OutputLogEvent, in *cloudwatchlogs.GetLogEventsInput,
	size int) (*cloudwatchlogs.GetLogEventsOutput, error) {
	forward, at := aws.ToBool(in.StartFromHead), len(events)
	if forward {
		at = 0
	}
	if in.NextToken != nil {
		direction, place, _ := strings.Cut(*in.NextToken, "/")
		n, err := strconv.Atoi(place)
		if err != nil || n < 0 || n > len(events) || (direction != "f" && direction != "b") {
			return nil, invalid("The specified nextToken is invalid.")
		}
		forward, at = direction == "f", n
	}
	head := make([]types.OutputLogEvent, 0, len(events))
	if forward {
		head = append(head, events[at:]...)
	} else {
		head = append(head, events[:at]...)
		slices.Reverse(head)
	}
	page, _, err := diagfake.Page(&c.Recorder, "logs:GetLogEvents", head, nil, size)
	if err != nil {
		return nil, err
	}
	page = slices.Clone(page)
	start, end := at, at+len(page)
	if !forward {
		slices.Reverse(page)
		start, end = at-len(page), at
	}
	return &cloudwatchlogs.GetLogEventsOutput{
		Events: page, NextForwardToken: aws.String(fmt.Sprintf("f/%d", end)),
		NextBackwardToken: aws.String(fmt.Sprintf("b/%d", start)),
	}, nil
}
