// Package groupfake is an EC2 Auto Scaling that lives in memory. The literal is the world, the zero value an empty
// account:
//
//	c := &groupfake.Client{Groups: []types.AutoScalingGroup{groupfake.Group("hosts", 2, "i-0a", "i-0b")}}
package groupfake

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Client answers like EC2 Auto Scaling.
type Client struct {
	diagfake.Recorder
	Groups     []types.AutoScalingGroup
	Activities []types.Activity
}

var _ diagfake.Fake = (*Client)(nil)

type options = func(*autoscaling.Options)

// maxRecords is the size of a page, and maxNames of a list of names (API reference).
const maxRecords, maxNames = 100, 50

// DescribeAutoScalingGroups returns groups by name, or all. A name that does not exist is left out.
func (c *Client) DescribeAutoScalingGroups(ctx context.Context, in *autoscaling.DescribeAutoScalingGroupsInput,
	_ ...options) (*autoscaling.DescribeAutoScalingGroupsOutput, error) {
	const action = "autoscaling:DescribeAutoScalingGroups"
	return diagfake.Serve(ctx, &c.Recorder, action, in,
		func(in *autoscaling.DescribeAutoScalingGroupsInput) (*autoscaling.DescribeAutoScalingGroupsOutput, error) {
			if len(in.AutoScalingGroupNames) > maxNames {
				return nil, diagfake.APIError("ValidationError", "more than 50 Auto Scaling group names")
			}
			found := slices.DeleteFunc(slices.Clone(c.Groups), func(g types.AutoScalingGroup) bool {
				return len(in.AutoScalingGroupNames) > 0 &&
					!slices.Contains(in.AutoScalingGroupNames, aws.ToString(g.AutoScalingGroupName))
			})
			page, next, err := diagfake.Page(&c.Recorder, action, found, in.NextToken, size(in.MaxRecords))
			return &autoscaling.DescribeAutoScalingGroupsOutput{AutoScalingGroups: page, NextToken: next}, err
		})
}

// DescribeScalingActivities returns the activities of a group or of all, newest first.
func (c *Client) DescribeScalingActivities(ctx context.Context, in *autoscaling.DescribeScalingActivitiesInput,
	_ ...options) (*autoscaling.DescribeScalingActivitiesOutput, error) {
	const action = "autoscaling:DescribeScalingActivities"
	return diagfake.Serve(ctx, &c.Recorder, action, in,
		func(in *autoscaling.DescribeScalingActivitiesInput) (*autoscaling.DescribeScalingActivitiesOutput, error) {
			found := slices.DeleteFunc(slices.Clone(c.Activities), func(a types.Activity) bool {
				return in.AutoScalingGroupName != nil && *in.AutoScalingGroupName != aws.ToString(a.AutoScalingGroupName)
			})
			slices.SortStableFunc(found, func(a, b types.Activity) int {
				return aws.ToTime(b.StartTime).Compare(aws.ToTime(a.StartTime))
			})
			page, next, err := diagfake.Page(&c.Recorder, action, found, in.NextToken, size(in.MaxRecords))
			return &autoscaling.DescribeScalingActivitiesOutput{Activities: page, NextToken: next}, err
		})
}

func size(asked *int32) int {
	if n := int(aws.ToInt32(asked)); n > 0 && n < maxRecords {
		return n
	}
	return maxRecords
}

// Merge adds a recorded answer to the world and reports whether it knows what to do with it.
func (c *Client) Merge(_, out any) bool {
	switch o := out.(type) {
	case *autoscaling.DescribeAutoScalingGroupsOutput:
		for _, g := range o.AutoScalingGroups {
			c.Groups = append(slices.DeleteFunc(c.Groups, func(x types.AutoScalingGroup) bool {
				return aws.ToString(x.AutoScalingGroupName) == aws.ToString(g.AutoScalingGroupName)
			}), g)
		}
	case *autoscaling.DescribeScalingActivitiesOutput:
		for _, a := range o.Activities {
			c.Activities = append(slices.DeleteFunc(c.Activities, func(x types.Activity) bool {
				return aws.ToString(x.ActivityId) == aws.ToString(a.ActivityId)
			}), a)
		}
	default:
		return false
	}
	return true
}

// Group makes a group over two zones with instances in service.
func Group(name string, desired int32, instances ...string) types.AutoScalingGroup {
	g := types.AutoScalingGroup{
		AutoScalingGroupName: aws.String(name), MinSize: aws.Int32(1), MaxSize: aws.Int32(desired + 2),
		DesiredCapacity: aws.Int32(desired), AvailabilityZones: []string{"eu-west-1a", "eu-west-1b"},
		HealthCheckType: aws.String("EC2"), VPCZoneIdentifier: aws.String("subnet-0a1priv,subnet-0b1priv"),
	}
	for _, id := range instances {
		g.Instances = append(g.Instances, types.Instance{
			InstanceId: aws.String(id), LifecycleState: types.LifecycleStateInService, HealthStatus: aws.String("Healthy"),
		})
	}
	return g
}

// FailedLaunch makes an activity that launched nothing.
func FailedLaunch(group, message string, at time.Time) types.Activity {
	a := activity(group, "Launching a new EC2 instance.  Status Reason: "+message, at)
	a.StatusCode, a.StatusMessage = types.ScalingActivityStatusCodeFailed, aws.String(message)
	return a
}

// Launch makes an activity that launched an instance.
func Launch(group, instance string, at time.Time) types.Activity {
	return activity(group, "Launching a new EC2 instance: "+instance, at)
}

// Termination makes an activity that ended an instance.
func Termination(group, instance, cause string, at time.Time) types.Activity {
	a := activity(group, "Terminating EC2 instance: "+instance, at)
	a.Cause = aws.String("At " + at.Format(time.RFC3339) + " " + cause)
	return a
}

func activity(group, description string, at time.Time) types.Activity {
	id := strings.NewReplacer(":", "", "-", "").Replace(at.Format(time.RFC3339Nano)) + group + description
	return types.Activity{
		ActivityId: aws.String(id), AutoScalingGroupName: aws.String(group), StartTime: aws.Time(at), EndTime: aws.Time(at),
		Description: aws.String(description), StatusCode: types.ScalingActivityStatusCodeSuccessful, Progress: aws.Int32(100),
	}
}
