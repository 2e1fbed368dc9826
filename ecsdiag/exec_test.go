package ecsdiag

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// agentIs enables ECS Exec and gives the agents of all tasks a state.
func agentIs(status string) func(*ecsfake.Client) {
	return func(c *ecsfake.Client) {
		c.Services[0].EnableExecuteCommand = true
		for i := range c.TaskDefinitions {
			c.TaskDefinitions[i].ContainerDefinitions[0].LinuxParameters = &types.LinuxParameters{
				InitProcessEnabled: aws.Bool(true)}
		}
		for i := range c.Tasks {
			t := &c.Tasks[i]
			t.EnableExecuteCommand, t.PlatformVersion = true, aws.String("1.4.0")
			t.Containers[0].ManagedAgents = []types.ManagedAgent{{Name: types.ManagedAgentNameExecuteCommandAgent,
				LastStatus: aws.String(status), LastStartedAt: t.StartedAt}}
		}
	}
}

var agentUp, agentDown = agentIs("RUNNING"), agentIs("STOPPED")

// definition changes the revision that runs.
func definition(edit func(*types.TaskDefinition, *types.ContainerDefinition)) func(*ecsfake.Client) {
	return func(c *ecsfake.Client) { edit(&c.TaskDefinitions[0], &c.TaskDefinitions[0].ContainerDefinitions[0]) }
}

func onOldHost(c *ecsfake.Client) {
	onHost(c)
	c.ContainerInstances[0].VersionInfo.AgentVersion = aws.String("1.49.0")
	for i := range c.Tasks {
		c.Tasks[i].LaunchType, c.Tasks[i].PlatformVersion = types.LaunchTypeEc2, nil
		c.Tasks[i].ContainerInstanceArn = c.ContainerInstances[0].ContainerInstanceArn
	}
}

func readOnly(_ *types.TaskDefinition, c *types.ContainerDefinition) {
	c.ReadonlyRootFilesystem = aws.Bool(true)
}

func keys(_ *types.TaskDefinition, c *types.ContainerDefinition) {
	c.Environment = append(c.Environment, types.KeyValuePair{Name: aws.String("AWS_ACCESS_KEY_ID"),
		Value: aws.String("AKIAIOSFODNN7EXAMPLE")})
}

// execBroken are the symptoms of the checks on ECS Exec.
var execBroken = map[diag.Code][]func(*ecsfake.Client){
	"ecs.exec-agent-stopped": {agentDown},
	"ecs.exec-task-not-enabled": {agentUp, func(c *ecsfake.Client) {
		c.Tasks[1].EnableExecuteCommand = false
	}},
	"ecs.exec-platform-too-old": {
		agentDown,
		func(c *ecsfake.Client) { c.Tasks[0].PlatformVersion = aws.String("1.3.0") },
	},
	"ecs.exec-host-agent-too-old": {agentDown, onOldHost},
	"ecs.exec-read-only-root":     {agentDown, definition(readOnly)},
	"ecs.exec-no-task-role": {agentDown, definition(func(td *types.TaskDefinition, _ *types.ContainerDefinition) {
		td.TaskRoleArn = nil
	})},
	"ecs.exec-credentials-in-environment": {agentDown, definition(keys)},
	"ecs.exec-not-enabled":                {},
	"ecs.exec-no-running-task":            {agentUp, func(c *ecsfake.Client) { c.Tasks = nil }},
	"ecs.exec-agent-missing": {agentUp, func(c *ecsfake.Client) {
		c.Tasks[0].Containers[0].ManagedAgents = nil
	}},
	"ecs.exec-shared-pid-namespace": {agentUp, definition(func(td *types.TaskDefinition, _ *types.ContainerDefinition) {
		td.PidMode = types.PidModeTask
	})},
	"ecs.exec-no-init-process": {agentUp, definition(func(_ *types.TaskDefinition, c *types.ContainerDefinition) {
		c.LinuxParameters = nil
	})},
}

func TestConformExec(t *testing.T) {
	healthy := serviceWorld(agentUp)
	for _, check := range append(ExecChecks(), fromExec...) {
		require.Contains(t, execBroken, check.Code)
		diagtest.Conform(t, check, diagtest.Worlds[*Service]{Healthy: healthy,
			Broken: serviceWorld(execBroken[check.Code]...)})
	}
}

