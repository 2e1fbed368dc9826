package ecsdiag

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

const (
	noMemory = "was unable to place a task because no container instance met all of its requirements. The closest " +
		"matching (container-instance 0123456789abcdef) has insufficient memory available."
	steadyText = "has reached a steady state."
)

// tells adds events of the service, each some time before now.
func tells(events map[time.Duration]string) func(*ecsfake.Client) {
	return func(c *ecsfake.Client) {
		for before, text := range events {
			c.Services[0].Events = append(c.Services[0].Events, ecsfake.Event("api", text, ago(before)))
		}
	}
}

func TestWhichEventsCount(t *testing.T) {
	deployed := func(before time.Duration) func(*ecsfake.Client) {
		return func(c *ecsfake.Client) { c.Services[0].Deployments[0].CreatedAt = aws.Time(ago(before)) }
	}
	for _, c := range []struct {
		name  string
		edit  []func(*ecsfake.Client)
		found bool
	}{
		{"a recent one", []func(*ecsfake.Client){tells(map[time.Duration]string{time.Hour: noMemory})}, true},
		{"one before the window", []func(*ecsfake.Client){tells(map[time.Duration]string{4 * time.Hour: noMemory})}, false},
		{"one that a steady state followed", []func(*ecsfake.Client){tells(map[time.Duration]string{time.Hour: noMemory,
			50 * time.Minute: steadyText})}, false},
		{"one after a steady state", []func(*ecsfake.Client){tells(map[time.Duration]string{40 * time.Minute: noMemory,
			50 * time.Minute: steadyText})}, true},
		{"one of an earlier deployment", []func(*ecsfake.Client){tells(map[time.Duration]string{time.Hour: noMemory}),
			deployed(30 * time.Minute)}, false},
		{"one of this deployment", []func(*ecsfake.Client){tells(map[time.Duration]string{time.Hour: noMemory}),
			deployed(70 * time.Minute)}, true},
		{"one of a deployment that was rolled back, though steady again",
			[]func(*ecsfake.Client){tells(map[time.Duration]string{
				time.Hour: noMemory, 55 * time.Minute: "(deployment ecs-svc/api8) deployment failed: tasks failed to start.",
				50 * time.Minute: steadyText})}, true},
		{"one of a failed deployment, when another is under way", []func(*ecsfake.Client){tells(map[time.Duration]string{
			time.Hour: noMemory, 55 * time.Minute: "(deployment ecs-svc/api8) deployment failed: tasks failed to start."}),
			deployed(40 * time.Minute)}, false},
		{"one that a steady state followed, long after a failed deployment",
			[]func(*ecsfake.Client){tells(map[time.Duration]string{
				20 * time.Hour: "(deployment ecs-svc/api8) deployment failed: tasks failed to start.", time.Hour: noMemory,
				50 * time.Minute: steadyText})}, false},
		{"one of a failed deployment, when a later one completed", []func(*ecsfake.Client){tells(map[time.Duration]string{
			time.Hour: noMemory, 55 * time.Minute: "(deployment ecs-svc/api8) deployment failed: tasks failed to start.",
			40 * time.Minute: "(deployment ecs-svc/api9) deployment completed."})}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, serviceOf(edited(c.edit...)), ServiceChecks()...)
			found := false
			for _, f := range report.Findings {
				found = found || f.Code == "ecs.placement-no-memory"
			}
			assert.Equal(t, c.found, found)
		})
	}
}

func TestWhichStoppedTasksCount(t *testing.T) {
	by := func(deployment, revision string) types.Task {
		task := exited("s1", ago(10*time.Minute), 1, "")
		task.StartedBy, task.TaskDefinitionArn = aws.String(deployment), aws.String(ecsfake.ARN("task-definition/"+revision))
		return task
	}
	failed := tells(map[time.Duration]string{8 * time.Minute: "(deployment ecs-svc/api8) deployment failed: tasks " +
		"failed to start."})
	nameless := by("", "api:7")
	nameless.StartedBy = nil
	foreign := by("ecs-svc/api7", "api:7")
	foreign.Group = aws.String("family:nightly")
	for _, c := range []struct {
		name  string
		edits []func(*ecsfake.Client)
		found bool
	}{
		{"of the primary deployment", []func(*ecsfake.Client){stops(by("ecs-svc/api7", "api:7"))}, true},
		{"of a replaced deployment", []func(*ecsfake.Client){stops(by("ecs-svc/api5", "api:5"))}, false},
		{"of a replaced deployment of the same revision", []func(*ecsfake.Client){stops(by("ecs-svc/old", "api:7"))}, false},
		{"of the old deployment while it is replaced", []func(*ecsfake.Client){deploys(time.Minute, 2, 0),
			stops(by("ecs-svc/api6", "api:6"))}, true},
		{"of a deployment that failed", []func(*ecsfake.Client){failed, stops(by("ecs-svc/api8", "api:6"))}, true},
		{"without a deployment, of this revision", []func(*ecsfake.Client){stops(nameless)}, true},
		{"of another group", []func(*ecsfake.Client){stops(foreign)}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, serviceOf(edited(c.edits...)), ServiceChecks()...)
			found := false
			for _, f := range report.Findings {
				found = found || f.Code == "ecs.task-exited-with-error"
			}
			assert.Equal(t, c.found, found)
		})
	}
}

