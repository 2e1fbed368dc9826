package albfake

import (
	"context"

	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Client is a fake of Elastic Load Balancing, version 2. Its fields may be changed between calls, not during one.
type Client struct {
	diagfake.Recorder

	LoadBalancers []types.LoadBalancer
	// LoadBalancerAttributes are those that differ from AWS's defaults, by load balancer ARN.
	LoadBalancerAttributes map[string]map[string]string
	Listeners              []types.Listener
	// Rules are by listener ARN. The default rule is made from the listener's default actions if it is not among them.
	Rules map[string][]types.Rule
	// ListenerCertificates are those that a listener has besides its default, by listener ARN.
	ListenerCertificates map[string][]types.Certificate
	TargetGroups         []types.TargetGroup
	// TargetGroupAttributes are those that differ from AWS's defaults, by target group ARN.
	TargetGroupAttributes map[string]map[string]string
	// TargetHealth are the registered targets, by target group ARN.
	TargetHealth map[string][]types.TargetHealthDescription
}

var _ albdiag.LoadBalancerAPI = (*Client)(nil)

// DescribeLoadBalancers answers for all, or for those asked for by name or by ARN.
func (c *Client) DescribeLoadBalancers(
	ctx context.Context, in *elbv2.DescribeLoadBalancersInput, _ ...func(*elbv2.Options),
) (*elbv2.DescribeLoadBalancersOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "elasticloadbalancing:DescribeLoadBalancers", in, c.describeLoadBalancers)
}

// DescribeLoadBalancerAttributes answers with AWS's defaults and what differs from them.
func (c *Client) DescribeLoadBalancerAttributes(
	ctx context.Context, in *elbv2.DescribeLoadBalancerAttributesInput, _ ...func(*elbv2.Options),
) (*elbv2.DescribeLoadBalancerAttributesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "elasticloadbalancing:DescribeLoadBalancerAttributes", in,
		c.describeLoadBalancerAttributes)
}

// DescribeListeners answers for a load balancer, or for those asked for by ARN.
func (c *Client) DescribeListeners(
	ctx context.Context, in *elbv2.DescribeListenersInput, _ ...func(*elbv2.Options),
) (*elbv2.DescribeListenersOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "elasticloadbalancing:DescribeListeners", in, c.describeListeners)
}

// DescribeRules answers for a listener.
func (c *Client) DescribeRules(
	ctx context.Context, in *elbv2.DescribeRulesInput, _ ...func(*elbv2.Options),
) (*elbv2.DescribeRulesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "elasticloadbalancing:DescribeRules", in, c.describeRules)
}

// DescribeTargetGroups answers for all, for those of a load balancer, or for those asked for by name or by ARN.
func (c *Client) DescribeTargetGroups(
	ctx context.Context, in *elbv2.DescribeTargetGroupsInput, _ ...func(*elbv2.Options),
) (*elbv2.DescribeTargetGroupsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "elasticloadbalancing:DescribeTargetGroups", in, c.describeTargetGroups)
}

// DescribeTargetGroupAttributes answers with AWS's defaults and what differs from them.
func (c *Client) DescribeTargetGroupAttributes(
	ctx context.Context, in *elbv2.DescribeTargetGroupAttributesInput, _ ...func(*elbv2.Options),
) (*elbv2.DescribeTargetGroupAttributesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "elasticloadbalancing:DescribeTargetGroupAttributes", in,
		c.describeTargetGroupAttributes)
}

// DescribeTargetHealth answers for all targets of a group, or for those asked for.
func (c *Client) DescribeTargetHealth(
	ctx context.Context, in *elbv2.DescribeTargetHealthInput, _ ...func(*elbv2.Options),
) (*elbv2.DescribeTargetHealthOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "elasticloadbalancing:DescribeTargetHealth", in, c.describeTargetHealth)
}
