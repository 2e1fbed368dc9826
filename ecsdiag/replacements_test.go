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

func TestReplacements(t *testing.T) {
	event := func(before time.Duration, message string) types.ServiceEvent {
		return types.ServiceEvent{CreatedAt: aws.Time(ago(before)), Message: aws.String(message)}
	}
	c := edited(func(c *ecsfake.Client) {
		c.Services[0].Deployments = []types.Deployment{
			{Status: aws.String("PRIMARY"),
				TaskDefinition: aws.String("arn:aws:ecs:eu-west-1:111122223333:task-definition/api:7"),
				RolloutState:   types.DeploymentRolloutStateInProgress, CreatedAt: aws.Time(ago(5 * time.Minute)),
				UpdatedAt: aws.Time(ago(time.Minute))},
			{Status: aws.String("ACTIVE"),
				TaskDefinition: aws.String("arn:aws:ecs:eu-west-1:111122223333:task-definition/api:6"),
				RolloutState:   types.DeploymentRolloutStateCompleted, CreatedAt: aws.Time(ago(20 * time.Minute)),
				UpdatedAt: aws.Time(ago(14 * time.Minute))},
			{Status: aws.String("ACTIVE"), CreatedAt: aws.Time(ago(300 * time.Hour))},
			{},
		}
		c.Services[0].Events = []types.ServiceEvent{
			event(16*time.Minute, "(service api) has stopped 1 running tasks: (task 1)."), // of a deployment that is known
			event(30*time.Minute, "(service api) has stopped 1 running tasks: (task 2)."),
			event(40*time.Minute, "(service api) (deployment ecs-svc/4) deployment completed."),
			event(41*time.Minute, "(service api) has started 2 tasks: (task 3) (task 4)."),
			event(45*time.Minute, "(service api) deregistered 1 targets in (target-group arn:aws:elasticloadbalancing:x)"),
			event(300*time.Hour, "(service api) has stopped 1 running tasks: (task 5)."), {},
		}
	})
	found, err := serviceOf(c).Replacements(t.Context())
	require.NoError(t, err)
	type row struct {
		start, end time.Duration
		what       string
	}
	var got []row
	for _, r := range found {
		got = append(got, row{testNow.Sub(r.Start), testNow.Sub(r.End), r.What})
	}
	assert.Equal(t, []row{
		{50 * time.Minute, 40 * time.Minute, "a deployment"},
		{30 * time.Minute, 30 * time.Minute, "the scheduler stopped tasks"},
		{20 * time.Minute, 14 * time.Minute, "deployment of api:6"},
		{5 * time.Minute, 0, "deployment of api:7"},
	}, got)
}
