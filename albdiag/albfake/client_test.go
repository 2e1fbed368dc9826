package albfake_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
)

var (
	lb  = aws.String(albfake.LoadBalancerARN("shop"))
	api = aws.String(albfake.TargetGroupARN("shop-api"))
)

func TestWhatIsMissing(t *testing.T) {
	nobody := aws.String("arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/nobody/1")
	ctx, empty := t.Context(), &albfake.Client{}
	asks := map[string]func() error{
		"a load balancer by name": func() error {
			_, err := empty.DescribeLoadBalancers(ctx, &elbv2.DescribeLoadBalancersInput{Names: []string{"nobody"}})
			return err
		},
		"its attributes": func() error {
			_, err := empty.DescribeLoadBalancerAttributes(ctx,
				&elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: nobody})
			return err
		},
		"its listeners": func() error {
			_, err := empty.DescribeListeners(ctx, &elbv2.DescribeListenersInput{LoadBalancerArn: nobody})
			return err
		},
		"its target groups": func() error {
			_, err := empty.DescribeTargetGroups(ctx, &elbv2.DescribeTargetGroupsInput{LoadBalancerArn: nobody})
			return err
		},
		"a listener": func() error {
			_, err := empty.DescribeListeners(ctx, &elbv2.DescribeListenersInput{ListenerArns: []string{*nobody}})
			return err
		},
		"the rules of a listener": func() error {
			_, err := empty.DescribeRules(ctx, &elbv2.DescribeRulesInput{ListenerArn: nobody})
			return err
		},
		"a target group": func() error {
			_, err := empty.DescribeTargetGroups(ctx, &elbv2.DescribeTargetGroupsInput{Names: []string{"nobody"}})
			return err
		},
		"its health": func() error {
			_, err := empty.DescribeTargetHealth(ctx, &elbv2.DescribeTargetHealthInput{TargetGroupArn: nobody})
			return err
		},
		"its attributes too": func() error {
			_, err := empty.DescribeTargetGroupAttributes(ctx, &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: nobody})
			return err
		},
	}
	for name, ask := range asks {
		assert.Equal(t, diag.KindNotFound, diag.KindOf(ask()), name)
	}
	all, err := empty.DescribeLoadBalancers(ctx, nil)
	require.NoError(t, err)
	assert.Empty(t, all.LoadBalancers)
}

func TestLimits(t *testing.T) {
	names := make([]string, 21)
	for i := range names {
		names[i] = fmt.Sprint(i)
	}
	for name, in := range map[string]*elbv2.DescribeLoadBalancersInput{
		"21 names": {Names: names}, "names and ARNs": {Names: names[:1], LoadBalancerArns: names[:1]},
	} {
		_, err := albfake.Healthy("shop").DescribeLoadBalancers(t.Context(), in)
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err), name)
	}
	_, err := albfake.Healthy("shop").DescribeListeners(t.Context(), nil)
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
}

func TestTargetsThatAreNotRegistered(t *testing.T) {
	out, err := albfake.Healthy("shop").DescribeTargetHealth(t.Context(),
		&elbv2.DescribeTargetHealthInput{TargetGroupArn: api,
			Targets: []types.TargetDescription{{Id: aws.String("10.20.32.116")}, {Id: aws.String("10.0.0.9")}}})
	require.NoError(t, err)
	require.Len(t, out.TargetHealthDescriptions, 2)
	assert.Equal(t, types.TargetHealthStateEnumHealthy, out.TargetHealthDescriptions[0].TargetHealth.State)
	assert.Equal(t, types.TargetHealthReasonEnumNotRegistered, out.TargetHealthDescriptions[1].TargetHealth.Reason)
}

// TestMergeRebuildsAWorld asks one world everything, merges the answers twice into an empty one, and compares.
func TestMergeRebuildsAWorld(t *testing.T) {
	ctx, from, to := t.Context(), albfake.Healthy("shop"), &albfake.Client{}
	from.TargetGroupAttributes = map[string]map[string]string{*api: {"slow_start.duration_seconds": "60"}}
	for range 2 {
		merge := func(in, out any, err error) {
			require.NoError(t, err)
			require.True(t, to.Merge(in, out), "%T", out)
		}
		balancers, err := from.DescribeLoadBalancers(ctx, nil)
		merge(nil, balancers, err)
		groups, err := from.DescribeTargetGroups(ctx, nil)
		merge(nil, groups, err)
		listeners, err := from.DescribeListeners(ctx, &elbv2.DescribeListenersInput{LoadBalancerArn: lb})
		merge(nil, listeners, err)
		for _, l := range listeners.Listeners {
			in := &elbv2.DescribeRulesInput{ListenerArn: l.ListenerArn}
			rules, err := from.DescribeRules(ctx, in)
			merge(in, rules, err)
		}
		for _, g := range groups.TargetGroups {
			in := &elbv2.DescribeTargetHealthInput{TargetGroupArn: g.TargetGroupArn}
			health, err := from.DescribeTargetHealth(ctx, in)
			merge(in, health, err)
			attributesIn := &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: g.TargetGroupArn}
			attributes, err := from.DescribeTargetGroupAttributes(ctx, attributesIn)
			merge(attributesIn, attributes, err)
		}
		in := &elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: lb}
		attributes, err := from.DescribeLoadBalancerAttributes(ctx, in)
		merge(in, attributes, err)
	}
	assert.Equal(t, from.LoadBalancers, to.LoadBalancers)
	assert.Equal(t, from.TargetGroups, to.TargetGroups)
	assert.Equal(t, from.Listeners, to.Listeners)
	assert.Equal(t, from.TargetHealth, to.TargetHealth)
	assert.Equal(t, "60", to.TargetGroupAttributes[*api]["slow_start.duration_seconds"])
	rules, err := to.DescribeRules(ctx,
		&elbv2.DescribeRulesInput{ListenerArn: aws.String(albfake.ListenerARN("shop", 443))})
	require.NoError(t, err)
	assert.Len(t, rules.Rules, 2)
	assert.False(t, to.Merge(nil, &elbv2.DescribeTagsOutput{}))
	assert.False(t, to.Merge(nil, &elbv2.DescribeTargetHealthOutput{}),
		"without the question nobody knows whose health it is")
}

func TestAnswersAreCopies(t *testing.T) {
	c := albfake.Healthy("shop")
	out, err := c.DescribeTargetGroups(t.Context(), nil)
	require.NoError(t, err)
	*out.TargetGroups[0].Port = 1
	assert.Equal(t, int32(8080), *c.TargetGroups[0].Port)
}
