package ecsdiag_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// A service whose tasks are killed for memory.
func Example() {
	killed := ecsfake.Exited(ecsfake.Task("prod", "api", "t3"), ecsfake.Now.Add(-10*time.Minute), 137,
		"OutOfMemoryError: Container killed due to memory usage")
	client := &ecsfake.Client{
		Services:        []types.Service{ecsfake.Service("prod", "api")},
		Tasks:           []types.Task{ecsfake.Task("prod", "api", "t1"), ecsfake.Task("prod", "api", "t2"), killed},
		TaskDefinitions: []types.TaskDefinition{ecsfake.TaskDefinition("api", 7)},
	}
	service := ecsdiag.NewService(client, "prod", "api", diag.Last(3*time.Hour, ecsfake.Now))
	report := diag.Run(context.Background(), diag.On(service, ecsdiag.ServiceChecks()...))
	for _, root := range report.Roots() {
		fmt.Println(root.Severity, root.Code)
		fmt.Println(root.Summary)
	}
	// Output:
	// warning ecs.task-oom-killed
	// 1 task of prod/api was killed: out of memory (OutOfMemoryError), container api at its limit of 1024 MiB after 4 min on average; at 11:50 UTC
}

// The services behind a target group, wherever in the account they run.
func ExampleDirectory_ServicesOf() {
	client := &ecsfake.Client{
		Clusters: []types.Cluster{ecsfake.Cluster("prod"), ecsfake.Cluster("test")},
		Services: []types.Service{ecsfake.Service("prod", "api"), ecsfake.Service("test", "web")},
	}
	directory := ecsdiag.NewDirectory(client, diag.Last(time.Hour, ecsfake.Now))
	services, err := directory.ServicesOf(context.Background(), ecsfake.TargetGroupARN("web"))
	for _, s := range services {
		fmt.Println(s.Resource(), err)
	}
	// Output: ECS::Service test/web <nil>
}

// Stopped tasks from an archive of EventBridge events, which ECS has long forgotten.
func ExampleReadTaskStateChanges() {
	archive := `{"detail-type": "ECS Task State Change", "detail": {"taskArn": "arn:aws:ecs:eu-west-1:111122223333:task/prod/0123",
		"desiredStatus": "STOPPED", "lastStatus": "STOPPED", "stoppedReason": "Essential container in task exited"}}`
	tasks, err := ecsdiag.ReadTaskStateChanges(strings.NewReader(archive))
	fmt.Println(len(tasks), *tasks[0].StoppedReason, err)
	// Output: 1 Essential container in task exited <nil>
}

// Where the containers of a task write their logs.
func ExampleLogTargets() {
	definition := ecsfake.TaskDefinition("api", 7)
	for _, target := range ecsdiag.LogTargets(&definition) {
		fmt.Println(target.Group, target.Stream("0123456789abcdef"))
	}
	// Output: /ecs/api ecs/api/0123456789abcdef
}

// Somebody wants a shell in a container and does not get one.
func ExampleExecChecks() {
	client := &ecsfake.Client{
		Services:        []types.Service{ecsfake.Service("prod", "api")},
		Tasks:           []types.Task{ecsfake.Task("prod", "api", "t1")},
		TaskDefinitions: []types.TaskDefinition{ecsfake.TaskDefinition("api", 7)},
	}
	service := ecsdiag.NewService(client, "prod", "api", diag.Last(3*time.Hour, ecsfake.Now))
	report := diag.Run(context.Background(), diag.On(service, ecsdiag.ExecChecks()...))
	for _, f := range report.Findings {
		fmt.Println(f.Summary)
	}
	// Output: ECS Exec into prod/api: it is not enabled on the service, and on 0 of 1 running tasks
}
