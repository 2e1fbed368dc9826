package ecsfake

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// Merge adds a recorded answer to the world and reports whether it knows the operation. Resources are told apart by
// their ARNs; what is merged twice stands once, as it was seen last. Lists of ARNs add nothing, since what they name is
// described elsewhere.
func (c *Client) Merge(in, out any) bool {
	switch out := out.(type) {
	case *ecs.DescribeClustersOutput:
		upsert(&c.Clusters, out.Clusters, func(x types.Cluster) *string { return x.ClusterArn })
	case *ecs.DescribeCapacityProvidersOutput:
		upsert(&c.CapacityProviders, out.CapacityProviders, func(x types.CapacityProvider) *string { return x.Name })
	case *ecs.DescribeServicesOutput:
		upsert(&c.Services, out.Services, func(x types.Service) *string { return x.ServiceArn })
	case *ecs.DescribeTasksOutput:
		upsert(&c.Tasks, out.Tasks, func(x types.Task) *string { return x.TaskArn })
	case *ecs.DescribeTaskDefinitionOutput:
		if out.TaskDefinition != nil {
			upsert(&c.TaskDefinitions, []types.TaskDefinition{*out.TaskDefinition},
				func(x types.TaskDefinition) *string { return x.TaskDefinitionArn })
		}
	case *ecs.DescribeContainerInstancesOutput:
		upsert(&c.ContainerInstances, out.ContainerInstances,
			func(x types.ContainerInstance) *string { return x.ContainerInstanceArn })
	case *ecs.ListServiceDeploymentsOutput:
		c.mergeBriefs(out.ServiceDeployments)
	case *ecs.DescribeServiceDeploymentsOutput:
		upsert(&c.ServiceDeployments, out.ServiceDeployments,
			func(x types.ServiceDeployment) *string { return x.ServiceDeploymentArn })
	case *ecs.DescribeServiceRevisionsOutput:
		upsert(&c.ServiceRevisions, out.ServiceRevisions,
			func(x types.ServiceRevision) *string { return x.ServiceRevisionArn })
	case *ecs.ListClustersOutput:
		c.mergeClusterARNs(out.ClusterArns)
	case *ecs.ListServicesOutput, *ecs.ListTasksOutput, *ecs.ListTaskDefinitionsOutput, *ecs.ListContainerInstancesOutput:
	default:
		return false
	}
	return true
}

// mergeBriefs adds deployments known from a list only.
func (c *Client) mergeBriefs(briefs []types.ServiceDeploymentBrief) {
	for _, b := range briefs {
		d := types.ServiceDeployment{
			ClusterArn: b.ClusterArn, CreatedAt: b.CreatedAt, FinishedAt: b.FinishedAt, ServiceArn: b.ServiceArn,
			ServiceDeploymentArn: b.ServiceDeploymentArn, StartedAt: b.StartedAt, Status: b.Status, StatusReason: b.StatusReason,
			TargetServiceRevision: &types.ServiceRevisionSummary{Arn: b.TargetServiceRevisionArn},
		}
		if !slices.ContainsFunc(c.ServiceDeployments, func(x types.ServiceDeployment) bool {
			return aws.ToString(x.ServiceDeploymentArn) == aws.ToString(b.ServiceDeploymentArn)
		}) {
			c.ServiceDeployments = append(c.ServiceDeployments, d)
		}
	}
}

// mergeClusterARNs adds clusters that were listed but perhaps never described.
func (c *Client) mergeClusterARNs(arns []string) {
	for _, arn := range arns {
		if !slices.ContainsFunc(c.Clusters, func(x types.Cluster) bool { return aws.ToString(x.ClusterArn) == arn }) {
			c.Clusters = append(c.Clusters, types.Cluster{ClusterArn: aws.String(arn), ClusterName: aws.String(short(&arn)),
				Status: aws.String("ACTIVE")})
		}
	}
}

// upsert replaces items of the same ARN and appends new ones.
func upsert[T any](world *[]T, items []T, arn func(T) *string) {
	for _, item := range items {
		i := slices.IndexFunc(*world, func(x T) bool { return aws.ToString(arn(x)) == aws.ToString(arn(item)) })
		if i >= 0 {
			(*world)[i] = item
			continue
		}
		*world = append(*world, item)
	}
}
