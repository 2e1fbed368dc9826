package metrics

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Alarm is what CloudWatch watches, and how that stands. A composite alarm has a rule over others instead of metrics.
type Alarm struct {
	Name, ARN string
	State     types.StateValue
	// Since is when the state last changed, zero if unknown. An alarm that was only evaluated anew did not change.
	Since time.Time
	// Reason is CloudWatch's own sentence about the state.
	Reason string
	// Metrics are those watched, also those behind an expression.
	Metrics []Metric
	// Operator and Threshold are the condition; Band says that the threshold is an anomaly band instead.
	Operator  types.ComparisonOperator
	Threshold float64
	Band      bool
	// Rule is that of a composite alarm, Children the names of the alarms in it.
	Rule     string
	Children []string
	// Muted says that the alarm acts on nothing: its actions are switched off, or suppressed by another alarm, whose name
	// is Suppressor.
	Muted      bool
	Suppressor string
	// Acts says that there is an action for the state ALARM.
	Acts bool
	// Missing is what a missing point counts as: breaching, notBreaching, ignore or missing; "" is missing.
	Missing string
	// Unit is the only unit of which the alarm takes points; "" takes any.
	Unit types.StandardUnit
	// Period is what a point of its metric stands for, zero with several metrics.
	Period time.Duration
	// Configured is when somebody last changed the alarm itself.
	Configured time.Time
	// Seen is what led to the state.
	Seen Seen
	// Scales says that the alarm drives scaling: ALARM is no trouble then, but how capacity is set.
	Scales bool
}

// Composite reports an alarm over alarms.
func (a Alarm) Composite() bool { return a.Rule != "" }

// Raised reports an alarm in state ALARM.
func (a Alarm) Raised() bool { return a.State == types.StateValueAlarm }

// Watches reports an alarm one of whose metrics has all the dimensions of the resource.
func (a Alarm) Watches(of ...Dimension) bool {
	return len(of) > 0 && slices.ContainsFunc(a.Metrics, func(m Metric) bool {
		return !slices.ContainsFunc(of, func(d Dimension) bool { return !slices.Contains(m.Dimensions, d) })
	})
}

// Condition tells what raises the alarm: "CPUUtilization Average > 90".
func (a Alarm) Condition() string {
	if a.Composite() {
		return oneLine(a.Rule)
	}
	watched := "an expression"
	if len(a.Metrics) > 0 {
		watched = a.Metrics[0].Name + " " + a.Metrics[0].Stat
	}
	if a.Band {
		return watched + " outside its anomaly band"
	}
	sign, ok := signs[a.Operator]
	if !ok {
		return watched
	}
	return fmt.Sprintf("%s %s %s", watched, sign, strconv.FormatFloat(a.Threshold, 'f', -1, 64))
}

var signs = map[types.ComparisonOperator]string{
	types.ComparisonOperatorGreaterThanThreshold: ">", types.ComparisonOperatorGreaterThanOrEqualToThreshold: ">=",
	types.ComparisonOperatorLessThanThreshold: "<", types.ComparisonOperatorLessThanOrEqualToThreshold: "<=",
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func metricAlarm(a types.MetricAlarm) Alarm {
	out := Alarm{Name: aws.ToString(a.AlarmName), ARN: aws.ToString(a.AlarmArn), State: a.StateValue,
		Since: since(a.StateTransitionedTimestamp, a.StateUpdatedTimestamp), Reason: aws.ToString(a.StateReason),
		Operator: a.ComparisonOperator, Threshold: aws.ToFloat64(a.Threshold),
		Band:   aws.ToString(a.ThresholdMetricId) != "",
		Muted:  a.ActionsEnabled != nil && !*a.ActionsEnabled,
		Scales: scales(a.AlarmActions), Acts: len(a.AlarmActions) > 0, Unit: a.Unit,
		Missing:    aws.ToString(a.TreatMissingData),
		Period:     time.Duration(aws.ToInt32(a.Period)) * time.Second,
		Configured: aws.ToTime(a.AlarmConfigurationUpdatedTimestamp).UTC(), Seen: seenIn(a.StateReasonData)}
	if a.MetricName != nil {
		out.Metrics = append(out.Metrics, metricFrom(&types.Metric{Namespace: a.Namespace, MetricName: a.MetricName,
			Dimensions: a.Dimensions}, cmp.Or(string(a.Statistic), aws.ToString(a.ExtendedStatistic))))
	}
	for _, q := range a.Metrics {
		if q.MetricStat != nil && q.MetricStat.Metric != nil {
			out.Metrics = append(out.Metrics, metricFrom(q.MetricStat.Metric, aws.ToString(q.MetricStat.Stat)))
		}
	}
	return out
}

func compositeAlarm(a types.CompositeAlarm) Alarm {
	out := Alarm{Name: aws.ToString(a.AlarmName), ARN: aws.ToString(a.AlarmArn), State: a.StateValue,
		Since: since(a.StateTransitionedTimestamp, a.StateUpdatedTimestamp), Reason: aws.ToString(a.StateReason),
		Rule: aws.ToString(a.AlarmRule), Children: childrenOf(aws.ToString(a.AlarmRule)),
		Muted: (a.ActionsEnabled != nil && !*a.ActionsEnabled) || a.ActionsSuppressedBy != "",
		Acts:  len(a.AlarmActions) > 0, Configured: aws.ToTime(a.AlarmConfigurationUpdatedTimestamp).UTC()}
	if a.ActionsSuppressedBy != "" {
		out.Suppressor = nameInARN(aws.ToString(a.ActionsSuppressor))
	}
	return out
}

func metricFrom(m *types.Metric, stat string) Metric {
	out := Metric{Namespace: aws.ToString(m.Namespace), Name: aws.ToString(m.MetricName), Stat: stat}
	for _, d := range m.Dimensions {
		out.Dimensions = append(out.Dimensions, Dimension{Name: aws.ToString(d.Name), Value: aws.ToString(d.Value)})
	}
	return out
}

// since prefers the time of the transition: StateUpdatedTimestamp also moves where a state stays ("MetricAlarm", Amazon
// CloudWatch API Reference).
func since(transitioned, updated *time.Time) time.Time {
	if transitioned != nil {
		return transitioned.UTC()
	}
	return aws.ToTime(updated).UTC()
}

// scales reports that one of the actions is a scaling policy: of Application Auto Scaling or EC2 Auto Scaling
// ("PutMetricAlarm", Amazon CloudWatch API Reference).
func scales(actions []string) bool {
	return slices.ContainsFunc(actions, func(a string) bool { return strings.Contains(a, ":autoscaling:") })
}
