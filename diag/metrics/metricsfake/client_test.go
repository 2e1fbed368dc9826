package metricsfake_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

var start = time.Date(2026, 2, 11, 14, 0, 0, 0, time.UTC)

func question(stat string, period int32) *cloudwatch.GetMetricDataInput {
	return &cloudwatch.GetMetricDataInput{StartTime: aws.Time(start), EndTime: aws.Time(start.Add(time.Hour)),
		MetricDataQueries: []types.MetricDataQuery{{Id: aws.String("m1"), MetricStat: &types.MetricStat{
			Metric: &types.Metric{Namespace: aws.String("AWS/Test"), MetricName: aws.String("M"),
				Dimensions: []types.Dimension{{Name: aws.String("D"), Value: aws.String("1")}}},
			Period: aws.Int32(period), Stat: aws.String(stat),
		}}}}
}

func m(stat string) metrics.Metric {
	return metrics.Metric{Namespace: "AWS/Test", Name: "M", Stat: stat,
		Dimensions: []metrics.Dimension{{Name: "D", Value: "1"}}}
}

func values(t *testing.T, c *metricsfake.Client, in *cloudwatch.GetMetricDataInput) []float64 {
	t.Helper()
	pages := cloudwatch.NewGetMetricDataPaginator(c, in)
	var got []float64
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		require.NoError(t, err)
		for _, r := range page.MetricDataResults {
			got = append(got, r.Values...)
		}
	}
	return got
}

func TestAggregation(t *testing.T) {
	tests := []struct {
		stat string
		want []float64
	}{
		{"Sum", []float64{3, 7}}, {"Average", []float64{1.5, 3.5}}, {"Minimum", []float64{1, 3}},
		{"Maximum", []float64{2, 4}}, {"p99", []float64{2, 4}}, {"SampleCount", []float64{3, 7}},
	}
	for _, tt := range tests {
		t.Run(tt.stat, func(t *testing.T) {
			c := &metricsfake.Client{Series: []metricsfake.Series{
				{Metric: m(tt.stat), Points: metricsfake.Every(5*time.Minute, start, 1, 2, 3, 4)},
			}}
			in := question(tt.stat, 600)
			in.ScanBy = types.ScanByTimestampAscending
			assert.Equal(t, tt.want, values(t, c, in))
			in.ScanBy = ""
			assert.Len(t, values(t, c, in), 2)
			assert.Equal(t, []float64{4, 3, 2, 1}, values(t, c, question(tt.stat, 300)), "newest first unless asked")
			assert.Empty(t, values(t, c, question("p50", 300)), "another statistic is another series")
		})
	}
}

func TestRefusals(t *testing.T) {
	spoil := map[string]func(*cloudwatch.GetMetricDataInput){
		"no queries": func(in *cloudwatch.GetMetricDataInput) { in.MetricDataQueries = nil },
		"no start":   func(in *cloudwatch.GetMetricDataInput) { in.StartTime = nil },
		"backwards":  func(in *cloudwatch.GetMetricDataInput) { in.StartTime, in.EndTime = in.EndTime, in.StartTime },
		"bad id":     func(in *cloudwatch.GetMetricDataInput) { in.MetricDataQueries[0].Id = aws.String("M1") },
		"id twice": func(in *cloudwatch.GetMetricDataInput) {
			in.MetricDataQueries = append(in.MetricDataQueries, in.MetricDataQueries[0])
		},
		"501 queries": func(in *cloudwatch.GetMetricDataInput) {
			one := in.MetricDataQueries[0]
			in.MetricDataQueries = nil
			for i := range 501 {
				one.Id = aws.String(fmt.Sprintf("m%d", i))
				in.MetricDataQueries = append(in.MetricDataQueries, one)
			}
		},
		"foreign token": func(in *cloudwatch.GetMetricDataInput) { in.NextToken = aws.String("mine") },
		"an expression": func(in *cloudwatch.GetMetricDataInput) { in.MetricDataQueries[0].MetricStat = nil },
	}
	for name, change := range spoil {
		t.Run(name, func(t *testing.T) {
			in := question("Sum", 300)
			change(in)
			_, err := (&metricsfake.Client{}).GetMetricData(t.Context(), in)
			var api smithy.APIError
			assert.ErrorAs(t, err, &api)
		})
	}
}

func TestMerge(t *testing.T) {
	answer := func(at time.Time, v ...float64) *cloudwatch.GetMetricDataOutput {
		r := types.MetricDataResult{Id: aws.String("m1"), StatusCode: types.StatusCodeComplete, Values: v}
		for i := range v {
			r.Timestamps = append(r.Timestamps, at.Add(-time.Duration(i)*5*time.Minute))
		}
		return &cloudwatch.GetMetricDataOutput{MetricDataResults: []types.MetricDataResult{r}}
	}
	c := &metricsfake.Client{}
	assert.True(t, c.Merge(question("Sum", 300), answer(start.Add(10*time.Minute), 3, 2, 1)))
	assert.True(t, c.Merge(question("Sum", 300), answer(start.Add(10*time.Minute), 3, 2, 1)), "the same again")
	assert.True(t, c.Merge(question("Sum", 300), answer(start.Add(15*time.Minute), 4, 3)))
	assert.True(t, c.Merge(question("Sum", 3600), answer(start, 10)), "coarser")
	assert.False(t, c.Merge(nil, &cloudwatch.ListMetricsOutput{}))
	require.Len(t, c.Series, 1)
	assert.Equal(t, metricsfake.Every(5*time.Minute, start, 1, 2, 3, 4), c.Series[0].Points)
	assert.Equal(t, []float64{10}, values(t, c, question("Sum", 3600)))
}

// Averages stand for minima and maxima that were not saved, and never the other way round.
func TestAveragesStandForExtremes(t *testing.T) {
	for name, c := range map[string]struct {
		saved, asked string
		known        bool
	}{
		"minimum of averages":  {"Average", "Minimum", true},
		"maximum of averages":  {"Average", "Maximum", true},
		"average of maxima":    {"Maximum", "Average", false},
		"minimum of maxima":    {"Maximum", "Minimum", false},
		"sum of averages":      {"Average", "Sum", false},
		"percentile of minima": {"Minimum", "p99", false},
	} {
		t.Run(name, func(t *testing.T) {
			fake := &metricsfake.Client{Series: []metricsfake.Series{{Metric: m(c.saved),
				Points: []metrics.Point{{At: start, Value: 7}}}}}
			var want []float64
			if c.known {
				want = []float64{7}
			}
			assert.Equal(t, want, values(t, fake, question(c.asked, 300)))
		})
	}
}
