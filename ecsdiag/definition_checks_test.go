package ecsdiag

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// definitionEdits are the symptoms of the checks on task definitions.
var definitionEdits = map[diag.Code]func(*types.TaskDefinition){
	"ecs.definition-fargate-size-invalid": func(d *types.TaskDefinition) { d.Memory = aws.String("5120") },
	"ecs.definition-host-port-mismatch": func(d *types.TaskDefinition) {
		d.ContainerDefinitions[0].PortMappings[0].HostPort = aws.Int32(80)
	},
	"ecs.definition-no-essential-container": func(d *types.TaskDefinition) { d.ContainerDefinitions[0].Essential = aws.Bool(false) },
	"ecs.definition-dependency-impossible": func(d *types.TaskDefinition) {
		d.ContainerDefinitions[0].DependsOn = []types.ContainerDependency{{ContainerName: aws.String("db"),
			Condition: types.ContainerConditionStart}}
	},
	"ecs.definition-stop-timeout-invalid": func(d *types.TaskDefinition) { d.ContainerDefinitions[0].StopTimeout = aws.Int32(300) },
	"ecs.definition-health-check-overlaps": func(d *types.TaskDefinition) {
		d.ContainerDefinitions[0].HealthCheck = &types.HealthCheck{Timeout: aws.Int32(10), Interval: aws.Int32(10)}
	},
	"ecs.definition-logs-lost": func(d *types.TaskDefinition) { d.ContainerDefinitions[0].LogConfiguration = nil },
	"ecs.definition-secret-other-region": func(d *types.TaskDefinition) {
		d.ContainerDefinitions[0].Secrets = []types.Secret{{Name: aws.String("TOKEN"),
			ValueFrom: aws.String("arn:aws:ssm:us-east-1:111122223333:parameter/shop/token")}}
	},
	"ecs.definition-log-buffer-small": func(d *types.TaskDefinition) {
		o := d.ContainerDefinitions[0].LogConfiguration.Options
		o["mode"], o["max-buffer-size"] = "non-blocking", "1m"
	},
	"ecs.definition-log-blocking": func(d *types.TaskDefinition) {
		d.ContainerDefinitions[0].LogConfiguration.Options["mode"] = "blocking"
	},
	"ecs.definition-log-router-missing": func(d *types.TaskDefinition) {
		d.ContainerDefinitions[0].LogConfiguration.LogDriver = types.LogDriverAwsfirelens
	},
	"ecs.definition-log-prefix-missing": func(d *types.TaskDefinition) {
		delete(d.ContainerDefinitions[0].LogConfiguration.Options, "awslogs-stream-prefix")
	},
	"ecs.definition-inactive": func(d *types.TaskDefinition) { d.Status = types.TaskDefinitionStatusInactive },
	"ecs.definition-static-credentials": func(d *types.TaskDefinition) {
		d.ContainerDefinitions[0].Environment = []types.KeyValuePair{{Name: aws.String("AWS_SECRET_ACCESS_KEY"),
			Value: aws.String("hidden")}}
	},
	"ecs.definition-read-only-root": func(d *types.TaskDefinition) { d.ContainerDefinitions[0].ReadonlyRootFilesystem = aws.Bool(true) },
}

// container makes a container definition that waits for others.
func container(name string, essential bool, waits ...types.ContainerDependency) types.ContainerDefinition {
	return types.ContainerDefinition{Name: aws.String(name), Essential: aws.Bool(essential), DependsOn: waits}
}

func waitsFor(name string, condition types.ContainerCondition) types.ContainerDependency {
	return types.ContainerDependency{ContainerName: aws.String(name), Condition: condition}
}

