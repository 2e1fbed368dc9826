package scaling_test

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/scaling"
	"github.com/awsdiag/awsdiag/diag/scaling/scalingfake"
)

func ExampleNewServiceTarget() {
	client := &scalingfake.Client{
		ScalableTargets:   []types.ScalableTarget{scalingfake.ServiceTarget("prod", "api", 2, 6)},
		ScalingActivities: []types.ScalingActivity{atMax("m1", 10*time.Minute)},
	}
	target := scaling.NewServiceTarget(client, "prod", "api", diag.Last(time.Hour, scalingfake.Now))
	report := diag.Run(context.Background(), diag.On(target, scaling.TargetChecks()...))
	for _, f := range report.Findings {
		fmt.Println(f.Code, f.Summary)
	}
	// Output: scaling.at-maximum service/prod/api is at its maximum of 6 and was to grow once since 11:50 UTC
}
