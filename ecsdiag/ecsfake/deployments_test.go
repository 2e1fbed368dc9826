package ecsfake

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestServiceDeployments(t *testing.T) {
	w := world()
	arn := aws.String(ARN("service-deployment/prod/api/1"))
	w.ServiceDeployments = []types.ServiceDeployment{{ServiceDeploymentArn: arn, ServiceArn: w.Services[0].ServiceArn,
		CreatedAt: aws.Time(Now.Add(-time.Hour)), Status: types.ServiceDeploymentStatusStopped}}
	list := func(after time.Time) int {
		out, err := w.ListServiceDeployments(t.Context(), &ecs.ListServiceDeploymentsInput{Cluster: aws.String("prod"),
			Service: aws.String("api"), CreatedAt: &types.CreatedAt{After: aws.Time(after)}})
		require.NoError(t, err)
		return len(out.ServiceDeployments)
	}
	assert.Equal(t, 1, list(Now.Add(-2*time.Hour)))
	assert.Equal(t, 0, list(Now.Add(-time.Minute)))
	out, err := w.DescribeServiceDeployments(t.Context(), &ecs.DescribeServiceDeploymentsInput{
		ServiceDeploymentArns: []string{*arn, "arn:gone"}})
	require.NoError(t, err)
	assert.Equal(t, w.ServiceDeployments, out.ServiceDeployments)
	assert.Equal(t, "MISSING", aws.ToString(out.Failures[0].Reason))
	_, err = w.DescribeServiceDeployments(t.Context(), &ecs.DescribeServiceDeploymentsInput{
		ServiceDeploymentArns: make([]string, 21)})
	assert.Error(t, err)
}

// TestClusterTellsWhatIsAskedFor: statistics, settings and configuration come only where they are included.
func TestClusterTellsWhatIsAskedFor(t *testing.T) {
	w := &Client{Clusters: []types.Cluster{Cluster("prod")}, ContainerInstances: []types.ContainerInstance{
		ContainerInstance("prod", "c1"), ContainerInstance("prod", "c2"), ContainerInstance("other", "c3")}}
	w.ContainerInstances[1].Status = aws.String("INACTIVE")
	w.Clusters[0].Configuration = &types.ClusterConfiguration{}
	w.Clusters[0].Statistics = []types.KeyValuePair{{Name: aws.String("runningEC2TasksCount"), Value: aws.String("1")}}
	describe := func(include ...types.ClusterField) types.Cluster {
		out, err := w.DescribeClusters(t.Context(), &ecs.DescribeClustersInput{Clusters: []string{"prod"}, Include: include})
		require.NoError(t, err)
		return out.Clusters[0]
	}
	plain, all := describe(), describe(types.ClusterFieldConfigurations, types.ClusterFieldStatistics)
	assert.Nil(t, plain.Configuration)
	assert.Empty(t, plain.Statistics)
	assert.Equal(t, w.Clusters[0].Configuration, all.Configuration)
	assert.Equal(t, w.Clusters[0].Statistics, all.Statistics)
	assert.Equal(t, int32(1), plain.RegisteredContainerInstancesCount, "those that are active or draining")
}
