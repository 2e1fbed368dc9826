// Package healthfake is an AWS Health that lives in memory. The literal is the world, the zero value an account to
// which AWS has nothing to say:
//
//	c := &healthfake.Client{Events: []healthfake.Event{healthfake.Issue("EC2", "eu-west-1", began)}}
package healthfake

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/health"
	"github.com/aws/aws-sdk-go-v2/service/health/types"

	awshealth "github.com/awsdiag/awsdiag/diag/health"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// pageLimit is the size of a page, and maxARNs how many events one question may name.
const (
	pageLimit = 100
	maxARNs   = 10
)

// Client answers like AWS Health.
type Client struct {
	diagfake.Recorder
	// Unsubscribed is an account without Business support.
	Unsubscribed bool
	Events       []Event
}

// Event is an event with what AWS says of it, and the resources that it names.
type Event struct {
	types.Event
	Text     string
	Entities []types.AffectedEntity
}

var (
	_ awshealth.EventAPI = (*Client)(nil)
	_ diagfake.Fake      = (*Client)(nil)
)

// Issue is an open issue of a service that AWS tells everybody of.
func Issue(service, region string, began time.Time) Event {
	code := "AWS_" + service + "_OPERATIONAL_ISSUE"
	return Event{Text: "We are investigating increased error rates of " + service + " in the " + region + " Region.",
		Event: types.Event{
			Arn:     aws.String(fmt.Sprintf("arn:aws:health:%s::event/%s/%s/%s_%d", region, service, code, code, began.Unix())),
			Service: aws.String(service), EventTypeCode: aws.String(code), EventTypeCategory: types.EventTypeCategoryIssue,
			EventScopeCode: types.EventScopeCodePublic,
			Region:         aws.String(region), StartTime: aws.Time(began),
			LastUpdatedTime: aws.Time(began.Add(10 * time.Minute)),
			StatusCode:      types.EventStatusCodeOpen,
		}}
}

// Names makes the event one of this account, which names resources.
func (e Event) Names(values ...string) Event {
	e.EventScopeCode = types.EventScopeCodeAccountSpecific
	for _, v := range values {
		e.Entities = append(e.Entities, types.AffectedEntity{EventArn: e.Arn, EntityValue: aws.String(v),
			StatusCode: types.EntityStatusCodeImpaired})
	}
	return e
}

func (c *Client) refuse() error {
	if c.Unsubscribed {
		return diagfake.APIError("SubscriptionRequiredException",
			"The AWS account doesn't have a support plan that includes this.")
	}
	return nil
}

// DescribeEvents answers with the events that match, the one updated last first.
func (c *Client) DescribeEvents(ctx context.Context, in *health.DescribeEventsInput,
	_ ...func(*health.Options)) (*health.DescribeEventsOutput, error) {
	const action = "health:DescribeEvents"
	return diagfake.Serve(ctx, &c.Recorder, action, in,
		func(in *health.DescribeEventsInput) (*health.DescribeEventsOutput, error) {
			if err := c.refuse(); err != nil {
				return nil, err
			}
			var found []types.Event
			for _, e := range c.Events {
				if in.Filter == nil || matches(e.Event, in.Filter) {
					found = append(found, e.Event)
				}
			}
			slices.SortStableFunc(found, func(a, b types.Event) int {
				return aws.ToTime(b.LastUpdatedTime).Compare(aws.ToTime(a.LastUpdatedTime))
			})
			page, next, err := diagfake.Page(&c.Recorder, action, found, in.NextToken, pageLimit)
			return &health.DescribeEventsOutput{Events: page, NextToken: next}, err
		})
}

func matches(e types.Event, f *types.EventFilter) bool {
	updated := func(r types.DateTimeRange) bool {
		at := aws.ToTime(e.LastUpdatedTime)
		return (r.From == nil || !at.Before(*r.From)) && (r.To == nil || !at.After(*r.To))
	}
	return in(f.Regions, aws.ToString(e.Region)) && in(f.Services, aws.ToString(e.Service)) &&
		in(f.EventStatusCodes, e.StatusCode) &&
		in(f.EventTypeCategories, e.EventTypeCategory) &&
		(len(f.LastUpdatedTimes) == 0 || slices.ContainsFunc(f.LastUpdatedTimes, updated))
}

