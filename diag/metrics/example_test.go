package metrics_test

import (
	"context"
	"fmt"
	"time"

	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

func ExampleSource() {
	errors := metrics.LoadBalancerMetric("app/shop/1c7076e082984272", "HTTPCode_ELB_503_Count", "Sum")
	cw := &metricsfake.Client{Series: []metricsfake.Series{{
		Metric: errors, Points: metricsfake.Every(5*time.Minute, hour.Add(5*time.Minute), 1658, 0, 1478),
	}}}
	set, err := metrics.NewSource(cw, window).Fetch(context.Background(), errors)
	if err != nil {
		fmt.Println(err)
		return
	}
	if onset, ok := set.Series(errors).Onset(metrics.Rise); ok {
		fmt.Printf("since %s, at most %.0f in five minutes\n", onset.Start.Format("15:04"), onset.Peak.Value)
	}
	// Output: since 14:05, at most 1658 in five minutes
}
