package rdsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
)

// eventRetention is how long RDS keeps events ("DescribeEvents", Amazon RDS API Reference).
const eventRetention = 14 * 24 * time.Hour

// Event is one event of a database, as RDS tells it, and its class.
type Event struct {
	At         time.Time
	Message    string
	Categories []string
	Class      EventClass
	// SourceID and SourceARN name what the event is about.
	SourceID, SourceARN string
}

// Events returns the events of the instance in the window, oldest first, at most the 14 days that RDS keeps.
func (i *DBInstance) Events(ctx context.Context) ([]Event, error) {
	return i.events.Get(ctx, func(ctx context.Context) ([]Event, error) {
		return readEvents(ctx, i.api, types.SourceTypeDbInstance, i.ref.id, i.window)
	})
}

// ParameterGroupEvents returns the changes of the instance's parameter groups in the window, oldest first.
func (i *DBInstance) ParameterGroupEvents(ctx context.Context) ([]Event, error) {
	return i.groupEvents.Get(ctx, func(ctx context.Context) ([]Event, error) {
		described, err := i.Describe(ctx)
		if err != nil {
			return nil, err
		}
		var events []Event
		for _, group := range described.DBParameterGroups {
			name := aws.ToString(group.DBParameterGroupName)
			if name == "" || strings.HasPrefix(name, "default.") { // AWS's own groups cannot be changed
				continue
			}
			found, err := readEvents(ctx, i.api, types.SourceTypeDbParameterGroup, name, i.window)
			events = append(events, found...)
			if err != nil {
				return events, err
			}
		}
		return events, nil
	})
}

// Events returns the events of the cluster in the window, oldest first, at most the 14 days that RDS keeps.
func (c *DBCluster) Events(ctx context.Context) ([]Event, error) {
	return c.events.Get(ctx, func(ctx context.Context) ([]Event, error) {
		return readEvents(ctx, c.api, types.SourceTypeDbCluster, c.ref.id, c.window)
	})
}

// readEvents always says which time it asks for: without, RDS answers for the last 60 minutes and nothing tells so.
// What lies further back than RDS keeps is an error of [diag.KindIncomplete], beside what there is.
func readEvents(
	ctx context.Context, api rds.DescribeEventsAPIClient, source types.SourceType, id string, window diag.Window,
) ([]Event, error) {
	start, incomplete := window.Start, error(nil)
	if oldest := window.End.Add(-eventRetention); start.Before(oldest) {
		start = oldest
		incomplete = diag.Errorf(diag.KindIncomplete, "reading the events of %s: RDS keeps them for 14 days, since %s",
			id, oldest.UTC().Format(time.RFC3339))
	}
	var events []Event
	pages := rds.NewDescribeEventsPaginator(api, &rds.DescribeEventsInput{SourceType: source,
		SourceIdentifier: aws.String(id),
		StartTime:        aws.Time(start), EndTime: aws.Time(window.End)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inOrder(events), fmt.Errorf("reading the events of %s: %w", id, err)
		}
		for _, e := range page.Events {
			events = append(events, eventOf(e))
		}
	}
	return inOrder(events), incomplete
}

func eventOf(e types.Event) Event {
	message := strings.TrimSpace(aws.ToString(e.Message))
	return Event{At: aws.ToTime(e.Date).UTC(), Message: message, Categories: e.EventCategories,
		Class: ClassifyEvent(message, e.EventCategories...), SourceID: aws.ToString(e.SourceIdentifier),
		SourceARN: aws.ToString(e.SourceArn)}
}

// inOrder sorts by time; of one time, the order of RDS stays.
func inOrder(events []Event) []Event {
	slices.SortStableFunc(events, func(a, b Event) int { return a.At.Compare(b.At) })
	return events
}
