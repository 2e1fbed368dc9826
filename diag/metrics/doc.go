// Package metrics reads CloudWatch metrics for a diagnosis: many series in few calls, with what a missing point means,
// when a series changed, and how two series hang together.
//
// A [Source] belongs to one run. It reads the run's window and, for comparison, as much time before it. All
// series of one Fetch share GetMetricData calls, 500 each, and no series is read twice:
//
//	source := metrics.NewSource(cloudwatchClient, window)
//	requests := metrics.LoadBalancerMetric(arn, "RequestCount", "Sum")
//	errors := metrics.LoadBalancerMetric(arn, "HTTPCode_ELB_503_Count", "Sum")
//	set, err := source.Fetch(ctx, requests, errors)
//	if onset, ok := set.Series(errors).Onset(metrics.Rise); ok {
//		// The 503s began at onset.Start.
//	}
//
// # What is missing
//
// CloudWatch keeps no point for a period in which nothing was reported. For a count (statistics Sum and SampleCount)
// that means that nothing happened: [Series.Values] fills in zero. For anything else it means that nobody knows:
// Values holds NaN. A series that could not be read at all is no zero either: Fetch returns an error, and
// [Set.Known] is false for it.
//
// # Onset
//
// [Series.Episodes] finds spans in which a series left its usual level, measured against the level just before and
// against the series' own noise, so that a daily season is no change. [Series.Onset] gives the beginning of the last
// group of them.
//
// # What is usual
//
// [Source.Baselines] reads the same hour of earlier days, [Source.Bands] what CloudWatch's own anomaly detectors
// expect. [Companions] tells which of several series changed when one did. Each costs calls of its own, and is for who
// asks.
//
// # Alarms
//
// [Alarms] lists what an account watches, with composite alarms resolved and the history of each. [Watched] finds the
// raised ones on a resource by the dimensions of their metrics, as findings and in the timeline.
//
// Metric sets for load balancers, ECS, EC2, RDS and Lambda, with the dimensions under which AWS really reports them,
// stand in sets.go.
package metrics
