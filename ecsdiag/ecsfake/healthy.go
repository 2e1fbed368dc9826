package ecsfake

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// Now is the "now" of the healthy resources that this package makes.
var Now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

const (
	account = "111122223333"
	region  = "eu-west-1"
)

// ARN returns an ECS ARN of the fake account: ARN("service/prod/api").
func ARN(resource string) string { return "arn:aws:ecs:" + region + ":" + account + ":" + resource }

// TargetGroupARN returns the ARN of the target group that [Service] registers a service in.
func TargetGroupARN(service string) string {
	return "arn:aws:elasticloadbalancing:" + region + ":" + account + ":targetgroup/" + service + "/0123456789abcdef"
}

// Cluster is an active cluster.
func Cluster(name string) types.Cluster {
	return types.Cluster{ClusterArn: aws.String(ARN("cluster/" + name)), ClusterName: aws.String(name),
		Status: aws.String("ACTIVE")}
}

// Service is a Fargate service behind a load balancer that wants and runs two tasks of revision 7, deployed a day ago
// and
// steady since.
func Service(cluster, name string) types.Service {
	deployed := Now.Add(-24 * time.Hour)
	network := &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{
		Subnets: []string{"subnet-0a"}, SecurityGroups: []string{"sg-0a"}, AssignPublicIp: types.AssignPublicIpDisabled}}
	definition := aws.String(ARN("task-definition/" + name + ":7"))
	return types.Service{
		ServiceArn: aws.String(ARN("service/" + cluster + "/" + name)), ServiceName: aws.String(name),
		ClusterArn: aws.String(ARN("cluster/" + cluster)), Status: aws.String("ACTIVE"),
		DesiredCount: 2, RunningCount: 2, LaunchType: types.LaunchTypeFargate, TaskDefinition: definition,
		SchedulingStrategy:            types.SchedulingStrategyReplica,
		DeploymentController:          &types.DeploymentController{Type: types.DeploymentControllerTypeEcs},
		HealthCheckGracePeriodSeconds: aws.Int32(60), NetworkConfiguration: network,
		LoadBalancers: []types.LoadBalancer{{TargetGroupArn: aws.String(TargetGroupARN(name)),
			ContainerName: aws.String(name),
			ContainerPort: aws.Int32(8080)}},
		DeploymentConfiguration: &types.DeploymentConfiguration{MaximumPercent: aws.Int32(200),
			MinimumHealthyPercent:    aws.Int32(100),
			DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{}},
		Deployments: []types.Deployment{{
			Id: aws.String("ecs-svc/" + name + "7"), Status: aws.String("PRIMARY"), TaskDefinition: definition,
			DesiredCount: 2, RunningCount: 2, CreatedAt: aws.Time(deployed), UpdatedAt: aws.Time(deployed.Add(5 * time.Minute)),
			LaunchType: types.LaunchTypeFargate, NetworkConfiguration: network,
			RolloutState: types.DeploymentRolloutStateCompleted, RolloutStateReason: aws.String("ECS deployment ecs-svc/" +
				name + "7 completed."),
		}},
		Events:    []types.ServiceEvent{Event(name, "has reached a steady state.", deployed.Add(5*time.Minute))},
		CreatedAt: aws.Time(Now.Add(-1000 * time.Hour)),
	}
}

// Event is a service event as ECS words it: "(service api) has reached a steady state."
func Event(service, text string, at time.Time) types.ServiceEvent {
	return types.ServiceEvent{Id: aws.String("event-" + at.Format("150405.000")), CreatedAt: aws.Time(at),
		Message: aws.String("(service " + service + ") " + text)}
}

// Task is a running task of the service that [Service] makes, with one container of the service's name.
func Task(cluster, service, id string) types.Task {
	at := func(after time.Duration) *time.Time { return aws.Time(Now.Add(-24*time.Hour + after)) }
	return types.Task{
		TaskArn: aws.String(ARN("task/" + cluster + "/" + id)), ClusterArn: aws.String(ARN("cluster/" + cluster)),
		TaskDefinitionArn: aws.String(ARN("task-definition/" + service + ":7")), Group: aws.String("service:" + service),
		StartedBy: aws.String("ecs-svc/" + service + "7"), LastStatus: aws.String("RUNNING"),
		DesiredStatus: aws.String("RUNNING"),
		LaunchType:    types.LaunchTypeFargate, HealthStatus: types.HealthStatusUnknown, Cpu: aws.String("512"),
		Memory:    aws.String("1024"),
		CreatedAt: at(0), ConnectivityAt: at(8 * time.Second), PullStartedAt: at(15 * time.Second),
		PullStoppedAt: at(25 * time.Second),
		StartedAt:     at(30 * time.Second), Connectivity: types.ConnectivityConnected, Version: 3,
		Containers: []types.Container{{Name: aws.String(service), LastStatus: aws.String("RUNNING"),
			HealthStatus: types.HealthStatusUnknown}},
	}
}

