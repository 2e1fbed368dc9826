package guest

import (
	"context"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag"
)

// Guest is the inside of a node. Its facts run commands of the catalogue on it, each once.
type Guest struct {
	fleet    *Fleet
	id       string
	platform Platform
}

var _ diag.Subject = (*Guest)(nil)

// Resource names the machine.
func (g *Guest) Resource() diag.Resource { return ssmdiag.NodeResource(g.id) }

// on returns the command for the guest's platform.
func (g *Guest) on(linux, windows Command) Command {
	if g.platform == Windows {
		return windows
	}
	return linux
}

// parser returns the parser for the guest's platform.
func parser[T any](g *Guest, linux, windows func(string) (T, bool)) func(string) (T, bool) {
	if g.platform == Windows {
		return windows
	}
	return linux
}

// Output runs a command on the guest. It returns what there is of an output with the error that says what is wrong with
// it.
func (g *Guest) Output(ctx context.Context, c Command) (Output, error) {
	return g.fleet.output(ctx, c, g.id)
}

// fact runs a command and parses what it printed. An output that is not understood, or was cut, is an error of
// [diag.KindIncomplete] that quotes it.
func fact[T any](ctx context.Context, g *Guest, c Command, parse func(string) (T, bool)) (T, error) {
	var none T
	if c.platform != g.platform {
		return none, diag.Errorf(diag.KindInvalid, "reading %s of %s: there is no such command for %s", c.name, g.id,
			g.platform)
	}
	o, err := g.Output(ctx, c)
	if err != nil {
		return none, err
	}
	value, ok := parse(o.Stdout)
	switch {
	case !ok:
		return none, diag.Errorf(diag.KindIncomplete, "reading %s of %s: the output is not understood: %q, %q",
			c.name, g.id, shortened(o.Stdout), shortened(o.Stderr))
	case o.Truncated:
		return value, diag.Errorf(
			diag.KindIncomplete,
			"reading %s of %s: Systems Manager cut the output at %d characters",
			c.name,
			g.id,
			maxStdout,
		)
	}
	return value, nil
}

// maxQuote is how much of an output an error quotes.
const maxQuote = 200

func shortened(text string) string {
	if r := []rune(text); len(r) > maxQuote {
		return string(r[:maxQuote]) + "…"
	}
	return text
}

// some makes a parser of lists one that fails on nothing.
func some[T any](parse func(string) []T) func(string) ([]T, bool) {
	return func(text string) ([]T, bool) { list := parse(text); return list, len(list) > 0 }
}

// Filesystems returns how full the file systems are.
func (g *Guest) Filesystems(ctx context.Context) ([]Filesystem, error) {
	return fact(ctx, g, g.on(Disk, DiskWindows), parser(g, some(ParseFilesystems), ParseDrives))
}

// Inodes returns how many inodes of the file systems are used.
func (g *Guest) Inodes(ctx context.Context) ([]Filesystem, error) {
	return fact(ctx, g, Inodes, some(ParseFilesystems))
}

// Memory returns how much memory is used.
func (g *Guest) Memory(ctx context.Context) (MemoryUse, error) {
	linux := func(text string) (MemoryUse, bool) { return ParseMemory(text, 1<<10) }
	return fact(ctx, g, g.on(Memory, MemoryWindows), parser(g, linux, ParseMemoryWindows))
}

// Load returns the load and the number of processors.
func (g *Guest) Load(ctx context.Context) (LoadAverage, error) { return fact(ctx, g, Load, ParseLoad) }

// Processes returns the processes that use most CPU.
func (g *Guest) Processes(ctx context.Context) ([]Process, error) {
	return fact(ctx, g, g.on(Processes, ProcessesWindows), parser(g, some(ParseProcesses), ParseProcessesWindows))
}

// Sockets returns the sockets of TCP and UDP.
func (g *Guest) Sockets(ctx context.Context) ([]Socket, error) {
	return fact(ctx, g, g.on(Sockets, SocketsWindows), some(ParseSockets))
}

// KernelSigns returns the troubles that the end of the kernel's log tells of.
func (g *Guest) KernelSigns(ctx context.Context) ([]Sign, error) {
	return fact(ctx, g, KernelLog, func(text string) ([]Sign, bool) { return ParseSigns(text), text != "" })
}

// FailedUnits returns the services that systemd holds for failed, or that Windows was to start and that stopped with an
// error.
func (g *Guest) FailedUnits(ctx context.Context) ([]Sign, error) {
	linux := func(text string) ([]Sign, bool) { return ParseSigns(text), text != "" }
	return fact(ctx, g, g.on(FailedUnits, FailedServicesWindows), parser(g, linux, ParseServicesWindows))
}
