// Package metricsfake is CloudWatch's GetMetricData without CloudWatch. The literal is the world:
//
//	cw := &metricsfake.Client{Series: []metricsfake.Series{{
//		Metric: metrics.LoadBalancerMetric(arn, "HTTPCode_ELB_503_Count", "Sum"),
//		Points: metricsfake.Every(5*time.Minute, start, 0, 0, 412, 398),
//	}}}
//
// The zero value is an account without metrics: every series is empty. Answers come newest first unless asked
// otherwise, in pages that may cut a series in two, as AWS's do.
package metricsfake
