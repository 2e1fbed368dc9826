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

func TestDeploymentStuck(t *testing.T) {
	bakes := func(c *ecsfake.Client) { c.Services[0].DeploymentConfiguration.BakeTimeInMinutes = aws.Int32(30) }
	twice := stops(exited("s1", ago(4*time.Minute), 1, ""), exited("s2", ago(3*time.Minute), 1, ""))
	for _, c := range []struct {
		name  string
		edits []func(*ecsfake.Client)
		since time.Time // zero if it is not stuck
	}{
		{"young and well", []func(*ecsfake.Client){deploys(8*time.Minute, 1, 0)}, time.Time{}},
		{"young, one task failed", []func(*ecsfake.Client){deploys(8*time.Minute, 1, 1)}, time.Time{}},
		{"several tasks failed", []func(*ecsfake.Client){deploys(8*time.Minute, 0, 4)}, ago(5 * time.Minute)},
		{"several tasks failed, of which ECS still knows two", []func(*ecsfake.Client){deploys(8*time.Minute, 0, 4), twice},
			ago(4 * time.Minute)},
		{"only just begun", []func(*ecsfake.Client){deploys(2*time.Minute, 0, 4)}, time.Time{}},
		{"long and silent", []func(*ecsfake.Client){deploys(40*time.Minute, 2, 0)}, ago(10 * time.Minute)},
		{"long, but baking", []func(*ecsfake.Client){deploys(40*time.Minute, 2, 0), bakes}, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, serviceOf(edited(c.edits...)), DeploymentStuck)
			if c.since.IsZero() {
				diagtest.Want(t, report)
				return
			}
			assert.Equal(t, c.since, diagtest.Only(t, report, "ecs.deployment-stuck").Since)
		})
	}
}

func TestDeploymentStuckTellsWhatChanged(t *testing.T) {
	change := func(c *ecsfake.Client) {
		c.TaskDefinitions[0].ContainerDefinitions[0].Memory = aws.Int32(256)
		c.TaskDefinitions[0].ContainerDefinitions[0].Environment = []types.KeyValuePair{{Name: aws.String("TOKEN"),
			Value: aws.String("s3cret")}}
	}
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(deploys(40*time.Minute, 1, 5), change)), DeploymentStuck),
		"ecs.deployment-stuck")
	assert.Equal(t, "deployment of prod/api to api:7 is in progress for 40 min and does not get on: 1 of 2 tasks run, 5 "+
		"failed", f.Summary)
	text := tell(f)
	assert.Contains(t, text, "container api: image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:v6 -> "+
		"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:v7")
	assert.Contains(t, text, "container api: memory added: 256")
	assert.Contains(t, text, "environment variable TOKEN added")
	assert.NotContains(t, text, "s3cret")
	assert.Contains(t, text, "the deployment before still runs 2 of 2 tasks of api:6")
}

func TestDeploymentOutcomes(t *testing.T) {
	failed := func(c *ecsfake.Client) {
		d := &c.Services[0].Deployments[0]
		d.RolloutState, d.UpdatedAt = types.DeploymentRolloutStateFailed, aws.Time(ago(9*time.Minute))
		d.RolloutStateReason = aws.String("ECS deployment circuit breaker: tasks failed to start.")
	}
	rolledBack := tells(map[time.Duration]string{
		20 * time.Minute: "(deployment ecs-svc/api8) deployment failed: tasks failed to start.",
		19 * time.Minute: "rolling back to deployment ecs-svc/api7.",
		10 * time.Minute: steadyText,
	})
	report := diagtest.Run(t, serviceOf(edited(deploys(30*time.Minute, 0, 0), failed)), ServiceChecks()...)
	f := diagtest.Only(t, report, "ecs.deployment-failed")
	assert.Equal(t, ago(9*time.Minute), f.Since)
	assert.Equal(t, diag.SeverityError, f.Severity)

	report = diagtest.Run(t, serviceOf(edited(rolledBack)), ServiceChecks()...)
	diagtest.Want(t, report, "ecs.deployment-failed", "ecs.deployment-rolled-back")
	assert.Equal(t, diag.SeverityWarning, diagtest.Only(t, report, "ecs.deployment-failed").Severity,
		"all tasks run, of the earlier revision")
}

