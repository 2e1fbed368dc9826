package ecsdiag

import (
	"context"
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

func TestUnhealthyTasksTellHowLongTheyLived(t *testing.T) {
	const code = "ecs.task-failed-elb-health-check"
	killed := stops(elbKilled("s1", 8*time.Minute), elbKilled("s2", 4*time.Minute))
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(killed)), ServiceChecks()...), code)
	assert.Contains(t, f.Summary, ", 2 min after they started (grace period 60s)")
	served := elbKilled("s3", time.Minute)
	served.StartedAt = aws.Time(ago(2 * time.Hour))
	f = diagtest.Only(t, diagtest.Run(t, serviceOf(edited(killed, stops(served))), ServiceChecks()...), code)
	assert.NotContains(t, f.Summary, "grace", "one of them had served for long")
}

func TestStopsOnOneHost(t *testing.T) {
	failing := func(hosts ...string) func(*ecsfake.Client) {
		return func(c *ecsfake.Client) {
			c.Tasks[0].ContainerInstanceArn = aws.String(ecsfake.ARN("container-instance/prod/good"))
			for i, host := range hosts {
				x := stopped("s"+string(rune('1'+i)), ago(time.Duration(9-i)*time.Minute), types.TaskStopCodeTaskFailedToStart,
					"CannotPullContainerError: failed to register layer: write /usr/lib/x: no space left on device")
				x.ContainerInstanceArn = aws.String(ecsfake.ARN("container-instance/prod/" + host))
				c.Tasks = append(c.Tasks, x)
			}
		}
	}
	tell := func(hosts ...string) string {
		return diagtest.Only(t, diagtest.Run(t, serviceOf(edited(failing(hosts...))), ServiceChecks()...),
			"ecs.task-image-disk-full").Summary
	}
	assert.Contains(t, tell("bad", "bad", "bad"), "no disk space is left to unpack the image, all on container instance bad;")
	assert.NotContains(t, tell("bad", "bad"), "all on", "two may be chance")
	assert.NotContains(t, tell("bad", "good", "bad"), "all on")
	assert.NotContains(t, tell("good", "good", "good"), "all on", "no task runs elsewhere")
}

func TestQuotaIsNamed(t *testing.T) {
	c := edited(says("(service api) was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you " +
		"can run concurrently."))
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(c), ServiceChecks()...), "ecs.placement-quota-reached")
	assert.Contains(t, f.Summary, "a quota of the account is reached (number of vCPUs that may run at once)")
}

func TestKilledContainerIsNamedWhereTheTaskSaysWhy(t *testing.T) {
	x := stopped("s1", ago(5*time.Minute), types.TaskStopCodeEssentialContainerExited,
		"OutOfMemoryError: Container killed due to memory usage")
	x.Containers[0].ExitCode = aws.Int32(137)
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(stops(x))), ServiceChecks()...), "ecs.task-oom-killed")
	assert.Contains(t, f.Summary, "container api at its limit")
}

func TestDifferencesOfARolloutThatIsThrough(t *testing.T) {
	ctx := context.Background()
	released := func(age time.Duration, more ...func(*ecsfake.Client)) *Service {
		c := edited(more...)
		c.Services[0].Deployments[0].CreatedAt = aws.Time(ago(age))
		c.TaskDefinitions[1].ContainerDefinitions[0].Image = aws.String("before")
		return NewService(c, "prod", "api", testWindow)
	}
	found, err := released(20 * time.Minute).differences(ctx)
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, "api:7 against :6", found[0].Field)
	found, err = released(5 * time.Hour).differences(ctx)
	require.NoError(t, err)
	assert.Empty(t, found, "not of this window")
	replaced := stopped("s1", ago(9*time.Minute), types.TaskStopCodeServiceSchedulerInitiated, "Scaling activity")
	replaced.TaskDefinitionArn = aws.String(ecsfake.ARN("task-definition/api:4"))
	older := ecsfake.TaskDefinition("api", 4)
	older.ContainerDefinitions[0].Image = aws.String("what ran")
	found, err = released(20*time.Minute, stops(replaced), func(c *ecsfake.Client) {
		c.TaskDefinitions = append(c.TaskDefinitions, older)
	}).differences(ctx)
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, "api:7 against :4", found[0].Field, "what was stopped ran before, not the revision below")
}

func TestReadsItself(t *testing.T) {
	home := diag.Resource{Type: typeService, ID: "prod/api", Account: "111122223333", Region: "eu-west-1"}
	for value, want := range map[string]string{
		"/shop/prod/flags": "/shop/prod/flags", "/shop/prod/": "/shop/prod", "/tmp": "", "postgres://h/db": "", "a/b": "",
		"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/prod/flags":             "/shop/prod/flags",
		"arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/prod/db-AbCdEf": "shop/prod/db",
		"arn:aws:sqs:eu-west-1:111122223333:jobs":                                  "",
	} {
		r, ok := readsItself(home, value)
		assert.Equal(t, want, r.ID, value)
		assert.Equal(t, want != "", ok, value)
	}
}

func TestScaleInBlockedForHours(t *testing.T) {
	blocked := func(ages ...time.Duration) diag.Finding {
		c := healthy()
		c.Services[0].RunningCount, c.Services[0].DesiredCount = 9, 2
		for _, age := range ages {
			e := ecsfake.Event("api", "", ago(age))
			e.Message = aws.String("(service api) was unable to reach steady state because task set (ecs-svc/1) was unable to " +
				"scale in. Reason: The number of protected tasks are more than the desired count of tasks.")
			c.Services[0].Events = append(c.Services[0].Events, e)
		}
		return diagtest.Only(t, diagtest.Run(t, serviceOf(c), ServiceChecks()...), "ecs.service-scale-in-blocked")
	}
	f := blocked(10*time.Minute, 130*time.Minute)
	assert.Equal(t, diag.SeverityWarning, f.Severity)
	assert.Contains(t, f.Summary, "keep the service from becoming steady (9 run, 2 should);")
	assert.Equal(t, diag.SeverityInfo, blocked(10*time.Minute, 60*time.Minute).Severity, "a job that takes its time")
	assert.Equal(t, diag.SeverityInfo, blocked(40*time.Minute, 170*time.Minute).Severity, "over")
}

func TestLogHost(t *testing.T) {
	for text, want := range map[string]string{
		`failed to initialize logging driver: Options "https://hec.x.example:8088/services": dial tcp: no such host`: "hec.x.example",
		"dial tcp: lookup logs.eu-west-1.amazonaws.com on 10.0.0.2:53: i/o timeout":                                  "",
		"dial tcp: lookup graylog.corp on 10.0.0.2:53: no such host":                                                 "graylog.corp",
		"dial tcp 10.0.0.7:443: i/o timeout":                                                                         "",
	} {
		assert.Equal(t, want, logHost(text), text)
	}
}
