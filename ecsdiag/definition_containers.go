package ecsdiag

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func impossibleDependencies(td *types.TaskDefinition) []wrong {
	var found []wrong
	for _, c := range td.ContainerDefinitions {
		for _, d := range c.DependsOn {
			if why := impossible(td, d); why != "" {
				found = append(found, wrong{path(c, "dependsOn"), aws.ToString(d.ContainerName) + " " + string(d.Condition),
					fmt.Sprintf("container %s waits for %s, %s", aws.ToString(c.Name), aws.ToString(d.ContainerName), why)})
			}
		}
		if circular(td, aws.ToString(c.Name)) {
			found = append(found, wrong{path(c, "dependsOn"), aws.ToString(c.Name), fmt.Sprintf("container %s waits for "+
				"itself in a circle", aws.ToString(c.Name))})
		}
	}
	return found
}

// impossible tells why a dependency can never be met ("ContainerDependency" in the Amazon ECS API reference), or "".
func impossible(td *types.TaskDefinition, d types.ContainerDependency) string {
	on := containerNamed(td, aws.ToString(d.ContainerName))
	if d.ContainerName == nil {
		return ""
	}
	if on == nil {
		return "which does not exist"
	}
	switch d.Condition {
	case types.ContainerConditionComplete, types.ContainerConditionSuccess:
		if on.Essential == nil || *on.Essential {
			return "whose end would end the task, since it is essential"
		}
	case types.ContainerConditionHealthy:
		if on.HealthCheck == nil {
			return "which has no health check to become healthy by"
		}
	case types.ContainerConditionStart:
	}
	return ""
}

// circular reports a container that depends on itself over others.
func circular(td *types.TaskDefinition, name string) bool {
	seen := map[string]bool{}
	var visit func(string) bool
	visit = func(at string) bool {
		c := containerNamed(td, at)
		if c == nil || seen[at] {
			return false
		}
		seen[at] = true
		return slices.ContainsFunc(c.DependsOn, func(d types.ContainerDependency) bool {
			on := aws.ToString(d.ContainerName)
			return on == name || visit(on)
		})
	}
	return visit(name)
}

func logsLost(td *types.TaskDefinition) []wrong {
	var found []wrong
	for _, c := range td.ContainerDefinitions {
		if c.LogConfiguration == nil && c.FirelensConfiguration == nil {
			found = append(found, wrong{path(c, "logConfiguration"), "none", fmt.Sprintf("container %s has no log "+
				"configuration", aws.ToString(c.Name))})
		}
	}
	return found
}

func prefixMissing(td *types.TaskDefinition) []wrong {
	var found []wrong
	for _, t := range LogTargets(td) {
		if t.StreamPrefix == "" {
			found = append(found, wrong{"containerDefinitions[" + t.Container +
				"].logConfiguration.options.awslogs-stream-prefix", "none",
				fmt.Sprintf("container %s has no awslogs-stream-prefix", t.Container)})
		}
	}
	return found
}

func staticCredentials(td *types.TaskDefinition) []wrong {
	var found []wrong
	for _, c := range td.ContainerDefinitions {
		for _, e := range c.Environment {
			if name := aws.ToString(e.Name); name == "AWS_ACCESS_KEY_ID" || name == "AWS_SECRET_ACCESS_KEY" ||
				name == "AWS_ACCESS_KEY" {
				found = append(found, wrong{path(c, "environment"), name, fmt.Sprintf("container %s gets %s",
					aws.ToString(c.Name), name)})
			}
		}
	}
	return found
}

func readOnlyRoot(td *types.TaskDefinition) []wrong {
	var found []wrong
	for _, c := range td.ContainerDefinitions {
		writable := slices.ContainsFunc(c.MountPoints, func(m types.MountPoint) bool { return !aws.ToBool(m.ReadOnly) })
		tmpfs := c.LinuxParameters != nil && len(c.LinuxParameters.Tmpfs) > 0
		if aws.ToBool(c.ReadonlyRootFilesystem) && !writable && !tmpfs {
			found = append(found, wrong{path(c, "readonlyRootFilesystem"), "true",
				strings.TrimSpace(fmt.Sprintf("container %s has a read-only root and no writable mount", aws.ToString(c.Name)))})
		}
	}
	return found
}
