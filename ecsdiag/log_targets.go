package ecsdiag

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// LogTarget is where the awslogs driver of one container writes.
type LogTarget struct {
	// Container is the container's name.
	Container string
	// Group is the name of the log group.
	Group string
	// StreamPrefix is awslogs-stream-prefix; empty if there is none, which only tasks on EC2 may have.
	StreamPrefix string
	// Region is awslogs-region; empty means that of the task.
	Region string
	// CreateGroup says that the driver creates the group if it is missing.
	CreateGroup bool
	// Mode is "blocking" or "non-blocking"; empty where the task definition leaves it to the account setting.
	Mode string
}

// LogTargets returns where the containers of a task definition write through the awslogs driver, in its order
// ("Send Amazon ECS logs to CloudWatch": awslogs log driver options). Containers with another driver, and those
// without a
// group, are left aside.
func LogTargets(td *types.TaskDefinition) []LogTarget {
	var targets []LogTarget
	if td == nil {
		return nil
	}
	for _, c := range td.ContainerDefinitions {
		if c.LogConfiguration == nil || c.LogConfiguration.LogDriver != types.LogDriverAwslogs {
			continue
		}
		o := c.LogConfiguration.Options
		if o["awslogs-group"] == "" {
			continue
		}
		targets = append(targets, LogTarget{
			Container: aws.ToString(c.Name), Group: o["awslogs-group"], StreamPrefix: o["awslogs-stream-prefix"],
			Region: o["awslogs-region"], CreateGroup: strings.EqualFold(o["awslogs-create-group"], "true"), Mode: o["mode"],
		})
	}
	return targets
}

// Stream returns the name of the log stream of a task, given by id or ARN: "prefix/container/task-id". It is empty if
// the
// target has no prefix: the stream then bears the id that the container runtime gave.
func (t LogTarget) Stream(task string) string {
	if t.StreamPrefix == "" {
		return ""
	}
	return t.StreamPrefix + "/" + t.Container + "/" + shortName(task)
}

func (t LogTarget) resource(home diag.Resource) diag.Resource {
	return diag.Resource{Type: typeLogGroup, ID: t.Group, Account: home.Account, Region: cmp.Or(t.Region, home.Region)}
}
