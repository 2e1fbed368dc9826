package ecsdiag

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

func TestDiffTaskDefinitions(t *testing.T) {
	pair := func(name, value string) types.KeyValuePair {
		return types.KeyValuePair{Name: aws.String(name), Value: aws.String(value)}
	}
	for _, c := range []struct {
		name string
		edit func(*types.TaskDefinition, *types.ContainerDefinition)
		want []string
	}{
		{"nothing", func(*types.TaskDefinition, *types.ContainerDefinition) {}, nil},
		{"image", func(_ *types.TaskDefinition, c *types.ContainerDefinition) { c.Image = aws.String("api:v8") },
			[]string{"container api: image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:v7 -> api:v8"}},
		{"size", func(d *types.TaskDefinition, c *types.ContainerDefinition) { d.Memory, c.Cpu = aws.String("2048"), 64 },
			[]string{"task memory: 1024 -> 2048", "container api: cpu added: 64"}},
		{"environment, by names alone", func(_ *types.TaskDefinition, c *types.ContainerDefinition) {
			c.Environment = []types.KeyValuePair{pair("KEPT", "x"), pair("NEW", "hunter2"), pair("CHANGED", "hunter3")}
		}, []string{"container api: environment variable CHANGED changed", "container api: environment variable GONE " +
			"removed (was set)",
			"container api: environment variable NEW added: set"}},
		{"secrets", func(_ *types.TaskDefinition, c *types.ContainerDefinition) {
			c.Secrets = []types.Secret{{Name: aws.String("TOKEN"), ValueFrom: aws.String("/shop/token")}}
		}, []string{"container api: secret TOKEN added: /shop/token"}},
		{"port", func(_ *types.TaskDefinition, c *types.ContainerDefinition) {
			c.PortMappings[0].ContainerPort = aws.Int32(9090)
		},
			[]string{"container api: ports: 8080:8080/tcp -> 8080:9090/tcp"}},
		{"health check", func(_ *types.TaskDefinition, c *types.ContainerDefinition) {
			c.HealthCheck = &types.HealthCheck{Command: []string{"CMD-SHELL", "curl -f localhost"}, Retries: aws.Int32(2)}
		}, []string{"container api: health check added: CMD-SHELL curl -f localhost every 30 s, timeout 5 s, 2 retries, " +
			"start period 0 s"}},
		{"roles, network and platform", func(d *types.TaskDefinition, _ *types.ContainerDefinition) {
			d.TaskRoleArn, d.NetworkMode, d.RuntimePlatform.CpuArchitecture = nil, types.NetworkModeBridge,
				types.CPUArchitectureArm64
		}, []string{"network mode: awsvpc -> bridge", "task role removed (was api-task)", "platform: LINUX/X86_64 -> " +
			"LINUX/ARM64"}},
		{"log group", func(_ *types.TaskDefinition, c *types.ContainerDefinition) {
			c.LogConfiguration.Options["awslogs-group"] = "v2"
		},
			[]string{"container api: log group: /ecs/api -> v2"}},
		{"a container more", func(d *types.TaskDefinition, _ *types.ContainerDefinition) {
			d.ContainerDefinitions = append(d.ContainerDefinitions, types.ContainerDefinition{Name: aws.String("proxy"),
				Image: aws.String("envoy:1")})
		}, []string{"container proxy added: envoy:1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			older := ecsfake.TaskDefinition("api", 7)
			older.ContainerDefinitions[0].Environment = []types.KeyValuePair{pair("KEPT", "x"), pair("GONE", "hunter1"),
				pair("CHANGED", "hunter2")}
			newer := diagfake.Clone(&older)
			if c.name != "environment, by names alone" {
				older.ContainerDefinitions[0].Environment, newer.ContainerDefinitions[0].Environment = nil, nil
			}
			c.edit(newer, &newer.ContainerDefinitions[0])
			assert.Equal(t, c.want, mapped(DiffTaskDefinitions(&older, newer), Difference.String))
		})
	}
	assert.Empty(t, DiffTaskDefinitions(nil, &types.TaskDefinition{}))
}
