package ecsfake

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

func itoa(n int) string { return strconv.Itoa(n) }

// pageLimit returns the size of a page: what was asked for within the API's limit, or its default.
func pageLimit(asked *int32, standard int) int {
	if asked == nil || *asked < 1 || *asked > 100 {
		return standard
	}
	return int(*asked)
}

// ListClusters returns the ARNs of all clusters, 100 a page.
func (c *Client) ListClusters(ctx context.Context, in *ecs.ListClustersInput, _ ...options) (*ecs.ListClustersOutput,
	error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:ListClusters", in,
		func(in *ecs.ListClustersInput) (*ecs.ListClustersOutput, error) {
			var arns []string
			for _, x := range c.Clusters {
				arns = append(arns, aws.ToString(x.ClusterArn))
			}
			page, next, err := diagfake.Page(&c.Recorder, "ecs:ListClusters", arns, in.NextToken, pageLimit(in.MaxResults, 100))
			return &ecs.ListClustersOutput{ClusterArns: page, NextToken: next}, err
		})
}

// DescribeClusters returns up to 100 clusters by name or ARN.
func (c *Client) DescribeClusters(ctx context.Context, in *ecs.DescribeClustersInput,
	_ ...options) (*ecs.DescribeClustersOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:DescribeClusters", in,
		func(in *ecs.DescribeClustersInput) (*ecs.DescribeClustersOutput, error) {
			refs := in.Clusters
			if len(refs) == 0 {
				refs = []string{"default"}
			}
			if err := tooMany(len(refs), 100, "Clusters"); err != nil {
				return nil, err
			}
			found, failures := collect(refs, c.Clusters, func(ref string, x *types.Cluster) bool {
				return named(ref,
					x.ClusterArn)
			})
			for i := range found {
				if found[i].RegisteredContainerInstancesCount == 0 {
					found[i].RegisteredContainerInstancesCount = c.registered(short(found[i].ClusterArn))
				}
			}
			hide(found, in.Include)
			return &ecs.DescribeClustersOutput{Clusters: found, Failures: failures}, nil
		})
}

// registered counts the container instances of a cluster that are active or draining.
func (c *Client) registered(cluster string) int32 {
	n := int32(0)
	for _, x := range c.ContainerInstances {
		if status := aws.ToString(x.Status); clusterOf(x.ContainerInstanceArn) == cluster && (status == "" ||
			status == "ACTIVE" || status == "DRAINING") {
			n++
		}
	}
	return n
}

// hide takes away what a request does not ask for.
func hide(clusters []types.Cluster, include []types.ClusterField) {
	for i := range clusters {
		if !slices.Contains(include, types.ClusterFieldConfigurations) {
			clusters[i].Configuration = nil
		}
		if !slices.Contains(include, types.ClusterFieldStatistics) {
			clusters[i].Statistics = nil
		}
		if !slices.Contains(include, types.ClusterFieldSettings) {
			clusters[i].Settings = nil
		}
	}
}

// ListServices returns the ARNs of a cluster's services, ten a page where no number is asked for.
func (c *Client) ListServices(ctx context.Context, in *ecs.ListServicesInput, _ ...options) (*ecs.ListServicesOutput,
	error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:ListServices", in,
		func(in *ecs.ListServicesInput) (*ecs.ListServicesOutput, error) {
			cluster, err := c.cluster(in.Cluster)
			if err != nil {
				return nil, err
			}
			var arns []string
			for _, x := range c.Services {
				if short(x.ClusterArn) == cluster && aws.ToString(x.Status) != "INACTIVE" {
					arns = append(arns, aws.ToString(x.ServiceArn))
				}
			}
			page, next, err := diagfake.Page(&c.Recorder, "ecs:ListServices", arns, in.NextToken, pageLimit(in.MaxResults, 10))
			return &ecs.ListServicesOutput{ServiceArns: page, NextToken: next}, err
		})
}

// DescribeServices returns up to ten services by name or ARN.
func (c *Client) DescribeServices(ctx context.Context, in *ecs.DescribeServicesInput,
	_ ...options) (*ecs.DescribeServicesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:DescribeServices", in,
		func(in *ecs.DescribeServicesInput) (*ecs.DescribeServicesOutput, error) {
			cluster, err := c.cluster(in.Cluster)
			if err != nil {
				return nil, err
			}
			if err := tooMany(len(in.Services), 10, "Services"); err != nil {
				return nil, err
			}
			found, failures := collect(in.Services, c.Services, func(ref string, x *types.Service) bool {
				return short(x.ClusterArn) == cluster && named(ref, x.ServiceArn)
			})
			return &ecs.DescribeServicesOutput{Services: found, Failures: failures}, nil
		})
}

