package albfake

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

const (
	// maxPage is the size of a page ("DescribeLoadBalancers", Elastic Load Balancing API Reference); maxNames is how many
	// names or ARNs one call may ask for.
	maxPage  = 400
	maxNames = 20
)

func (c *Client) describeLoadBalancers(in *elbv2.DescribeLoadBalancersInput) (*elbv2.DescribeLoadBalancersOutput, error) {
	found := c.LoadBalancers
	if len(in.Names)+len(in.LoadBalancerArns) > 0 {
		var err error
		found, err = pick(c.LoadBalancers, in.Names, in.LoadBalancerArns, "LoadBalancerNotFound", "load balancers",
			func(lb types.LoadBalancer) (*string, *string) { return lb.LoadBalancerName, lb.LoadBalancerArn })
		if err != nil {
			return nil, err
		}
	}
	page, marker, err := diagfake.Page(&c.Recorder, "elasticloadbalancing:DescribeLoadBalancers", found, in.Marker,
		limit(in.PageSize))
	return &elbv2.DescribeLoadBalancersOutput{LoadBalancers: page, NextMarker: marker}, err
}

func (c *Client) describeTargetGroups(in *elbv2.DescribeTargetGroupsInput) (*elbv2.DescribeTargetGroupsOutput, error) {
	found := c.TargetGroups
	switch {
	case in.LoadBalancerArn != nil:
		if _, err := c.loadBalancer(in.LoadBalancerArn); err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(slices.Clone(found), func(tg types.TargetGroup) bool {
			return !slices.Contains(tg.LoadBalancerArns, *in.LoadBalancerArn)
		})
	case len(in.Names)+len(in.TargetGroupArns) > 0:
		var err error
		found, err = pick(c.TargetGroups, in.Names, in.TargetGroupArns, "TargetGroupNotFound", "target groups",
			func(tg types.TargetGroup) (*string, *string) { return tg.TargetGroupName, tg.TargetGroupArn })
		if err != nil {
			return nil, err
		}
	}
	page, marker, err := diagfake.Page(&c.Recorder, "elasticloadbalancing:DescribeTargetGroups", found, in.Marker,
		limit(in.PageSize))
	return &elbv2.DescribeTargetGroupsOutput{TargetGroups: page, NextMarker: marker}, err
}

// pick returns the items asked for, and AWS's error if one is missing.
func pick[T any](items []T, names, arns []string, code, what string, key func(T) (name, arn *string)) ([]T, error) {
	if len(names) > 0 && len(arns) > 0 {
		return nil, diagfake.APIError("ValidationError", "Names and ARNs cannot be specified at the same time")
	}
	if len(names)+len(arns) > maxNames {
		return nil, diagfake.APIError("ValidationError", fmt.Sprintf("At most %d %s can be specified", maxNames, what))
	}
	var found []T
	for _, wanted := range append(slices.Clone(names), arns...) {
		i := slices.IndexFunc(items, func(item T) bool {
			name, arn := key(item)
			return (len(names) > 0 && aws.ToString(name) == wanted) || (len(arns) > 0 && aws.ToString(arn) == wanted)
		})
		if i < 0 {
			return nil, diagfake.APIError(code, fmt.Sprintf("One or more %s not found", what))
		}
		found = append(found, items[i])
	}
	return found, nil
}

func limit(asked *int32) int {
	if n := int(aws.ToInt32(asked)); n > 0 && n < maxPage {
		return n
	}
	return maxPage
}

func (c *Client) loadBalancer(arn *string) (types.LoadBalancer, error) {
	for _, lb := range c.LoadBalancers {
		if arn != nil && aws.ToString(lb.LoadBalancerArn) == *arn {
			return lb, nil
		}
	}
	return types.LoadBalancer{}, diagfake.APIError("LoadBalancerNotFound", "One or more load balancers not found")
}

func (c *Client) targetGroup(arn *string) (types.TargetGroup, error) {
	for _, tg := range c.TargetGroups {
		if arn != nil && aws.ToString(tg.TargetGroupArn) == *arn {
			return tg, nil
		}
	}
	return types.TargetGroup{}, diagfake.APIError("TargetGroupNotFound", "One or more target groups not found")
}

func (c *Client) describeListeners(in *elbv2.DescribeListenersInput) (*elbv2.DescribeListenersOutput, error) {
	if in.LoadBalancerArn == nil && len(in.ListenerArns) == 0 {
		return nil, diagfake.APIError("ValidationError", "You must specify either listener ARNs or a load balancer ARN")
	}
	if in.LoadBalancerArn != nil {
		if _, err := c.loadBalancer(in.LoadBalancerArn); err != nil {
			return nil, err
		}
	}
	var found []types.Listener
	for _, l := range c.Listeners {
		if (in.LoadBalancerArn != nil && aws.ToString(l.LoadBalancerArn) == *in.LoadBalancerArn) ||
			slices.Contains(in.ListenerArns, aws.ToString(l.ListenerArn)) {
			found = append(found, l)
		}
	}
	if len(found) < len(in.ListenerArns) {
		return nil, diagfake.APIError("ListenerNotFound", "One or more listeners not found")
	}
	page, marker, err := diagfake.Page(&c.Recorder, "elasticloadbalancing:DescribeListeners", found, in.Marker,
		limit(in.PageSize))
	return &elbv2.DescribeListenersOutput{Listeners: page, NextMarker: marker}, err
}

