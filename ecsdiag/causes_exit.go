package ecsdiag

import (
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

const sourceExit = "Docker CLI reference: docker run exit status; Amazon ECS agent: OutOfMemoryError"

var stepLogs = diag.Step{
	Text: "Read what the last of the tasks wrote before it ended.",
	Command: "aws logs get-log-events --log-group-name {log group} --log-stream-name {stream} --limit 100 " +
		"--query 'events[].message' --output text",
}

// exits makes a row about the exit codes of containers.
func exits(code diag.Code, title, doc, say string, match func(ecstext.ExitMeaning) bool) cause {
	return cause{
		code: code, title: title, doc: doc, say: say, pick: pickExits(match), breaks: breaksRun,
		needs:   []diag.Mechanism{diag.Application, diag.DBAccept, diag.DBServe},
		actions: actionsTasksAndDef, add: addExit, source: sourceExit, steps: []diag.Step{stepLogs, stepTask, stepDefinition},
	}
}

// exitCauses are what the exit codes of containers tell, where ECS gives no reason.
var exitCauses = []cause{
	exits("ecs.task-exited-with-error", "Application exited with an error",
		"An essential container ended of itself with an error code of its program. The reason is in its logs.",
		"exit with code {codes}, container {container}",
		func(m ecstext.ExitMeaning) bool { return m.Class == ecstext.ExitApplication || m.Class == 0 }),
	exits("ecs.task-command-not-run", "Command could not be run",
		"The shell or container runtime could not run the command: it does not exist (127) or may not be executed "+
			"(126).", "never run their program: exit code {codes}, container {container}", ofClass(ecstext.ExitStart)),
	exits("ecs.task-segfault", "Segmentation fault",
		"The program crashed on an invalid memory access (exit code 139, SIGSEGV).",
		"crash with a segmentation fault: exit code {codes}, container {container}",
		func(m ecstext.ExitMeaning) bool { return m.Signal == "SIGSEGV" }),
	exits("ecs.task-crashed", "Program crashed",
		"The program ended by a signal that it brought on itself, such as SIGABRT (134).",
		"crash: exit code {codes}, container {container}",
		func(m ecstext.ExitMeaning) bool { return m.Class == ecstext.ExitCrash && m.Signal != "SIGSEGV" }),
	exits("ecs.task-terminated-unasked", "Program ended by a signal that ECS did not send",
		"A container ended by SIGTERM or another signal, but ECS had not asked the task to stop: something in "+
			"the container or on the host sent it.",
		"end by a signal that ECS did not send: exit code {codes}, container {container}",
		ofClass(ecstext.ExitStopAsked, ecstext.ExitSignal)),
	exits("ecs.task-exited-cleanly", "Program ends without an error",
		"An essential container ends with code 0. A service wants programs that do not end: each end costs a restart.",
		"end by themselves with exit code {codes}, container {container}: the program does not keep running",
		ofClass(ecstext.ExitOK)),
	ambiguous,
	{
		code:  "ecs.task-killed-at-stop-timeout",
		title: "Container killed at its stop timeout",
		pick:  pickStopTimeouts,
		info:  true,
		doc: "ECS asked the task to stop, the container did not end within its stop timeout, and was killed (exit code " +
			"137). This is not for lack of memory: the program does not heed SIGTERM or needs longer to shut down.",
		say:     "did not end within {timeout} of being asked to stop and were killed, container {container}",
		source:  sourceExit,
		actions: actionsTasksAndDef,
		add:     addStopTimeout,
		steps: []diag.Step{
			stepDefinition,
			{
				Text:    "Let the program end on SIGTERM (run it as PID 1, not under a shell), or raise stopTimeout.",
				Changes: true,
			},
		},
	},
	{
		code:  "ecs.task-stopped-unexplained",
		title: "Task stopped for a reason that is not told",
		pick:  pickUnexplained,
		doc: "A task stopped, and neither its stopped reason nor an exit code of a container says why in a way that is " +
			"known.",
		say:        "stopped without a known reason",
		breaks:     breaksRun,
		source:     sourceStopped,
		confidence: diag.Possible,
		needs:      []diag.Mechanism{diag.HostRun, diag.AgentConnect, diag.Application},
		steps:      []diag.Step{stepTask},
	},
}

var ambiguous = func() cause {
	c := exits("ecs.task-exit-137-ambiguous", "Container killed, reason not told",
		"A container ended with exit code 137 (SIGKILL), but ECS neither reports that memory ran out nor had asked "+
			"the task to stop. Most often the kernel killed one of its processes for memory; compare the memory "+
			"metric. A person or a watchdog may have done it too.",
		"were killed (SIGKILL) and ECS does not say why: exit code {codes}, container {container}",
		ofClass(ecstext.ExitKilled))
	c.confidence, c.add = diag.Possible, weighMemory
	c.actions = append([]string{sourceMetrics}, actionsTasksAndDef...)
	return c
}()
