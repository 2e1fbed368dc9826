package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// blamed returns the enabled tasks in which the agent of a container that matches does not run, with the container:
// where an agent runs, the setting did no harm.
func (x *execution) blamed(match func(*types.TaskDefinition, *types.ContainerDefinition) bool) []execAgent {
	return slices.DeleteFunc(x.down(), func(a execAgent) bool {
		td := x.definition(a.task)
		if td == nil {
			return true
		}
		c := containerNamed(td, a.container)
		return c == nil || !match(td, c)
	})
}

// settingHit tells of a setting of task definitions that agents do not run with.
func settingHit(down []execAgent, field func(*execAgent) (field, value string), what string) execHit {
	var hit execHit
	for i := range down {
		a := &down[i]
		hit.tasks = append(hit.tasks, a.task)
		f, v := field(a)
		if e := evidence(sourceTaskDefinition, f, v); !slices.Contains(hit.proof, e) {
			hit.proof = append(hit.proof, e)
		}
	}
	if len(down) > 0 {
		hit.proof = append(hit.proof, down[0].evidence())
		hit.what = fmt.Sprintf(what, down[0].container)
	}
	hit.tasks = slices.CompactFunc(hit.tasks, func(a, b types.Task) bool {
		return aws.ToString(a.TaskArn) == aws.ToString(b.TaskArn)
	})
	return hit
}

// agentPaths are where the agent writes; a mount of its own there, or of what lies above, makes it work in a container
// whose root is read-only.
var agentPaths = []string{"/var/lib/amazon", "/var/log/amazon"}

func findReadOnlyRoot(_ context.Context, x *execution) (execHit, error) {
	down := x.blamed(func(_ *types.TaskDefinition, c *types.ContainerDefinition) bool {
		return aws.ToBool(c.ReadonlyRootFilesystem) && !slices.ContainsFunc(agentPaths, writable(c))
	})
	return settingHit(down, func(a *execAgent) (string, string) {
		return "containerDefinitions[" + a.container + "].readonlyRootFilesystem", "true"
	}, "the root file system of container %s is read-only, so its agent cannot write where it must"), nil
}

// writable reports whether a container can write under a path through a mount.
func writable(c *types.ContainerDefinition) func(string) bool {
	return func(path string) bool {
		return slices.ContainsFunc(c.MountPoints, func(m types.MountPoint) bool {
			at := strings.TrimSuffix(aws.ToString(m.ContainerPath), "/")
			return !aws.ToBool(m.ReadOnly) && (strings.HasPrefix(at, path) || strings.HasPrefix(path, at+"/"))
		})
	}
}

// credentialNames are variables that the agent takes its credentials from in place of the task role's.
var credentialNames = []string{"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}

// credentialName returns the first variable of a container, given as a value or a secret, that holds credentials.
func credentialName(c *types.ContainerDefinition) string {
	for _, e := range c.Environment {
		if slices.Contains(credentialNames, aws.ToString(e.Name)) {
			return *e.Name
		}
	}
	for _, s := range c.Secrets {
		if slices.Contains(credentialNames, aws.ToString(s.Name)) {
			return *s.Name
		}
	}
	return ""
}

func findCredentials(_ context.Context, x *execution) (execHit, error) {
	down := x.blamed(
		func(_ *types.TaskDefinition, c *types.ContainerDefinition) bool { return credentialName(c) != "" },
	)
	return settingHit(down, func(a *execAgent) (string, string) {
		return "containerDefinitions[" + a.container + "].environment",
			credentialName(containerNamed(x.definition(a.task), a.container))
	}, "container %s has AWS credentials in its environment, which the agent takes in place of the task role's"), nil
}

func findNoTaskRole(_ context.Context, x *execution) (execHit, error) {
	down := x.blamed(func(td *types.TaskDefinition, _ *types.ContainerDefinition) bool {
		return aws.ToString(td.TaskRoleArn) == ""
	})
	down = slices.DeleteFunc(down, func(a execAgent) bool {
		return a.task.Overrides != nil && aws.ToString(a.task.Overrides.TaskRoleArn) != ""
	})
	hit := settingHit(down, func(a *execAgent) (string, string) { return "taskRoleArn", "none" },
		"the task has no role, so the agent in container %s may not open a channel")
	if len(down) > 0 && !onFargate(down[0].task) {
		hit.severity = diag.SeverityWarning
		hit.what += ", unless the role of the host allows it"
	}
	return hit, nil
}

// findNotEnabled finds a service that ECS Exec is off for.
func findNotEnabled(_ context.Context, x *execution) (execHit, error) {
	if x.service.EnableExecuteCommand {
		return execHit{}, nil
	}
	enabled := x.enabled()
	hit := execHit{
		what: fmt.Sprintf("it is not enabled on the service, and on %d of %d running tasks", len(enabled),
			len(x.running)),
		proof: []diag.Evidence{evidence(sourceServices, "enableExecuteCommand", "false")},
	}
	if len(enabled) > 0 {
		hit.severity = diag.SeverityWarning // those that have it can be entered still
	}
	return hit, nil
}

// findNoRunningTask finds a service without a task that could be entered.
func findNoRunningTask(_ context.Context, x *execution) (execHit, error) {
	if len(x.running) > 0 {
		return execHit{}, nil
	}
	return execHit{what: "no task runs that could be entered", proof: []diag.Evidence{
		evidence(sourceServices, "runningCount", fmt.Sprint(x.service.RunningCount)),
		evidence(sourceServices, "desiredCount", fmt.Sprint(x.service.DesiredCount)),
	}}, nil
}

// findSetting tells once for each revision of a setting that matters to who wants to enter its containers.
func findSetting(field, value, what string, match func(*types.TaskDefinition) bool) func(context.Context,
	*execution) (execHit, error) {
	return func(_ context.Context, x *execution) (execHit, error) {
		var hit execHit
		for _, ref := range sortedDefinitions(x.definitions) {
			if match(x.definitions[ref]) {
				hit.proof = append(hit.proof, evidence(sourceTaskDefinition, field, value))
				hit.also = append(
					hit.also,
					diag.Related{Resource: taskDefinitionResource(ref), Role: "task definition"},
				)
				hit.what = what
			}
		}
		return hit, nil
	}
}

func sortedDefinitions(all map[string]*types.TaskDefinition) []string {
	var refs []string
	for ref, td := range all {
		if td != nil {
			refs = append(refs, ref)
		}
	}
	slices.Sort(refs)
	return refs
}

// noInitProcess reports a container that runs ECS Exec sessions without an init process to reap what they leave.
func noInitProcess(td *types.TaskDefinition) bool {
	return slices.ContainsFunc(td.ContainerDefinitions, func(c types.ContainerDefinition) bool {
		windows := td.RuntimePlatform != nil &&
			strings.HasPrefix(string(td.RuntimePlatform.OperatingSystemFamily), "WINDOWS")
		return !windows && (c.Essential == nil || *c.Essential) &&
			(c.LinuxParameters == nil || !aws.ToBool(c.LinuxParameters.InitProcessEnabled))
	})
}
