package ecsdiag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

// ServiceAPI is what a [Service] reads from.
type ServiceAPI interface {
	ecs.DescribeServicesAPIClient
	ecs.ListTasksAPIClient
	ecs.DescribeTasksAPIClient
	TaskDefinitionAPI
	ecs.ListContainerInstancesAPIClient
	DescribeContainerInstances(context.Context, *ecs.DescribeContainerInstancesInput,
		...func(*ecs.Options)) (*ecs.DescribeContainerInstancesOutput, error)
}

// ClusterAPI is what a [Cluster] and its services read from.
type ClusterAPI interface {
	ServiceAPI
	ecs.ListServicesAPIClient
	DescribeClusters(context.Context, *ecs.DescribeClustersInput, ...func(*ecs.Options)) (*ecs.DescribeClustersOutput,
		error)
}

// DirectoryAPI is what a [Directory] and its services read from.
type DirectoryAPI interface {
	ServiceAPI
	ecs.ListServicesAPIClient
	ecs.ListClustersAPIClient
}

// DeploymentAPI is what [WithDeployments] lets a [Service] read from.
type DeploymentAPI interface {
	ListServiceDeployments(context.Context, *ecs.ListServiceDeploymentsInput,
		...func(*ecs.Options)) (*ecs.ListServiceDeploymentsOutput, error)
	DescribeServiceDeployments(context.Context, *ecs.DescribeServiceDeploymentsInput,
		...func(*ecs.Options)) (*ecs.DescribeServiceDeploymentsOutput, error)
	DescribeServiceRevisions(context.Context, *ecs.DescribeServiceRevisionsInput,
		...func(*ecs.Options)) (*ecs.DescribeServiceRevisionsOutput, error)
}

// CapacityAPI is what tells which Auto Scaling groups stand behind a service: see [Service.ScalingGroups].
type CapacityAPI interface {
	DescribeCapacityProviders(context.Context, *ecs.DescribeCapacityProvidersInput,
		...func(*ecs.Options)) (*ecs.DescribeCapacityProvidersOutput, error)
}

// TaskAPI is what a [Task] reads from.
type TaskAPI interface {
	ecs.DescribeTasksAPIClient
	TaskDefinitionAPI
}

// TaskDefinitionAPI is what a [TaskDefinition] reads from.
type TaskDefinitionAPI interface {
	DescribeTaskDefinition(context.Context, *ecs.DescribeTaskDefinitionInput,
		...func(*ecs.Options)) (*ecs.DescribeTaskDefinitionOutput, error)
}

var (
	_ ServiceAPI        = (*ecs.Client)(nil)
	_ ClusterAPI        = (*ecs.Client)(nil)
	_ DirectoryAPI      = (*ecs.Client)(nil)
	_ DeploymentAPI     = (*ecs.Client)(nil)
	_ CapacityAPI       = (*ecs.Client)(nil)
	_ TaskAPI           = (*ecs.Client)(nil)
	_ TaskDefinitionAPI = (*ecs.Client)(nil)
)

// The limits of the API reference of each operation: how many items one call takes or returns.
const (
	maxDescribeServices  = 10
	maxDescribeTasks     = 100
	maxDescribeInstances = 100
	maxListServices      = 100
)
