package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

const sourceParameters = "Amazon ECS Developer Guide: Amazon ECS task definition parameters"

// fault is one row of the table of task-definition checks: it finds what is wrong in one revision.
type fault struct {
	code     diag.Code
	title    string
	doc      string
	severity diag.Severity
	breaks   []diag.Mechanism
	// find returns the field, its value, and what is wrong with it, for each occurrence.
	find func(*types.TaskDefinition) []wrong
}

type wrong struct{ field, value, what string }

func (x fault) check() *diag.Check[*TaskDefinition] {
	return &diag.Check[*TaskDefinition]{
		Info: diag.Info{Code: x.code, Title: x.title, Doc: x.doc, Severity: x.severity, Breaks: x.breaks,
			Actions: []string{"ecs:DescribeTaskDefinition"}, Source: sourceParameters},
		Run: func(ctx context.Context, d *TaskDefinition) ([]diag.Finding, error) {
			td, err := d.Describe(ctx)
			if err != nil {
				return nil, err
			}
			found := x.find(td)
			if len(found) == 0 {
				return nil, nil
			}
			ref := aws.ToString(td.TaskDefinitionArn)
			f := diag.Finding{Summary: fmt.Sprintf("task definition %s: %s", d.Resource().ID, strings.Join(mapped(found,
				func(w wrong) string { return w.what }), "; ")),
				NextSteps: []diag.Step{{Text: "Look at the task definition.", Command: "aws ecs describe-task-definition " +
					"--task-definition " + d.Resource().ID}}}
			if ref != "" {
				f.Resource = taskDefinitionResource(ref)
			}
			for _, w := range found {
				f.Evidence = append(f.Evidence, evidence(sourceTaskDefinition, w.field, w.value))
			}
			return []diag.Finding{f}, nil
		},
	}
}

// definitionFaults are what of a task definition cannot work, or will lose something. ECS refuses some of it today;
// older
// revisions still hold it.
var definitionFaults = []fault{
	{
		code:     "ecs.definition-fargate-size-invalid",
		title:    "No such Fargate size",
		doc:      "Fargate offers fixed pairs of CPU and memory, and this is none of them: no task can be placed.",
		severity: diag.SeverityError,
		breaks:   []diag.Mechanism{diag.Placement},
		find:     fargateSize,
	},
	{
		code:  "ecs.definition-host-port-mismatch",
		title: "Host port differs in awsvpc mode",
		doc: "In awsvpc mode a task has addresses of its own, so that a host port must be left out or be the container " +
			"port.",
		severity: diag.SeverityError,
		breaks:   breaksStart,
		find:     hostPortMismatch,
	},
	{
		code:     "ecs.definition-no-essential-container",
		title:    "No essential container",
		doc:      "No container is essential: nothing ends the task when its program ends.",
		severity: diag.SeverityWarning,
		find:     noEssential,
	},
	{
		code:  "ecs.definition-dependency-impossible",
		title: "Container dependency cannot be met",
		doc: "A container waits for one that does not exist, for the end of an essential one, for the health of one " +
			"without health check, or for itself in a circle.",
		severity: diag.SeverityError,
		breaks:   breaksStart,
		find:     impossibleDependencies,
	},
	{
		code:     "ecs.definition-stop-timeout-invalid",
		title:    "Stop timeout out of range",
		doc:      "Fargate allows a stop timeout of 2 to 120 seconds.",
		severity: diag.SeverityWarning,
		find:     stopTimeoutRange,
	},
	{
		code:  "ecs.definition-health-check-overlaps",
		title: "Health check timeout longer than its interval",
		doc: "The timeout of a container health check is no shorter than its interval, so that checks overlap or the " +
			"interval has no meaning.",
		severity: diag.SeverityInfo,
		find:     overlappingHealthCheck,
	},
	{
		code:  "ecs.definition-logs-lost",
		title: "Container without logs",
		doc: "A container has no log configuration, or a driver that keeps its logs where nobody finds them on Fargate: " +
			"what it writes is lost with the task.",
		severity: diag.SeverityInfo,
		find:     logsLost,
	},
	{
		code:  "ecs.definition-log-prefix-missing",
		title: "Log stream prefix missing",
		doc: "Fargate requires awslogs-stream-prefix; on EC2 a stream without it bears an id that leads from no task to " +
			"its logs.",
		severity: diag.SeverityInfo,
		find:     prefixMissing,
	},
	{
		code:  "ecs.definition-inactive",
		title: "Task definition deregistered",
		doc: "The revision is deregistered. Running services go on with it, but nothing new can be made from it, and it " +
			"may be deleted.",
		severity: diag.SeverityInfo,
		find:     inactive,
	},
	{
		code:  "ecs.definition-static-credentials",
		title: "AWS access key in the environment",
		doc: "A container gets an AWS access key by environment variable. It goes before the task role, and does not " +
			"rotate.",
		severity: diag.SeverityInfo,
		find:     staticCredentials,
	},
	{
		code:  "ecs.definition-read-only-root",
		title: "Read-only root file system without a writable place",
		doc: "A container's root file system is read-only and nothing writable is mounted: programs that write " +
			"temporary files fail, and ECS Exec does not work.",
		severity: diag.SeverityInfo,
		find:     readOnlyRoot,
	},
}

