package ecstext

import "strconv"

// ExitClass groups exit codes by who ended the process. The zero value is an exit code without a meaning of its own.
type ExitClass int

const (
	// ExitOK is code 0.
	ExitOK ExitClass = iota + 1
	// ExitApplication is the program's own failure.
	ExitApplication
	// ExitStart is a program that never ran: the runtime or the shell could not start it.
	ExitStart
	// ExitStopAsked is a signal that asks a process to end, as ECS does when it stops a task.
	ExitStopAsked
	// ExitKilled is SIGKILL: out of memory, a stop timeout or a person. The code alone does not say which.
	ExitKilled
	// ExitCrash is a signal that the process brought on itself.
	ExitCrash
	// ExitSignal is another signal.
	ExitSignal
)

// ExitMeaning is what an exit code says by the conventions of POSIX shells and the Docker CLI.
type ExitMeaning struct {
	Class  ExitClass
	Signal string // "SIGKILL" for 137, empty where the code is not 128+n
	Text   string // a phrase for people
}

const signalBase = 128 // exit codes above it are 128 plus a signal's number

// ExitCode says what an exit code of a container means. Windows containers give codes outside of 0 to 255, for which
// the Class is zero.
func ExitCode(code int) ExitMeaning {
	for i := range exitCodes {
		if exitCodes[i].code == code {
			return exitCodes[i].ExitMeaning
		}
	}
	number := code - signalBase
	for i := range signals {
		if signals[i].number == number {
			s := signals[i]
			return ExitMeaning{Class: s.class, Signal: s.name, Text: "ended by " + s.name + " (" + s.text + ")"}
		}
	}
	switch {
	case number > 0 && number <= 64:
		return ExitMeaning{Class: ExitSignal, Text: "ended by signal " + strconv.Itoa(number)}
	case code > 0 && code < signalBase, code > signalBase+64 && code < 256:
		return ExitMeaning{Class: ExitApplication, Text: "the program's own exit code " + strconv.Itoa(code)}
	}
	return ExitMeaning{Text: "exit code " + strconv.Itoa(code)}
}

var exitCodes = []struct {
	code int
	ExitMeaning
}{
	{0, ExitMeaning{Class: ExitOK, Text: "ended without an error"}},
	{1, ExitMeaning{Class: ExitApplication, Text: "general error of the program"}},
	{2, ExitMeaning{Class: ExitApplication, Text: "wrong usage: bad arguments of a program or shell builtin"}},
	{125, ExitMeaning{Class: ExitStart, Text: "the container runtime itself failed"}},
	{126, ExitMeaning{Class: ExitStart, Text: "the command was found and could not be executed"}},
	{127, ExitMeaning{Class: ExitStart, Text: "the command was not found"}},
	{128, ExitMeaning{Class: ExitStart, Text: "the runtime could not start the command, or a bad exit code"}},
	{255, ExitMeaning{Class: ExitApplication, Text: "exit code out of range, or -1: the program gave no reason"}},
}

// signals are those of Linux on the processors that ECS runs on (signal(7)).
var signals = []struct {
	number int
	name   string
	class  ExitClass
	text   string
}{
	{1, "SIGHUP", ExitStopAsked, "terminal closed"},
	{2, "SIGINT", ExitStopAsked, "interrupted"},
	{3, "SIGQUIT", ExitStopAsked, "asked to quit"},
	{4, "SIGILL", ExitCrash, "illegal instruction, often a build for another processor"},
	{5, "SIGTRAP", ExitCrash, "trap"},
	{6, "SIGABRT", ExitCrash, "the program aborted itself"},
	{7, "SIGBUS", ExitCrash, "bad memory access, often a full or truncated mapped file"},
	{8, "SIGFPE", ExitCrash, "arithmetic error"},
	{9, "SIGKILL", ExitKilled, "out of memory, stop timeout or killed by hand"},
	{10, "SIGUSR1", ExitSignal, "signal of the program's own"},
	{11, "SIGSEGV", ExitCrash, "segmentation fault"},
	{12, "SIGUSR2", ExitSignal, "signal of the program's own"},
	{13, "SIGPIPE", ExitSignal, "the reader of a pipe went away"},
	{14, "SIGALRM", ExitSignal, "timer ran out"},
	{15, "SIGTERM", ExitStopAsked, "asked to stop"},
	{24, "SIGXCPU", ExitSignal, "CPU time limit"},
	{25, "SIGXFSZ", ExitSignal, "file size limit"},
	{31, "SIGSYS", ExitCrash, "forbidden system call"},
}
