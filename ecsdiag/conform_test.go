package ecsdiag

import (
	"slices"
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

// brokenByHand are the symptoms of the checks that no single message leads to.
var brokenByHand = map[diag.Code]func(*ecsfake.Client){
	"ecs.task-exited-with-error":      stops(exited("s1", ago(5*time.Minute), 3, "")),
	"ecs.task-command-not-run":        stops(exited("s1", ago(5*time.Minute), 127, "")),
	"ecs.task-segfault":               stops(exited("s1", ago(5*time.Minute), 139, "")),
	"ecs.task-crashed":                stops(exited("s1", ago(5*time.Minute), 134, "")),
	"ecs.task-terminated-unasked":     stops(exited("s1", ago(5*time.Minute), 143, "")),
	"ecs.task-exited-cleanly":         stops(exited("s1", ago(5*time.Minute), 0, "")),
	"ecs.task-exit-137-ambiguous":     stops(exited("s1", ago(5*time.Minute), 137, "")),
	"ecs.task-killed-at-stop-timeout": stops(killedWhileStopping("s1", 31*time.Second)),
	"ecs.task-stopped-unexplained": stops(stopped("s1", ago(5*time.Minute),
		types.TaskStopCodeEssentialContainerExited, "")),
	"ecs.task-host-maintenance": stops(stopped("s1", ago(5*time.Minute), types.TaskStopCodeInfrastructureHealth,
		"")),
	"ecs.deployment-stuck":            deploys(40*time.Minute, 0, 0),
	"ecs.deployment-percent-deadlock": func(c *ecsfake.Client) { c.Services[0].DeploymentConfiguration.MaximumPercent = aws.Int32(100) },
	"ecs.service-below-desired":       func(c *ecsfake.Client) { c.Services[0].RunningCount = 1 },
	"ecs.service-desired-zero":        func(c *ecsfake.Client) { c.Services[0].DesiredCount = 0 },
	"ecs.service-not-active":          func(c *ecsfake.Client) { c.Services[0].Status = aws.String("DRAINING") },
	"ecs.task-unhealthy":              func(c *ecsfake.Client) { c.Tasks[0].Containers[0].HealthStatus = types.HealthStatusUnhealthy },
	"ecs.container-stopped": func(c *ecsfake.Client) {
		c.Tasks[0].Containers = append(c.Tasks[0].Containers, types.Container{Name: aws.String("agent"),
			LastStatus: aws.String("STOPPED"), ExitCode: aws.Int32(2)})
	},
	"ecs.load-balancer-container-mismatch": func(c *ecsfake.Client) { c.Services[0].LoadBalancers[0].ContainerPort = aws.Int32(9090) },
	"ecs.service-hosts-draining": func(c *ecsfake.Client) {
		onHost(c)
		c.Services[0].RunningCount, c.ContainerInstances[0].Status = 1, aws.String("DRAINING")
	},
	"ecs.revision-cpu-cut":   cutCPU("1024", "256"),
	"ecs.grace-period-short": stops(elbKilled("s1", 8*time.Minute), elbKilled("s2", 4*time.Minute)),
	"ecs.task-pending-provisioning": func(c *ecsfake.Client) {
		onHost(c)
		pends("PROVISIONING", func(t *types.Task) {
			t.Attachments = []types.Attachment{{Type: aws.String("ElasticNetworkInterface"), Status: aws.String("PRECREATED")}}
		})(c)
	},
	"ecs.task-start-slow": func(c *ecsfake.Client) {
		for i := range c.Tasks {
			c.Tasks[i].PullStoppedAt = aws.Time(c.Tasks[i].PullStartedAt.Add(3 * time.Minute))
		}
	},
	"ecs.task-pending-pull":  pends("PENDING", func(t *types.Task) { t.PullStartedAt = t.CreatedAt }),
	"ecs.task-pending-start": pends("ACTIVATING", func(*types.Task) {}),
}

// pends adds a task that has been on its way for 20 minutes.
func pends(status string, edit func(*types.Task)) func(*ecsfake.Client) {
	return func(c *ecsfake.Client) {
		t := ecsfake.Task("prod", "api", "p1")
		t.LastStatus, t.CreatedAt = aws.String(status), aws.Time(ago(20*time.Minute))
		t.ConnectivityAt, t.PullStartedAt, t.PullStoppedAt, t.StartedAt = nil, nil, nil, nil
		t.Containers[0].LastStatus = aws.String("PENDING")
		edit(&t)
		c.Tasks = append(c.Tasks, t)
	}
}

func elbKilled(id string, before time.Duration) types.Task {
	t := stopped(id, ago(before), types.TaskStopCodeServiceSchedulerInitiated, "Task failed ELB health checks in "+
		"(target-group "+ecsfake.TargetGroupARN("api")+")")
	t.StartedAt = aws.Time(ago(before + 2*time.Minute))
	return t
}

// killedWhileStopping is a task that scaling took away and that was killed some time after.
func killedWhileStopping(id string, after time.Duration) types.Task {
	t := stopped(id, ago(5*time.Minute), types.TaskStopCodeServiceSchedulerInitiated, "Scaling activity initiated by "+
		"(deployment ecs-svc/api7)")
	t.ExecutionStoppedAt = aws.Time(t.StoppingAt.Add(after))
	t.Containers[0].ExitCode = aws.Int32(137)
	return t
}

// brokenBy finds the symptom of a check: one made by hand, or the first documented message of its causes.
func brokenBy(t *testing.T, code diag.Code) func(*ecsfake.Client) {
	t.Helper()
	if edit, ok := brokenByHand[code]; ok {
		return edit
	}
	i := slices.IndexFunc(allCauses, func(c cause) bool { return c.code == code })
	require.GreaterOrEqual(t, i, 0, "no symptom known for %s", code)
	for _, d := range documents(t) {
		if slices.Contains(allCauses[i].causes, d.cause) {
			return d.edit()
		}
	}
	require.Fail(t, "no documented message", "%s", code)
	return nil
}

func TestConformService(t *testing.T) {
	for _, check := range ServiceChecks() {
		if _, exec := execBroken[check.Code]; exec {
			continue // see TestConformExec
		}
		broken := brokenBy(t, check.Code)
		worlds := diagtest.Worlds[*Service]{Healthy: serviceWorld(), Broken: serviceWorld(broken)}
		if slices.Contains(check.Actions, sourceMetrics) {
			worlds = diagtest.Worlds[*Service]{Healthy: usageWorld(flat(30), flat(40)),
				Broken: usageWorld(flat(30), flat(40), broken)}
		}
		diagtest.Conform(t, check, worlds)
	}
}

func TestConformCluster(t *testing.T) {
	broken := map[diag.Code]func(*ecsfake.Client){
		"ecs.cluster-not-active":   func(c *ecsfake.Client) { c.Clusters[0].Status = aws.String("FAILED") },
		"ecs.cluster-no-instances": func(c *ecsfake.Client) { c.ContainerInstances[0].Status = aws.String("DRAINING") },
		"ecs.job-failed":           stops(job("j1", 5*time.Minute, 1)),
		"ecs.agent-disconnected":   func(c *ecsfake.Client) { c.ContainerInstances[0].AgentConnected = false },
		"ecs.instance-draining":    func(c *ecsfake.Client) { c.ContainerInstances[0].Status = aws.String("DRAINING") },
		"ecs.instance-impaired": func(c *ecsfake.Client) {
			c.ContainerInstances[0].HealthStatus.Details[0].Status = types.InstanceHealthCheckStateImpaired
		},
	}
	world := func(edits ...func(*ecsfake.Client)) diagtest.World[*Cluster] {
		return func() (*Cluster, []diagfake.Fake) {
			c := edited(append([]func(*ecsfake.Client){onHost, stops(job("j0", 9*time.Minute, 0))}, edits...)...)
			return NewCluster(c, "prod", testWindow), []diagfake.Fake{c}
		}
	}
	for _, check := range ClusterChecks() {
		require.Contains(t, broken, check.Code)
		diagtest.Conform(t, check, diagtest.Worlds[*Cluster]{Healthy: world(), Broken: world(broken[check.Code])})
	}
}

// onHost makes the service one of EC2.
func onHost(c *ecsfake.Client) {
	c.Services[0].LaunchType = types.LaunchTypeEc2
	c.Services[0].Deployments[0].LaunchType = types.LaunchTypeEc2
}

func TestConformTask(t *testing.T) {
	world := func(edit func(*types.Task)) diagtest.World[*Task] {
		return func() (*Task, []diagfake.Fake) {
			c := edited(func(c *ecsfake.Client) { edit(&c.Tasks[0]) })
			return NewTask(c, "prod", "t1", testWindow), []diagfake.Fake{c}
		}
	}
	for _, check := range TaskChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*Task]{Healthy: world(func(*types.Task) {}),
			Broken: world(func(x *types.Task) {
				*x = exited("t1", ago(time.Minute), 2, "")
			})})
	}
}

