package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// execStarts is how long after its task the agent of ECS Exec may take to run before it counts as down.
const execStarts = 5 * time.Minute

// The versions from which ECS Exec works (source: prerequisites of ECS Exec).
const (
	execPlatformLinux   = "1.4.0"
	execPlatformWindows = "1.0.0"
	execAgentVersion    = "1.50.2"
)

// down returns the agents that do not run in tasks that have run for long enough. Where containers share a process
// namespace, one agent for all is as it should be.
func (x *execution) down() []execAgent {
	var all []execAgent
	for _, t := range x.enabled() {
		young := t.StartedAt != nil && x.subject.window.End.Sub(*t.StartedAt) < execStarts
		if young || (sharesPIDs(x.definition(t)) && hasAgentUp(t, "")) {
			continue
		}
		for _, a := range agents(t) {
			if !a.up() && a.LastStatus != nil && a.containerRuns() {
				all = append(all, a)
			}
		}
	}
	return all
}

// containerRuns reports that the agent's container runs: with the container, its agent ends too.
func (a execAgent) containerRuns() bool {
	for _, c := range a.task.Containers {
		if aws.ToString(c.Name) == a.container {
			return c.LastStatus == nil || *c.LastStatus == "RUNNING"
		}
	}
	return false
}

func sharesPIDs(td *types.TaskDefinition) bool { return td != nil && td.PidMode == types.PidModeTask }

func findAgentsDown(_ context.Context, x *execution) (execHit, error) {
	down := x.down()
	if len(down) == 0 {
		return execHit{}, nil
	}
	var hit execHit
	states := map[string]bool{}
	for _, a := range down {
		if n := len(hit.tasks); n == 0 || aws.ToString(hit.tasks[n-1].TaskArn) != aws.ToString(a.task.TaskArn) {
			hit.tasks = append(hit.tasks, a.task)
		}
		states[aws.ToString(a.LastStatus)] = true
		if len(hit.proof) < maxSamples {
			hit.proof = append(hit.proof, a.evidence())
		}
	}
	hit.what = fmt.Sprintf("the ExecuteCommandAgent is %s in %d of %d running tasks; it is what holds the ssmmessages "+
		"channel of a session", strings.Join(sortedSet(states), " or "), len(hit.tasks), len(x.enabled()))
	if !slices.ContainsFunc(hit.tasks, func(t types.Task) bool { return !hasAgentUp(t, "") }) {
		hit.severity = diag.SeverityWarning // each task can be entered by another of its containers
	}
	if reason := aws.ToString(down[0].Reason); reason != "" {
		hit.what += ": " + oneLine(reason)
	}
	return hit, nil
}

// evidence quotes the agent as ECS reports it.
func (a execAgent) evidence() diag.Evidence {
	value := strings.TrimSpace(aws.ToString(a.LastStatus) + " " + aws.ToString(a.Reason))
	if a.LastStartedAt != nil {
		value += ", last started " + stamp(a.LastStartedAt)
	}
	field := taskField(a.task, "containers["+a.container+"].managedAgents[ExecuteCommandAgent].lastStatus")
	return evidence(sourceTasks, field, value)
}

func sortedSet(set map[string]bool) []string {
	keys := map[string]string{}
	for k := range set {
		keys[k] = ""
	}
	return sortedKeys(keys)
}

// findTasksNotEnabled finds running tasks without ECS Exec though the service has it on: they are older than that.
func findTasksNotEnabled(_ context.Context, x *execution) (execHit, error) {
	var hit execHit
	if !x.service.EnableExecuteCommand {
		return hit, nil
	}
	for _, t := range x.running {
		if !t.EnableExecuteCommand {
			hit.tasks = append(hit.tasks, t)
			hit.proof = append(hit.proof, evidenceAt(sourceTasks, taskField(t, "enableExecuteCommand"), "false",
				aws.ToTime(t.StartedAt)))
		}
	}
	if len(hit.tasks) == 0 {
		return hit, nil
	}
	hit.proof = append(hit.proof[:min(len(hit.proof), maxSamples)], evidence(sourceServices, "enableExecuteCommand",
		"true"))
	hit.what = fmt.Sprintf("%d of %d running tasks were started before it was enabled on the service", len(hit.tasks),
		len(x.running))
	if len(hit.tasks) == len(x.running) {
		hit.severity = diag.SeverityError
	}
	return hit, nil
}

