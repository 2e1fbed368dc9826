package metrics_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

var (
	now    = time.Date(2026, 2, 11, 14, 37, 21, 0, time.UTC)
	window = diag.Last(time.Hour, now)
	hour   = time.Date(2026, 2, 11, 14, 0, 0, 0, time.UTC)
)

func counter(name string) metrics.Metric {
	return metrics.Metric{Namespace: "AWS/Test", Name: name, Stat: "Sum",
		Dimensions: []metrics.Dimension{{Name: "B", Value: "2"}, {Name: "A", Value: "1"}}}
}

func TestReadOnly(t *testing.T) { diagtest.ReadOnly[metrics.API](t) }

func TestFetchReadsSeriesOverAllPages(t *testing.T) {
	for _, size := range []int{0, 1, 2, 3} {
		t.Run(fmt.Sprintf("%d a page", size), func(t *testing.T) {
			cw := &metricsfake.Client{Series: []metricsfake.Series{
				{Metric: counter("A"), Points: metricsfake.Every(5*time.Minute, hour, 1, 2, 3, 4, 5)},
				{Metric: counter("B"), Points: metricsfake.Every(5*time.Minute, hour, 9)},
			}}
			cw.PageSize(size)
			set, err := metrics.NewSource(cw, window).Fetch(t.Context(), counter("A"), counter("B"), counter("C"))
			require.NoError(t, err)
			assert.Equal(t, metricsfake.Every(5*time.Minute, hour, 1, 2, 3, 4, 5), set.Series(counter("A")).Points)
			assert.Equal(t, 15.0, set.Series(counter("A")).Sum())
			assert.Len(t, set.Series(counter("B")).Points, 1)
			assert.True(t, set.Known(counter("C")), "a metric that does not exist is known to be empty")
			assert.Empty(t, set.Series(counter("C")).Points)
			assert.False(t, set.Known(counter("D")), "a metric that nobody asked for is not known")
			assert.Equal(t, 3, set.Len())
		})
	}
}

func TestDimensionsInAnyOrderNameOneMetric(t *testing.T) {
	m := counter("A")
	m.Dimensions[0], m.Dimensions[1] = m.Dimensions[1], m.Dimensions[0]
	assert.Equal(t, counter("A").String(), m.String())
	assert.Equal(t, "AWS/Test A Sum A=1 B=2", m.String())
}

func TestSpanCoversTheTimeBefore(t *testing.T) {
	tests := []struct {
		name   string
		length time.Duration
		start  time.Time
		period time.Duration
	}{
		{"an hour: two before it", time.Hour, now.Add(-3 * time.Hour).Truncate(5 * time.Minute), 5 * time.Minute},
		{"six hours: six before", 6 * time.Hour, now.Add(-12 * time.Hour).Truncate(5 * time.Minute), 5 * time.Minute},
		{"a week: by the hour", 168 * time.Hour, now.Add(-336 * time.Hour).Truncate(time.Hour), time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := metrics.NewSource(&metricsfake.Client{}, diag.Last(tt.length, now))
			assert.Equal(t, tt.start, s.Span().Start)
			assert.Equal(t, tt.period, s.Period())
			assert.False(t, s.Span().End.Before(now), "the period under way belongs to it")
		})
	}
}

func TestFiveHundredMetricsACall(t *testing.T) {
	tests := []struct{ metrics, calls int }{{1, 1}, {500, 1}, {501, 2}, {6000, 12}}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.metrics), func(t *testing.T) {
			cw := &metricsfake.Client{}
			asked := make([]metrics.Metric, tt.metrics)
			for i := range asked {
				asked[i] = counter(fmt.Sprint(i))
			}
			set, err := metrics.NewSource(cw, window).Fetch(t.Context(), asked...)
			require.NoError(t, err)
			assert.Equal(t, tt.metrics, set.Len())
			assert.Len(t, cw.Calls(), tt.calls)
		})
	}
}

func TestNoSeriesIsReadTwice(t *testing.T) {
	cw := &metricsfake.Client{}
	cw.Delay(time.Millisecond)
	source := metrics.NewSource(cw, window)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			set, err := source.Fetch(t.Context(), counter(fmt.Sprint(i)), counter("shared"))
			assert.NoError(t, err)
			assert.Equal(t, 2, set.Len())
		})
	}
	group.Wait()
	assert.Len(t, cw.Calls(), 20, "as many calls as askers, whoever came first")
	asked := map[string]int{}
	for _, c := range cw.Calls() {
		for _, q := range c.Input.(*cloudwatch.GetMetricDataInput).MetricDataQueries {
			asked[*q.MetricStat.Metric.MetricName]++
		}
	}
	assert.Len(t, asked, 21)
	for name, n := range asked {
		assert.Equal(t, 1, n, "metric %s must be read once", name)
	}
}