// TestExecIsJudgedByItsAgent: a setting that is known to be in the way is none where the agent runs.
func TestExecIsJudgedByItsAgent(t *testing.T) {
	for _, edit := range []func(*ecsfake.Client){
		definition(readOnly), definition(keys),
		definition(func(td *types.TaskDefinition, _ *types.ContainerDefinition) { td.TaskRoleArn = nil }),
		func(c *ecsfake.Client) { c.Tasks[0].PlatformVersion = aws.String("1.3.0") },
		func(c *ecsfake.Client) { c.Services[0].PlatformVersion = aws.String("LATEST") },
		onOldHost,
	} {
		report := diagtest.Run(t, serviceOf(edited(agentUp, edit)), append(ExecChecks(), fromExec...)...)
		assert.Empty(t, report.Findings)
	}
}

func TestExecIsNobodysBusinessWhereItIsOff(t *testing.T) {
	report := diagtest.Run(t, serviceOf(edited(definition(readOnly), definition(keys))), fromExec...)
	assert.Empty(t, report.Findings)
}

// TestExecSettingsExplainTheStoppedAgent: what is known to stop the agent comes first.
func TestExecSettingsExplainTheStoppedAgent(t *testing.T) {
	for _, code := range []diag.Code{"ecs.exec-platform-too-old", "ecs.exec-host-agent-too-old",
		"ecs.exec-read-only-root", "ecs.exec-no-task-role", "ecs.exec-credentials-in-environment"} {
		report := diagtest.Run(t, serviceOf(edited(execBroken[code]...)), ServiceChecks()...)
		require.Len(t, report.Roots(), 1, code)
		assert.Equal(t, code, report.Roots()[0].Code)
		assert.Equal(t, diag.Code("ecs.exec-agent-stopped"), report.Roots()[0].Explains[0].Code)
	}
}

func TestExecAgentsThatAreNoTrouble(t *testing.T) {
	for _, c := range []struct {
		name  string
		edits []func(*ecsfake.Client)
	}{
		{"young task", []func(*ecsfake.Client){agentIs("PENDING"), func(c *ecsfake.Client) {
			for i := range c.Tasks {
				c.Tasks[i].StartedAt = aws.Time(ago(time.Minute))
			}
		}}},
		{"one agent for a shared process namespace", []func(*ecsfake.Client){agentUp,
			definition(func(td *types.TaskDefinition, _ *types.ContainerDefinition) { td.PidMode = types.PidModeTask }),
			func(c *ecsfake.Client) {
				second := c.Tasks[0].Containers[0]
				second.Name = aws.String("proxy")
				second.ManagedAgents = []types.ManagedAgent{{Name: types.ManagedAgentNameExecuteCommandAgent,
					LastStatus: aws.String("STOPPED")}}
				c.Tasks[0].Containers = append(c.Tasks[0].Containers, second)
			}}},
		{"container that has ended", []func(*ecsfake.Client){agentDown, func(c *ecsfake.Client) {
			for i := range c.Tasks {
				c.Tasks[i].Containers[0].LastStatus = aws.String("STOPPED")
			}
		}}},
		{"writable mount for the agent", []func(*ecsfake.Client){agentUp, definition(readOnly)}},
	} {
		report := diagtest.Run(t, serviceOf(edited(c.edits...)), fromExec...)
		assert.Empty(t, report.Findings, c.name)
	}
}

// TestExecOfASidecar: a task that can be entered by another container is not closed.
func TestExecOfASidecar(t *testing.T) {
	c := edited(agentUp, func(c *ecsfake.Client) {
		sidecar := c.Tasks[0].Containers[0]
		sidecar.Name = aws.String("proxy")
		sidecar.ManagedAgents = []types.ManagedAgent{{Name: types.ManagedAgentNameExecuteCommandAgent,
			LastStatus: aws.String("STOPPED"), Reason: aws.String("Received Container Stopped event")}}
		c.Tasks[0].Containers = append(c.Tasks[0].Containers, sidecar)
	})
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(c), fromExec...), "ecs.exec-agent-stopped")
	assert.Equal(t, diag.SeverityWarning, f.Severity)
	assert.Contains(t, f.Evidence[0].Field, "containers[proxy]")
	assert.Contains(t, f.Summary, "Received Container Stopped event")
}

