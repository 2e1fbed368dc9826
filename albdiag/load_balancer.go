package albdiag

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// LoadBalancer is a load balancer and its facts. Make one with [NewLoadBalancer] or a [Directory].
type LoadBalancer struct {
	api       LoadBalancerAPI
	ref       ref
	window    diag.Window
	source    *metrics.Source
	directory *Directory

	described    diag.Memo[*types.LoadBalancer]
	attributes   diag.Memo[map[string]string]
	listeners    diag.Memo[[]types.Listener]
	rules        diag.Memo[[]ListenerRule]
	targetGroups diag.Memo[[]*TargetGroup]
	series       diag.Memo[metrics.Set]
	certificates diag.Memo[[]ShownCertificate]
}

var _ diag.Subject = (*LoadBalancer)(nil)

// ListenerRule is a rule of a listener. The default rule is one of them, the last of its listener.
type ListenerRule struct {
	Listener types.Listener
	Rule     types.Rule
}

// NewLoadBalancer makes a load balancer. It may be given by name, by ARN, or as "app/name/id"; an ARN saves a round
// trip. Metrics come from the source, which subjects of one run share. The window's End is "now".
func NewLoadBalancer(api LoadBalancerAPI, nameOrARN string, source *metrics.Source, window diag.Window) *LoadBalancer {
	return NewDirectory(api, source, window).LoadBalancer(nameOrARN)
}

// Resource names the load balancer; the ARN is there if it was given.
func (lb *LoadBalancer) Resource() diag.Resource { return lb.ref.resource(typeLoadBalancer) }

// Window returns what the load balancer looks back on.
func (lb *LoadBalancer) Window() diag.Window { return lb.window }

// Describe returns what DescribeLoadBalancers says. A load balancer that does not exist is an error of
// [diag.KindNotFound].
func (lb *LoadBalancer) Describe(ctx context.Context) (*types.LoadBalancer, error) {
	return lb.described.Get(ctx, func(ctx context.Context) (*types.LoadBalancer, error) {
		in := &elbv2.DescribeLoadBalancersInput{Names: []string{lb.ref.name}}
		if lb.ref.arn != "" {
			in = &elbv2.DescribeLoadBalancersInput{LoadBalancerArns: []string{lb.ref.arn}}
		}
		pages := elbv2.NewDescribeLoadBalancersPaginator(lb.api, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, fmt.Errorf("describing load balancer %s: %w", lb.ref.name, err)
			}
			if len(page.LoadBalancers) > 0 {
				return &page.LoadBalancers[0], nil
			}
		}
		return nil, diag.Errorf(diag.KindNotFound, "load balancer %s does not exist in this account and region", lb.ref.name)
	})
}

// ARN returns the ARN. It makes no call if the load balancer was given by ARN.
func (lb *LoadBalancer) ARN(ctx context.Context) (string, error) {
	if lb.ref.arn != "" {
		return lb.ref.arn, nil
	}
	described, err := lb.Describe(ctx)
	if err != nil {
		return "", err
	}
	if described.LoadBalancerArn == nil {
		return "", diag.Errorf(diag.KindIncomplete, "load balancer %s: its description holds no ARN", lb.ref.name)
	}
	return *described.LoadBalancerArn, nil
}

// Attributes returns the attributes by key, such as "idle_timeout.timeout_seconds" ("LoadBalancerAttribute", Elastic
// Load Balancing API Reference).
func (lb *LoadBalancer) Attributes(ctx context.Context) (map[string]string, error) {
	return lb.attributes.Get(ctx, func(ctx context.Context) (map[string]string, error) {
		arn, err := lb.ARN(ctx)
		if err != nil {
			return nil, err
		}
		out, err := lb.api.DescribeLoadBalancerAttributes(ctx,
			&elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: &arn})
		if err != nil {
			return nil, fmt.Errorf("describing the attributes of load balancer %s: %w", lb.ref.name, err)
		}
		attributes := map[string]string{}
		for _, a := range out.Attributes {
			attributes[aws.ToString(a.Key)] = aws.ToString(a.Value)
		}
		return attributes, nil
	})
}

// Listeners returns the listeners. What was read before an error is returned with it.
func (lb *LoadBalancer) Listeners(ctx context.Context) ([]types.Listener, error) {
	return lb.listeners.Get(ctx, func(ctx context.Context) ([]types.Listener, error) {
		arn, err := lb.ARN(ctx)
		if err != nil {
			return nil, err
		}
		var listeners []types.Listener
		pages := elbv2.NewDescribeListenersPaginator(lb.api, &elbv2.DescribeListenersInput{LoadBalancerArn: &arn})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return listeners, fmt.Errorf("describing the listeners of load balancer %s: %w", lb.ref.name, err)
			}
			listeners = append(listeners, page.Listeners...)
		}
		return listeners, nil
	})
}

