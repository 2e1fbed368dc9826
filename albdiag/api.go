package albdiag

import (
	"context"

	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

// LoadBalancerAPI is what a [LoadBalancer] and a [Directory] read from.
type LoadBalancerAPI interface {
	elbv2.DescribeLoadBalancersAPIClient
	elbv2.DescribeListenersAPIClient
	elbv2.DescribeRulesAPIClient
	DescribeLoadBalancerAttributes(context.Context, *elbv2.DescribeLoadBalancerAttributesInput, ...func(*elbv2.Options)) (
		*elbv2.DescribeLoadBalancerAttributesOutput, error)
	TargetGroupAPI
}

// TargetGroupAPI is what a [TargetGroup] reads from.
type TargetGroupAPI interface {
	elbv2.DescribeTargetGroupsAPIClient
	elbv2.DescribeTargetHealthAPIClient
	DescribeTargetGroupAttributes(context.Context, *elbv2.DescribeTargetGroupAttributesInput, ...func(*elbv2.Options)) (
		*elbv2.DescribeTargetGroupAttributesOutput, error)
}

var (
	_ LoadBalancerAPI = (*elbv2.Client)(nil)
	_ TargetGroupAPI  = (*elbv2.Client)(nil)
)

// The calls that facts come from, as IAM actions.
const (
	callLoadBalancers          = "elasticloadbalancing:DescribeLoadBalancers"
	callLoadBalancerAttributes = "elasticloadbalancing:DescribeLoadBalancerAttributes"
	callListeners              = "elasticloadbalancing:DescribeListeners"
	callRules                  = "elasticloadbalancing:DescribeRules"
	callTargetGroups           = "elasticloadbalancing:DescribeTargetGroups"
	callTargetGroupAttributes  = "elasticloadbalancing:DescribeTargetGroupAttributes"
	callTargetHealth           = "elasticloadbalancing:DescribeTargetHealth"
	callMetrics                = "cloudwatch:GetMetricData"
)
