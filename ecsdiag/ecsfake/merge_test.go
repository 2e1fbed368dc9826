package ecsfake

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMerge(t *testing.T) {
	w := world()
	deployment := types.ServiceDeploymentBrief{ServiceArn: w.Services[0].ServiceArn,
		ServiceDeploymentArn:     aws.String(ARN("service-deployment/prod/api/1")),
		Status:                   types.ServiceDeploymentStatusSuccessful,
		TargetServiceRevisionArn: aws.String(ARN("service-revision/prod/api/1"))}
	answers := []any{
		&ecs.ListClustersOutput{ClusterArns: []string{ARN("cluster/prod"), ARN("cluster/empty")}},
		&ecs.DescribeClustersOutput{Clusters: w.Clusters},
		&ecs.ListServicesOutput{}, &ecs.DescribeServicesOutput{Services: w.Services}, &ecs.ListTasksOutput{},
		&ecs.DescribeTasksOutput{Tasks: w.Tasks},
		&ecs.DescribeTaskDefinitionOutput{TaskDefinition: &w.TaskDefinitions[0]}, &ecs.DescribeTaskDefinitionOutput{},
		&ecs.DescribeTaskDefinitionOutput{TaskDefinition: &w.TaskDefinitions[1]}, &ecs.ListTaskDefinitionsOutput{},
		&ecs.ListContainerInstancesOutput{},
		&ecs.DescribeContainerInstancesOutput{ContainerInstances: w.ContainerInstances},
		&ecs.ListServiceDeploymentsOutput{ServiceDeployments: []types.ServiceDeploymentBrief{deployment}},
	}
	c := new(Client)
	for range 2 { // merging twice changes nothing
		for _, out := range answers {
			assert.True(t, c.Merge(nil, out), "%T", out)
		}
	}
	assert.Equal(t, w.Services, c.Services)
	assert.Equal(t, w.Tasks, c.Tasks)
	assert.Equal(t, w.TaskDefinitions, c.TaskDefinitions)
	assert.Equal(t, w.ContainerInstances, c.ContainerInstances)
	assert.Len(t, c.Clusters, 2)
	out, err := c.ListServiceDeployments(t.Context(), &ecs.ListServiceDeploymentsInput{Cluster: aws.String("prod"),
		Service: aws.String("api")})
	require.NoError(t, err)
	assert.Equal(t, []types.ServiceDeploymentBrief{deployment}, out.ServiceDeployments)
	assert.False(t, c.Merge(nil, &ecs.ListTagsForResourceOutput{}))
	assert.False(t, c.Merge(nil, nil))
}

func TestMergeTakesTheLatest(t *testing.T) {
	c := world()
	running := c.Services[0]
	running.RunningCount = 1
	require.True(t, c.Merge(nil, &ecs.DescribeServicesOutput{Services: []types.Service{running}}))
	assert.Len(t, c.Services, 2)
	assert.Equal(t, int32(1), c.Services[0].RunningCount)
}
