package ecsfake

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// ListContainerInstances returns the ARNs of a cluster's container instances, 100 a page: those of the status asked
// for, or
// all.
func (c *Client) ListContainerInstances(ctx context.Context, in *ecs.ListContainerInstancesInput,
	_ ...options) (*ecs.ListContainerInstancesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:ListContainerInstances", in,
		func(in *ecs.ListContainerInstancesInput) (*ecs.ListContainerInstancesOutput, error) {
			cluster, err := c.cluster(in.Cluster)
			if err != nil {
				return nil, err
			}
			var arns []string
			for _, x := range c.ContainerInstances {
				if clusterOf(x.ContainerInstanceArn) == cluster && (in.Status == "" ||
					aws.ToString(x.Status) == string(in.Status)) {
					arns = append(arns, aws.ToString(x.ContainerInstanceArn))
				}
			}
			page, next, err := diagfake.Page(&c.Recorder, "ecs:ListContainerInstances", arns, in.NextToken,
				pageLimit(in.MaxResults, 100))
			return &ecs.ListContainerInstancesOutput{ContainerInstanceArns: page, NextToken: next}, err
		})
}

// DescribeContainerInstances returns up to 100 container instances by id or ARN; their health only if it is asked for.
func (c *Client) DescribeContainerInstances(ctx context.Context, in *ecs.DescribeContainerInstancesInput,
	_ ...options) (*ecs.DescribeContainerInstancesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:DescribeContainerInstances", in,
		func(in *ecs.DescribeContainerInstancesInput) (*ecs.DescribeContainerInstancesOutput, error) {
			cluster, err := c.cluster(in.Cluster)
			if err != nil {
				return nil, err
			}
			if err := tooMany(len(in.ContainerInstances), 100, "Container instances"); err != nil {
				return nil, err
			}
			found, failures := collect(in.ContainerInstances, c.ContainerInstances, func(ref string,
				x *types.ContainerInstance) bool {
				return clusterOf(x.ContainerInstanceArn) == cluster && named(ref, x.ContainerInstanceArn)
			})
			if !slices.Contains(in.Include, types.ContainerInstanceFieldContainerInstanceHealth) {
				for i := range found {
					found[i].HealthStatus = nil
				}
			}
			return &ecs.DescribeContainerInstancesOutput{ContainerInstances: found, Failures: failures}, nil
		})
}