// findOldPlatform finds tasks of a Fargate platform version without ECS Exec. What the service asks for says nothing:
// LATEST was resolved when each task started.
func findOldPlatform(_ context.Context, x *execution) (execHit, error) {
	var hit execHit
	for _, t := range x.enabled() {
		floor := execPlatformLinux
		if strings.HasPrefix(strings.ToLower(aws.ToString(t.PlatformFamily)), "windows") {
			floor = execPlatformWindows
		}
		if v := aws.ToString(t.PlatformVersion); onFargate(t) && older(v, floor) && !hasAgentUp(t, "") {
			hit.tasks = append(hit.tasks, t)
			hit.proof = append(hit.proof, evidence(sourceTasks, taskField(t, "platformVersion"), v))
			hit.what = fmt.Sprintf("%d of %d running tasks are on Fargate platform version %s, it needs %s or later",
				len(hit.tasks), len(x.enabled()), v, floor)
		}
	}
	hit.proof = hit.proof[:min(len(hit.proof), maxSamples)]
	return hit, nil
}

// findOldHostAgent finds hosts whose container agent does not know ECS Exec yet.
func findOldHostAgent(ctx context.Context, x *execution) (execHit, error) {
	on := map[string][]types.Task{}
	for _, t := range x.enabled() {
		if id := aws.ToString(t.ContainerInstanceArn); id != "" && !hasAgentUp(t, "") {
			on[id] = append(on[id], t)
		}
	}
	if len(on) == 0 {
		return execHit{}, nil
	}
	var hit execHit
	instances, err := x.subject.ContainerInstances(ctx)
	for _, i := range instances {
		arn := aws.ToString(i.ContainerInstanceArn)
		if len(on[arn]) == 0 || i.VersionInfo == nil ||
			!older(aws.ToString(i.VersionInfo.AgentVersion), execAgentVersion) {
			continue
		}
		v := *i.VersionInfo.AgentVersion
		hit.tasks = append(hit.tasks, on[arn]...)
		hit.proof = append(hit.proof, evidence(sourceInstances, "containerInstances["+shortName(arn)+
			"].versionInfo.agentVersion", v))
		hit.also = append(
			hit.also,
			diag.Related{Resource: hostResource(x.subject.resource(x.service), i), Role: "host"},
		)
		hit.what = fmt.Sprintf(
			"%d of its tasks run on hosts with container agent %s, it needs %s or later",
			len(hit.tasks),
			v,
			execAgentVersion,
		)
	}
	return hit, err
}

// findNoAgents finds tasks that ECS Exec is enabled for and of which ECS reports no agent in any container.
func findNoAgents(_ context.Context, x *execution) (execHit, error) {
	var hit execHit
	for _, t := range x.enabled() {
		if len(agents(t)) == 0 && t.StartedAt != nil && x.subject.window.End.Sub(*t.StartedAt) >= execStarts {
			hit.tasks = append(hit.tasks, t)
			hit.proof = append(hit.proof, evidenceAt(sourceTasks, taskField(t, "containers[].managedAgents"), "none",
				*t.StartedAt))
		}
	}
	hit.proof = hit.proof[:min(len(hit.proof), maxSamples)]
	hit.what = fmt.Sprintf("ECS reports no ExecuteCommandAgent in %d of %d running tasks that it is enabled for",
		len(hit.tasks), len(x.enabled()))
	return hit, nil
}
