package metricsfake

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag/metrics"
)

// Merge adds a recorded answer to the world and reports whether it knew what to do with it. It takes the input and the
// output of GetMetricData, DescribeAlarms, DescribeAlarmHistory and DescribeAnomalyDetectors. Points of the same time
// are not added twice; of two recordings of a metric in different periods the finer one is kept, and of two of an alarm
// the first.
func (c *Client) Merge(in, out any) bool {
	switch out := out.(type) {
	case *cloudwatch.DescribeAlarmsOutput:
		c.Alarms = mergeBy(c.Alarms, out.MetricAlarms, func(a types.MetricAlarm) string { return aws.ToString(a.AlarmName) })
		c.CompositeAlarms = mergeBy(c.CompositeAlarms, out.CompositeAlarms, func(a types.CompositeAlarm) string {
			return aws.ToString(a.AlarmName)
		})
		return true
	case *cloudwatch.DescribeAlarmHistoryOutput:
		c.AlarmHistory = mergeBy(c.AlarmHistory, out.AlarmHistoryItems, func(i types.AlarmHistoryItem) string {
			return aws.ToString(i.AlarmName) + string(i.HistoryItemType) + aws.ToTime(i.Timestamp).String() +
				aws.ToString(i.HistorySummary)
		})
		return true
	case *cloudwatch.DescribeAnomalyDetectorsOutput:
		c.Detectors = append(c.Detectors, out.AnomalyDetectors...)
		return true
	}
	return c.mergeData(in, out)
}

// mergeBy adds items whose key is not there yet.
func mergeBy[T any](have, more []T, key func(T) string) []T {
	for _, m := range more {
		if !slices.ContainsFunc(have, func(h T) bool { return key(h) == key(m) }) {
			have = append(have, m)
		}
	}
	return have
}

func (c *Client) mergeData(in, out any) bool {
	input, okIn := in.(*cloudwatch.GetMetricDataInput)
	output, okOut := out.(*cloudwatch.GetMetricDataOutput)
	if !okIn || !okOut || input == nil || output == nil {
		return false
	}
	for _, q := range input.MetricDataQueries {
		if q.MetricStat == nil || q.MetricStat.Metric == nil {
			continue // an expression: computed from others, no series of its own
		}
		for _, r := range output.MetricDataResults {
			if aws.ToString(r.Id) == aws.ToString(q.Id) {
				c.learn(metricOf(q.MetricStat), period(q.MetricStat), r)
			}
		}
	}
	return true
}

func (c *Client) learn(m metrics.Metric, period time.Duration, r types.MetricDataResult) {
	s := Series{Metric: m, Period: period}
	if r.StatusCode == types.StatusCodeForbidden || r.StatusCode == types.StatusCodeInternalError {
		s.Status = r.StatusCode
	}
	for i := range min(len(r.Timestamps), len(r.Values)) {
		s.Points = append(s.Points, metrics.Point{At: r.Timestamps[i].UTC(), Value: r.Values[i]})
	}
	i := slices.IndexFunc(c.Series, func(o Series) bool { return o.Metric.String() == m.String() })
	if i < 0 {
		c.Series = append(c.Series, s.inOrder())
		return
	}
	switch known := c.Series[i]; {
	case known.period() == s.period():
		s.Points = append(slices.Clone(known.Points), s.Points...)
		c.Series[i] = s.inOrder()
	case s.period() < known.period() && len(s.Points) > 0:
		c.Series[i] = s.inOrder()
	}
}

func (s Series) period() time.Duration {
	if s.Period <= 0 {
		return defaultPeriod
	}
	return s.Period
}

func (s Series) inOrder() Series {
	slices.SortStableFunc(s.Points, func(a, b metrics.Point) int { return a.At.Compare(b.At) })
	s.Points = slices.CompactFunc(s.Points, func(a, b metrics.Point) bool { return a.At.Equal(b.At) })
	return s
}
