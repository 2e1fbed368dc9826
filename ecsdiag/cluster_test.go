package ecsdiag

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

func TestAgentDisconnected(t *testing.T) {
	since := ago(25 * time.Minute)
	c := edited(onHost, func(c *ecsfake.Client) {
		i := &c.ContainerInstances[0]
		i.AgentConnected, i.RunningTasksCount = false, 2
		i.HealthStatus.Details = append(i.HealthStatus.Details,
			types.InstanceHealthCheckResult{Type: types.InstanceHealthCheckTypeAgentConnectivity,
				Status: types.InstanceHealthCheckStateImpaired, LastStatusChange: aws.Time(since)})
	})
	report := diagtest.Run(t, NewCluster(c, "prod", testWindow), ClusterChecks()...)
	diagtest.Want(t, report, "ecs.agent-disconnected")
	f := report.Findings[0]
	assert.Equal(t, diag.Resource{Type: "AWS::EC2::Instance", ID: "i-c1", Account: "111122223333", Region: "eu-west-1"},
		f.Resource)
	assert.Equal(t, "i-c1 of cluster prod: its container agent is disconnected, 2 tasks on it", f.Summary)
	assert.Equal(t, since, f.Since)
}

func TestEveryInstanceHealthCheckIsNamed(t *testing.T) {
	for _, kind := range types.InstanceHealthCheckType("").Values() {
		assert.Contains(t, healthChecks, kind)
	}
	for _, state := range types.InstanceHealthCheckState("").Values() {
		what, _ := impaired(types.ContainerInstance{HealthStatus: &types.ContainerInstanceHealthStatus{Details: []types.InstanceHealthCheckResult{
			{Type: types.InstanceHealthCheckTypeDaemon, Status: state}}}})
		assert.Equal(t, state == types.InstanceHealthCheckStateImpaired, what != "", "%s", state)
	}
}

func TestClusterNoInstances(t *testing.T) {
	none := func(c *ecsfake.Client) { c.ContainerInstances = nil }
	report := diagtest.Run(t, NewCluster(edited(onHost, none), "prod", testWindow), ClusterChecks()...)
	f := diagtest.Only(t, report, "ecs.cluster-no-instances")
	assert.Equal(t, "cluster prod has no active container instance, but 1 of its services run on EC2 (api)", f.Summary)
	diagtest.Want(t, diagtest.Run(t, NewCluster(edited(none), "prod", testWindow), ClusterChecks()...))
}

func TestOnEC2(t *testing.T) {
	strategy := func(names ...string) types.Service {
		return types.Service{CapacityProviderStrategy: mapped(names, func(n string) types.CapacityProviderStrategyItem {
			return types.CapacityProviderStrategyItem{CapacityProvider: aws.String(n)}
		})}
	}
	for _, c := range []struct {
		name string
		svc  types.Service
		want bool
	}{
		{"launch type EC2", types.Service{LaunchType: types.LaunchTypeEc2}, true},
		{"launch type FARGATE", types.Service{LaunchType: types.LaunchTypeFargate}, false},
		{"launch type EXTERNAL", types.Service{LaunchType: types.LaunchTypeExternal}, false},
		{"Fargate capacity providers", strategy("FARGATE", "FARGATE_SPOT"), false},
		{"an Auto Scaling group's", strategy("my-asg"), true},
	} {
		assert.Equal(t, c.want, onEC2(&c.svc), c.name)
	}
}

func TestStandaloneTask(t *testing.T) {
	job := func(edit func(*types.Task)) *Task {
		c := edited(func(c *ecsfake.Client) {
			edit(&c.Tasks[0])
			c.Tasks[0].Group = aws.String("family:nightly")
		})
		return NewTask(c, "prod", "t1", testWindow)
	}
	for _, c := range []struct {
		name string
		edit func(*types.Task)
		want string // the summary, or "" for no finding
	}{
		{"running", func(*types.Task) {}, ""},
		{"a job that ended well", func(x *types.Task) { *x = exited("t1", ago(time.Minute), 0, "") }, ""},
		{"stopped by somebody", func(x *types.Task) {
			*x = stopped("t1", ago(time.Minute), types.TaskStopCodeUserInitiated, "not needed")
		}, ""},
		{"ended with an error", func(x *types.Task) { *x = exited("t1", ago(time.Minute), 2, "") },
			"task t1 of api:7 failed: container api exited with code 2 (wrong usage: bad arguments of a program or shell " +
				"builtin)"},
		{"killed for memory", func(x *types.Task) {
			*x = exited("t1", ago(time.Minute), 137, "OutOfMemoryError: Container killed due to memory usage")
		},
			"task t1 of api:7 failed: container killed for memory"},
		{"did not start", func(x *types.Task) {
			*x = stopped("t1", ago(time.Minute), types.TaskStopCodeTaskFailedToStart, "CannotPullContainerError: pull image "+
				"manifest has been retried 1 time(s): failed to resolve ref a/b:1: not found")
		}, "task t1 of api:7 failed: image does not exist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, job(c.edit), TaskChecks()...)
			assert.NoError(t, report.Err())
			if c.want == "" {
				assert.Empty(t, report.Findings)
				return
			}
			assert.Equal(t, c.want, diagtest.Only(t, report, "ecs.standalone-task-failed").Summary)
		})
	}
}

// job is a task of no service that ended with an exit code.
func job(id string, before time.Duration, code int32) types.Task {
	t := exited(id, ago(before), code, "")
	t.Group, t.StartedBy = aws.String("family:api"), aws.String("events-rule/nightly")
	return t
}

func TestJobFailed(t *testing.T) {
	other := job("o1", 8*time.Minute, 2)
	other.TaskDefinitionArn = aws.String(ecsfake.ARN("task-definition/api:6"))
	stoppedByHand := stopped("j9", ago(time.Minute), types.TaskStopCodeUserInitiated, "enough")
	stoppedByHand.Group = aws.String("family:api")
	for _, c := range []struct {
		name string
		jobs []types.Task
		want string // the summary, or "" for no finding
	}{
		{"ended well", []types.Task{job("j1", 5*time.Minute, 0)}, ""},
		{"ended with an error", []types.Task{job("j1", 5*time.Minute, 3)},
			"1 of the last 1 runs of api:7 in cluster prod failed: container api exited with code 3 (the program's own exit " +
				"code 3); at 11:55 UTC"},
		{"ended with an error, then well", []types.Task{job("j1", 5*time.Minute, 3), job("j2", 2*time.Minute, 0)}, ""},
		{"ended well, then with an error, over two revisions", []types.Task{job("j1", 9*time.Minute, 0), other, job("j2",
			5*time.Minute, 3)},
			"2 of the last 3 runs of api:7 in cluster prod failed: container api exited with code 3 (the program's own exit " +
				"code 3); 11:52 to 11:55 UTC"},
		{"stopped by hand", []types.Task{stoppedByHand}, ""},
		{"before the window", []types.Task{job("j1", 5*time.Hour, 3)}, ""},
		{"of a service", []types.Task{exited("s1", ago(5*time.Minute), 3, "")}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, NewCluster(edited(stops(c.jobs...)), "prod", testWindow), JobFailed)
			assert.NoError(t, report.Err())
			if c.want == "" {
				assert.Empty(t, report.Findings)
				return
			}
			assert.Equal(t, c.want, diagtest.Only(t, report, "ecs.job-failed").Summary)
		})
	}
}
