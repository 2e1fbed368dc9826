package ecsdiag

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

const saysRolledBack = "(service api) (deployment ecs-svc/api7) deployment failed: tasks failed to start."

func TestFailedDeploymentTellsWhy(t *testing.T) {
	c := edited(says(saysRolledBack))
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(c), ServiceChecks()...), "ecs.deployment-failed")
	for _, want := range []string{"ROLLBACK_SUCCESSFUL", "Circuit breaker threshold exceeded", "3 failures, threshold 3",
		"api:7 against :6", "api:v6 -> "} {
		assert.Contains(t, tell(f), want)
	}
	roles := map[string]string{}
	for _, r := range f.Related {
		roles[r.Role] = r.Resource.ID
	}
	assert.Equal(t, "api:7", roles["failed revision"])
	assert.Equal(t, "api:6", roles["steady revision"])
	assert.Contains(t, tell(f), "serviceDeployments[d2]", "the newest one")
}

func TestFailedDeploymentNamesTheAlarm(t *testing.T) {
	c := edited(says(saysRolledBack), func(c *ecsfake.Client) {
		c.ServiceDeployments[0].Alarms = &types.ServiceDeploymentAlarms{TriggeredAlarmNames: []string{"api-5xx"}}
	})
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(c), ServiceChecks()...), "ecs.deployment-failed")
	assert.Contains(t, tell(f), "alarms.triggeredAlarmNames api-5xx")
}

// TestDeploymentsAreAskedForOnFailureOnly: a healthy service pays nothing for its history.
func TestDeploymentsAreAskedForOnFailureOnly(t *testing.T) {
	c := healthy()
	diagtest.Run(t, serviceOf(c), ServiceChecks()...)
	for _, action := range actionsDeployments {
		assert.Zero(t, count(c.Calls())[action], action)
	}
}

func TestFailedDeploymentInParts(t *testing.T) {
	for _, action := range actionsDeployments {
		c := edited(says(saysRolledBack))
		c.Deny(action)
		report := diagtest.Run(t, serviceOf(c), ServiceChecks()...)
		diagtest.Only(t, report, "ecs.deployment-failed")
		require.Len(t, report.Inconclusive, 1, action)
		assert.Equal(t, diag.KindDenied, report.Inconclusive[0].Kind)
	}
}

func TestFailedDeploymentOfTheWindow(t *testing.T) {
	old := edited(func(c *ecsfake.Client) {
		for i := range c.ServiceDeployments {
			c.ServiceDeployments[i].CreatedAt = aws.Time(ago(40 * time.Hour))
		}
	})
	for name, c := range map[string]*ecsfake.Client{"old": old, "none": edited(func(c *ecsfake.Client) {
		c.ServiceDeployments = nil
	}), "successful": edited(func(c *ecsfake.Client) {
		for i := range c.ServiceDeployments {
			c.ServiceDeployments[i].Status = types.ServiceDeploymentStatusSuccessful
		}
	})} {
		d, err := serviceOf(c).FailedDeployment(t.Context())
		require.NoError(t, err)
		assert.Nil(t, d, name)
	}
	d, err := NewService(healthy(), "prod", "api", testWindow).FailedDeployment(t.Context())
	assert.Nil(t, d, "nobody allowed to ask")
	assert.NoError(t, err)
}

// TestEndedStatuses: a new status must be thought about.
func TestEndedStatuses(t *testing.T) {
	goesOn := []types.ServiceDeploymentStatus{types.ServiceDeploymentStatusPending,
		types.ServiceDeploymentStatusInProgress, types.ServiceDeploymentStatusSuccessful}
	assert.ElementsMatch(t, types.ServiceDeploymentStatus("").Values(), append(goesOn, ended...))
}