// fargateSizes are the memory sizes in MiB that Fargate offers for each number of CPU units: from, to and step
// ("Amazon ECS
// task definition parameters for Fargate": task size), with the smallest sizes apart.
var fargateSizes = map[int]struct{ from, to, step int }{
	256: {512, 2048, 512}, 512: {1024, 4096, 1024}, 1024: {2048, 8192, 1024}, 2048: {4096, 16384, 1024}, 4096: {8192,
		30720, 1024},
	8192: {16384, 61440, 4096}, 16384: {32768, 122880, 8192}, 32768: {61440, 249856, 4096},
}

func fargateSize(td *types.TaskDefinition) []wrong {
	cpu, cpuErr := strconv.Atoi(aws.ToString(td.Cpu))
	memory, memoryErr := strconv.Atoi(aws.ToString(td.Memory))
	if !slices.Contains(td.RequiresCompatibilities, types.CompatibilityFargate) || cpuErr != nil || memoryErr != nil {
		return nil
	}
	size, ok := fargateSizes[cpu]
	odd := cpu == 256 && memory == 1536 // 256 units go with 512, 1024 and 2048 MiB
	if ok && memory >= size.from && memory <= size.to && (memory-size.from)%size.step == 0 && !odd {
		return nil
	}
	return []wrong{{"cpu, memory", fmt.Sprintf("%d, %d", cpu, memory),
		fmt.Sprintf("Fargate offers no size of %d CPU units with %d MiB", cpu, memory)}}
}

func hostPortMismatch(td *types.TaskDefinition) []wrong {
	var found []wrong
	if td.NetworkMode != types.NetworkModeAwsvpc {
		return nil
	}
	for _, c := range td.ContainerDefinitions {
		for _, m := range c.PortMappings {
			if host := aws.ToInt32(m.HostPort); host != 0 && host != aws.ToInt32(m.ContainerPort) {
				found = append(found, wrong{path(c, "portMappings"), portText(m),
					fmt.Sprintf("container %s maps host port %d to %d in awsvpc mode", aws.ToString(c.Name), host,
						aws.ToInt32(m.ContainerPort))})
			}
		}
	}
	return found
}

func path(c types.ContainerDefinition, field string) string {
	return "containerDefinitions[" + aws.ToString(c.Name) + "]." + field
}

func noEssential(td *types.TaskDefinition) []wrong {
	for _, c := range td.ContainerDefinitions {
		if c.Essential == nil || *c.Essential {
			return nil
		}
	}
	if len(td.ContainerDefinitions) == 0 {
		return nil
	}
	return []wrong{{"containerDefinitions[].essential", "false", "no container is essential"}}
}

func stopTimeoutRange(td *types.TaskDefinition) []wrong {
	var found []wrong
	for _, c := range td.ContainerDefinitions {
		if t := c.StopTimeout; t != nil && slices.Contains(td.RequiresCompatibilities, types.CompatibilityFargate) &&
			(*t < 2 || *t > 120) {
			found = append(found, wrong{path(c, "stopTimeout"), fmt.Sprint(*t), fmt.Sprintf("stop timeout of container %s is "+
				"%d s, Fargate allows 2 to 120", aws.ToString(c.Name), *t)})
		}
	}
	return found
}

func inactive(td *types.TaskDefinition) []wrong {
	if td.Status == "" || td.Status == types.TaskDefinitionStatusActive {
		return nil
	}
	return []wrong{{"status", string(td.Status), "the revision is " + string(td.Status)}}
}

func overlappingHealthCheck(td *types.TaskDefinition) []wrong {
	var found []wrong
	for _, c := range td.ContainerDefinitions {
		h := c.HealthCheck
		if h != nil && or(h.Timeout, defaultTimeout) >= or(h.Interval, defaultInterval) {
			found = append(found, wrong{path(c, "healthCheck"), healthCheckText(h),
				fmt.Sprintf("health check of container %s has a timeout of %d s and an interval of %d s", aws.ToString(c.Name),
					or(h.Timeout, defaultTimeout), or(h.Interval, defaultInterval))})
		}
	}
	return found
}
