package ecsdiag

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

func TestPatience(t *testing.T) {
	assert.Equal(t, 90*time.Second, patience(&types.HealthCheck{}), "three times thirty seconds")
	assert.Equal(t, 40*time.Second, patience(&types.HealthCheck{StartPeriod: aws.Int32(30), Retries: aws.Int32(2),
		Interval: aws.Int32(5)}))
}

func TestContainerHealthCheckIsQuoted(t *testing.T) {
	check := func(c *ecsfake.Client) {
		c.TaskDefinitions[0].ContainerDefinitions[0].HealthCheck = &types.HealthCheck{Command: []string{"CMD-SHELL",
			"curl -f localhost:8080/up"}}
	}
	killed := stopped("s1", ago(5*time.Minute), types.TaskStopCodeServiceSchedulerInitiated,
		"Task failed container health checks")
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(check, stops(killed))), ServiceChecks()...),
		"ecs.task-failed-container-health-check")
	assert.Contains(t, tell(f), "CMD-SHELL curl -f localhost:8080/up every 30 s, timeout 5 s, 3 retries, start period 0 s")
	assert.Equal(t, "1 task of prod/api fails the health check of its container definition (a container has 1 min 30 s "+
		"from its start to become healthy); at 11:55 UTC", f.Summary)
}
