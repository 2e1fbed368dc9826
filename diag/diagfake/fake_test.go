package diagfake_test

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// client is a fake as the package's documentation tells to write one.
type client struct {
	diagfake.Recorder
	Arns     []string
	Clusters []types.Cluster
}

func (c *client) ListClusters(ctx context.Context, in *ecs.ListClustersInput,
	_ ...func(*ecs.Options)) (*ecs.ListClustersOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:ListClusters", in,
		func(in *ecs.ListClustersInput) (*ecs.ListClustersOutput, error) {
			page, token, err := diagfake.Page(&c.Recorder, "ecs:ListClusters", c.Arns, in.NextToken, 3)
			return &ecs.ListClustersOutput{ClusterArns: page, NextToken: token}, err
		})
}

func (c *client) DescribeClusters(ctx context.Context, in *ecs.DescribeClustersInput,
	_ ...func(*ecs.Options)) (*ecs.DescribeClustersOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:DescribeClusters", in,
		func(*ecs.DescribeClustersInput) (*ecs.DescribeClustersOutput, error) {
			return &ecs.DescribeClustersOutput{Clusters: c.Clusters}, nil
		})
}

// list reads all pages as the SDK's paginator does, and returns the sizes of the pages too.
func (c *client) list(ctx context.Context) (arns []string, pages []int, err error) {
	for p := ecs.NewListClustersPaginator(c, &ecs.ListClustersInput{}); p.HasMorePages(); {
		out, err := p.NextPage(ctx)
		if err != nil {
			return arns, pages, err
		}
		arns, pages = append(arns, out.ClusterArns...), append(pages, len(out.ClusterArns))
	}
	return arns, pages, nil
}
