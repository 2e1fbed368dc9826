package ecsdiag

import (
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

var breaksRun = []diag.Mechanism{diag.TaskRun}

// containerCauses are the troubles of containers that ECS names; exit codes are judged apart, see [exitChecks].
var containerCauses = []cause{
	{
		code:   "ecs.task-oom-killed",
		title:  "Container killed for memory",
		causes: []ecstext.Cause{ecstext.OutOfMemory},
		doc: "A container was killed since it used more memory than its limit, or than the task has. The agent writes " +
			"OutOfMemoryError only if the container runtime reports it; exit code 137 alone is not enough.",
		say:     "were killed: out of memory (OutOfMemoryError), container {container}",
		breaks:  breaksRun,
		source:  sourceStopped,
		actions: append([]string{sourceMetrics}, actionsTasksAndDef...),
		add:     addMemory,
		steps: []diag.Step{
			{
				Text: "Compare the memory that the service uses with its limit, before and after the last release.",
				Command: "aws cloudwatch get-metric-data --start-time $(date -u -d '3 hours ago' +%FT%TZ) --end-time $(date -u " +
					"+%FT%TZ) --metric-data-queries " +
					`'[{"Id":"m","MetricStat":{"Metric":{"Namespace":"AWS/ECS","MetricName":"MemoryUtilization","Dimensions":[{"Name":"ClusterName","Value":"{cluster}"},{"Name":"ServiceName","Value":"{service}"}]},"Period":60,"Stat":"Maximum"}}]'`,
			},
			stepDefinition,
			{
				Text:    "Raise the memory of the container and task in a new revision, or go back to the revision that fitted.",
				Changes: true,
			},
		},
	},
	{
		code:    "ecs.task-failed-container-health-check",
		title:   "Tasks replaced for failed container health checks",
		causes:  []ecstext.Cause{ecstext.ContainerHealthCheckFailed},
		doc:     "ECS stops tasks of which an essential container fails the health check of its container definition.",
		say:     "fail the health check of their container definition",
		breaks:  []diag.Mechanism{diag.TaskCount, diag.HealthCheck},
		needs:   []diag.Mechanism{diag.Application, diag.NetworkPath},
		source:  sourceStopped,
		actions: actionsTasksAndDef,
		add:     addContainerHealthCheck,
		steps:   []diag.Step{stepDefinition, stepTask},
	},
	{
		code:   "ecs.task-docker-timeout",
		title:  "Container runtime too slow",
		causes: []ecstext.Cause{ecstext.DockerTimeout},
		doc: "The container runtime of the host did not create, start or stop the container in time: as a rule the " +
			"host's disk or CPU is exhausted.",
		say:    "cannot start or stop: the container runtime does not answer in time",
		breaks: breaksStart,
		needs:  []diag.Mechanism{diag.HostRun},
		source: sourceStopped,
		steps:  []diag.Step{stepTask},
	},
	{
		code:   "ecs.task-runtime-error",
		title:  "Container runtime or agent failed",
		causes: []ecstext.Cause{ecstext.InspectFailed, ecstext.StopFailed, ecstext.AgentError},
		doc: "The agent could not inspect or stop a container, or names an error of its own: the runtime of the host " +
			"does not work as it should.",
		say:    "stopped for an error of the container runtime or agent",
		breaks: breaksRun,
		needs:  []diag.Mechanism{diag.HostRun},
		source: sourceStopped,
		steps:  []diag.Step{stepTask},
	},
	{
		code:   "ecs.task-create-no-disk",
		title:  "No disk space to create the container",
		causes: []ecstext.Cause{ecstext.CreateFailedDisk},
		doc:    "The storage of the container runtime is full.",
		say:    "cannot start: no storage is left to create their container",
		breaks: breaksStart,
		needs:  []diag.Mechanism{diag.HostRun},
		source: sourceStopped,
		steps:  []diag.Step{stepTask},
	},
	{
		code:   "ecs.task-create-failed",
		title:  "Container could not be created",
		causes: []ecstext.Cause{ecstext.CreateFailedOther, ecstext.CreateFailedVolumePermission},
		doc: "The container runtime refuses to create the container: a setting of the container definition or a volume " +
			"does not fit.",
		say:    "cannot start: their container cannot be created",
		breaks: breaksStart,
		source: sourceStopped,
		steps:  []diag.Step{stepTask, stepDefinition},
	},
	{
		code:   "ecs.task-entry-point-missing",
		title:  "Entry point does not exist in the image",
		causes: []ecstext.Cause{ecstext.StartFailedExecMissing},
		doc:    "The entry point or command of the container does not exist in the image.",
		say:    "cannot start: the entry point or command does not exist in the image",
		breaks: breaksStart,
		source: sourceStopped,
		steps:  []diag.Step{stepDefinition, {Text: "Compare entryPoint and command with the files in the image."}},
	},
	{
		code:   "ecs.task-entry-point-not-executable",
		title:  "Entry point may not be executed",
		causes: []ecstext.Cause{ecstext.StartFailedExecPermission},
		doc:    "The entry point exists, but its mode or the user of the container does not allow to execute it.",
		say:    "cannot start: the entry point may not be executed",
		breaks: breaksStart,
		source: sourceStopped,
		steps:  []diag.Step{stepDefinition},
	},
	{
		code:   "ecs.task-exec-format",
		title:  "Program built for another processor",
		causes: []ecstext.Cause{ecstext.StartFailedExecFormat},
		doc: "The entry point was built for another processor than the task's, or is a script without an interpreter " +
			"line.",
		say:    "cannot start: the program was built for another processor",
		breaks: breaksStart,
		source: sourceStopped,
		steps:  []diag.Step{stepDefinition},
	},
	{
		code:  "ecs.task-start-failed",
		title: "Container could not be started",
		causes: []ecstext.Cause{
			ecstext.StartFailedOther,
			ecstext.StartFailedDevice,
			ecstext.StartFailedPort,
			ecstext.StartFailedMount,
			ecstext.StartFailedGPUHook,
		},
		doc:    "The container runtime could not start the container: a device, port, mount point or hook of the host fails.",
		say:    "cannot start: the container runtime refuses their container",
		breaks: breaksStart,
		needs:  []diag.Mechanism{diag.HostRun},
		source: sourceStopped,
		steps:  []diag.Step{stepTask, stepDefinition},
	},
	{
		code:   "ecs.task-dependency-failed",
		title:  "Container dependency failed",
		causes: []ecstext.Cause{ecstext.DependencyFailed},
		doc:    "A container that another depends on (dependsOn) did not start, become healthy or succeed in time.",
		say:    "cannot start: a container that others depend on did not reach its condition",
		breaks: breaksStart,
		needs:  []diag.Mechanism{diag.Application, diag.TaskRun},
		source: sourceStopped,
		steps:  []diag.Step{stepTask, stepDefinition},
	},
	{
		code:   "ecs.task-failed-to-start",
		title:  "Task could not be started",
		causes: []ecstext.Cause{ecstext.TaskStartFailed, ecstext.LaunchFailed},
		doc:    "Tasks could not be started; the text does not say more exactly why.",
		say:    "could not be started",
		breaks: breaksStart,
		needs: []diag.Mechanism{
			diag.Permission,
			diag.NetworkPath,
			diag.NameResolution,
			diag.HostRun,
			diag.AgentConnect,
			diag.Placement,
			diag.ImagePull,
			diag.SecretRead,
			diag.LogDelivery,
		},
		source: sourceFailedToStart,
		steps:  []diag.Step{stepTask, stepService},
	},
}
