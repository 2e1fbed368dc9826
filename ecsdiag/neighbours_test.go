package ecsdiag

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// TestNeighboursAreKnownFirst: the walk must not wait for tasks and task definitions to get to the target groups.
func TestNeighboursAreKnownFirst(t *testing.T) {
	c := healthy()
	report := diag.Run(t.Context(), diag.Observe(serviceOf(c), ServiceNeighbourSurvey))
	require.NoError(t, report.Err())
	assert.Len(t, c.Calls(), 1)
	all := diag.Run(t.Context(), diag.Observe(serviceOf(healthy()), ServiceSurvey))
	assert.Subset(t, all.Links, report.Links)
	assert.Greater(t, len(all.Links), len(report.Links))
}

// TestDepthOfAService: describe the service, list its tasks and fetch its task definitions, describe the tasks.
func TestDepthOfAService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := edited(deploys(20*time.Minute, 1, 3), stops(exited("s1", ago(9*time.Minute), 3, "")))
		c.Delay(time.Second)
		begun := time.Now()
		s := serviceOf(c)
		report := diag.Runner{Window: testWindow}.Run(t.Context(), diag.On(s, ServiceChecks()...), diag.Observe(s,
			ServiceSurvey, ServiceNeighbourSurvey))
		require.NoError(t, report.Err())
		t.Logf("%d calls: %v", len(c.Calls()), count(c.Calls()))
		assert.LessOrEqual(t, time.Since(begun)/time.Second, time.Duration(3))
		assert.Len(t, c.Calls(), 6)
	})
}

// TestClusterAsksForNoMoreThanItNeeds: who asks about one service pays for no list of others.
func TestClusterAsksForNoMoreThanItNeeds(t *testing.T) {
	none := func(c *ecsfake.Client) { c.ContainerInstances = nil }
	fargate := func(c *ecsfake.Client) {
		c.Clusters[0].ActiveServicesCount = 1
		c.Clusters[0].Statistics = []types.KeyValuePair{
			{Name: aws.String("activeFargateServiceCount"), Value: aws.String("1")},
		}
	}
	for _, c := range []struct {
		name  string
		edits []func(*ecsfake.Client)
		calls int
	}{
		{"with a host", []func(*ecsfake.Client){onHost}, 3},
		{"Fargate alone", []func(*ecsfake.Client){none, fargate}, 2},
		{"without a host", []func(*ecsfake.Client){none, onHost}, 4},
	} {
		client := edited(c.edits...)
		diagtest.Run(t, NewCluster(client, "prod", testWindow), ClusterNeighbourChecks()...)
		assert.Len(t, client.Calls(), c.calls, "%s: %v", c.name, count(client.Calls()))
	}
}

// TestImagesAreNeighboursWhenPullsFail names them as the registry does.
func TestImagesAreNeighboursWhenPullsFail(t *testing.T) {
	images := func(c *ecsfake.Client) []string {
		var ids []string
		report := diag.Run(t.Context(), diag.Observe(serviceOf(c), ServiceImageSurvey))
		for _, l := range report.Links {
			if l.To.Type == typeImage {
				ids = append(ids, l.To.Account+" "+l.To.Region+" "+l.To.ID)
			}
		}
		return ids
	}
	assert.Empty(t, images(healthy()))
	failed := stops(
		stopped("s3", ago(7*time.Minute), types.TaskStopCodeTaskFailedToStart, "CannotPullContainerError: pull "+
			"image manifest has been retried 1 time(s): failed to resolve ref a/b:1: not found"),
	)
	assert.Equal(t, []string{"111122223333 eu-west-1 api:v7"}, images(edited(failed)))
	byDigest := definition(func(_ *types.TaskDefinition, c *types.ContainerDefinition) {
		c.Image = aws.String("999988887777.dkr.ecr.cn-north-1.amazonaws.com.cn/team/app:v1@sha256:00ff")
	})
	assert.Equal(t, []string{"999988887777 cn-north-1 team/app@sha256:00ff"}, images(edited(failed, byDigest)))
	public := definition(
		func(_ *types.TaskDefinition, c *types.ContainerDefinition) { c.Image = aws.String("nginx:1") },
	)
	assert.Empty(t, images(edited(failed, public)))
}
