package main

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// demo is a service in two environments: uat has half the memory, lacks a variable, and is killed.
func demo() (prod, uat side) {
	prod = side{account: environment("prod", "2048", "CACHE_URL", "PAYMENTS_URL"), target: "prod/prod-api",
		now: ecsfake.Now}
	uat = side{account: environment("uat", "1024", "CACHE_URL"), target: "uat/uat-api", now: ecsfake.Now}
	for i, ago := range []time.Duration{5 * time.Minute, 20 * time.Minute, 35 * time.Minute} {
		at := ecsfake.Now.Add(-ago)
		t := ecsfake.Exited(ecsfake.Task("uat", "uat-api", fmt.Sprintf("killed%d", i)), at, 137,
			"OutOfMemoryError: Container killed due to memory usage")
		t.StartedAt = aws.Time(at.Add(-10 * time.Minute))
		uat.account.ECS.Tasks = append(uat.account.ECS.Tasks, t)
	}
	return prod, uat
}

func environment(name, memory string, variables ...string) *triagefake.Account {
	a := &triagefake.Account{ID: "111122223333", Region: "eu-west-1"}
	service := name + "-api"
	definition := ecsfake.TaskDefinition(service, 7)
	definition.Memory = aws.String(memory)
	for _, v := range variables {
		definition.ContainerDefinitions[0].Environment = append(definition.ContainerDefinitions[0].Environment,
			types.KeyValuePair{Name: aws.String(v), Value: aws.String("https://example.com")})
	}
	a.ECS.Clusters = []types.Cluster{ecsfake.Cluster(name)}
	a.ECS.Services = []types.Service{ecsfake.Service(name, service)}
	a.ECS.Services[0].LoadBalancers = nil
	a.ECS.TaskDefinitions = []types.TaskDefinition{definition}
	a.Logs.Groups = []logsfake.Group{{LogGroup: logstypes.LogGroup{LogGroupName: aws.String("/ecs/" + service)}}}
	a.ECS.Tasks = []types.Task{ecsfake.Task(name, service, service+"1"), ecsfake.Task(name, service, service+"2")}
	return a
}
