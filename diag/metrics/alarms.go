package metrics

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag"
)

// maxAlarms bounds the alarms that are read of one account and region, in pages of 100.
const maxAlarms = 2000

// Alarms are the alarms of an account and region. They are listed once, when somebody asks: those that are off apart
// from all, because there are few of them.
type Alarms struct {
	api    AlarmAPI
	window diag.Window

	off, all diag.Memo[[]Alarm]
	recent   diag.Memo[recent]
	history  diag.MemoMap[string, []Transition]
}

// NewAlarms makes the alarms of an account and region, over a window whose End is now.
func NewAlarms(api AlarmAPI, window diag.Window) *Alarms { return &Alarms{api: api, window: window} }

// Raised returns the alarms in state ALARM, metric and composite ones, by name.
func (a *Alarms) Raised(ctx context.Context) ([]Alarm, error) {
	known, err := a.Known(ctx)
	return slices.DeleteFunc(slices.Clone(known), func(x Alarm) bool { return !x.Raised() }), err
}

// Known returns, by name, all alarms of an account that has no more than a page of them, which takes one call. Of more
// it returns those in ALARM and in INSUFFICIENT_DATA: the others are OK.
func (a *Alarms) Known(ctx context.Context) ([]Alarm, error) {
	return a.off.Get(ctx, func(ctx context.Context) ([]Alarm, error) {
		first, err := a.api.DescribeAlarms(ctx, bothTypes(&cloudwatch.DescribeAlarmsInput{}))
		if err != nil {
			return nil, fmt.Errorf("listing alarms: %w", err)
		}
		if first.NextToken == nil {
			return byName(alarmsIn(first)), nil
		}
		var found []Alarm
		var errs []error
		for _, state := range []types.StateValue{types.StateValueAlarm, types.StateValueInsufficientData} {
			part, err := a.list(ctx, &cloudwatch.DescribeAlarmsInput{StateValue: state})
			found, errs = append(found, part...), append(errs, err)
		}
		return byName(found), errors.Join(errs...)
	})
}

// All returns all alarms, by name. Of more than 2,000 it returns those and an error of [diag.KindIncomplete].
func (a *Alarms) All(ctx context.Context) ([]Alarm, error) {
	return a.all.Get(ctx, func(ctx context.Context) ([]Alarm, error) {
		return a.list(ctx, &cloudwatch.DescribeAlarmsInput{})
	})
}

// Named returns those of the alarms named that exist, by name.
func (a *Alarms) Named(ctx context.Context, names ...string) ([]Alarm, error) {
	if len(names) == 0 {
		return nil, nil
	}
	return a.list(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: names})
}

// bothTypes names both types: without, CloudWatch returns metric alarms only ("DescribeAlarms", Amazon CloudWatch API
// Reference).
func bothTypes(in *cloudwatch.DescribeAlarmsInput) *cloudwatch.DescribeAlarmsInput {
	in.AlarmTypes = []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm}
	in.MaxRecords = aws.Int32(100)
	return in
}

func (a *Alarms) list(ctx context.Context, in *cloudwatch.DescribeAlarmsInput) ([]Alarm, error) {
	var found []Alarm
	for pages := cloudwatch.NewDescribeAlarmsPaginator(a.api, bothTypes(in)); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return byName(found), fmt.Errorf("listing alarms: %w", err)
		}
		found = append(found, alarmsIn(page)...)
		if len(found) >= maxAlarms && pages.HasMorePages() {
			return byName(found), diag.Errorf(diag.KindIncomplete, "listing alarms: the first %d were read, there are more",
				len(found))
		}
	}
	return byName(found), nil
}

func alarmsIn(page *cloudwatch.DescribeAlarmsOutput) []Alarm {
	var found []Alarm
	for _, m := range page.MetricAlarms {
		found = append(found, metricAlarm(m))
	}
	for _, c := range page.CompositeAlarms {
		found = append(found, compositeAlarm(c))
	}
	return found
}

func byName(found []Alarm) []Alarm {
	slices.SortStableFunc(found, func(x, y Alarm) int { return cmp.Compare(x.Name, y.Name) })
	return found
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
