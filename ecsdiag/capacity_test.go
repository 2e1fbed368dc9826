package ecsdiag

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// onProviders places the service by capacity providers.
func onProviders(names ...string) func(*ecsfake.Client) {
	return func(c *ecsfake.Client) {
		c.Services[0].LaunchType = ""
		for _, n := range names {
			c.Services[0].CapacityProviderStrategy = append(c.Services[0].CapacityProviderStrategy,
				types.CapacityProviderStrategyItem{CapacityProvider: aws.String(n), Weight: 1})
		}
	}
}

// waits lets a task wait in PROVISIONING.
func waits(long time.Duration) func(*ecsfake.Client) {
	return func(c *ecsfake.Client) {
		c.Tasks[1].LastStatus, c.Tasks[1].CreatedAt = aws.String("PROVISIONING"), aws.Time(ago(long))
	}
}

func TestLacksHosts(t *testing.T) {
	const place = "(service api) was unable to place a task because no container instance met all of its requirements. Reason: "
	for _, test := range []struct {
		name string
		edit []func(*ecsfake.Client)
		want bool
	}{
		{"healthy, on hosts", []func(*ecsfake.Client){onHost}, false},
		{"waits for long", []func(*ecsfake.Client){onProviders("hosts"), waits(6 * time.Minute)}, true},
		{"waits for a moment", []func(*ecsfake.Client){onProviders("hosts"), waits(4 * time.Minute)}, false},
		{"waits for long on Fargate", []func(*ecsfake.Client){waits(6 * time.Minute)}, false},
		{"no memory", []func(*ecsfake.Client){onHost, says(place + "The closest matching (container-instance c1) " +
			"has insufficient memory available.")}, true},
		{"no host at all", []func(*ecsfake.Client){onHost, says(place + "No Container Instances were found in " +
			"your cluster.")}, true},
		{"an attribute", []func(*ecsfake.Client){onHost, says(place + "The closest matching (container-instance " +
			"c1) is missing an attribute required by your task.")}, false},
	} {
		lacks, err := serviceOf(edited(test.edit...)).LacksHosts(t.Context())
		require.NoError(t, err)
		assert.Equal(t, test.want, lacks, test.name)
	}
}

func TestServiceScalingGroups(t *testing.T) {
	world := func(edits ...func(*ecsfake.Client)) *ecsfake.Client {
		c := edited(edits...)
		c.CapacityProviders = []types.CapacityProvider{
			ecsfake.CapacityProvider("spot", "spot-hosts"), ecsfake.CapacityProvider("hosts", "prod-hosts"),
			ecsfake.CapacityProvider("elsewhere", "other"), {Name: aws.String("FARGATE")}, {Name: aws.String("empty"),
				AutoScalingGroupProvider: &types.AutoScalingGroupProvider{}},
		}
		c.Clusters[0].CapacityProviders = []string{"FARGATE", "hosts", "spot", "empty"}
		return c
	}
	for _, test := range []struct {
		name string
		c    *ecsfake.Client
		want []string
	}{
		{"of the strategy", world(onProviders("FARGATE_SPOT", "hosts")), []string{"prod-hosts"}},
		{"of the cluster", world(onHost), []string{"prod-hosts", "spot-hosts"}},
	} {
		groups, err := serviceOf(test.c).ScalingGroups(t.Context(), test.c)
		require.NoError(t, err)
		assert.Equal(t, test.want, groups, test.name)
	}
	assert.Equal(t, "g", groupInARN("g"), "ECS takes a name for an ARN")
	c := world(onHost)
	c.Deny("ecs:DescribeCapacityProviders")
	_, err := serviceOf(c).ScalingGroups(t.Context(), c)
	assert.ErrorContains(t, err, "describing the capacity providers of prod/api")
}
