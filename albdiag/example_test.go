package albdiag_test

import (
	"cmp"
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

func ExampleNewTargetGroup() {
	elb := albfake.Healthy("shop")
	for i := range 2 {
		elb.Spoil("shop-api", i, types.TargetHealthStateEnumUnhealthy, types.TargetHealthReasonEnumTimeout,
			"Request timed out")
	}
	source := metrics.NewSource(&metricsfake.Client{}, window)
	tg := albdiag.NewTargetGroup(elb, "shop-api", source, window)
	report := diag.Run(context.Background(), diag.On(tg, albdiag.TargetGroupChecks()...))
	for _, root := range report.Roots() {
		fmt.Println(root.Code)
		for _, effect := range root.Explains {
			fmt.Println("  explains", effect.Code)
		}
	}
	// Output:
	// alb.target-timeout
	//   explains alb.no-healthy-targets
}

func ExampleParseAccessLogLine() {
	entry, err := albdiag.ParseAccessLogLine(lambdaLine)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Status, "made by the", entry.Maker(), "because of", entry.ErrorReason)
	// Output: 502 made by the load balancer because of LambdaUnhandled
}

// A file of an access log as Amazon S3 has it: who made each error, and where they were.
func ExampleAccessLog() {
	file, err := os.Open("testdata/access.log.gz")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	var log albdiag.AccessLog
	if err := log.Read(file); err != nil {
		fmt.Println(err)
	}
	for _, kind := range log.Errors() {
		fmt.Println(kind.Count, "×", kind.Status, "by the", kind.Maker, "because", cmp.Or(kind.Cause, "its log tells"))
	}
	for _, hot := range log.HotTargets() {
		fmt.Println(hot.Name, hot.Why)
	}
	fmt.Println(log.Paths()[0])
	// Output:
	// 24 × 502 by the load balancer because the target closed the connection before it had answered: it died, or its keep-alive is shorter than the idle timeout
	// 6 × 502 by the load balancer because the target refused the connection, or is unreachable
	// 5 × 504 by the load balancer because the target did not answer within the idle timeout
	// 4 × 403 by the load balancer because a web ACL of AWS WAF rejected the request
	// 3 × 500 by the target because its log tells
	// 1 × 460 by the client because the client closed the connection before the answer came
	// 10.0.2.23:8080 has 30 of the 39 errors of 3 targets
	// /api/orders/*: 24 of 234 requests failed, 0.04 s on average, 0.1 s at most
}
