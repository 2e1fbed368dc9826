package diagfake_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// task has every kind of member: pointers, times, enums, lists, maps and structures in each other.
func task() types.Task {
	return types.Task{
		TaskArn: aws.String("arn"), StartedAt: aws.Time(time.Unix(1, 0)), LaunchType: types.LaunchTypeFargate,
		Containers: []types.Container{{Name: aws.String("app"), ExitCode: aws.Int32(1), Image: aws.String("i")}},
		Tags:       []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
		Overrides:  &types.TaskOverride{ContainerOverrides: []types.ContainerOverride{{Command: []string{"run"}}}},
	}
}

func TestCloneSharesNothing(t *testing.T) {
	in := &ecs.DescribeTasksOutput{Tasks: []types.Task{task()}}
	out := diagfake.Clone(in)
	require.Equal(t, in, out)
	got := &out.Tasks[0]
	*got.TaskArn, *got.StartedAt = "changed", time.Unix(2, 0)
	*got.Containers[0].ExitCode, *got.Tags[0].Value = 137, "changed"
	got.Overrides.ContainerOverrides[0].Command[0] = "changed"
	assert.Equal(t, &ecs.DescribeTasksOutput{Tasks: []types.Task{task()}}, in)
}

func TestCloneKinds(t *testing.T) {
	type odd struct {
		Map    map[string][]string
		Any    any
		Nil    *int
		Empty  []string
		Number int
		hidden string
	}
	in := &odd{Map: map[string][]string{"a": {"b"}}, Any: &[]int{1}, Empty: []string{}, Number: 7, hidden: "h"}
	out := diagfake.Clone(in)
	require.Equal(t, in, out)
	out.Map["a"][0] = "changed"
	(*out.Any.(*[]int))[0] = 9
	assert.Equal(t, "b", in.Map["a"][0])
	assert.Equal(t, 1, (*in.Any.(*[]int))[0])
	assert.Nil(t, diagfake.Clone[odd](nil))
}

func TestAnswersAreCopies(t *testing.T) {
	c := &client{Clusters: []types.Cluster{{ClusterName: aws.String("prod")}}}
	out, err := c.DescribeClusters(t.Context(), nil)
	require.NoError(t, err)
	*out.Clusters[0].ClusterName = "changed"
	assert.Equal(t, "prod", *c.Clusters[0].ClusterName)
}

func TestSparse(t *testing.T) {
	world := types.Cluster{ClusterName: aws.String("prod"), Status: aws.String("ACTIVE"),
		CapacityProviders: []string{"FARGATE"},
		Settings:          []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String("on")}},
		Configuration:     &types.ClusterConfiguration{}, RunningTasksCount: 3}
	for _, tt := range []struct {
		name string
		s    diagfake.Sparseness
		want types.Cluster
	}{
		{"full", diagfake.Full, world},
		{"identifiers", diagfake.Identifiers, types.Cluster{ClusterName: aws.String("prod"), RunningTasksCount: 3,
			Settings: []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights}}}},
		{"bare", diagfake.Bare, types.Cluster{RunningTasksCount: 3, Settings: []types.ClusterSetting{{}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &client{Clusters: []types.Cluster{world}}
			c.Sparse(tt.s)
			out, err := c.DescribeClusters(t.Context(), nil)
			require.NoError(t, err)
			assert.Equal(t, []types.Cluster{tt.want}, out.Clusters)
			assert.Equal(t, world, c.Clusters[0], "the world itself stays whole")
		})
	}
}

func TestSparseKeepsListsAndTokens(t *testing.T) {
	c := &client{Arns: []string{"a", "b", "c", "d"}}
	c.Sparse(diagfake.Bare)
	arns, pages, err := c.list(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b", "c", "d"}, arns)
	assert.Equal(t, []int{3, 1}, pages)
}
