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

// onBridge gives the service a task definition for EC2 with a size and a fixed host port.
func onBridge(memory, port int32) func(*ecsfake.Client) {
	return func(c *ecsfake.Client) {
		onHost(c)
		d := &c.TaskDefinitions[0]
		d.NetworkMode, d.Cpu, d.Memory = types.NetworkModeBridge, nil, nil
		d.ContainerDefinitions[0].Cpu, d.ContainerDefinitions[0].Memory = 256, aws.Int32(memory)
		d.ContainerDefinitions[0].PortMappings[0].HostPort = aws.Int32(port)
	}
}

func TestPlacementTellsTheNumbers(t *testing.T) {
	second := func(c *ecsfake.Client) {
		c.ContainerInstances = append(c.ContainerInstances, ecsfake.ContainerInstance("prod", "c2"))
		c.ContainerInstances[1].RemainingResources[1].IntegerValue = 900
		c.ContainerInstances[1].AgentConnected = false
	}
	c := edited(onBridge(3000, 0), second, says("(service api) "+noMemory))
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(c), ServiceChecks()...), "ecs.placement-no-memory")
	assert.Equal(t, "tasks of prod/api cannot be placed: insufficient memory available on every container instance "+
		"(a task needs 3000 MiB, at most 2048 MiB are left on any of 2 instances); reported once, at 11:55 UTC", f.Summary)
	assert.Contains(t, f.Evidence, diag.Evidence{Source: "ecs:DescribeTaskDefinition", Field: "api:7",
		Value: "a task needs 3000 MiB memory and 256 CPU units"})
	assert.Contains(t, f.Evidence, diag.Evidence{Source: "ecs:DescribeContainerInstances",
		Field: "containerInstances[c1]", Value: "2048 of 3000 MiB memory left"})
	assert.Contains(t, f.Evidence, diag.Evidence{Source: "ecs:DescribeContainerInstances", Field: "containerInstances[c2]",
		Value: "agent not connected, 900 of 3000 MiB memory left"})
	assert.Contains(t, f.Related, diag.Related{Role: "container instance",
		Resource: diag.Resource{Type: "AWS::EC2::Instance", ID: "i-c1", Account: "111122223333", Region: "eu-west-1"}})
}

func TestPlacementTellsThePort(t *testing.T) {
	taken := func(c *ecsfake.Client) {
		c.ContainerInstances[0].RemainingResources[2].StringSetValue = append(c.ContainerInstances[0].RemainingResources[2].StringSetValue, "9102")
	}
	text := "(service api) was unable to place a task because no container instance met all of its requirements. The " +
		"closest matching (container-instance c1) is already using a port required by your task."
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(onBridge(512, 9102), taken, says(text))), ServiceChecks()...),
		"ecs.placement-port-in-use")
	assert.Contains(t, f.Summary, "(host port 9102 is in use on 1 of 1 instances)")
}

func TestNeedOf(t *testing.T) {
	mapping := func(container, host int32) types.PortMapping {
		return types.PortMapping{ContainerPort: aws.Int32(container), HostPort: aws.Int32(host)}
	}
	gpu := types.ResourceRequirement{Type: types.ResourceTypeGpu, Value: aws.String("2")}
	for _, c := range []struct {
		name string
		td   types.TaskDefinition
		want need
	}{
		{"the task's own size goes first", types.TaskDefinition{Cpu: aws.String("512"), Memory: aws.String("1024"),
			ContainerDefinitions: []types.ContainerDefinition{{Cpu: 100, Memory: aws.Int32(300)}}}, need{cpu: 512,
			memory: 1024}},
		{"a reservation goes before the limit", types.TaskDefinition{ContainerDefinitions: []types.ContainerDefinition{
			{Cpu: 100, Memory: aws.Int32(1000), MemoryReservation: aws.Int32(300)}, {Cpu: 50, Memory: aws.Int32(200)}}},
			need{cpu: 150, memory: 500}},
		{"dynamic host ports take none", types.TaskDefinition{NetworkMode: types.NetworkModeBridge,
			ContainerDefinitions: []types.ContainerDefinition{{PortMappings: []types.PortMapping{mapping(80, 0), mapping(90,
				9090)}}}}, need{ports: []string{"9090/tcp"}}},
		{"host mode takes the container's", types.TaskDefinition{NetworkMode: types.NetworkModeHost,
			ContainerDefinitions: []types.ContainerDefinition{{PortMappings: []types.PortMapping{mapping(80, 0)}}}},
			need{ports: []string{"80/tcp"}}},
		{"awsvpc mode takes none", types.TaskDefinition{NetworkMode: types.NetworkModeAwsvpc,
			ContainerDefinitions: []types.ContainerDefinition{{PortMappings: []types.PortMapping{mapping(80, 80)}}}}, need{}},
		{"GPUs add up", types.TaskDefinition{ContainerDefinitions: []types.ContainerDefinition{
			{ResourceRequirements: []types.ResourceRequirement{gpu}},
			{ResourceRequirements: []types.ResourceRequirement{gpu}}}}, need{gpus: 4}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, needOf(&c.td)) })
	}
}

func TestNoInstancesAreAskedForOnFargate(t *testing.T) {
	c := edited(stops(exited("s1", ago(5*60e9), 1, "")))
	diagtest.Run(t, serviceOf(c), ServiceChecks()...)
	assert.NotContains(t, c.Actions(), "ecs:ListContainerInstances")
}
