package health

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/health"
	"github.com/aws/aws-sdk-go-v2/service/health/types"
	"github.com/aws/smithy-go"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// before is how long before the window an event may have been updated last, to be still of interest.
	before = 24 * time.Hour
	// maxEvents bounds the events that are read in full: what DescribeEventDetails and DescribeAffectedEntities take at
	// once ("DescribeEventDetails", AWS Health API Reference, eventArns).
	maxEvents = 10
	// maxPages bounds the pages of events and of entities.
	maxPages = 5
)

// Issue is one event of AWS Health: trouble of a service, or maintenance.
type Issue struct {
	ARN string
	// Service is AWS Health's name for it, such as "EC2"; Code the type of event, such as "AWS_EC2_OPERATIONAL_ISSUE".
	Service, Code string
	Region        string
	// Maintenance marks a scheduled change; what else there is, is an issue.
	Maintenance bool
	Open        bool
	// Start and End are when it began and ended; End is zero while it goes on.
	Start, End time.Time
	// Text is the first sentence of what AWS says.
	Text string
	// Entities are the resources of this account that it names, as AWS Health names them: ids or ARNs. Empty for a public
	// event.
	Entities []string
}

// Events are the events of AWS Health in one region, and those of global services.
type Events struct {
	api    EventAPI
	region string
	window diag.Window

	issues diag.Memo[answer]
}

type answer struct {
	issues       []Issue
	unsubscribed bool
}

// NewEvents makes the subject. It looks back on the window, whose End is now.
func NewEvents(api EventAPI, region string, window diag.Window) *Events {
	return &Events{api: api, region: region, window: window}
}

// Resource names the events of the region. It makes no call.
func (e *Events) Resource() diag.Resource {
	return diag.Resource{Type: "AWS::Health::Region", ID: "AWS Health in " + e.region}
}

// Subscribed reports whether the account may read AWS Health.
func (e *Events) Subscribed(ctx context.Context) (bool, error) {
	a, err := e.read(ctx)
	return !a.unsubscribed, err
}

// Issues returns the issues and the maintenance that touch the window, the oldest first; none where the account may not
// read AWS Health. What was read is returned even with an error.
func (e *Events) Issues(ctx context.Context) ([]Issue, error) {
	a, err := e.read(ctx)
	return slices.Clone(a.issues), err
}

func (e *Events) read(ctx context.Context) (answer, error) {
	return e.issues.Get(ctx, func(ctx context.Context) (answer, error) {
		events, err := e.list(ctx)
		var api smithy.APIError
		if errors.As(err, &api) && api.ErrorCode() == "SubscriptionRequiredException" {
			return answer{unsubscribed: true}, nil
		}
		issues, moreErr := e.tell(ctx, events)
		return answer{issues: issues}, errors.Join(err, moreErr)
	})
}

func (e *Events) list(ctx context.Context) ([]types.Event, error) {
	pages := health.NewDescribeEventsPaginator(e.api, &health.DescribeEventsInput{Filter: &types.EventFilter{
		Regions:             []string{e.region, "global"},
		EventStatusCodes:    []types.EventStatusCode{types.EventStatusCodeOpen, types.EventStatusCodeClosed},
		EventTypeCategories: []types.EventTypeCategory{types.EventTypeCategoryIssue, types.EventTypeCategoryScheduledChange},
		LastUpdatedTimes:    []types.DateTimeRange{{From: aws.Time(e.window.Start.Add(-before))}},
	}})
	var events []types.Event
	for n := 0; pages.HasMorePages(); n++ {
		if n == maxPages {
			return events, diag.Errorf(diag.KindIncomplete, "reading AWS Health: stopped after %d pages of events", n)
		}
		page, err := pages.NextPage(ctx)
		if err != nil {
			return events, fmt.Errorf("reading AWS Health: %w", err)
		}
		events = append(events, page.Events...)
	}
	return events, nil
}