func TestConformTaskDefinition(t *testing.T) {
	world := func(edit func(*types.TaskDefinition)) diagtest.World[*TaskDefinition] {
		return func() (*TaskDefinition, []diagfake.Fake) {
			c := edited(func(c *ecsfake.Client) { edit(&c.TaskDefinitions[0]) })
			return NewTaskDefinition(c, "api:7"), []diagfake.Fake{c}
		}
	}
	for _, check := range TaskDefinitionChecks() {
		require.Contains(t, definitionEdits, check.Code)
		diagtest.Conform(t, check, diagtest.Worlds[*TaskDefinition]{
			Healthy: world(func(*types.TaskDefinition) {}), Broken: world(definitionEdits[check.Code])})
	}
}

func TestCatalogue(t *testing.T) {
	plan := diag.Join(diag.On(serviceOf(healthy()), ServiceChecks()...),
		diag.On(serviceOf(healthy()), ExecChecks()...), diag.On(serviceOf(healthy()), UsageChecks()...),
		diag.On(NewCluster(healthy(), "prod",
			testWindow), ClusterChecks()...),
		diag.On(NewTask(healthy(), "prod", "t1", testWindow), TaskChecks()...), diag.On(NewTaskDefinition(healthy(),
			"api:7"), TaskDefinitionChecks()...))
	infos := plan.Infos()
	require.NoError(t, diag.Validate(infos...))
	assert.Len(t, infos, len(ServiceChecks())+len(ExecChecks())+len(UsageChecks())+len(ClusterChecks())+len(TaskChecks())+
		len(TaskDefinitionChecks()),
		"a code stands twice")
	for _, i := range infos {
		assert.NotEmpty(t, i.Source, i.Code)
		assert.NotContains(t, i.Title, ".", i.Code)
		if i.Severity == diag.SeverityError {
			assert.NotEmpty(t, i.Breaks, "%s is an error, and nothing does not work", i.Code)
		}
	}
}

func TestReadOnly(t *testing.T) {
	diagtest.ReadOnly[ServiceAPI](t)
	diagtest.ReadOnly[ClusterAPI](t)
	diagtest.ReadOnly[DirectoryAPI](t)
	diagtest.ReadOnly[DeploymentAPI](t)
	diagtest.ReadOnly[TaskAPI](t)
	diagtest.ReadOnly[TaskDefinitionAPI](t)
}
