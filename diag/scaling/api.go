package scaling

import "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"

// TargetAPI is what a [Target] reads from.
type TargetAPI interface {
	applicationautoscaling.DescribeScalableTargetsAPIClient
	applicationautoscaling.DescribeScalingActivitiesAPIClient
}

var _ TargetAPI = (*applicationautoscaling.Client)(nil)
