package scalingfake

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
)

// ServiceTarget is an ECS service that may have from least to most tasks.
func ServiceTarget(cluster, service string, least, most int32) types.ScalableTarget {
	return types.ScalableTarget{
		ServiceNamespace: types.ServiceNamespaceEcs, ResourceId: aws.String("service/" + cluster + "/" + service),
		ScalableDimension: types.ScalableDimensionECSServiceDesiredCount,
		MinCapacity: aws.Int32(
			least,
		), MaxCapacity: aws.Int32(most), CreationTime: aws.Time(Now.Add(-1000 * time.Hour)),
		RoleARN: aws.String(
			"arn:aws:iam::111122223333:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService",
		),
		SuspendedState: &types.SuspendedState{DynamicScalingOutSuspended: aws.Bool(false)},
		ScalableTargetARN: aws.String("arn:aws:application-autoscaling:eu-west-1:111122223333:scalable-target/0ec5" +
			cluster + service),
	}
}

// Activity is a successful activity of an ECS service.
func Activity(cluster, service, id string, at time.Time) types.ScalingActivity {
	return types.ScalingActivity{
		ActivityId: aws.String(id), ServiceNamespace: types.ServiceNamespaceEcs,
		ResourceId:        aws.String("service/" + cluster + "/" + service),
		ScalableDimension: types.ScalableDimensionECSServiceDesiredCount, StartTime: aws.Time(at),
		EndTime: aws.Time(at.Add(30 * time.Second)), StatusCode: types.ScalingActivityStatusCodeSuccessful,
		Description:   aws.String("Setting desired count to 3."),
		Cause:         aws.String("monitor alarm TargetTracking-AlarmHigh in state ALARM triggered policy cpu"),
		StatusMessage: aws.String("Successfully set desired count to 3. Change successfully fulfilled by ecs."),
	}
}

// Merge adds a recorded answer to the world and reports whether it knows the operation. What is merged twice stands
// once.
func (c *Client) Merge(_, out any) bool {
	switch out := out.(type) {
	case *applicationautoscaling.DescribeScalableTargetsOutput:
		upsert(&c.ScalableTargets, out.ScalableTargets, func(t types.ScalableTarget) string {
			return aws.ToString(t.ResourceId) + " " + string(t.ScalableDimension)
		})
	case *applicationautoscaling.DescribeScalingActivitiesOutput:
		upsert(&c.ScalingActivities, out.ScalingActivities, func(a types.ScalingActivity) string {
			return aws.ToString(a.ActivityId)
		})
	case *applicationautoscaling.DescribeScalingPoliciesOutput:
		upsert(&c.ScalingPolicies, out.ScalingPolicies, func(p types.ScalingPolicy) string {
			return aws.ToString(p.PolicyARN)
		})
	default:
		return false
	}
	return true
}

func upsert[T any](world *[]T, items []T, key func(T) string) {
	for _, item := range items {
		if i := slices.IndexFunc(*world, func(x T) bool { return key(x) == key(item) }); i >= 0 {
			(*world)[i] = item
			continue
		}
		*world = append(*world, item)
	}
}