// TestEveryRolloutState holds that each state is either well or told of.
func TestEveryRolloutState(t *testing.T) {
	for _, state := range types.DeploymentRolloutState("").Values() {
		c := edited(deploys(2*time.Hour, 0, 0), func(c *ecsfake.Client) {
			c.Services[0].Deployments[0].RolloutState, c.Services[0].Deployments[0].RolloutStateReason = state, nil
		})
		report := diagtest.Run(t, serviceOf(c), ServiceChecks()...)
		well := state == types.DeploymentRolloutStateCompleted || state == "STOPPED" || state == "PENDING"
		assert.Equal(t, well, len(report.Findings) == 0, "%s: %v", state, report.Findings)
	}
}

func TestDeploymentPercentDeadlock(t *testing.T) {
	for _, c := range []struct {
		name           string
		desired        int32
		least, most    int32
		daemon, locked bool
	}{
		{"the defaults", 2, 100, 200, false, false},
		{"nothing may go or come", 2, 100, 100, false, true},
		{"one may go", 2, 50, 100, false, false},
		{"half of one is one", 1, 50, 100, false, true},
		{"a third of three more is one more", 3, 100, 134, false, false},
		{"a third of two more is none", 2, 100, 133, false, true},
		{"no tasks wanted", 0, 100, 100, false, false},
		{"a daemon has its own rules", 2, 100, 100, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := edited(func(x *ecsfake.Client) {
				s := &x.Services[0]
				s.DesiredCount = c.desired
				s.DeploymentConfiguration.MinimumHealthyPercent, s.DeploymentConfiguration.MaximumPercent = aws.Int32(c.least),
					aws.Int32(c.most)
				if c.daemon {
					s.SchedulingStrategy = types.SchedulingStrategyDaemon
				}
			})
			report := diagtest.Run(t, serviceOf(client), DeploymentPercentDeadlock)
			assert.Equal(t, c.locked, len(report.Findings) == 1)
			for _, f := range report.Findings {
				assert.Equal(t, diag.SeverityInfo, f.Severity, "nothing is being deployed")
			}
		})
	}
}

func TestDeploymentPercentDeadlockUnderWay(t *testing.T) {
	locked := func(c *ecsfake.Client) { c.Services[0].DeploymentConfiguration.MaximumPercent = aws.Int32(100) }
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(deploys(10*time.Minute, 0, 0), locked)),
		DeploymentPercentDeadlock), "ecs.deployment-percent-deadlock")
	assert.Equal(t, diag.SeverityError, f.Severity)
	assert.Equal(t, "no deployment of prod/api can replace a task: of 2 tasks at least 2 must stay and at most 2 may "+
		"run", f.Summary)
}

// TestRolledBackRevisionIsCompared: once ECS went back, what the failed revision changed is told from its tasks.
func TestRolledBackRevisionIsCompared(t *testing.T) {
	task := exited("s1", ago(10*time.Minute), 1, "")
	task.StartedBy, task.TaskDefinitionArn = aws.String("ecs-svc/api8"), aws.String(ecsfake.ARN("task-definition/api:8"))
	newer := func(c *ecsfake.Client) {
		c.TaskDefinitions = append(c.TaskDefinitions, ecsfake.TaskDefinition("api", 8))
		c.TaskDefinitions[2].ContainerDefinitions[0].Command = []string{"serve", "--new"}
	}
	gone := tells(map[time.Duration]string{8 * time.Minute: "(deployment ecs-svc/api8) deployment failed: tasks failed " +
		"to start."})
	listed := func(c *ecsfake.Client) {
		c.Services[0].Deployments = append(c.Services[0].Deployments, types.Deployment{Id: aws.String("ecs-svc/api8"),
			Status: aws.String("ACTIVE"), TaskDefinition: task.TaskDefinitionArn,
			RolloutState: types.DeploymentRolloutStateFailed})
	}
	for name, edit := range map[string]func(*ecsfake.Client){"no longer listed": gone, "still listed": listed} {
		report := diagtest.Run(t, serviceOf(edited(edit, newer, stops(task))), ServiceChecks()...)
		assert.Contains(t, tell(diagtest.Only(t, report, "ecs.task-exited-with-error")), "container api: command added: "+
			"serve --new", name)
	}
}
