package ecsdiag

import (
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// The calls that evidence comes from.
const (
	sourceServices       = "ecs:DescribeServices"
	sourceTasks          = "ecs:DescribeTasks"
	sourceTaskDefinition = "ecs:DescribeTaskDefinition"
	sourceInstances      = "ecs:DescribeContainerInstances"
	sourceClusters       = "ecs:DescribeClusters"
	// sourceArchive is an event of EventBridge that was handed in.
	sourceArchive = "events:ECS Task State Change"
)

// The actions of the facts that checks use.
var (
	actionsService     = []string{"ecs:DescribeServices"}
	actionsTasks       = []string{"ecs:DescribeServices", "ecs:ListTasks", "ecs:DescribeTasks"}
	actionsDefinition  = []string{"ecs:DescribeServices", "ecs:DescribeTaskDefinition"}
	actionsTasksAndDef = []string{"ecs:DescribeServices", "ecs:ListTasks", "ecs:DescribeTasks",
		"ecs:DescribeTaskDefinition"}
)

func evidence(source, field, value string) diag.Evidence {
	return diag.Evidence{Source: source, Field: field, Value: value}
}

func evidenceAt(source, field, value string, at time.Time) diag.Evidence {
	return diag.Evidence{Source: source, Field: field, Value: value, At: at}
}
