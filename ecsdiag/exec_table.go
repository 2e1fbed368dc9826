package ecsdiag

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// execFaults are what keeps ECS Exec out of tasks that it is enabled for. They are part of [ServiceChecks]; what is
// only worth telling to who wants a session stands in execQuestions.
var execFaults = []execFault{
	{
		code:  "ecs.exec-agent-stopped",
		title: "ECS Exec agent does not run",
		doc: "ECS Exec is enabled for the task, but the ExecuteCommandAgent that ECS starts in its container is STOPPED " +
			"or stays PENDING: no session can begin. As a rule its role may not use ssmmessages, or it does not reach it.",
		severity: diag.SeverityError,
		breaks:   breaksSession,
		needs: []diag.Mechanism{diag.Permission, diag.NetworkPath, diag.NameResolution, diag.AgentConnect, diag.HostRun,
			diag.Session},
		find:  findAgentsDown,
		steps: stepTaskRole,
	},
	{
		code:  "ecs.exec-task-not-enabled",
		title: "Tasks older than ECS Exec",
		doc: "ECS Exec is enabled on the service, but not for tasks that run: it takes effect for tasks that start " +
			"afterwards only.",
		severity: diag.SeverityWarning,
		breaks:   breaksSession,
		find:     findTasksNotEnabled,
		steps:    stepRedeploy("Replace the tasks; new ones have it."),
	},
	{
		code:     "ecs.exec-platform-too-old",
		title:    "Fargate platform too old for ECS Exec",
		doc:      "The task runs on a Fargate platform version that does not know ECS Exec: Linux before 1.4.0.",
		severity: diag.SeverityError,
		breaks:   breaksSession,
		find:     findOldPlatform,
		steps:    stepRedeploy("Set the platform version to LATEST in the service and replace its tasks."),
	},
	{
		code:     "ecs.exec-host-agent-too-old",
		title:    "Container agent too old for ECS Exec",
		doc:      "The container agent of the host is older than 1.50.2 and does not know ECS Exec.",
		severity: diag.SeverityError,
		breaks:   breaksSession,
		actions:  actionsHosts,
		find:     findOldHostAgent,
		steps: func(x *execution) []diag.Step {
			return []diag.Step{
				{Text: "List the agent versions of the cluster.", Command: "aws ecs list-container-instances " +
					"--cluster " + x.subject.cluster},
				{Text: "Update the container agent, or better the image of the hosts.",
					Changes: true, Command: fmt.Sprintf("aws ecs update-container-agent --cluster %s --container-instance <id>",
						x.subject.cluster)},
			}
		},
	},
	{
		code:  "ecs.exec-read-only-root",
		title: "Read-only root keeps ECS Exec out",
		doc: "The agent of ECS Exec writes into the container's file system, whose root is read-only, and does not run. " +
			"Where it runs in spite of that nothing is told.",
		severity: diag.SeverityError, confidence: diag.Likely,
		breaks: breaksSession,
		find:   findReadOnlyRoot,
		steps:  func(x *execution) []diag.Step { return []diag.Step{stepDescribeTasks(x)} },
	},
	{
		code:  "ecs.exec-no-task-role",
		title: "No task role for ECS Exec",
		doc: "The agent of ECS Exec uses the task role; the task has none, and the agent does not run. On EC2 the role " +
			"of the host takes its place.",
		severity: diag.SeverityError,
		breaks:   breaksSession,
		find:     findNoTaskRole,
		steps:    func(x *execution) []diag.Step { return []diag.Step{stepDescribeTasks(x)} },
	},
	{
		code:  "ecs.exec-credentials-in-environment",
		title: "Credentials in the environment keep ECS Exec out",
		doc: "The container has AWS credentials in its environment. The agent of ECS Exec takes them in place of the " +
			"task role's, and it does not run.",
		severity: diag.SeverityWarning, confidence: diag.Likely,
		breaks: breaksSession,
		find:   findCredentials,
		steps:  func(x *execution) []diag.Step { return []diag.Step{stepDescribeTasks(x)} },
	},
}

// execQuestions are worth asking only where somebody wants a session.
var execQuestions = []execFault{
	{
		code:     "ecs.exec-not-enabled",
		title:    "ECS Exec not enabled",
		doc:      "ECS Exec is off on the service: ECS refuses to run a command in its tasks.",
		severity: diag.SeverityError,
		breaks:   breaksSession,
		find:     findNotEnabled,
		steps: stepRedeploy(
			"Enable it and replace the tasks; it takes effect for tasks that start afterwards only.",
		),
	},
	{
		code:     "ecs.exec-no-running-task",
		title:    "No task to enter",
		doc:      "No task of the service runs that ECS Exec could enter.",
		severity: diag.SeverityError,
		breaks:   breaksSession,
		needs:    append([]diag.Mechanism{diag.TaskCount, diag.Rollout}, needsTasks...),
		find:     findNoRunningTask,
	},
	{
		code:  "ecs.exec-agent-missing",
		title: "No ECS Exec agent reported",
		doc: "ECS Exec is enabled for the task, but ECS reports no ExecuteCommandAgent in any of its containers: the " +
			"agent was never started, as on a host whose container agent does not know it.",
		severity: diag.SeverityWarning, confidence: diag.Likely,
		breaks: breaksSession,
		needs:  []diag.Mechanism{diag.AgentConnect, diag.HostRun, diag.Session},
		find:   findNoAgents,
		steps:  func(x *execution) []diag.Step { return []diag.Step{stepDescribeTasks(x)} },
	},
	{
		code:  "ecs.exec-shared-pid-namespace",
		title: "One ECS Exec session target per task",
		doc: "The containers of the task share a process namespace (pidMode task): sessions can begin in one of them " +
			"only.",
		severity: diag.SeverityInfo,
		find: findSetting(
			"pidMode",
			"task",
			"its containers share a process namespace, so that only one of them can be entered",
			sharesPIDs,
		),
	},
	{
		code:  "ecs.exec-no-init-process",
		title: "No init process for ECS Exec",
		doc: "Without initProcessEnabled, processes that sessions leave behind stay as zombies in the container. It does " +
			"not keep a session from beginning.",
		severity: diag.SeverityInfo,
		find: findSetting(
			"containerDefinitions[].linuxParameters.initProcessEnabled",
			"false",
			"processes that sessions leave behind are not cleaned up, as initProcessEnabled is off",
			func(td *types.TaskDefinition) bool {
				return noInitProcess(td)
			},
		),
	},
}

// ExecChecks returns the checks to ask in addition to [ServiceChecks] where somebody wants a session in a task: whether
// ECS Exec is enabled at all, and what else of the configuration matters to it.
func ExecChecks() []*diag.Check[*Service] { return mapped(execQuestions, execFault.check) }
