package ecsfake

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// DescribeCapacityProviders returns capacity providers by name, of a cluster, or all, at most ten a page.
func (c *Client) DescribeCapacityProviders(ctx context.Context, in *ecs.DescribeCapacityProvidersInput,
	_ ...options) (*ecs.DescribeCapacityProvidersOutput, error) {
	const action = "ecs:DescribeCapacityProviders"
	return diagfake.Serve(ctx, &c.Recorder, action, in,
		func(in *ecs.DescribeCapacityProvidersInput) (*ecs.DescribeCapacityProvidersOutput, error) {
			if err := tooMany(max(len(in.CapacityProviders), 1), 100, "Capacity providers"); err != nil {
				return nil, err
			}
			names := in.CapacityProviders
			if in.Cluster != nil {
				cluster, err := c.cluster(in.Cluster)
				if err != nil {
					return nil, err
				}
				names = append(slices.Clone(names), c.providersOf(cluster)...)
			}
			var found []types.CapacityProvider
			for _, p := range c.CapacityProviders {
				all := in.Cluster == nil && len(names) == 0
				if all || slices.ContainsFunc(names, func(n string) bool {
					return named(n, p.CapacityProviderArn) || n == aws.ToString(p.Name)
				}) {
					found = append(found, p)
				}
			}
			page, next, err := diagfake.Page(&c.Recorder, action, found, in.NextToken, 10)
			return &ecs.DescribeCapacityProvidersOutput{CapacityProviders: page, NextToken: next}, err
		})
}

func (c *Client) providersOf(cluster string) []string {
	for _, x := range c.Clusters {
		if short(x.ClusterArn) == cluster || aws.ToString(x.ClusterName) == cluster {
			return x.CapacityProviders
		}
	}
	return nil
}

// CapacityProvider makes a capacity provider of an Auto Scaling group.
func CapacityProvider(name, group string) types.CapacityProvider {
	return types.CapacityProvider{
		Name: aws.String(name), CapacityProviderArn: aws.String(ARN("capacity-provider/" + name)),
		Status: types.CapacityProviderStatusActive,
		AutoScalingGroupProvider: &types.AutoScalingGroupProvider{AutoScalingGroupArn: aws.String(
			"arn:aws:autoscaling:" + region + ":" + account + ":autoScalingGroup:0a1b2c3d:autoScalingGroupName/" + group)},
	}
}