func in[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// DescribeEventDetails answers with what AWS says of events.
func (c *Client) DescribeEventDetails(ctx context.Context, in *health.DescribeEventDetailsInput,
	_ ...func(*health.Options)) (*health.DescribeEventDetailsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "health:DescribeEventDetails", in,
		func(in *health.DescribeEventDetailsInput) (*health.DescribeEventDetailsOutput, error) {
			if err := c.asked(in.EventArns); err != nil {
				return nil, err
			}
			out := &health.DescribeEventDetailsOutput{}
			for _, e := range c.Events {
				if slices.Contains(in.EventArns, aws.ToString(e.Arn)) {
					out.SuccessfulSet = append(out.SuccessfulSet,
						types.EventDetails{Event: &e.Event,
							EventDescription: &types.EventDescription{LatestDescription: aws.String(e.Text)}})
				}
			}
			return out, nil
		})
}

// DescribeAffectedEntities answers with the resources that events name.
func (c *Client) DescribeAffectedEntities(ctx context.Context, in *health.DescribeAffectedEntitiesInput,
	_ ...func(*health.Options)) (*health.DescribeAffectedEntitiesOutput, error) {
	const action = "health:DescribeAffectedEntities"
	return diagfake.Serve(ctx, &c.Recorder, action, in,
		func(in *health.DescribeAffectedEntitiesInput) (*health.DescribeAffectedEntitiesOutput, error) {
			if in.Filter == nil {
				return nil, diagfake.APIError("ValidationException", "A filter is required.")
			}
			if err := c.asked(in.Filter.EventArns); err != nil {
				return nil, err
			}
			var found []types.AffectedEntity
			for _, e := range c.Events {
				if slices.Contains(in.Filter.EventArns, aws.ToString(e.Arn)) {
					found = append(found, e.Entities...)
				}
			}
			page, next, err := diagfake.Page(&c.Recorder, action, found, in.NextToken, pageLimit)
			return &health.DescribeAffectedEntitiesOutput{Entities: page, NextToken: next}, err
		})
}

func (c *Client) asked(arns []string) error {
	if n := len(arns); n == 0 || n > maxARNs {
		return diagfake.APIError("ValidationException", fmt.Sprintf("eventArns must hold between 1 and %d ARNs.", maxARNs))
	}
	return c.refuse()
}

// Merge adds a recorded answer to the world and reports whether it knew what to do with it.
func (c *Client) Merge(_, out any) bool {
	switch out := out.(type) {
	case *health.DescribeEventsOutput:
		for _, e := range out.Events {
			c.event(aws.ToString(e.Arn)).Event = e
		}
	case *health.DescribeEventDetailsOutput:
		for _, d := range out.SuccessfulSet {
			if d.Event != nil && d.EventDescription != nil {
				c.event(aws.ToString(d.Event.Arn)).Text = aws.ToString(d.EventDescription.LatestDescription)
			}
		}
	case *health.DescribeAffectedEntitiesOutput:
		for _, x := range out.Entities {
			e := c.event(aws.ToString(x.EventArn))
			if !slices.ContainsFunc(e.Entities,
				func(o types.AffectedEntity) bool { return aws.ToString(o.EntityValue) == aws.ToString(x.EntityValue) }) {
				e.Entities = append(e.Entities, x)
			}
		}
	default:
		return false
	}
	return true
}

// event returns the event of an ARN, making it at the first time.
func (c *Client) event(arn string) *Event {
	for i := range c.Events {
		if aws.ToString(c.Events[i].Arn) == arn {
			return &c.Events[i]
		}
	}
	c.Events = append(c.Events, Event{Event: types.Event{Arn: aws.String(arn)}})
	return &c.Events[len(c.Events)-1]
}
