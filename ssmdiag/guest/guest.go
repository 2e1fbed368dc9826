package guest

import (
	"context"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag"
)

// Guest is the inside of a Linux node. Its facts run commands of the catalogue on it, each once.
type Guest struct {
	fleet *Fleet
	id    string
}

var _ diag.Subject = (*Guest)(nil)

// Resource names the machine.
func (g *Guest) Resource() diag.Resource { return ssmdiag.NodeResource(g.id) }

// Output runs a command on the guest. It returns what there is of an output with the error that says what is wrong with it.
func (g *Guest) Output(ctx context.Context, c Command) (Output, error) {
	return g.fleet.output(ctx, c, g.id)
}

// fact runs a command and parses what it printed. An output that is not understood, or was cut, is an error of
// [diag.KindIncomplete] that quotes it.
func fact[T any](ctx context.Context, g *Guest, c Command, parse func(string) (T, bool)) (T, error) {
	var none T
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
	return fact(ctx, g, Disk, some(ParseFilesystems))
}

// Inodes returns how many inodes of the file systems are used.
func (g *Guest) Inodes(ctx context.Context) ([]Filesystem, error) {
	return fact(ctx, g, Inodes, some(ParseFilesystems))
}

// Memory returns how much memory is used.
func (g *Guest) Memory(ctx context.Context) (MemoryUse, error) {
	return fact(ctx, g, Memory, func(text string) (MemoryUse, bool) { return ParseMemory(text, 1<<10) })
}

// Load returns the load and the number of processors.
func (g *Guest) Load(ctx context.Context) (LoadAverage, error) { return fact(ctx, g, Load, ParseLoad) }

// Processes returns the processes that use most CPU.
func (g *Guest) Processes(ctx context.Context) ([]Process, error) {
	return fact(ctx, g, Processes, some(ParseProcesses))
}

// Sockets returns the sockets of TCP and UDP.
func (g *Guest) Sockets(ctx context.Context) ([]Socket, error) {
	return fact(ctx, g, Sockets, some(ParseSockets))
}

// KernelSigns returns the troubles that the end of the kernel's log tells of.
func (g *Guest) KernelSigns(ctx context.Context) ([]Sign, error) {
	return fact(ctx, g, KernelLog, func(text string) ([]Sign, bool) { return ParseSigns(text), text != "" })
}

// FailedUnits returns the services that systemd holds for failed.
func (g *Guest) FailedUnits(ctx context.Context) ([]Sign, error) {
	return fact(ctx, g, FailedUnits, func(text string) ([]Sign, bool) { return ParseSigns(text), text != "" })
}