func (c *Client) describeRules(in *elbv2.DescribeRulesInput) (*elbv2.DescribeRulesOutput, error) {
	i := slices.IndexFunc(c.Listeners, func(l types.Listener) bool {
		return in.ListenerArn != nil && aws.ToString(l.ListenerArn) == *in.ListenerArn
	})
	if i < 0 {
		return nil, diagfake.APIError("ListenerNotFound", "One or more listeners not found")
	}
	rules := slices.Clone(c.Rules[*in.ListenerArn])
	if !slices.ContainsFunc(rules, func(r types.Rule) bool { return aws.ToBool(r.IsDefault) }) {
		rules = append(rules, types.Rule{RuleArn: aws.String(*in.ListenerArn + "/default"), Priority: aws.String("default"),
			IsDefault: aws.Bool(true), Actions: c.Listeners[i].DefaultActions})
	}
	page, marker, err := diagfake.Page(&c.Recorder, "elasticloadbalancing:DescribeRules", rules, in.Marker,
		limit(in.PageSize))
	return &elbv2.DescribeRulesOutput{Rules: page, NextMarker: marker}, err
}

func (c *Client) describeTargetHealth(in *elbv2.DescribeTargetHealthInput) (*elbv2.DescribeTargetHealthOutput, error) {
	if _, err := c.targetGroup(in.TargetGroupArn); err != nil {
		return nil, err
	}
	all := c.TargetHealth[*in.TargetGroupArn]
	if len(in.Targets) == 0 {
		return &elbv2.DescribeTargetHealthOutput{TargetHealthDescriptions: all}, nil
	}
	var found []types.TargetHealthDescription
	for _, wanted := range in.Targets {
		i := slices.IndexFunc(all, func(d types.TargetHealthDescription) bool {
			return d.Target != nil && aws.ToString(d.Target.Id) == aws.ToString(wanted.Id) &&
				(wanted.Port == nil || aws.ToInt32(d.Target.Port) == *wanted.Port)
		})
		if i >= 0 {
			found = append(found, all[i])
			continue
		}
		found = append(found, types.TargetHealthDescription{Target: &wanted, TargetHealth: &types.TargetHealth{
			State: types.TargetHealthStateEnumUnused, Reason: types.TargetHealthReasonEnumNotRegistered,
			Description: aws.String("Target is not registered to the target group"),
		}})
	}
	return &elbv2.DescribeTargetHealthOutput{TargetHealthDescriptions: found}, nil
}

func (c *Client) describeLoadBalancerAttributes(
	in *elbv2.DescribeLoadBalancerAttributesInput,
) (*elbv2.DescribeLoadBalancerAttributesOutput, error) {
	if _, err := c.loadBalancer(in.LoadBalancerArn); err != nil {
		return nil, err
	}
	out := &elbv2.DescribeLoadBalancerAttributesOutput{}
	for key, value := range over(loadBalancerDefaults(), c.LoadBalancerAttributes[*in.LoadBalancerArn]) {
		out.Attributes = append(out.Attributes, types.LoadBalancerAttribute{Key: aws.String(key), Value: aws.String(value)})
	}
	return out, nil
}

func (c *Client) describeTargetGroupAttributes(
	in *elbv2.DescribeTargetGroupAttributesInput,
) (*elbv2.DescribeTargetGroupAttributesOutput, error) {
	if _, err := c.targetGroup(in.TargetGroupArn); err != nil {
		return nil, err
	}
	out := &elbv2.DescribeTargetGroupAttributesOutput{}
	for key, value := range over(targetGroupDefaults(), c.TargetGroupAttributes[*in.TargetGroupArn]) {
		out.Attributes = append(out.Attributes, types.TargetGroupAttribute{Key: aws.String(key), Value: aws.String(value)})
	}
	return out, nil
}

// over returns the defaults with what differs from them, in the order of the keys.
func over(defaults, differs map[string]string) func(func(string, string) bool) {
	maps.Copy(defaults, differs)
	return func(yield func(string, string) bool) {
		for _, key := range slices.Sorted(maps.Keys(defaults)) {
			if !yield(key, defaults[key]) {
				return
			}
		}
	}
}

// loadBalancerDefaults are those of a new Application Load Balancer ("LoadBalancerAttribute", Elastic Load Balancing
// API Reference).
func loadBalancerDefaults() map[string]string {
	return map[string]string{
		"access_logs.s3.enabled": "false", "client_keep_alive.seconds": "3600", "deletion_protection.enabled": "false",
		"idle_timeout.timeout_seconds": "60", "load_balancing.cross_zone.enabled": "true",
		"routing.http.desync_mitigation_mode": "defensive", "routing.http2.enabled": "true", "waf.fail_open.enabled": "false",
	}
}

// targetGroupDefaults are those of a new target group behind one ("TargetGroupAttribute", same source).
func targetGroupDefaults() map[string]string {
	return map[string]string{
		"deregistration_delay.timeout_seconds": "300", "load_balancing.algorithm.type": "round_robin",
		"load_balancing.cross_zone.enabled": "use_load_balancer_configuration", "slow_start.duration_seconds": "0",
		"stickiness.enabled": "false",
		"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count":      "1",
		"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
	}
}