// Stopped turns a task into one that stopped at a time, for the reason given.
func Stopped(t types.Task, at time.Time, code types.TaskStopCode, reason string) types.Task {
	t.LastStatus, t.DesiredStatus, t.StopCode = aws.String("STOPPED"), aws.String("STOPPED"), code
	t.StoppedReason = aws.String(reason)
	t.StoppingAt, t.ExecutionStoppedAt, t.StoppedAt = aws.Time(at), aws.Time(at), aws.Time(at.Add(15*time.Second))
	t.CreatedAt, t.StartedAt = aws.Time(at.Add(-5*time.Minute)), aws.Time(at.Add(-4*time.Minute))
	t.PullStartedAt, t.PullStoppedAt = aws.Time(at.Add(-290*time.Second)), aws.Time(at.Add(-250*time.Second))
	containers := make([]types.Container, len(t.Containers))
	copy(containers, t.Containers)
	for i := range containers {
		containers[i].LastStatus = aws.String("STOPPED")
	}
	t.Containers = containers
	if code == types.TaskStopCodeTaskFailedToStart {
		t.StartedAt, t.PullStoppedAt, t.ExecutionStoppedAt = nil, nil, nil
	}
	return t
}

// Exited turns a task into one whose first container exited with a code, and a reason if it is not empty.
func Exited(t types.Task, at time.Time, code int32, reason string) types.Task {
	t = Stopped(t, at, types.TaskStopCodeEssentialContainerExited, "Essential container in task exited")
	if len(t.Containers) > 0 {
		t.Containers[0].ExitCode = aws.Int32(code)
		if reason != "" {
			t.Containers[0].Reason = aws.String(reason)
		}
	}
	return t
}

// TaskDefinition is a revision of a family with one essential container of the family's name that listens on port 8080
// and logs to CloudWatch Logs.
func TaskDefinition(family string, revision int32) types.TaskDefinition {
	role := func(name string) *string { return aws.String("arn:aws:iam::" + account + ":role/" + name) }
	return types.TaskDefinition{
		TaskDefinitionArn: aws.String(ARN("task-definition/" + family + ":" + itoa(int(revision)))),
		Family:            aws.String(family),
		Revision:          revision, Status: types.TaskDefinitionStatusActive, NetworkMode: types.NetworkModeAwsvpc,
		Cpu: aws.String("512"), Memory: aws.String("1024"),
		RequiresCompatibilities: []types.Compatibility{types.CompatibilityFargate},
		Compatibilities:         []types.Compatibility{types.CompatibilityEc2, types.CompatibilityFargate},
		ExecutionRoleArn:        role(family + "-execution"), TaskRoleArn: role(family + "-task"),
		RuntimePlatform: &types.RuntimePlatform{CpuArchitecture: types.CPUArchitectureX8664,
			OperatingSystemFamily: types.OSFamilyLinux},
		RegisteredAt: aws.Time(Now.Add(-25 * time.Hour)),
		ContainerDefinitions: []types.ContainerDefinition{{
			Name: aws.String(family), Image: aws.String(account + ".dkr.ecr." + region + ".amazonaws.com/" + family + ":v" +
				itoa(int(revision))),
			Essential: aws.Bool(true),
			PortMappings: []types.PortMapping{{ContainerPort: aws.Int32(8080), HostPort: aws.Int32(8080),
				Protocol: types.TransportProtocolTcp}},
			LogConfiguration: &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{
				"awslogs-group": "/ecs/" + family, "awslogs-region": region, "awslogs-stream-prefix": "ecs"}},
		}},
	}
}

// ContainerInstance is a connected host with 1024 CPU units and 2048 MiB left.
func ContainerInstance(cluster, id string) types.ContainerInstance {
	resources := func(cpu, memory int32) []types.Resource {
		return []types.Resource{
			{Name: aws.String("CPU"), Type: aws.String("INTEGER"), IntegerValue: cpu},
			{Name: aws.String("MEMORY"), Type: aws.String("INTEGER"), IntegerValue: memory},
			{Name: aws.String("PORTS"), Type: aws.String("STRINGSET"), StringSetValue: []string{"22", "2375", "2376", "51678",
				"51679"}},
			{Name: aws.String("PORTS_UDP"), Type: aws.String("STRINGSET")},
		}
	}
	return types.ContainerInstance{
		ContainerInstanceArn: aws.String(ARN("container-instance/" + cluster + "/" + id)), Ec2InstanceId: aws.String("i-" +
			id),
		Status: aws.String("ACTIVE"), AgentConnected: true, RegisteredAt: aws.Time(Now.Add(-100 * time.Hour)),
		VersionInfo:         &types.VersionInfo{AgentVersion: aws.String("1.91.2")},
		RegisteredResources: resources(2048, 7764), RemainingResources: resources(1024, 2048),
		Attributes: []types.Attribute{{Name: aws.String("ecs.availability-zone"), Value: aws.String("eu-west-1a")}},
		HealthStatus: &types.ContainerInstanceHealthStatus{OverallStatus: types.InstanceHealthCheckStateOk,
			Details: []types.InstanceHealthCheckResult{{Type: types.InstanceHealthCheckTypeContainerRuntime,
				Status: types.InstanceHealthCheckStateOk}}},
	}
}