// tell reads the events that touch the window in full.
func (e *Events) tell(ctx context.Context, events []types.Event) ([]Issue, error) {
	events = slices.DeleteFunc(events, func(v types.Event) bool {
		return v.Arn == nil || v.StartTime == nil || v.StartTime.After(e.window.End) || v.EndTime != nil &&
			v.EndTime.Before(e.window.Start)
	})
	slices.SortStableFunc(events, func(a, b types.Event) int { return b.StartTime.Compare(*a.StartTime) })
	var errs []error
	if n := len(events) - maxEvents; n > 0 {
		events, errs = events[:maxEvents], append(errs,
			diag.Errorf(diag.KindIncomplete, "reading AWS Health: %d older events were left out", n))
	}
	if len(events) == 0 {
		return nil, errors.Join(errs...)
	}
	texts, err := e.details(ctx, events)
	entities, entitiesErr := e.entities(ctx, events)
	var issues []Issue
	for _, v := range slices.Backward(events) {
		issues = append(issues, issueOf(v, texts[*v.Arn], entities[*v.Arn]))
	}
	return issues, errors.Join(append(errs, err, entitiesErr)...)
}

func issueOf(v types.Event, text string, entities []string) Issue {
	return Issue{ARN: *v.Arn, Service: aws.ToString(v.Service), Code: aws.ToString(v.EventTypeCode),
		Region:      aws.ToString(v.Region),
		Maintenance: v.EventTypeCategory == types.EventTypeCategoryScheduledChange,
		Open:        v.StatusCode == types.EventStatusCodeOpen,
		Start:       v.StartTime.UTC(), End: aws.ToTime(v.EndTime), Text: text, Entities: entities}
}

// details returns what AWS says of events, by ARN.
func (e *Events) details(ctx context.Context, events []types.Event) (map[string]string, error) {
	in := &health.DescribeEventDetailsInput{}
	for _, v := range events {
		in.EventArns = append(in.EventArns, *v.Arn)
	}
	out, err := e.api.DescribeEventDetails(ctx, in)
	texts := map[string]string{}
	if err != nil {
		return texts, fmt.Errorf("reading what AWS Health says: %w", err)
	}
	for _, d := range out.SuccessfulSet {
		if d.Event != nil && d.EventDescription != nil {
			texts[aws.ToString(d.Event.Arn)] = sentence(aws.ToString(d.EventDescription.LatestDescription))
		}
	}
	return texts, nil
}

// maxText bounds what is quoted of AWS.
const maxText = 300

// sentence is the first paragraph of a text, on one line.
func sentence(text string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	first = strings.Join(strings.Fields(first), " ")
	if len(first) > maxText {
		first = strings.ToValidUTF8(first[:maxText], "") + "…"
	}
	return first
}

// entities returns the resources of this account that account-specific events name, by ARN of the event.
func (e *Events) entities(ctx context.Context, events []types.Event) (map[string][]string, error) {
	filter := &types.EntityFilter{}
	for _, v := range events {
		if v.EventScopeCode == types.EventScopeCodeAccountSpecific {
			filter.EventArns = append(filter.EventArns, *v.Arn)
		}
	}
	named := map[string][]string{}
	if len(filter.EventArns) == 0 {
		return named, nil
	}
	pages := health.NewDescribeAffectedEntitiesPaginator(e.api, &health.DescribeAffectedEntitiesInput{Filter: filter})
	for n := 0; pages.HasMorePages(); n++ {
		if n == maxPages {
			return named, diag.Errorf(diag.KindIncomplete, "reading what AWS Health names: stopped after %d pages", n)
		}
		page, err := pages.NextPage(ctx)
		if err != nil {
			return named, fmt.Errorf("reading what AWS Health names: %w", err)
		}
		for _, x := range page.Entities {
			// A resolved entity is out of it; UNKNOWN stands for the account as a whole.
			if v := aws.ToString(x.EntityValue); v != "" && v != "UNKNOWN" && v != "AWS_ACCOUNT" &&
				x.StatusCode != types.EntityStatusCodeResolved {
				named[aws.ToString(x.EventArn)] = append(named[aws.ToString(x.EventArn)], v)
			}
		}
	}
	return named, nil
}