func TestImpossibleDependencies(t *testing.T) {
	checked := container("app", true)
	checked.HealthCheck = &types.HealthCheck{Command: []string{"CMD", "true"}}
	for _, c := range []struct {
		name       string
		containers []types.ContainerDefinition
		want       string
	}{
		{"start of another", []types.ContainerDefinition{container("a", true, waitsFor("b", types.ContainerConditionStart)),
			container("b", true)}, ""},
		{"end of a set-up step", []types.ContainerDefinition{container("a", true, waitsFor("b",
			types.ContainerConditionSuccess)), container("b", false)}, ""},
		{"end of an essential one", []types.ContainerDefinition{container("a", true, waitsFor("b",
			types.ContainerConditionComplete)), container("b", true)},
			"container a waits for b, whose end would end the task, since it is essential"},
		{"health of one with a check", []types.ContainerDefinition{container("a", true, waitsFor("app",
			types.ContainerConditionHealthy)), checked}, ""},
		{"health of one without", []types.ContainerDefinition{container("a", true, waitsFor("b",
			types.ContainerConditionHealthy)), container("b", false)},
			"container a waits for b, which has no health check to become healthy by"},
		{"one that is not there", []types.ContainerDefinition{container("a", true, waitsFor("z",
			types.ContainerConditionStart))},
			"container a waits for z, which does not exist"},
		{"a circle", []types.ContainerDefinition{container("a", true, waitsFor("b", types.ContainerConditionStart)),
			container("b", false, waitsFor("a", types.ContainerConditionStart))},
			"container a waits for itself in a circle"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := impossibleDependencies(&types.TaskDefinition{ContainerDefinitions: c.containers})
			if c.want == "" {
				assert.Empty(t, found)
			} else if assert.NotEmpty(t, found) {
				assert.Equal(t, c.want, found[0].what)
			}
		})
	}
	for _, condition := range types.ContainerCondition("").Values() {
		d := &types.TaskDefinition{ContainerDefinitions: []types.ContainerDefinition{container("a", true, waitsFor("b",
			condition)), container("b", true)}}
		found := impossibleDependencies(d)
		assert.Equal(t, condition == types.ContainerConditionStart, len(found) == 0, "a condition that the check does not "+
			"know: %s", condition)
	}
}

func TestFargateSizes(t *testing.T) {
	for _, c := range []struct {
		cpu, memory string
		ok          bool
	}{
		{"256", "512", true}, {"256", "1024", true}, {"256", "1536", false}, {"256", "4096", false}, {"512", "1024", true},
		{"512", "512", false},
		{"1024", "8192", true}, {"1024", "9216", false}, {"4096", "30720", true}, {"8192", "20480", true}, {"8192", "21504",
			false},
		{"16384", "122880", true}, {"300", "1024", false},
	} {
		td := ecsfake.TaskDefinition("api", 7)
		td.Cpu, td.Memory = aws.String(c.cpu), aws.String(c.memory)
		assert.Equal(t, c.ok, len(fargateSize(&td)) == 0, "%s CPU units with %s MiB", c.cpu, c.memory)
	}
	td := ecsfake.TaskDefinition("api", 7)
	td.RequiresCompatibilities, td.Memory = []types.Compatibility{types.CompatibilityEc2}, aws.String("777")
	assert.Empty(t, fargateSize(&td), "EC2 has no fixed sizes")
}

func TestDefinitionFindingNamesEveryFault(t *testing.T) {
	c := edited(func(c *ecsfake.Client) {
		c.TaskDefinitions[0].ContainerDefinitions[0].LogConfiguration = nil
		c.TaskDefinitions[0].ContainerDefinitions = append(c.TaskDefinitions[0].ContainerDefinitions, container("envoy",
			false))
	})
	f := diagtest.Only(t, diagtest.Run(t, NewTaskDefinition(c, "api:7"), TaskDefinitionChecks()...),
		"ecs.definition-logs-lost")
	assert.Equal(t, "task definition api:7: container api has no log configuration; container envoy has no log "+
		"configuration", f.Summary)
	assert.Equal(t, ecsfake.ARN("task-definition/api:7"), f.Resource.ARN)
	assert.Len(t, f.Evidence, 2)
}
