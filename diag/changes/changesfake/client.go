package changesfake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

const (
	action = "cloudtrail:LookupEvents"
	// pageLimit is the most events of a page ("LookupEvents", AWS CloudTrail API Reference, MaxResults).
	pageLimit = 50
)

// Client is a fake of CloudTrail. The zero value is an account in which nothing happened.
type Client struct {
	diagfake.Recorder
	// Events are the history, in any order.
	Events []types.Event
	// Rate, if set, is how many calls a second are answered; the others are throttled. AWS's own is 2.
	Rate int

	mu    sync.Mutex
	calls []time.Time
}

var _ changes.LookupAPI = (*Client)(nil)

// LookupEvents answers with the events that match, the newest first.
func (c *Client) LookupEvents(ctx context.Context, in *cloudtrail.LookupEventsInput,
	_ ...func(*cloudtrail.Options)) (*cloudtrail.LookupEventsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, action, in, c.lookupEvents)
}

func (c *Client) lookupEvents(in *cloudtrail.LookupEventsInput) (*cloudtrail.LookupEventsOutput, error) {
	if c.tooFast(time.Now()) {
		return nil, diagfake.Throttled(action)
	}
	size, err := validate(in)
	if err != nil {
		return nil, err
	}
	var found []types.Event
	for _, e := range c.Events {
		if within(e, in) && !slices.ContainsFunc(in.LookupAttributes,
			func(a types.LookupAttribute) bool { return !has(e, a) }) {
			found = append(found, e)
		}
	}
	slices.SortStableFunc(found, func(a,
		b types.Event) int {
		return aws.ToTime(b.EventTime).Compare(aws.ToTime(a.EventTime))
	})
	page, token, err := diagfake.Page(&c.Recorder, action, found, in.NextToken, size)
	return &cloudtrail.LookupEventsOutput{Events: page, NextToken: token}, err
}

// tooFast notes a call and reports that it exceeds the rate.
func (c *Client) tooFast(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = slices.DeleteFunc(c.calls, func(t time.Time) bool { return now.Sub(t) >= time.Second })
	if c.Rate > 0 && len(c.calls) >= c.Rate {
		return true
	}
	c.calls = append(c.calls, now)
	return false
}

func validate(in *cloudtrail.LookupEventsInput) (size int, err error) {
	size = pageLimit
	if in.MaxResults != nil {
		size = int(*in.MaxResults)
	}
	switch {
	case size < 1 || size > pageLimit:
		return 0, diagfake.APIError("InvalidMaxResultsException", fmt.Sprintf("MaxResults must be between 1 and %d",
			pageLimit))
	case in.StartTime != nil && in.EndTime != nil && in.StartTime.After(*in.EndTime):
		return 0, diagfake.APIError("InvalidTimeRangeException", "The start time must not be after the end time.")
	case len(in.LookupAttributes) > 1:
		return 0, diagfake.APIError("InvalidLookupAttributesException", "You may specify only one lookup attribute.")
	}
	for _, a := range in.LookupAttributes {
		if !slices.Contains(a.AttributeKey.Values(), a.AttributeKey) || aws.ToString(a.AttributeValue) == "" {
			return 0, diagfake.APIError("InvalidLookupAttributesException", "The lookup attribute is not valid.")
		}
	}
	return size, nil
}

// within reports whether an event lies between the times asked for, both included.
func within(e types.Event, in *cloudtrail.LookupEventsInput) bool {
	at := aws.ToTime(e.EventTime)
	return (in.StartTime == nil || !at.Before(*in.StartTime)) && (in.EndTime == nil || !at.After(*in.EndTime))
}

func has(e types.Event, a types.LookupAttribute) bool {
	want := aws.ToString(a.AttributeValue)
	values := map[types.LookupAttributeKey]*string{
		types.LookupAttributeKeyEventId: e.EventId, types.LookupAttributeKeyEventName: e.EventName,
		types.LookupAttributeKeyReadOnly: e.ReadOnly, types.LookupAttributeKeyUsername: e.Username,
		types.LookupAttributeKeyEventSource: e.EventSource, types.LookupAttributeKeyAccessKeyId: e.AccessKeyId,
	}
	if v, ok := values[a.AttributeKey]; ok {
		return strings.EqualFold(aws.ToString(v), want)
	}
	return slices.ContainsFunc(e.Resources, func(r types.Resource) bool {
		if a.AttributeKey == types.LookupAttributeKeyResourceType {
			return aws.ToString(r.ResourceType) == want
		}
		return aws.ToString(r.ResourceName) == want
	})
}

// Merge adds a recorded answer to the world and reports whether it knew what to do with it. It takes
// *cloudtrail.LookupEventsOutput; an event of an id that is there already is not added twice.
func (c *Client) Merge(_, out any) bool {
	answer, ok := out.(*cloudtrail.LookupEventsOutput)
	if !ok || answer == nil {
		return false
	}
	for _, e := range answer.Events {
		known := func(o types.Event) bool { return aws.ToString(o.EventId) == aws.ToString(e.EventId) }
		if e.EventId == nil || !slices.ContainsFunc(c.Events, known) {
			c.Events = append(c.Events, e)
		}
	}
	return true
}
