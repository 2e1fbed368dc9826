package metrics_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

func TestSearch(t *testing.T) {
	end := time.Date(2026, 2, 11, 14, 37, 0, 0, time.UTC)
	blocked := func(rule string, dimensions ...metrics.Dimension) metricsfake.Series {
		return metricsfake.Series{Points: metricsfake.Every(5*time.Minute, end.Add(-12*time.Minute), 3, 4),
			Metric: metrics.Metric{Namespace: "AWS/WAFV2", Name: "BlockedRequests", Stat: "Sum",
				Dimensions: append(dimensions, metrics.Dimension{Name: "Rule", Value: rule},
					metrics.Dimension{Name: "WebACL", Value: "shop"})}}
	}
	region := metrics.Dimension{Name: "Region", Value: "eu-west-1"}
	fake := &metricsfake.Client{Series: []metricsfake.Series{blocked("geo", region), blocked("bots", region),
		blocked("global")}}
	source := metrics.NewSource(fake, diag.Last(time.Hour, end))
	found, err := source.Search(t.Context(), "AWS/WAFV2", "BlockedRequests", "Sum", "Region", "Rule", "WebACL")
	require.NoError(t, err)
	require.Len(t, found, 2)
	assert.Equal(t, map[string]string{"Region": "eu-west-1", "Rule": "bots", "WebACL": "shop"}, found[0].Values)
	assert.Equal(t, "geo", found[1].Values["Rule"])
	assert.InDelta(t, 7, found[1].Sum(), 0)

	none, err := source.Search(t.Context(), "AWS/WAFV2", "AllowedRequests", "Sum", "Region", "Rule", "WebACL")
	require.NoError(t, err)
	assert.Empty(t, none)

	fake.Deny("cloudwatch:GetMetricData")
	_, err = source.Search(t.Context(), "AWS/WAFV2", "BlockedRequests", "Sum", "Region", "Rule", "WebACL")
	assert.Equal(t, diag.KindDenied, diag.KindOf(err))
}
