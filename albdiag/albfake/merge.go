package albfake

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// Merge adds a recorded answer to the world and reports whether it knew what to do with it. in and out are the SDK's
// input and output pointers. What is there already under the same ARN is replaced.
func (c *Client) Merge(in, out any) bool {
	switch out := out.(type) {
	case *elbv2.DescribeLoadBalancersOutput:
		for _, lb := range out.LoadBalancers {
			c.LoadBalancers = put(c.LoadBalancers, lb, func(lb types.LoadBalancer) *string { return lb.LoadBalancerArn })
		}
	case *elbv2.DescribeTargetGroupsOutput:
		for _, tg := range out.TargetGroups {
			c.TargetGroups = put(c.TargetGroups, tg, func(tg types.TargetGroup) *string { return tg.TargetGroupArn })
		}
	case *elbv2.DescribeListenersOutput:
		for _, l := range out.Listeners {
			c.Listeners = put(c.Listeners, l, func(l types.Listener) *string { return l.ListenerArn })
		}
	default:
		return c.mergeUnder(in, out)
	}
	return true
}

// mergeUnder merges answers that belong to the ARN in their question.
func (c *Client) mergeUnder(in, out any) bool {
	switch out := out.(type) {
	case *elbv2.DescribeRulesOutput:
		if in, ok := in.(*elbv2.DescribeRulesInput); ok && in.ListenerArn != nil {
			rules := made(c.Rules)
			for _, r := range out.Rules {
				rules[*in.ListenerArn] = put(rules[*in.ListenerArn], r, func(r types.Rule) *string { return r.RuleArn })
			}
			c.Rules = rules
			return true
		}
	case *elbv2.DescribeListenerCertificatesOutput:
		if in, ok := in.(*elbv2.DescribeListenerCertificatesInput); ok && in.ListenerArn != nil {
			c.ListenerCertificates = made(c.ListenerCertificates)
			for _, d := range out.Certificates {
				if !aws.ToBool(d.IsDefault) { // the listener itself tells its default
					c.ListenerCertificates[*in.ListenerArn] = put(c.ListenerCertificates[*in.ListenerArn], d,
						func(d types.Certificate) *string { return d.CertificateArn })
				}
			}
			return true
		}
	case *elbv2.DescribeTargetHealthOutput:
		if in, ok := in.(*elbv2.DescribeTargetHealthInput); ok && in.TargetGroupArn != nil {
			c.TargetHealth = made(c.TargetHealth)
			c.mergeHealth(*in.TargetGroupArn, out.TargetHealthDescriptions)
			return true
		}
	case *elbv2.DescribeLoadBalancerAttributesOutput:
		if in, ok := in.(*elbv2.DescribeLoadBalancerAttributesInput); ok && in.LoadBalancerArn != nil {
			c.LoadBalancerAttributes = made(c.LoadBalancerAttributes)
			attributes := made(c.LoadBalancerAttributes[*in.LoadBalancerArn])
			for _, a := range out.Attributes {
				attributes[aws.ToString(a.Key)] = aws.ToString(a.Value)
			}
			c.LoadBalancerAttributes[*in.LoadBalancerArn] = attributes
			return true
		}
	case *elbv2.DescribeTargetGroupAttributesOutput:
		if in, ok := in.(*elbv2.DescribeTargetGroupAttributesInput); ok && in.TargetGroupArn != nil {
			c.TargetGroupAttributes = made(c.TargetGroupAttributes)
			attributes := made(c.TargetGroupAttributes[*in.TargetGroupArn])
			for _, a := range out.Attributes {
				attributes[aws.ToString(a.Key)] = aws.ToString(a.Value)
			}
			c.TargetGroupAttributes[*in.TargetGroupArn] = attributes
			return true
		}
	}
	return false
}

// mergeHealth leaves out the answers for targets that are not registered: the fake gives these itself.
func (c *Client) mergeHealth(arn string, described []types.TargetHealthDescription) {
	for _, d := range described {
		if d.TargetHealth != nil && d.TargetHealth.Reason == types.TargetHealthReasonEnumNotRegistered {
			continue
		}
		same := func(o types.TargetHealthDescription) bool {
			return o.Target != nil && d.Target != nil && aws.ToString(o.Target.Id) == aws.ToString(d.Target.Id) &&
				aws.ToInt32(o.Target.Port) == aws.ToInt32(d.Target.Port)
		}
		if i := slices.IndexFunc(c.TargetHealth[arn], same); i >= 0 {
			c.TargetHealth[arn][i] = d
			continue
		}
		c.TargetHealth[arn] = append(c.TargetHealth[arn], d)
	}
}

func put[T any](items []T, item T, arn func(T) *string) []T {
	i := slices.IndexFunc(items, func(o T) bool {
		return arn(o) != nil &&
			aws.ToString(arn(o)) == aws.ToString(arn(item))
	})
	if i >= 0 {
		items[i] = item
		return items
	}
	return append(items, item)
}

func made[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return m
}
