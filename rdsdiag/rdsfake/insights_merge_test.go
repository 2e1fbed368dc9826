package rdsfake_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/pi"
	"github.com/aws/aws-sdk-go-v2/service/pi/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

// TestInsightsLearnFromAnswers: an answer that was recorded is given again, in another grouping too.
func TestInsightsLearnFromAnswers(t *testing.T) {
	const resource = "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	points := func(values ...float64) []types.DataPoint {
		var all []types.DataPoint
		for i, v := range values {
			all = append(all, types.DataPoint{Value: aws.Float64(v),
				Timestamp: aws.Time(now.Add(time.Duration(i-2) * time.Minute))})
		}
		return all
	}
	series := func(metric string, dimensions map[string]string, values ...float64) types.MetricKeyDataPoints {
		return types.MetricKeyDataPoints{DataPoints: points(values...),
			Key: &types.ResponseResourceMetricKey{Metric: aws.String(metric), Dimensions: dimensions}}
	}
	const deadlocks = "db.Concurrency.deadlocks.avg"
	var c rdsfake.Insights
	asked := &pi.GetResourceMetricsInput{Identifier: aws.String(resource), ServiceType: types.ServiceTypeRds,
		StartTime: aws.Time(now.Add(-time.Hour)), EndTime: aws.Time(now), PeriodInSeconds: aws.Int32(60),
		MetricQueries: []types.MetricQuery{{Metric: aws.String("db.load.avg")}, {Metric: aws.String(deadlocks)},
			{Metric: aws.String("db.load.avg"), GroupBy: &types.DimensionGroup{Group: aws.String("db.wait_event")}}}}
	require.True(t, c.Merge(asked, &pi.GetResourceMetricsOutput{MetricList: []types.MetricKeyDataPoints{
		series("db.load.avg", nil, 5, 6), series(deadlocks, nil, 0, 2), {}, // AWS may leave the key out
		series("db.load.avg", map[string]string{"db.wait_event.name": "Lock:tuple"}, 4, 4)}}))
	statements := &pi.DescribeDimensionKeysInput{Identifier: aws.String(resource), ServiceType: types.ServiceTypeRds,
		Metric: aws.String("db.load.avg"), StartTime: asked.StartTime, EndTime: asked.EndTime,
		GroupBy: &types.DimensionGroup{Group: aws.String("db.sql_tokenized")}}
	top := []types.DimensionKeyDescription{{Total: aws.Float64(4),
		Dimensions: map[string]string{"db.sql_tokenized.statement": "UPDATE stock"}}}
	require.True(t, c.Merge(statements, &pi.DescribeDimensionKeysOutput{Keys: top}))

	asked.MetricQueries = asked.MetricQueries[1:] // a grouped query answers with the total too
	out, err := c.GetResourceMetrics(t.Context(), asked)
	require.NoError(t, err)
	got := map[string][]float64{}
	for _, m := range out.MetricList {
		name := *m.Key.Metric + m.Key.Dimensions["db.wait_event.name"]
		for _, p := range m.DataPoints {
			got[name] = append(got[name], *p.Value)
		}
	}
	assert.Equal(t, []float64{5, 6}, got["db.load.avg"], "what no wait accounts for counts too")
	assert.Equal(t, []float64{4, 4}, got["db.load.avgLock:tuple"])
	assert.Equal(t, []float64{0, 2}, got[deadlocks])
	keys, err := c.DescribeDimensionKeys(t.Context(), statements)
	require.NoError(t, err)
	assert.Equal(t, top, keys.Keys)

	assert.False(t, c.Merge(&pi.GetResourceMetricsInput{}, &pi.GetResourceMetricsOutput{}), "of no database")
	assert.False(t, c.Merge(&pi.DescribeDimensionKeysInput{}, &pi.DescribeDimensionKeysOutput{}))
	assert.False(t, c.Merge(asked, &pi.ListAvailableResourceMetricsOutput{}), "an operation that nothing here asks for")
}
