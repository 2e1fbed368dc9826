package ecsdiag

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// ExecNeeds is what ECS Exec into tasks of one task definition takes, besides being enabled: whose permissions to look
// at, and which other services the session touches ("Monitor Amazon ECS containers with ECS Exec"). It only says what
// is configured; whether it is allowed and reached is for others to judge.
type ExecNeeds struct {
	// TaskRole is the ARN of the role that the agent in the container uses; empty if the task has none. On EC2 the
	// agent then uses the role of the host.
	TaskRole string
	// Endpoints are the services that the agent must reach, always ssmmessages first: "ssmmessages", "kms", "logs",
	// "s3".
	Endpoints []string
	// Actions are the IAM actions that the role must allow.
	Actions []string
	// KMSKey encrypts the session: an id, ARN or alias; empty without encryption of the cluster's own.
	KMSKey string
	// Logging is NONE, DEFAULT or OVERRIDE; empty where the cluster says nothing, which means DEFAULT.
	Logging types.ExecuteCommandLogging
	// LogGroup and Bucket are where the cluster sends what sessions print; empty if it does not.
	LogGroup, Bucket string
	// EncryptedLogs and EncryptedBucket say that the agent checks the encryption of the destination before it writes.
	EncryptedLogs, EncryptedBucket bool
}

// execActions are what the agent in a container needs for a session to begin ("Task IAM role": permissions required for
// ECS Exec).
var execActions = []string{"ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
	"ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"}

// ExecNeedsOf returns what ECS Exec takes for a task definition in a cluster; either may be nil.
func ExecNeedsOf(td *types.TaskDefinition, cluster *types.Cluster) ExecNeeds {
	n := ExecNeeds{Endpoints: []string{"ssmmessages"}, Actions: slices.Clone(execActions)}
	if td != nil {
		n.TaskRole = aws.ToString(td.TaskRoleArn)
	}
	if cluster == nil || cluster.Configuration == nil || cluster.Configuration.ExecuteCommandConfiguration == nil {
		return n
	}
	c := cluster.Configuration.ExecuteCommandConfiguration
	n.KMSKey, n.Logging = aws.ToString(c.KmsKeyId), c.Logging
	if l := c.LogConfiguration; l != nil && c.Logging == types.ExecuteCommandLoggingOverride {
		n.LogGroup, n.EncryptedLogs = aws.ToString(l.CloudWatchLogGroupName), l.CloudWatchEncryptionEnabled
		n.Bucket, n.EncryptedBucket = aws.ToString(l.S3BucketName), l.S3EncryptionEnabled
	}
	n.extend()
	return n
}

// extend adds the actions and endpoints that the cluster's configuration asks for ("Logging and auditing using Amazon
// ECS Exec").
func (n *ExecNeeds) extend() {
	add := func(endpoint string, actions ...string) {
		n.Endpoints, n.Actions = append(n.Endpoints, endpoint), append(n.Actions, actions...)
	}
	if n.KMSKey != "" {
		add("kms", "kms:Decrypt")
	}
	if n.LogGroup != "" {
		add("logs", "logs:DescribeLogGroups", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
	}
	if n.Bucket != "" {
		add("s3", "s3:PutObject")
		if n.EncryptedBucket {
			n.Actions = append(n.Actions, "s3:GetEncryptionConfiguration")
		}
	}
}

// execution is what ECS tells about ECS Exec into the tasks of a service.
type execution struct {
	subject *Service
	service *types.Service
	// running are the running tasks that stay: those of replaced deployments are left aside while a deployment is under
	// way, since they will be gone.
	running     []types.Task
	definitions map[string]*types.TaskDefinition
}

// execution gathers; what it could read is returned even with an error.
func (s *Service) execution(ctx context.Context) (*execution, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	x := &execution{subject: s, service: svc, definitions: map[string]*types.TaskDefinition{}}
	all, err := s.RunningTasks(ctx)
	for _, t := range all {
		if aws.ToString(t.LastStatus) == "RUNNING" && !leaving(svc, t) {
			x.running = append(x.running, t)
		}
	}
	for _, t := range x.running {
		ref := aws.ToString(t.TaskDefinitionArn)
		if ref == "" || x.definitions[ref] != nil || !t.EnableExecuteCommand {
			continue
		}
		td, tdErr := s.definitions.get(ctx, ref)
		x.definitions[ref], err = td, joined(err, tdErr)
	}
	return x, err
}

// leaving reports a task that a deployment under way replaces.
func leaving(svc *types.Service, t types.Task) bool {
	d := primary(svc)
	return d != nil && unfinished(svc) && aws.ToString(t.StartedBy) != "" &&
		aws.ToString(t.StartedBy) != aws.ToString(d.Id)
}

// enabled returns the running tasks that ECS Exec is enabled for.
func (x *execution) enabled() []types.Task {
	return slices.DeleteFunc(slices.Clone(x.running), func(t types.Task) bool { return !t.EnableExecuteCommand })
}

func (x *execution) definition(t types.Task) *types.TaskDefinition {
	return x.definitions[aws.ToString(t.TaskDefinitionArn)]
}

// execAgent is the agent of ECS Exec in one container of a task.
type execAgent struct {
	types.ManagedAgent
	container string
	task      types.Task
}

func (a execAgent) up() bool { return aws.ToString(a.LastStatus) == "RUNNING" }

// agents returns the agents of ECS Exec in a task. Containers that ECS reports none for are left aside.
func agents(t types.Task) []execAgent {
	var all []execAgent
	for _, c := range t.Containers {
		for _, a := range c.ManagedAgents {
			if a.Name == types.ManagedAgentNameExecuteCommandAgent {
				all = append(all, execAgent{a, aws.ToString(c.Name), t})
			}
		}
	}
	return all
}

// hasAgentUp reports that the agent runs in a container of the task, in any of them if the name is empty.
func hasAgentUp(t types.Task, container string) bool {
	return slices.ContainsFunc(agents(t), func(a execAgent) bool {
		return a.up() && (container == "" || a.container == container)
	})
}

// onFargate reports a task on Fargate, by its launch type or, where a strategy chose it, by its capacity provider.
func onFargate(t types.Task) bool {
	return t.LaunchType == types.LaunchTypeFargate || strings.HasPrefix(aws.ToString(t.CapacityProviderName), "FARGATE")
}
