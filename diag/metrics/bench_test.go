package metrics_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/metrics"
)

// paged is a CloudWatch whose answers are ready: pages of 50 metrics, each with the points of three hours.
type paged struct {
	metrics.API
	pages []*cloudwatch.GetMetricDataOutput
	calls int
}

func pagesOf(n int) *paged {
	const size, points = 50, 36
	p := &paged{}
	for first := 0; first < n; first += size {
		page := &cloudwatch.GetMetricDataOutput{}
		for i := first; i < min(first+size, n); i++ {
			r := types.MetricDataResult{Id: aws.String("m" + strconv.Itoa(i)), StatusCode: types.StatusCodeComplete}
			for j := range points {
				r.Timestamps, r.Values = append(r.Timestamps, hour.Add(time.Duration(j-points)*5*time.Minute)),
					append(r.Values, float64(j))
			}
			page.MetricDataResults = append(page.MetricDataResults, r)
		}
		if first+size < n {
			page.NextToken = aws.String(strconv.Itoa(len(p.pages) + 1))
		}
		p.pages = append(p.pages, page)
	}
	return p
}

func (p *paged) GetMetricData(_ context.Context, in *cloudwatch.GetMetricDataInput,
	_ ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error) {
	p.calls++
	n, err := strconv.Atoi(aws.ToString(in.NextToken))
	if in.NextToken != nil && err != nil {
		return nil, err
	}
	return p.pages[n], nil
}

func fiveHundred() []metrics.Metric {
	wanted := make([]metrics.Metric, 500)
	for i := range wanted {
		wanted[i] = metrics.EC2Instance(fmt.Sprintf("i-%05d", i))[0]
	}
	return wanted
}

// BenchmarkFetch500 reads 500 metrics of three hours in ten pages.
func BenchmarkFetch500(b *testing.B) {
	api, wanted := pagesOf(500), fiveHundred()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := metrics.NewSource(api, window).Fetch(b.Context(), wanted...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(api.pages)), "pages/op")
}

// TestFetchAllocates bounds what a read of 500 metrics costs: some twenty allocations a metric, most of them the query.
func TestFetchAllocates(t *testing.T) {
	api, wanted := pagesOf(500), fiveHundred()
	set, err := metrics.NewSource(api, window).Fetch(t.Context(), wanted...)
	require.NoError(t, err)
	assert.Equal(t, 500, set.Len())
	assert.Equal(t, 10, api.calls)
	assert.Len(t, set.Series(wanted[499]).Points, 36)
	allocations := testing.AllocsPerRun(3, func() {
		if _, err := metrics.NewSource(api, window).Fetch(t.Context(), wanted...); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("500 metrics in 10 pages: %.0f allocations, %.1f a metric", allocations, allocations/500)
	assert.LessOrEqual(t, allocations, 500*25.0)
}
