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

// Onset finding needs no CloudWatch: points may come from anywhere.
func ExampleNewSeries() {
	start := time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	var points []metrics.Point
	for minute := range 120 {
		p := metrics.Point{At: start.Add(time.Duration(minute) * time.Minute), Value: 100 + float64(minute%5)}
		if minute >= 90 {
			p.Value += 300
		}
		points = append(points, p)
	}
	latency := metrics.NewSeries(metrics.Metric{Name: "latency_ms", Stat: "Average"}, time.Minute, points...)
	if onset, ok := latency.Onset(metrics.Rise); ok {
		fmt.Printf("since %s, %.0f before, lasts: %t\n", onset.Start.Format("15:04"), onset.Before, onset.Ongoing())
	}
	// Output: since 11:30, 102 before, lasts: true
}
