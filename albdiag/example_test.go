package albdiag_test

import (
	"context"
	"fmt"

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
		elb.Spoil("shop-api", i, types.TargetHealthStateEnumUnhealthy, types.TargetHealthReasonEnumTimeout, "Request timed out")
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