// Rules returns the rules of all listeners, in the order in which each listener tries them. What was read before an
// error is returned with it.
func (lb *LoadBalancer) Rules(ctx context.Context) ([]ListenerRule, error) {
	return lb.rules.Get(ctx, func(ctx context.Context) ([]ListenerRule, error) {
		listeners, listErr := lb.Listeners(ctx)
		rules := make([][]ListenerRule, len(listeners))
		err := together(len(listeners), func(i int) (err error) {
			if listeners[i].ListenerArn != nil {
				rules[i], err = lb.rulesOf(ctx, listeners[i])
			}
			return err
		})
		return slices.Concat(rules...), errors.Join(listErr, err)
	})
}

func (lb *LoadBalancer) rulesOf(ctx context.Context, listener types.Listener) ([]ListenerRule, error) {
	var rules []ListenerRule
	pages := elbv2.NewDescribeRulesPaginator(lb.api, &elbv2.DescribeRulesInput{ListenerArn: listener.ListenerArn})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return rules, fmt.Errorf("describing the rules of listener %s of load balancer %s: %w",
				listenerName(listener), lb.ref.name, err)
		}
		for _, rule := range page.Rules {
			rules = append(rules, ListenerRule{listener, rule})
		}
	}
	slices.SortStableFunc(rules, func(a, b ListenerRule) int { return a.priority() - b.priority() })
	return rules, nil
}

// TargetGroups returns the target groups that the load balancer routes to, born described, by name. What was read
// before an error is returned with it.
func (lb *LoadBalancer) TargetGroups(ctx context.Context) ([]*TargetGroup, error) {
	return lb.targetGroups.Get(ctx, func(ctx context.Context) ([]*TargetGroup, error) {
		arn, err := lb.ARN(ctx)
		if err != nil {
			return nil, err
		}
		groups, err := listTargetGroups(ctx, lb.api, &elbv2.DescribeTargetGroupsInput{LoadBalancerArn: &arn})
		if err != nil {
			err = fmt.Errorf("describing the target groups of load balancer %s: %w", lb.ref.name, err)
		}
		return lb.directory.adopt(groups), err
	})
}

// Metrics returns the series of the load balancer and of its target groups, all read together; see
// [metrics.LoadBalancerMetrics], [metrics.NetworkLoadBalancerMetrics] and [metrics.TargetGroupMetrics]. Series of HTTP
// exist for Application Load Balancers only. What was read before an error is returned with it.
func (lb *LoadBalancer) Metrics(ctx context.Context) (metrics.Set, error) {
	return lb.series.Get(ctx, func(ctx context.Context) (metrics.Set, error) {
		arn, err := lb.ARN(ctx)
		if err != nil {
			return metrics.Set{}, err
		}
		groups, groupsErr := lb.TargetGroups(ctx)
		wanted := ownMetrics(arn)
		for _, tg := range groups {
			if tg.ref.arn == "" {
				continue
			}
			wanted = append(wanted, metrics.TargetGroupMetrics(arn, tg.ref.arn)...)
			if d, err := tg.Describe(ctx); err == nil && d.TargetType == types.TargetTypeEnumLambda {
				wanted = append(wanted, metrics.LambdaTargetMetrics(arn, tg.ref.arn)...)
			}
		}
		set, err := lb.source.Fetch(ctx, wanted...)
		if err != nil {
			err = fmt.Errorf("reading the metrics of load balancer %s: %w", lb.ref.name, err)
		}
		return set, errors.Join(groupsErr, err)
	})
}

// ownMetrics are the series of a load balancer as a whole, by its kind.
func ownMetrics(arn string) []metrics.Metric {
	switch {
	case isApplication(arn):
		return metrics.LoadBalancerMetrics(arn)
	case isNetwork(arn):
		return metrics.NetworkLoadBalancerMetrics(arn)
	}
	return nil
}

// SecurityGroups returns the ids of the security groups in front of the load balancer.
func (lb *LoadBalancer) SecurityGroups(ctx context.Context) ([]string, error) {
	described, err := lb.Describe(ctx)
	if err != nil {
		return nil, err
	}
	return described.SecurityGroups, nil
}

// Subnets returns the ids of the subnets in which the load balancer has its nodes, one for each zone.
func (lb *LoadBalancer) Subnets(ctx context.Context) ([]string, error) {
	described, err := lb.Describe(ctx)
	if err != nil {
		return nil, err
	}
	var subnets []string
	for _, zone := range described.AvailabilityZones {
		if zone.SubnetId != nil {
			subnets = append(subnets, *zone.SubnetId)
		}
	}
	return subnets, nil
}

// VPC returns the id of the load balancer's VPC.
func (lb *LoadBalancer) VPC(ctx context.Context) (string, error) {
	described, err := lb.Describe(ctx)
	if err != nil {
		return "", err
	}
	return aws.ToString(described.VpcId), nil
}
