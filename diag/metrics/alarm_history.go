package metrics

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Transition is one thing that happened to an alarm: its state changed, somebody changed the alarm, or it acted.
type Transition struct {
	At time.Time
	// Type tells which of them it was.
	Type types.HistoryItemType
	// From and To are the states of a change of state.
	From, To types.StateValue
	// Seen is what the alarm saw then.
	Seen Seen
	// Summary is CloudWatch's own sentence.
	Summary string
}

// ActionFailed reports an action that CloudWatch could not execute. Only the summary tells, which then begins with
// "Failed to execute action" ("Why didn't I receive an Amazon SNS notification for my CloudWatch alarm trigger?", AWS
// re:Post).
func (t Transition) ActionFailed() bool {
	return t.Type == types.HistoryItemTypeAction && strings.HasPrefix(t.Summary, "Failed to execute action")
}

// History returns what happened to an alarm in the window, oldest first. CloudWatch keeps it for 30 days, also of
// alarms that were deleted ("DescribeAlarmHistory", Amazon CloudWatch API Reference). Where the history of all alarms
// is no longer than a page, one call serves all; else it is one for each alarm.
func (a *Alarms) History(ctx context.Context, name string) ([]Transition, error) {
	all, err := a.lately(ctx)
	if err != nil || all.whole {
		return all.of[name], err
	}
	return a.history.Get(ctx, name, func(ctx context.Context) ([]Transition, error) {
		var found []Transition
		for pages := cloudwatch.NewDescribeAlarmHistoryPaginator(a.api, a.historyInput(&name)); pages.HasMorePages(); {
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

// recent is the history of all alarms, if it is the whole of it.
type recent struct {
	of    map[string][]Transition
	whole bool
}

func (a *Alarms) lately(ctx context.Context) (recent, error) {
	return a.recent.Get(ctx, func(ctx context.Context) (recent, error) {
		page, err := a.api.DescribeAlarmHistory(ctx, a.historyInput(nil))
		if err != nil {
			return recent{}, fmt.Errorf("reading the history of alarms: %w", err)
		}
		r := recent{of: map[string][]Transition{}, whole: page.NextToken == nil}
		for _, item := range page.AlarmHistoryItems {
			name := aws.ToString(item.AlarmName)
			r.of[name] = append(r.of[name], transitionOf(item))
		}
		for _, of := range r.of {
			inTime(of)
		}
		return r, nil
	})
}

func (a *Alarms) historyInput(name *string) *cloudwatch.DescribeAlarmHistoryInput {
	return &cloudwatch.DescribeAlarmHistoryInput{AlarmName: name,
		AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm},
		StartDate:  aws.Time(a.window.Start), EndDate: aws.Time(a.window.End), MaxRecords: aws.Int32(100)}
}

func inTime(found []Transition) []Transition {
	slices.SortStableFunc(found, func(x, y Transition) int { return x.At.Compare(y.At) })
	return found
}

// transitionOf reads the states from the data of an item, which is JSON; the summary tells them in words.
func transitionOf(item types.AlarmHistoryItem) Transition {
	t := Transition{At: aws.ToTime(item.Timestamp).UTC(), Type: item.HistoryItemType,
		Summary: aws.ToString(item.HistorySummary)}
	var data struct {
		OldState struct{ StateValue types.StateValue }
		NewState struct {
			StateValue      types.StateValue
			StateReasonData json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(aws.ToString(item.HistoryData)), &data); err != nil {
		return t // without data the summary remains
	}
	t.From, t.To = data.OldState.StateValue, data.NewState.StateValue
	t.Seen = seenIn(aws.String(string(data.NewState.StateReasonData)))
	return t
}

// words tells a transition for the timeline; "" where it is not worth a line.
func (t Transition) words() string {
	switch t.Type {
	case types.HistoryItemTypeAction, types.HistoryItemTypeAlarmContributorAction:
		if t.ActionFailed() {
			return t.Summary
		}
		return ""
	case types.HistoryItemTypeConfigurationUpdate:
		return "the alarm itself was changed: " + t.Summary
	case types.HistoryItemTypeStateUpdate, types.HistoryItemTypeAlarmContributorStateUpdate:
	}
	switch {
	case t.To == "":
		return t.Summary
	case t.From == t.To: // how an alarm begins
		return ""
	}
	said := fmt.Sprintf("%s, was %s", t.To, t.From)
	if seen := t.Seen.words(); seen != "" {
		return said + "; " + seen
	}
	if t.To == types.StateValueInsufficientData {
		return said + "; its metric had no data any more"
	}
	return said
}

// lostData returns when an alarm that could judge its metric last went blind in the window, and had not been created or
// changed shortly before: that makes an alarm blind for a moment too.
func lostData(history []Transition) (time.Time, bool) {
	const shortly = 10 * time.Minute
	var lost time.Time
	for i, t := range history {
		if t.To == "" {
			continue
		}
		lost = time.Time{}
		changed := slices.ContainsFunc(history[:i], func(c Transition) bool {
			return c.Type == types.HistoryItemTypeConfigurationUpdate && t.At.Sub(c.At) <= shortly
		})
		if t.To == types.StateValueInsufficientData && t.From != types.StateValueInsufficientData && !changed {
			lost = t.At
		}
	}
	return lost, !lost.IsZero()
}
