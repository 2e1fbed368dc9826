package ecsfake

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// world is a cluster with two services and their tasks.
func world() *Client {
	return &Client{
		Clusters: []types.Cluster{Cluster("prod")}, Services: []types.Service{Service("prod", "api"), Service("prod", "web")},
		Tasks: []types.Task{Task("prod", "api", "t1"), Task("prod", "web", "t2"),
			Stopped(Task("prod", "api", "t3"), Now, types.TaskStopCodeUserInitiated, "why not")},
		TaskDefinitions:    []types.TaskDefinition{TaskDefinition("api", 6), TaskDefinition("api", 7)},
		ContainerInstances: []types.ContainerInstance{ContainerInstance("prod", "c1")},
	}
}

// code returns the code of an AWS error, or "".
func code(err error) string {
	var api smithy.APIError
	if assert.ErrorAs(new(testing.T), err, &api) {
		return api.ErrorCode()
	}
	return ""
}

func TestEmptyAccount(t *testing.T) {
	c := new(Client)
	clusters, err := c.ListClusters(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, clusters.ClusterArns)
	_, err = c.ListServices(t.Context(), &ecs.ListServicesInput{Cluster: aws.String("prod")})
	assert.Equal(t, "ClusterNotFoundException", code(err))
	described, err := c.DescribeClusters(t.Context(), &ecs.DescribeClustersInput{Clusters: []string{"prod"}})
	require.NoError(t, err)
	assert.Equal(t, "MISSING", aws.ToString(described.Failures[0].Reason))
	_, err = c.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String("api:1")})
	assert.Equal(t, "ClientException", code(err))
}

func TestWhatIsMissing(t *testing.T) {
	c := world()
	services, err := c.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: aws.String("prod"),
		Services: []string{"api", "nobody"}})
	require.NoError(t, err)
	assert.Len(t, services.Services, 1)
	assert.Equal(t, "nobody", aws.ToString(services.Failures[0].Arn))
	tasks, err := c.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: aws.String(ARN("cluster/prod")),
		Tasks: []string{"t1", ARN("task/prod/t9")}})
	require.NoError(t, err)
	assert.Len(t, tasks.Tasks, 1)
	assert.Len(t, tasks.Failures, 1)
	_, err = c.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: aws.String("prod"), ServiceName: aws.String("nobody")})
	assert.Equal(t, "ServiceNotFoundException", code(err))
	_, err = c.ListTasks(t.Context(), &ecs.ListTasksInput{})
	assert.Equal(t, "ClusterNotFoundException", code(err), "there is no cluster called default")
}

func TestBatchLimits(t *testing.T) {
	c := world()
	many := make([]string, 101)
	prod := aws.String("prod")
	_, err := c.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: prod, Services: many[:11]})
	assert.Equal(t, "InvalidParameterException", code(err))
	_, err = c.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: prod})
	assert.Equal(t, "InvalidParameterException", code(err), "an empty list")
	_, err = c.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: prod, Tasks: many})
	assert.Equal(t, "InvalidParameterException", code(err))
	_, err = c.DescribeContainerInstances(t.Context(), &ecs.DescribeContainerInstancesInput{Cluster: prod,
		ContainerInstances: many})
	assert.Equal(t, "InvalidParameterException", code(err))
	_, err = c.DescribeClusters(t.Context(), &ecs.DescribeClustersInput{Clusters: many})
	assert.Equal(t, "InvalidParameterException", code(err))
	_, err = c.DescribeServiceRevisions(t.Context(), &ecs.DescribeServiceRevisionsInput{ServiceRevisionArns: many[:21]})
	assert.Equal(t, "InvalidParameterException", code(err))
}

func TestListTasksFilters(t *testing.T) {
	for _, c := range []struct {
		name string
		in   ecs.ListTasksInput
		want []string
	}{
		{"running by default", ecs.ListTasksInput{}, []string{"t1", "t2"}},
		{"stopped", ecs.ListTasksInput{DesiredStatus: types.DesiredStatusStopped}, []string{"t3"}},
		{"of a service", ecs.ListTasksInput{ServiceName: aws.String("api")}, []string{"t1"}},
		{"of a family", ecs.ListTasksInput{Family: aws.String("web")}, []string{"t2"}},
		{"of a deployment", ecs.ListTasksInput{StartedBy: aws.String("ecs-svc/api7")}, []string{"t1"}},
		{"on an instance", ecs.ListTasksInput{ContainerInstance: aws.String("c1")}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.in.Cluster = aws.String("prod")
			out, err := world().ListTasks(t.Context(), &c.in)
			require.NoError(t, err)
			var ids []string
			for _, arn := range out.TaskArns {
				ids = append(ids, short(&arn))
			}
			assert.Equal(t, c.want, ids)
		})
	}
}

func TestListServicesPagesByTen(t *testing.T) {
	c := new(Client)
	for i := range 25 {
		c.Services = append(c.Services, Service("prod", "s"+itoa(i)))
	}
	out, err := c.ListServices(t.Context(), &ecs.ListServicesInput{Cluster: aws.String("prod")})
	require.NoError(t, err)
	assert.Len(t, out.ServiceArns, 10)
	require.NotNil(t, out.NextToken)
	out, err = c.ListServices(t.Context(), &ecs.ListServicesInput{Cluster: aws.String("prod"), MaxResults: aws.Int32(100)})
	require.NoError(t, err)
	assert.Len(t, out.ServiceArns, 25)
}

func TestTaskDefinitionByFamily(t *testing.T) {
	c := world()
	c.TaskDefinitions = append(c.TaskDefinitions, TaskDefinition("api", 8))
	c.TaskDefinitions[2].Status = types.TaskDefinitionStatusInactive
	out, err := c.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String("api")})
	require.NoError(t, err)
	assert.Equal(t, int32(7), out.TaskDefinition.Revision, "the newest active one")
	out, err = c.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String("api:8")})
	require.NoError(t, err)
	assert.Equal(t, types.TaskDefinitionStatusInactive, out.TaskDefinition.Status)
}

func TestInstanceHealthOnlyWhenAskedFor(t *testing.T) {
	in := &ecs.DescribeContainerInstancesInput{Cluster: aws.String("prod"), ContainerInstances: []string{"c1"}}
	c := world()
	out, err := c.DescribeContainerInstances(t.Context(), in)
	require.NoError(t, err)
	assert.Nil(t, out.ContainerInstances[0].HealthStatus)
	in.Include = []types.ContainerInstanceField{types.ContainerInstanceFieldContainerInstanceHealth}
	out, err = c.DescribeContainerInstances(t.Context(), in)
	require.NoError(t, err)
	assert.NotNil(t, out.ContainerInstances[0].HealthStatus)
}

func TestAnswersAreCopies(t *testing.T) {
	c := world()
	out, err := c.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: aws.String("prod"),
		Services: []string{"api"}})
	require.NoError(t, err)
	*out.Services[0].ServiceName = "changed"
	assert.Equal(t, "api", *c.Services[0].ServiceName)
}