// ListServiceDeployments returns what is kept of a service's deployments, newest first.
func (c *Client) ListServiceDeployments(ctx context.Context, in *ecs.ListServiceDeploymentsInput,
	_ ...options) (*ecs.ListServiceDeploymentsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:ListServiceDeployments", in,
		func(in *ecs.ListServiceDeploymentsInput) (*ecs.ListServiceDeploymentsOutput, error) {
			if _, err := c.cluster(in.Cluster); err != nil {
				return nil, err
			}
			var all []types.ServiceDeploymentBrief
			for _, d := range c.ServiceDeployments {
				if short(d.ServiceArn) == short(in.Service) && (len(in.Status) == 0 || slices.Contains(in.Status, d.Status)) &&
					created(in.CreatedAt, d) {
					all = append(all, brief(d))
				}
			}
			slices.SortStableFunc(all, func(a, b types.ServiceDeploymentBrief) int {
				return -aws.ToTime(a.CreatedAt).Compare(aws.ToTime(b.CreatedAt))
			})
			page, next, err := diagfake.Page(&c.Recorder, "ecs:ListServiceDeployments", all, in.NextToken,
				pageLimit(in.MaxResults, 20))
			return &ecs.ListServiceDeploymentsOutput{ServiceDeployments: page, NextToken: next}, err
		})
}

// created reports a deployment that was made in the span asked for.
func created(span *types.CreatedAt, d types.ServiceDeployment) bool {
	at := aws.ToTime(d.CreatedAt)
	return span == nil || ((span.After == nil || at.After(*span.After)) && (span.Before == nil || at.Before(*span.Before)))
}

func brief(d types.ServiceDeployment) types.ServiceDeploymentBrief {
	b := types.ServiceDeploymentBrief{
		ClusterArn: d.ClusterArn, CreatedAt: d.CreatedAt, FinishedAt: d.FinishedAt, ServiceArn: d.ServiceArn,
		ServiceDeploymentArn: d.ServiceDeploymentArn, StartedAt: d.StartedAt, Status: d.Status, StatusReason: d.StatusReason,
	}
	if d.TargetServiceRevision != nil {
		b.TargetServiceRevisionArn = d.TargetServiceRevision.Arn
	}
	return b
}

// DescribeServiceDeployments returns up to 20 deployments of services by ARN.
func (c *Client) DescribeServiceDeployments(ctx context.Context, in *ecs.DescribeServiceDeploymentsInput,
	_ ...options) (*ecs.DescribeServiceDeploymentsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:DescribeServiceDeployments", in,
		func(in *ecs.DescribeServiceDeploymentsInput) (*ecs.DescribeServiceDeploymentsOutput, error) {
			if err := tooMany(len(in.ServiceDeploymentArns), 20, "Service deployment ARNs"); err != nil {
				return nil, err
			}
			found, failures := collect(in.ServiceDeploymentArns, c.ServiceDeployments, func(ref string,
				x *types.ServiceDeployment) bool {
				return named(ref, x.ServiceDeploymentArn)
			})
			return &ecs.DescribeServiceDeploymentsOutput{ServiceDeployments: found, Failures: failures}, nil
		})
}

// DescribeServiceRevisions returns up to 20 service revisions by ARN.
func (c *Client) DescribeServiceRevisions(ctx context.Context, in *ecs.DescribeServiceRevisionsInput,
	_ ...options) (*ecs.DescribeServiceRevisionsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ecs:DescribeServiceRevisions", in,
		func(in *ecs.DescribeServiceRevisionsInput) (*ecs.DescribeServiceRevisionsOutput, error) {
			if err := tooMany(len(in.ServiceRevisionArns), 20, "Service revision ARNs"); err != nil {
				return nil, err
			}
			found, failures := collect(in.ServiceRevisionArns, c.ServiceRevisions, func(ref string,
				x *types.ServiceRevision) bool {
				return named(ref, x.ServiceRevisionArn)
			})
			return &ecs.DescribeServiceRevisionsOutput{ServiceRevisions: found, Failures: failures}, nil
		})
}
