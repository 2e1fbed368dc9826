package metrics

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag"
)

// maxAlarms bounds the alarms that are read of one account and region, in pages of 100.
const maxAlarms = 2000

// Alarms are the alarms of an account and region. They are listed once, when somebody asks: those that are raised apart
// from all, because there are few of them.
type Alarms struct {
	api    AlarmAPI
	window diag.Window

	raised, all diag.Memo[[]Alarm]
	history     diag.MemoMap[string, []Transition]
}

// NewAlarms makes the alarms of an account and region, over a window whose End is now.
func NewAlarms(api AlarmAPI, window diag.Window) *Alarms { return &Alarms{api: api, window: window} }

// Raised returns the alarms in state ALARM, metric and composite ones, by name.
func (a *Alarms) Raised(ctx context.Context) ([]Alarm, error) {
	return a.raised.Get(ctx, func(ctx context.Context) ([]Alarm, error) {
		return a.list(ctx, &cloudwatch.DescribeAlarmsInput{StateValue: types.StateValueAlarm})
	})
}

// All returns all alarms, by name. Of more than 2,000 it returns those and an error of [diag.KindIncomplete].
func (a *Alarms) All(ctx context.Context) ([]Alarm, error) {
	return a.all.Get(ctx, func(ctx context.Context) ([]Alarm, error) {
		return a.list(ctx, &cloudwatch.DescribeAlarmsInput{})
	})
}

// list names both types: without, CloudWatch returns metric alarms only ("DescribeAlarms", Amazon CloudWatch API
// Reference).
func (a *Alarms) list(ctx context.Context, in *cloudwatch.DescribeAlarmsInput) ([]Alarm, error) {
	in.AlarmTypes = []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm}
	in.MaxRecords = aws.Int32(100)
	var found []Alarm
	var failed error
	for pages := cloudwatch.NewDescribeAlarmsPaginator(a.api, in); failed == nil && pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			failed = fmt.Errorf("listing alarms: %w", err)
			break
		}
		for _, m := range page.MetricAlarms {
			found = append(found, metricAlarm(m))
		}
		for _, c := range page.CompositeAlarms {
			found = append(found, compositeAlarm(c))
		}
		if len(found) >= maxAlarms && pages.HasMorePages() {
			failed = diag.Errorf(diag.KindIncomplete, "listing alarms: the first %d were read, there are more", len(found))
		}
	}
	slices.SortStableFunc(found, func(x, y Alarm) int { return cmp.Compare(x.Name, y.Name) })
	return found, failed
}

// maxNested is how deep composite alarms are followed; CloudWatch allows no circles.
const maxNested = 10

// Resolve returns the metric alarms that a composite alarm comes down to, itself for a metric alarm, among those known,
// by name. Children that are not among them are left out: of the raised ones that means that they are not raised.
func Resolve(a Alarm, known []Alarm) []Alarm {
	found := resolve(a, known, 0)
	slices.SortFunc(found, func(x, y Alarm) int { return cmp.Compare(x.Name, y.Name) })
	return slices.CompactFunc(found, func(x, y Alarm) bool { return x.Name == y.Name })
}

func resolve(a Alarm, known []Alarm, depth int) []Alarm {
	if !a.Composite() {
		return []Alarm{a}
	}
	var found []Alarm
	for _, k := range known {
		if depth < maxNested && slices.Contains(a.Children, k.Name) {
			found = append(found, resolve(k, known, depth+1)...)
		}
	}
	return found
}

// Transition is one change of an alarm's state.
type Transition struct {
	At       time.Time
	From, To types.StateValue
	Summary  string
}

// History returns the changes of state of an alarm in the window, oldest first. CloudWatch keeps them for 30 days, also
// of alarms that were deleted ("DescribeAlarmHistory", Amazon CloudWatch API Reference).
func (a *Alarms) History(ctx context.Context, name string) ([]Transition, error) {
	return a.history.Get(ctx, name, func(ctx context.Context) ([]Transition, error) {
		var found []Transition
		pages := cloudwatch.NewDescribeAlarmHistoryPaginator(a.api, &cloudwatch.DescribeAlarmHistoryInput{
			AlarmName: aws.String(name), HistoryItemType: types.HistoryItemTypeStateUpdate,
			AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm},
			StartDate:  aws.Time(a.window.Start), EndDate: aws.Time(a.window.End), MaxRecords: aws.Int32(100)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return inTime(found), fmt.Errorf("reading the history of alarm %s: %w", name, err)
			}
			for _, item := range page.AlarmHistoryItems {
				found = append(found, transitionOf(item))
			}
		}
		return inTime(found), nil
	})
}

func inTime(found []Transition) []Transition {
	slices.SortStableFunc(found, func(x, y Transition) int { return x.At.Compare(y.At) })
	return found
}

// transitionOf reads the states from the data of an item, which is JSON; the summary tells them in words.
func transitionOf(item types.AlarmHistoryItem) Transition {
	var data struct {
		OldState, NewState struct{ StateValue types.StateValue }
	}
	_ = json.Unmarshal([]byte(aws.ToString(item.HistoryData)), &data) // without data the summary remains
	return Transition{At: aws.ToTime(item.Timestamp).UTC(), From: data.OldState.StateValue, To: data.NewState.StateValue,
		Summary: aws.ToString(item.HistorySummary)}
}
