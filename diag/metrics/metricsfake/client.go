package metricsfake

import (
	"context"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// Client is a fake of CloudWatch's metrics. Series may be changed between calls, not during one.
type Client struct {
	diagfake.Recorder
	Series []Series
	// Bands are what ANOMALY_DETECTION_BAND answers, by the name of the metric. Without one it answers nothing.
	Bands map[string]metrics.Band

	Alarms          []types.MetricAlarm
	CompositeAlarms []types.CompositeAlarm
	AlarmHistory    []types.AlarmHistoryItem
	Detectors       []types.AnomalyDetector
}

// Series is one metric and its points.
type Series struct {
	Metric metrics.Metric
	// Period is what a point stands for; zero means five minutes. Questions for a longer period are answered by
	// aggregation.
	Period time.Duration
	Points []metrics.Point
	// Status is the last status of the answer; empty means Complete.
	Status types.StatusCode
}

var (
	_ metrics.API         = (*Client)(nil)
	_ metrics.AlarmAPI    = (*Client)(nil)
	_ metrics.DetectorAPI = (*Client)(nil)
)

// Every makes points at equal distances, the first at start. NaN leaves one out.
func Every(period time.Duration, start time.Time, values ...float64) []metrics.Point {
	var points []metrics.Point
	for i, v := range values {
		if !math.IsNaN(v) {
			points = append(points, metrics.Point{At: start.Add(time.Duration(i) * period), Value: v})
		}
	}
	return points
}

// GetMetricData answers with the points in the span asked for.
func (c *Client) GetMetricData(
	ctx context.Context, in *cloudwatch.GetMetricDataInput, _ ...func(*cloudwatch.Options),
) (*cloudwatch.GetMetricDataOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "cloudwatch:GetMetricData", in, c.getMetricData)
}