func TestExecReadOnlyRootWithMounts(t *testing.T) {
	mounted := definition(func(_ *types.TaskDefinition, c *types.ContainerDefinition) {
		c.ReadonlyRootFilesystem = aws.Bool(true)
		c.MountPoints = []types.MountPoint{{ContainerPath: aws.String("/var/lib/amazon/ssm")},
			{ContainerPath: aws.String("/var/log/amazon/ssm")}}
	})
	report := diagtest.Run(t, serviceOf(edited(agentDown, mounted)), ServiceChecks()...)
	f := diagtest.Only(t, report, "ecs.exec-agent-stopped")
	assert.Contains(t, f.Summary, "STOPPED in 2 of 2 running tasks")
}

// TestExecSurvivesADeployment: tasks that are being replaced may be without.
func TestExecSurvivesADeployment(t *testing.T) {
	c := edited(agentUp, deploys(2*time.Minute, 1, 0))
	c.Tasks[1].StartedBy, c.Tasks[1].EnableExecuteCommand = aws.String("ecs-svc/api6"), false
	assert.Empty(t, diagtest.Run(t, serviceOf(c), fromExec...).Findings)
	c.Tasks[1].StartedBy = aws.String("ecs-svc/api7")
	diagtest.Only(t, diagtest.Run(t, serviceOf(c), fromExec...), "ecs.exec-task-not-enabled")
}

func TestExecOfTheHosts(t *testing.T) {
	c := edited(agentDown, onOldHost)
	c.Deny("ecs:DescribeContainerInstances")
	report := diagtest.Run(t, serviceOf(c), fromExec...)
	require.Error(t, report.Err(), "an agent version that could not be seen is no green light")
	fargate := edited(agentDown)
	diagtest.Run(t, serviceOf(fargate), fromExec...)
	assert.Zero(t, count(fargate.Calls())["ecs:ListContainerInstances"], "Fargate has no hosts to ask about")
}

func TestExecNeeds(t *testing.T) {
	td := ecsfake.TaskDefinition("api", 7)
	plain := ExecNeedsOf(&td, nil)
	assert.Equal(t, []string{"ssmmessages"}, plain.Endpoints)
	assert.True(t, strings.HasSuffix(plain.TaskRole, "role/api-task"))
	assert.Len(t, plain.Actions, 4)
	c := edited(func(c *ecsfake.Client) {
		c.Clusters[0].Configuration = &types.ClusterConfiguration{
			ExecuteCommandConfiguration: &types.ExecuteCommandConfiguration{
				KmsKeyId: aws.String("alias/exec"), Logging: types.ExecuteCommandLoggingOverride,
				LogConfiguration: &types.ExecuteCommandLogConfiguration{CloudWatchLogGroupName: aws.String("/exec"),
					S3BucketName: aws.String("sessions"), S3EncryptionEnabled: true}},
		}
	})
	cluster, err := NewCluster(c, "prod", testWindow).Describe(t.Context())
	require.NoError(t, err)
	n := ExecNeedsOf(&td, cluster)
	assert.Equal(t, []string{"ssmmessages", "kms", "logs", "s3"}, n.Endpoints)
	assert.Equal(t, []string{"alias/exec", "/exec", "sessions"}, []string{n.KMSKey, n.LogGroup, n.Bucket})
	for _, a := range []string{"kms:Decrypt", "logs:PutLogEvents", "s3:PutObject", "s3:GetEncryptionConfiguration"} {
		assert.Contains(t, n.Actions, a)
	}
	cluster.Configuration.ExecuteCommandConfiguration.Logging = types.ExecuteCommandLoggingDefault
	assert.Equal(
		t,
		[]string{"ssmmessages", "kms"},
		ExecNeedsOf(nil, cluster).Endpoints,
		"only OVERRIDE sends elsewhere",
	)
}

func TestOlder(t *testing.T) {
	for _, c := range []struct {
		version, floor string
		want           bool
	}{
		{"1.3.0", "1.4.0", true}, {"1.4.0", "1.4.0", false}, {"1.10.0", "1.4.0", false}, {"1.50.1", "1.50.2", true},
		{"1.50.10", "1.50.2", false}, {"LATEST", "1.4.0", false}, {"", "1.4.0", false}, {"1.4", "1.4.0", false},
		{"v1.49.9", "1.50.2", true}, {"1", "1.0.0", false},
	} {
		assert.Equal(t, c.want, older(c.version, c.floor), c.version)
	}
}

var _ diagfake.Fake = (*ecsfake.Client)(nil)
