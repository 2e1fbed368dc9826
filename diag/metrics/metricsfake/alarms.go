package metricsfake

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// DescribeAlarms answers for all alarms of the types asked for, metric alarms if none, or for those in a state or with
// a name.
func (c *Client) DescribeAlarms(
	ctx context.Context, in *cloudwatch.DescribeAlarmsInput, _ ...func(*cloudwatch.Options),
) (*cloudwatch.DescribeAlarmsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "cloudwatch:DescribeAlarms", in, c.describeAlarms)
}

// DescribeAlarmHistory answers for an alarm or for all, newest first, in the time asked for.
func (c *Client) DescribeAlarmHistory(
	ctx context.Context, in *cloudwatch.DescribeAlarmHistoryInput, _ ...func(*cloudwatch.Options),
) (*cloudwatch.DescribeAlarmHistoryOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "cloudwatch:DescribeAlarmHistory", in, c.describeAlarmHistory)
}

// DescribeAnomalyDetectors answers for the detectors whose metric has the dimensions asked for.
func (c *Client) DescribeAnomalyDetectors(
	ctx context.Context, in *cloudwatch.DescribeAnomalyDetectorsInput, _ ...func(*cloudwatch.Options),
) (*cloudwatch.DescribeAnomalyDetectorsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "cloudwatch:DescribeAnomalyDetectors", in, c.describeAnomalyDetectors)
}

const pageOfAlarms = 50 // of MaxRecords when it is not set ("DescribeAlarms", Amazon CloudWatch API Reference)

// either is an alarm of one of the two types.
type either struct {
	metric    *types.MetricAlarm
	composite *types.CompositeAlarm
}

func (c *Client) describeAlarms(in *cloudwatch.DescribeAlarmsInput) (*cloudwatch.DescribeAlarmsOutput, error) {
	asked := func(t types.AlarmType) bool {
		return slices.Contains(in.AlarmTypes, t) || (len(in.AlarmTypes) == 0 && t == types.AlarmTypeMetricAlarm)
	}
	fits := func(name *string, state types.StateValue) bool {
		return (in.StateValue == "" || in.StateValue == state) &&
			(len(in.AlarmNames) == 0 || slices.Contains(in.AlarmNames, aws.ToString(name)))
	}
	var all []either
	for i, a := range c.CompositeAlarms {
		if asked(types.AlarmTypeCompositeAlarm) && fits(a.AlarmName, a.StateValue) {
			all = append(all, either{composite: &c.CompositeAlarms[i]})
		}
	}
	for i, a := range c.Alarms {
		if asked(types.AlarmTypeMetricAlarm) && fits(a.AlarmName, a.StateValue) {
			all = append(all, either{metric: &c.Alarms[i]})
		}
	}
	page, token, err := diagfake.Page(&c.Recorder, "cloudwatch:DescribeAlarms", all, in.NextToken, limit(in.MaxRecords))
	if err != nil {
		return nil, err
	}
	out := &cloudwatch.DescribeAlarmsOutput{NextToken: token}
	for _, a := range page {
		if a.metric != nil {
			out.MetricAlarms = append(out.MetricAlarms, *a.metric)
		} else {
			out.CompositeAlarms = append(out.CompositeAlarms, *a.composite)
		}
	}
	return out, nil
}

func limit(n *int32) int {
	if n == nil {
		return pageOfAlarms
	}
	return int(*n)
}

func (c *Client) describeAlarmHistory(in *cloudwatch.DescribeAlarmHistoryInput) (*cloudwatch.DescribeAlarmHistoryOutput, error) {
	var found []types.AlarmHistoryItem
	for _, item := range c.AlarmHistory {
		at := aws.ToTime(item.Timestamp)
		switch {
		case in.AlarmName != nil && *in.AlarmName != aws.ToString(item.AlarmName),
			in.HistoryItemType != "" && in.HistoryItemType != item.HistoryItemType,
			in.StartDate != nil && at.Before(*in.StartDate), in.EndDate != nil && at.After(*in.EndDate):
			continue
		}
		found = append(found, item)
	}
	slices.SortStableFunc(found, func(a, b types.AlarmHistoryItem) int {
		return aws.ToTime(b.Timestamp).Compare(aws.ToTime(a.Timestamp))
	})
	page, token, err := diagfake.Page(&c.Recorder, "cloudwatch:DescribeAlarmHistory", found, in.NextToken,
		limit(in.MaxRecords))
	return &cloudwatch.DescribeAlarmHistoryOutput{AlarmHistoryItems: page, NextToken: token}, err
}

func (c *Client) describeAnomalyDetectors(
	in *cloudwatch.DescribeAnomalyDetectorsInput,
) (*cloudwatch.DescribeAnomalyDetectorsOutput, error) {
	var found []types.AnomalyDetector
	for _, d := range c.Detectors {
		if d.SingleMetricAnomalyDetector != nil && hasAll(d.SingleMetricAnomalyDetector.Dimensions, in.Dimensions) {
			found = append(found, d)
		}
	}
	page, token, err := diagfake.Page(&c.Recorder, "cloudwatch:DescribeAnomalyDetectors", found, in.NextToken,
		limit(in.MaxResults))
	return &cloudwatch.DescribeAnomalyDetectorsOutput{AnomalyDetectors: page, NextToken: token}, err
}

func hasAll(have, want []types.Dimension) bool {
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h types.Dimension) bool {
			return aws.ToString(h.Name) == aws.ToString(w.Name) && aws.ToString(h.Value) == aws.ToString(w.Value)
		}) {
			return false
		}
	}
	return true
}
