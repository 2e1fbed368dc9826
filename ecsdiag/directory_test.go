package ecsdiag

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// account has a number of clusters with a number of services each.
func account(clusters, services int) *ecsfake.Client {
	c := new(ecsfake.Client)
	for i := range clusters {
		name := fmt.Sprintf("c%d", i)
		c.Clusters = append(c.Clusters, ecsfake.Cluster(name))
		for j := range services {
			c.Services = append(c.Services, ecsfake.Service(name, fmt.Sprintf("s%03d", j)))
		}
	}
	return c
}

func count(calls []diagfake.Call) map[string]int {
	n := map[string]int{}
	for _, c := range calls {
		n[c.Action]++
	}
	return n
}

func TestDirectoryBatches(t *testing.T) {
	c := account(2, 105)
	services, err := NewDirectory(c, testWindow).Services(t.Context())
	require.NoError(t, err)
	assert.Len(t, services, 210)
	for _, s := range services {
		_, err := s.Describe(t.Context())
		require.NoError(t, err)
	}
	assert.Equal(t, map[string]int{"ecs:ListClusters": 1, "ecs:ListServices": 4, "ecs:DescribeServices": 22},
		count(c.Calls()))
	assert.Equal(t, "c0/s000", services[0].Resource().ID)
}

func TestDirectoryDepth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := account(3, 40)
		c.Delay(100 * time.Millisecond)
		begun := time.Now()
		_, err := NewDirectory(c, testWindow).Services(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 300*time.Millisecond, time.Since(begun), "clusters, then services, then descriptions")
	})
}

func TestServicesOf(t *testing.T) {
	c := account(2, 3)
	shared := aws.String(ecsfake.TargetGroupARN("shared"))
	c.Services[1].LoadBalancers[0].TargetGroupArn = shared
	c.Services[2].LoadBalancers[0].AdvancedConfiguration = &types.AdvancedConfiguration{AlternateTargetGroupArn: shared}
	c.Services[4].LoadBalancers, c.Services[4].TaskSets = nil,
		[]types.TaskSet{{LoadBalancers: []types.LoadBalancer{{TargetGroupArn: shared}}}}
	found, err := NewDirectory(c, testWindow).ServicesOf(t.Context(), *shared)
	require.NoError(t, err)
	assert.Equal(t, []string{"c0/s001", "c0/s002", "c1/s001"}, mapped(found,
		func(s *Service) string { return s.Resource().ID }))
}

func TestLookup(t *testing.T) {
	d := NewDirectory(account(2, 2), testWindow)
	for name, want := range map[string][]string{
		"s001": {"c0/s001", "c1/s001"}, "c1/s001": {"c1/s001"}, ecsfake.ARN("service/c0/s000"): {"c0/s000"}, "nobody": nil,
		"c9/s001": nil,
	} {
		found, err := d.Lookup(t.Context(), name)
		require.NoError(t, err)
		assert.Equal(t, want, mapped(found, func(s *Service) string { return s.Resource().ID }), name)
	}
}

func TestDirectoryShares(t *testing.T) {
	c := healthy()
	d := NewDirectory(c, testWindow)
	found, err := d.ServicesOf(t.Context(), ecsfake.TargetGroupARN("api"))
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Same(t, found[0], d.Service("prod", "api"))
	of, err := d.Cluster(c, "prod").Services(t.Context())
	require.NoError(t, err)
	assert.Same(t, found[0], of[0])
	_, err = d.TaskDefinition("api:7").Describe(t.Context())
	require.NoError(t, err)
	_, err = found[0].TaskDefinition(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, count(c.Calls())["ecs:DescribeTaskDefinition"])
	assert.Equal(t, 1, count(c.Calls())["ecs:ListServices"])
}

func TestDirectoryBeyondItsCap(t *testing.T) {
	c := account(2, maxServices-5)
	services, err := NewDirectory(c, testWindow).Services(t.Context())
	assert.Len(t, services, maxServices)
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.ErrorContains(t, err, "3990 exist, only the first 2000 were looked at")
}

func TestDirectoryKeepsWhatItGot(t *testing.T) {
	c := account(2, 12)
	c.FailWhen("ecs:DescribeServices", func(in any) bool { return *in.(*ecs.DescribeServicesInput).Cluster == "c1" },
		diagfake.Denied("ecs:DescribeServices"))
	found, err := NewDirectory(c, testWindow).ServicesOf(t.Context(), ecsfake.TargetGroupARN("s011"))
	assert.Len(t, found, 1)
	assert.Equal(t, diag.KindDenied, diag.KindOf(err))
}

// TestClusterInBatches: a hundred services of one cluster cost what listing and describing them in batches costs.
func TestClusterInBatches(t *testing.T) {
	c := account(1, 100)
	for i := range 100 {
		name := fmt.Sprintf("s%03d", i)
		c.Tasks = append(c.Tasks, ecsfake.Task("c0", name, name+"a"), ecsfake.Task("c0", name, name+"b"))
		c.TaskDefinitions = append(c.TaskDefinitions, ecsfake.TaskDefinition(name, 7))
	}
	services, err := NewCluster(c, "c0", testWindow).Services(t.Context())
	require.NoError(t, err)
	var plans []diag.Plan
	for _, s := range services {
		plans = append(plans, diag.On(s, ServiceChecks()...))
	}
	report := diag.Run(t.Context(), plans...)
	assert.NoError(t, report.Err())
	assert.Empty(t, report.Findings)
	assert.Equal(t, map[string]int{"ecs:ListServices": 1, "ecs:DescribeServices": 10, "ecs:ListTasks": 3,
		"ecs:DescribeTasks":          2,
		"ecs:DescribeTaskDefinition": 100}, count(c.Calls()))
}

// TestClusterOfADirectoryListsStoppedTasksOnly: its services list their own.
func TestClusterOfADirectoryListsStoppedTasksOnly(t *testing.T) {
	c := edited(stops(job("j1", time.Minute, 3)))
	report := diag.Run(t.Context(), diag.On(NewDirectory(c, testWindow).Cluster(c, "prod"), JobFailed))
	assert.Len(t, report.Findings, 1)
	for _, call := range c.Calls() {
		if in, ok := call.Input.(*ecs.ListTasksInput); ok {
			assert.Equal(t, types.DesiredStatusStopped, in.DesiredStatus)
		}
	}
	assert.Equal(t, map[string]int{"ecs:ListTasks": 1, "ecs:DescribeTasks": 1, "ecs:DescribeTaskDefinition": 1},
		count(c.Calls()))
}
