package ecsdiag

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// deliveryFaults are about what a task definition has delivered into containers and out of them.
var deliveryFaults = []fault{
	{
		code:  "ecs.definition-secret-other-region",
		title: "Secret or parameter of another Region",
		doc: "A container gets a secret or parameter of another Region than that of the task definition. ECS allows it by " +
			"the full ARN; the network path, the key and the permission needed are then those of the other Region.",
		severity: diag.SeverityInfo,
		find:     secretOtherRegion,
	},
	{
		code:  "ecs.definition-log-buffer-small",
		title: "Log buffer small",
		doc: "The log driver does not block and has a buffer of less than 4 MiB: what a program writes faster than it is " +
			"sent is lost. The default is 10 MiB.",
		severity: diag.SeverityInfo,
		find:     logBufferSmall,
	},
	{
		code:  "ecs.definition-log-blocking",
		title: "Log driver blocks the program",
		doc: "The log driver of an essential container is set to block: where the log destination is slow or out of reach, " +
			"the program stops at its next line of output, and fails its health checks.",
		severity: diag.SeverityInfo,
		find:     logBlocking,
	},
	{
		code:  "ecs.definition-log-router-missing",
		title: "Log router missing",
		doc: "A container logs through awsfirelens, but no container of the task has a firelensConfiguration to route the " +
			"logs.",
		severity: diag.SeverityWarning,
		breaks:   []diag.Mechanism{diag.LogDelivery, diag.TaskStart},
		find:     logRouterMissing,
	},
}

func secretOtherRegion(td *types.TaskDefinition) []wrong {
	home, err := arn.Parse(aws.ToString(td.TaskDefinitionArn))
	if err != nil || home.Region == "" {
		return nil
	}
	var found []wrong
	for _, r := range References(td) {
		if from, err := arn.Parse(r.From); err == nil && from.Region != "" && from.Region != home.Region {
			found = append(found, wrong{"containerDefinitions[" + r.Container + "].secrets[" + r.Name + "].valueFrom", r.From,
				fmt.Sprintf("container %s gets %s from %s, the tasks run in %s", r.Container, r.Name, from.Region, home.Region)})
		}
	}
	return found
}

// leastBuffer is the size in bytes from which the tests of AWS saw no loss at usual rates ("Preventing log loss with
// non-blocking mode in the AWSLogs container log driver", AWS Containers blog).
const leastBuffer = 4 << 20

func logBufferSmall(td *types.TaskDefinition) []wrong {
	var found []wrong
	for _, c := range td.ContainerDefinitions {
		if c.LogConfiguration == nil || c.LogConfiguration.Options["mode"] == "blocking" {
			continue
		}
		text := c.LogConfiguration.Options["max-buffer-size"]
		if size, ok := bytesOf(text); ok && size < leastBuffer {
			found = append(found, wrong{path(c, "logConfiguration.options.max-buffer-size"), text,
				fmt.Sprintf("the log driver of container %s loses lines beyond a buffer of %s", aws.ToString(c.Name), text)})
		}
	}
	return found
}

// bytesOf reads a size with a unit, as Docker writes it: "512k", "25m", "1g".
func bytesOf(text string) (int, bool) {
	units := map[string]int{"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
	text = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(text)), "b")
	number := strings.TrimRight(text, "kmg")
	n, err := strconv.Atoi(number)
	unit, ok := units[text[len(number):]]
	return n * unit, err == nil && ok
}

func logBlocking(td *types.TaskDefinition) []wrong {
	var found []wrong
	for _, c := range td.ContainerDefinitions {
		if c.LogConfiguration != nil && c.LogConfiguration.Options["mode"] == "blocking" &&
			(c.Essential == nil || *c.Essential) {
			found = append(found, wrong{path(c, "logConfiguration.options.mode"), "blocking",
				fmt.Sprintf("container %s stops when its log driver cannot send", aws.ToString(c.Name))})
		}
	}
	return found
}

func logRouterMissing(td *types.TaskDefinition) []wrong {
	var found []wrong
	for _, c := range td.ContainerDefinitions {
		if c.FirelensConfiguration != nil {
			return nil
		}
		if c.LogConfiguration != nil && c.LogConfiguration.LogDriver == types.LogDriverAwsfirelens {
			found = append(found, wrong{path(c, "logConfiguration.logDriver"), string(types.LogDriverAwsfirelens),
				fmt.Sprintf("container %s logs through a router that the task does not have", aws.ToString(c.Name))})
		}
	}
	return found
}
