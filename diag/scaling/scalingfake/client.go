// Package scalingfake is an Application Auto Scaling that lives in memory. The literal is the world, the zero value an
// empty account:
//
//	c := &scalingfake.Client{ScalableTargets: []types.ScalableTarget{scalingfake.ServiceTarget("prod", "api", 2, 6)}}
package scalingfake

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Now is the "now" of what this package makes.
var Now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// Client answers like Application Auto Scaling.
type Client struct {
	diagfake.Recorder
	ScalableTargets   []types.ScalableTarget
	ScalingActivities []types.ScalingActivity
	ScalingPolicies   []types.ScalingPolicy
}

var _ diagfake.Fake = (*Client)(nil)

type options = func(*applicationautoscaling.Options)

// maxResults is the size of a page, and of a list of resource ids.
const maxResults = 50

// DescribeScalableTargets returns targets of a namespace, of up to 50 resource ids or all, 50 a page.
func (c *Client) DescribeScalableTargets(ctx context.Context, in *applicationautoscaling.DescribeScalableTargetsInput,
	_ ...options) (*applicationautoscaling.DescribeScalableTargetsOutput, error) {
	const action = "application-autoscaling:DescribeScalableTargets"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *applicationautoscaling.DescribeScalableTargetsInput) (*applicationautoscaling.DescribeScalableTargetsOutput, error) {
			if err := valid(in.ServiceNamespace, len(in.ResourceIds)); err != nil {
				return nil, err
			}
			var found []types.ScalableTarget
			for _, t := range c.ScalableTargets {
				if t.ServiceNamespace == in.ServiceNamespace && (len(in.ResourceIds) == 0 ||
					slices.Contains(in.ResourceIds, aws.ToString(t.ResourceId))) {
					found = append(found, t)
				}
			}
			page, next, err := diagfake.Page(&c.Recorder, action, found, in.NextToken, size(in.MaxResults))
			return &applicationautoscaling.DescribeScalableTargetsOutput{ScalableTargets: page, NextToken: next}, err
		},
	)
}

// DescribeScalingActivities returns activities of a namespace or of one resource, newest first, 50 a page; those that
// did not scale only if they are asked for.
func (c *Client) DescribeScalingActivities(
	ctx context.Context,
	in *applicationautoscaling.DescribeScalingActivitiesInput,
	_ ...options,
) (*applicationautoscaling.DescribeScalingActivitiesOutput, error) {
	const action = "application-autoscaling:DescribeScalingActivities"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *applicationautoscaling.DescribeScalingActivitiesInput) (*applicationautoscaling.DescribeScalingActivitiesOutput, error) {
			if err := valid(in.ServiceNamespace, 0); err != nil {
				return nil, err
			}
			var found []types.ScalingActivity
			for _, a := range c.ScalingActivities {
				if a.ServiceNamespace == in.ServiceNamespace && matches(in.ResourceId, a.ResourceId) &&
					(len(a.NotScaledReasons) == 0 || aws.ToBool(in.IncludeNotScaledActivities)) {
					found = append(found, a)
				}
			}
			slices.SortStableFunc(found, func(a, b types.ScalingActivity) int {
				return -aws.ToTime(a.StartTime).Compare(aws.ToTime(b.StartTime))
			})
			page, next, err := diagfake.Page(&c.Recorder, action, found, in.NextToken, size(in.MaxResults))
			return &applicationautoscaling.DescribeScalingActivitiesOutput{
				ScalingActivities: page,
				NextToken:         next,
			}, err
		},
	)
}

// DescribeScalingPolicies returns policies of a namespace or of one resource, 50 a page.
func (c *Client) DescribeScalingPolicies(ctx context.Context, in *applicationautoscaling.DescribeScalingPoliciesInput,
	_ ...options) (*applicationautoscaling.DescribeScalingPoliciesOutput, error) {
	const action = "application-autoscaling:DescribeScalingPolicies"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *applicationautoscaling.DescribeScalingPoliciesInput) (*applicationautoscaling.DescribeScalingPoliciesOutput, error) {
			if err := valid(in.ServiceNamespace, 0); err != nil {
				return nil, err
			}
			var found []types.ScalingPolicy
			for _, p := range c.ScalingPolicies {
				if p.ServiceNamespace == in.ServiceNamespace && matches(in.ResourceId, p.ResourceId) {
					found = append(found, p)
				}
			}
			page, next, err := diagfake.Page(&c.Recorder, action, found, in.NextToken, size(in.MaxResults))
			return &applicationautoscaling.DescribeScalingPoliciesOutput{ScalingPolicies: page, NextToken: next}, err
		},
	)
}

func valid(namespace types.ServiceNamespace, ids int) error {
	switch {
	case namespace == "":
		return diagfake.APIError(
			"ValidationException",
			"1 validation error detected: serviceNamespace must not be null",
		)
	case ids > maxResults:
		return diagfake.APIError("ValidationException", "1 validation error detected: resourceIds has too many members")
	}
	return nil
}

func matches(asked, id *string) bool { return asked == nil || *asked == aws.ToString(id) }

func size(asked *int32) int {
	if n := int(aws.ToInt32(asked)); n > 0 && n < maxResults {
		return n
	}
	return maxResults
}