func TestSeverityOfACause(t *testing.T) {
	one := stops(exited("s1", ago(20*time.Minute), 1, ""))
	short := func(c *ecsfake.Client) { c.Services[0].RunningCount = 1 }
	spot := stops(stopped("s1", ago(20*time.Minute), types.TaskStopCodeSpotInterruption,
		"Your Spot Task was interrupted."))
	for _, c := range []struct {
		name  string
		code  diag.Code
		edits []func(*ecsfake.Client)
		want  diag.Severity
	}{
		{"once, and all tasks run again", "ecs.task-exited-with-error", []func(*ecsfake.Client){one}, diag.SeverityWarning},
		{"once, and tasks are missing", "ecs.task-exited-with-error", []func(*ecsfake.Client){one, short},
			diag.SeverityError},
		{"again and again, lately", "ecs.task-exited-with-error", []func(*ecsfake.Client){one, stops(exited("s2",
			ago(time.Minute), 1, ""))}, diag.SeverityError},
		{"again and again, long ago", "ecs.task-exited-with-error",
			[]func(*ecsfake.Client){stops(exited("s1", ago(50*time.Minute), 1, ""), exited("s2", ago(45*time.Minute), 1, ""))},
			diag.SeverityWarning},
		{"Spot, replaced", "ecs.task-spot-interrupted", []func(*ecsfake.Client){spot}, diag.SeverityInfo},
		{"Spot, not replaced", "ecs.task-spot-interrupted", []func(*ecsfake.Client){spot, short}, diag.SeverityWarning},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(c.edits...)), ServiceChecks()...), c.code)
			assert.Equal(t, c.want, f.Severity)
		})
	}
}

func TestSinceAtTheEdgeOfRetention(t *testing.T) {
	var old []types.Task
	for i := range 4 {
		old = append(old, exited(fmt.Sprint("s", i), ago(time.Duration(58-i)*time.Minute), 1, ""))
	}
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(stops(old...))), ServiceChecks()...),
		"ecs.task-exited-with-error")
	assert.True(t, f.SinceAtLeast, "earlier ones may be forgotten")
	assert.Equal(t, ago(58*time.Minute), f.Since)
	young := func(c *ecsfake.Client) { c.Services[0].Deployments[0].CreatedAt = aws.Time(ago(65 * time.Minute)) }
	f = diagtest.Only(t, diagtest.Run(t, serviceOf(edited(stops(old...), young)), ServiceChecks()...),
		"ecs.task-exited-with-error")
	assert.False(t, f.SinceAtLeast, "the deployment itself began then")
}

func TestFindingSpeaks(t *testing.T) {
	reason := "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval " +
		"failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret " +
		"arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf from secrets manager: " +
		"AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/api-execution/0123 is not authorized to " +
		"perform: secretsmanager:GetSecretValue on resource: " +
		"arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf because no identity-based policy allows " +
		"the secretsmanager:GetSecretValue action"
	tasks := []types.Task{stopped("s1", ago(30*time.Minute), types.TaskStopCodeTaskFailedToStart, reason), stopped("s2",
		ago(10*time.Minute), types.TaskStopCodeTaskFailedToStart, reason)}
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(stops(tasks...))), ServiceChecks()...),
		"ecs.task-secret-denied")
	assert.Equal(t, "2 tasks of prod/api cannot start: role api-execution is not authorized to read shop/db "+
		"(secretsmanager:GetSecretValue); 11:30 to 11:50 UTC (last 10 min ago)", f.Summary)
	assert.Equal(t, diag.Evidence{Source: "ecs:DescribeTasks", Field: "tasks[s2].stoppedReason", Value: reason,
		At: ago(10 * time.Minute)}, f.Evidence[0])
	assert.Contains(t, f.Related, diag.Related{Role: "secret",
		Resource: diag.Resource{Type: "AWS::SecretsManager::Secret", ID: "shop/db", Account: "111122223333",
			Region: "eu-west-1", ARN: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf"}})
	assert.Equal(t, "aws iam list-attached-role-policies --role-name api-execution", f.NextSteps[0].Command)
	assert.Equal(t, "prod/api", f.Resource.ID)
	assert.Equal(t, ecsfake.ARN("service/prod/api"), f.Resource.ARN)
}

func TestSummaryOfOneTask(t *testing.T) {
	elb := elbKilled("s1", 10*time.Minute)
	network := stopped("s2", ago(time.Minute), types.TaskStopCodeTaskFailedToStart, "ResourceInitializationError: "+
		"unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a "+
		"connection issue between the task and Amazon ECR.")
	report := diagtest.Run(t, serviceOf(edited(stops(elb, network))), ServiceChecks()...)
	assert.Equal(t, "1 task of prod/api is unhealthy in target group api and replaced: its health checks fail; at "+
		"11:50 UTC",
		diagtest.Only(t, report, "ecs.task-failed-elb-health-check").Summary)
	assert.Equal(t, "1 task of prod/api cannot start: it does not reach the image registry over the network; at 11:59 UTC",
		diagtest.Only(t, report, "ecs.task-image-pull-network").Summary)
}
