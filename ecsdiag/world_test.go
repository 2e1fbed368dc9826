package ecsdiag

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

var (
	testNow    = ecsfake.Now
	testWindow = diag.Last(3*time.Hour, testNow)
)

// ago is a time before now.
func ago(d time.Duration) time.Time { return testNow.Add(-d) }

// healthy is an account with a steady Fargate service prod/api of two tasks, and a container instance.
func healthy() *ecsfake.Client {
	return &ecsfake.Client{
		Clusters:           []types.Cluster{ecsfake.Cluster("prod")},
		Services:           []types.Service{ecsfake.Service("prod", "api")},
		Tasks:              []types.Task{ecsfake.Task("prod", "api", "t1"), ecsfake.Task("prod", "api", "t2")},
		TaskDefinitions:    []types.TaskDefinition{ecsfake.TaskDefinition("api", 7), ecsfake.TaskDefinition("api", 6)},
		ContainerInstances: []types.ContainerInstance{ecsfake.ContainerInstance("prod", "c1")},
		ServiceDeployments: []types.ServiceDeployment{rolledBack("d2", 20*time.Minute), rolledBack("d1", 40*time.Minute)},
		ServiceRevisions:   []types.ServiceRevision{revision(6), revision(7)},
	}
}

// rolledBack is a deployment of revision 7 that went back to revision 6, as ECS keeps it. Who has no other sign of a
// failure does not ask for it.
func rolledBack(id string, before time.Duration) types.ServiceDeployment {
	return types.ServiceDeployment{
		ServiceDeploymentArn: aws.String(ecsfake.ARN("service-deployment/prod/api/" + id)),
		ServiceArn:           aws.String(ecsfake.ARN("service/prod/api")), CreatedAt: aws.Time(ago(before)),
		FinishedAt: aws.Time(ago(before - 10*time.Minute)), Status: types.ServiceDeploymentStatusRollbackSuccessful,
		StatusReason:          aws.String("Service deployment rolled back because the circuit breaker threshold was exceeded."),
		TargetServiceRevision: &types.ServiceRevisionSummary{Arn: revision(7).ServiceRevisionArn},
		Rollback: &types.Rollback{Reason: aws.String("Circuit breaker threshold exceeded."),
			ServiceRevisionArn: revision(6).ServiceRevisionArn},
		DeploymentCircuitBreaker: &types.ServiceDeploymentCircuitBreaker{FailureCount: 3, Threshold: 3,
			Status: types.ServiceDeploymentRollbackMonitorsStatusTriggered},
	}
}

func revision(n int) types.ServiceRevision {
	return types.ServiceRevision{ServiceRevisionArn: aws.String(ecsfake.ARN(fmt.Sprint("service-revision/prod/api/", n))),
		TaskDefinition: aws.String(ecsfake.ARN(fmt.Sprint("task-definition/api:", n)))}
}

// edited is the healthy account with a symptom.
func edited(edits ...func(*ecsfake.Client)) *ecsfake.Client {
	c := healthy()
	for _, edit := range edits {
		edit(c)
	}
	return c
}

func serviceOf(c *ecsfake.Client, options ...ServiceOption) *Service {
	return NewService(c, "prod", "api", testWindow, append([]ServiceOption{WithDeployments(c)}, options...)...)
}

// serviceWorld makes a world of the service for Conform.
func serviceWorld(edits ...func(*ecsfake.Client)) diagtest.World[*Service] {
	return func() (*Service, []diagfake.Fake) {
		c := edited(edits...)
		return serviceOf(c), []diagfake.Fake{c}
	}
}

// stops adds tasks that stopped.
func stops(tasks ...types.Task) func(*ecsfake.Client) {
	return func(c *ecsfake.Client) { c.Tasks = append(c.Tasks, tasks...) }
}

func stopped(id string, at time.Time, code types.TaskStopCode, reason string) types.Task {
	return ecsfake.Stopped(ecsfake.Task("prod", "api", id), at, code, reason)
}

func exited(id string, at time.Time, code int32, reason string) types.Task {
	return ecsfake.Exited(ecsfake.Task("prod", "api", id), at, code, reason)
}

// says adds an event of the service, five minutes old.
func says(message string) func(*ecsfake.Client) {
	return func(c *ecsfake.Client) {
		e := ecsfake.Event("api", "", ago(5*time.Minute))
		e.Message = aws.String(message)
		c.Services[0].Events = append([]types.ServiceEvent{e}, c.Services[0].Events...)
	}
}

// deploys begins a deployment of revision 7 that replaces the tasks of revision 6.
func deploys(age time.Duration, running, failed int32) func(*ecsfake.Client) {
	return func(c *ecsfake.Client) {
		s := &c.Services[0]
		before := s.Deployments[0]
		before.Id, before.Status, before.TaskDefinition = aws.String("ecs-svc/api6"), aws.String("ACTIVE"),
			aws.String(ecsfake.ARN("task-definition/api:6"))
		d := &s.Deployments[0]
		d.CreatedAt, d.UpdatedAt = aws.Time(ago(age)), aws.Time(ago(age))
		d.RolloutState, d.RolloutStateReason = types.DeploymentRolloutStateInProgress, aws.String("ECS deployment "+
			"ecs-svc/api7 in progress.")
		d.RunningCount, d.FailedTasks = running, failed
		s.Deployments = append(s.Deployments, before)
	}
}

// document is one wording of a documented message.
type document struct {
	kind, name string
	cause      ecstext.Cause
	text       string
}

// documents reads the documented messages that the classifier is tested with.
func documents(t testing.TB) []document {
	t.Helper()
	raw, err := os.ReadFile("internal/ecstext/testdata/documented.tsv")
	require.NoError(t, err)
	var all []document
	for line := range strings.Lines(string(raw)) {
		columns := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
		require.Len(t, columns, 4, line)
		all = append(all, document{columns[0], columns[1], ecstext.Cause(columns[2]), columns[3]})
	}
	return all
}

// edit puts the message where ECS writes it.
func (d document) edit() func(*ecsfake.Client) {
	switch d.kind {
	case "stopped":
		return stops(stopped("s1", ago(10*time.Minute), codeOf(d.cause), d.text))
	case "container":
		task := exited("s1", ago(10*time.Minute), 1, d.text)
		task.Containers[0].ExitCode = nil
		if d.cause == ecstext.OutOfMemory {
			task.Containers[0].ExitCode = aws.Int32(137)
		}
		return stops(task)
	case "service":
		return says("(service api) " + d.text)
	}
	return says(d.text)
}

// codeOf is the stop code that comes with a cause.
func codeOf(c ecstext.Cause) types.TaskStopCode {
	switch c {
	case ecstext.ELBHealthCheckFailed, ecstext.ContainerHealthCheckFailed, ecstext.ScalingOrDeployment:
		return types.TaskStopCodeServiceSchedulerInitiated
	case ecstext.UserStopped, ecstext.InstanceDeregistered:
		return types.TaskStopCodeUserInitiated
	case ecstext.SpotInterrupted:
		return types.TaskStopCodeSpotInterruption
	case ecstext.HostTerminated, ecstext.HostMaintenance:
		return types.TaskStopCodeTerminationNotice
	case ecstext.EssentialContainerExited, ecstext.OutOfMemory:
		return types.TaskStopCodeEssentialContainerExited
	}
	return types.TaskStopCodeTaskFailedToStart
}