func TestFetchKeepsWhatItGot(t *testing.T) {
	world := func() *metricsfake.Client {
		return &metricsfake.Client{Series: []metricsfake.Series{
			{Metric: counter("good"), Points: metricsfake.Every(5*time.Minute, hour, 7)},
			{Metric: counter("bad"), Points: metricsfake.Every(5*time.Minute, hour, 7, 7)},
		}}
	}
	tests := []struct {
		name string
		spur func(*metricsfake.Client)
		kind diag.Kind
		good bool
	}{
		{"partial data", func(c *metricsfake.Client) { c.Series[1].Status = types.StatusCodePartialData },
			diag.KindIncomplete, true},
		{"internal error", func(c *metricsfake.Client) { c.Series[1].Status = types.StatusCodeInternalError },
			diag.KindIncomplete, true},
		{"forbidden", func(c *metricsfake.Client) { c.Series[1].Status = types.StatusCodeForbidden }, diag.KindDenied, true},
		{"throttled on the second page", func(c *metricsfake.Client) { c.Truncate("cloudwatch:GetMetricData") },
			diag.KindThrottled, false},
		{"denied", func(c *metricsfake.Client) { c.Deny("cloudwatch:GetMetricData") }, diag.KindDenied, false},
		{"ids left out", func(c *metricsfake.Client) { c.Sparse(2) }, diag.KindIncomplete, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cw := world()
			tt.spur(cw)
			set, err := metrics.NewSource(cw, window).Fetch(t.Context(), counter("good"), counter("bad"))
			assert.Equal(t, tt.kind, diag.KindOf(err), "%v", err)
			assert.Equal(t, tt.good, set.Known(counter("good")))
			assert.False(t, set.Known(counter("bad")))
		})
	}
}

func TestEveryStatusIsJudged(t *testing.T) {
	kinds := map[types.StatusCode]diag.Kind{
		types.StatusCodeComplete: "", types.StatusCodePartialData: diag.KindIncomplete,
		types.StatusCodeInternalError: diag.KindIncomplete, types.StatusCodeForbidden: diag.KindDenied,
	}
	for _, status := range types.StatusCode("").Values() {
		want, ok := kinds[status]
		require.True(t, ok, "a new status: %s", status)
		cw := &metricsfake.Client{Series: []metricsfake.Series{{Metric: counter("A"), Status: status}}}
		_, err := metrics.NewSource(cw, window).Fetch(t.Context(), counter("A"))
		assert.Equal(t, want, diag.KindOf(err), "%s", status)
	}
}

func TestCancellationIsNotRemembered(t *testing.T) {
	cw := &metricsfake.Client{}
	source := metrics.NewSource(cw, window)
	dead, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := source.Fetch(dead, counter("A"))
	assert.Equal(t, diag.KindCanceled, diag.KindOf(err))
	set, err := source.Fetch(t.Context(), counter("A"))
	assert.NoError(t, err)
	assert.True(t, set.Known(counter("A")))
}

func TestErrorsAreRemembered(t *testing.T) {
	cw := &metricsfake.Client{}
	cw.Deny("cloudwatch:GetMetricData")
	source := metrics.NewSource(cw, window)
	for range 3 {
		_, err := source.Fetch(t.Context(), counter("A"))
		assert.Equal(t, diag.KindDenied, diag.KindOf(err))
	}
	assert.Len(t, cw.Calls(), 1)
}

func TestLatest(t *testing.T) {
	cw := &metricsfake.Client{Series: []metricsfake.Series{
		{Metric: counter("A"), Points: metricsfake.Every(5*time.Minute, hour, 1, 2)},
		{Metric: counter("B"), Points: metricsfake.Every(5*time.Minute, hour, 1)},
	}}
	set, err := metrics.NewSource(cw, window).Fetch(t.Context(), counter("A"), counter("B"), counter("C"))
	require.NoError(t, err)
	at, ok := set.Latest(counter("A"), counter("B"), counter("C"))
	assert.True(t, ok)
	assert.Equal(t, hour.Add(5*time.Minute), at)
	_, ok = set.Latest(counter("C"))
	assert.False(t, ok)
}

type broken struct{ metrics.API }

func (broken) GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (
	*cloudwatch.GetMetricDataOutput, error) {
	panic("a broken client")
}

func TestAPanicOfTheClientIsAnError(t *testing.T) {
	_, err := metrics.NewSource(broken{}, window).Fetch(t.Context(), counter("A"))
	assert.Equal(t, diag.KindPanic, diag.KindOf(err))
}
