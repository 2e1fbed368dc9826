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
	assert.Contains(t, tell(f), "CMD-SHELL curl -f localhost:8080/up every 30s, timeout 5s, 3 retries, start period 0s")
	assert.Equal(t, "1 task of prod/api fails the health check of its container definition (a container has 1m 30s "+
		"from its start to "+
		"become healthy); at 11:55 UTC", f.Summary)
}

// TestPeerRemedies: the next steps of a failed pull are about the image, and not about memory.
func TestPeerRemedies(t *testing.T) {
	for _, row := range imageCauses {
		for _, step := range row.steps {
			assert.NotContains(t, step.Text, "memory", row.code)
		}
	}
}

// TestPeerMessages: messages that a peer's list of words misses.
func TestPeerMessages(t *testing.T) {
	for text, want := range map[string]string{
		"(service api) could not launch 2 tasks for deployment " +
			"ecs-svc/api7.": "ecs.task-failed-to-start",
		"(service api) (instance i-0abc) is not healthy in target-group api due to TARGET IS NOT " +
			"FOUND.": "",
		"(service api) was unable to place a task. Reason: Timed out waiting for Amazon ECS Agent to " +
			"start.": "ecs.placement-agent-disconnected",
		"(service api) operations are being throttled on elb. Will try again " +
			"later.": "ecs.service-throttled",
		"(service api) is unable to maintain tasks because IAM permissions policies have been misconfigured or changed " +
			"for role.": "ecs.service-iam-misconfigured",
	} {
		report := diagtest.Run(t, serviceOf(edited(says(text))), ServiceChecks()...)
		if assert.Len(t, report.Findings, 1, text) && want != "" {
			assert.Equal(t, want, string(report.Findings[0].Code), text)
		}
	}
}
