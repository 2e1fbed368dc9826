package guest

import (
	"cmp"
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
)

// sourceCommand is where the evidence of these checks comes from.
const sourceCommand = "ssm:GetCommandInvocation"

// Levels at which something is told.
const (
	fullWarning, fullError = 90, 98 // percent of a file system
	lowMemory              = 0.10   // of all memory, still available
	highLoad               = 2.0    // runnable or waiting processes for each processor, over five minutes
)

// evidence is a line of a command's output.
func (g *Guest) evidence(c Command, value string) diag.Evidence {
	return diag.Evidence{Source: sourceCommand, Field: "StandardOutputContent of " + c.name, Value: value}
}

// fullRule is what the checks of file systems differ in.
type fullRule struct {
	code             diag.Code
	title, what, doc string
	command          Command
	step             string
	find             func(*Guest, context.Context) ([]Filesystem, error)
}

// The checks of file systems.
var (
	// DiskFull reports file systems of which 90 % or more are used.
	DiskFull = fullRule{"guest.disk-full", "File system full", "blocks",
		"A file system of the host is 90 % full or more; from 98 % on programs fail to write. Images that are full by " +
			"nature, such as those of snaps, are passed by.",
		Disk, "sudo du -xh / --max-depth=2 | sort -h | tail -20", (*Guest).Filesystems}.check()
	// InodesFull reports file systems of which 90 % or more of the inodes are used.
	InodesFull = fullRule{"guest.inodes-full", "Inodes used up", "inodes",
		"A file system of the host has used 90 % of its inodes or more: no new file can be made, however much space " +
			"there is.",
		Inodes, "sudo du --inodes -x / --max-depth=3 | sort -n | tail -20", (*Guest).Inodes}.check()
)

func (r fullRule) check() *diag.Check[*Guest] {
	return &diag.Check[*Guest]{
		Info: diag.Info{Code: r.code, Title: r.title, Doc: r.doc, Severity: diag.SeverityError, Actions: actions,
			Breaks: []diag.Mechanism{diag.Application, diag.LogDelivery}, Source: "df(1)"},
		Run: func(ctx context.Context, g *Guest) ([]diag.Finding, error) {
			list, err := r.find(g, ctx)
			var findings []diag.Finding
			for _, fs := range list {
				if fs.Percent < fullWarning || fs.Image() {
					continue
				}
				f := diag.Finding{
					Summary: fmt.Sprintf(
						"%s of %s: %d %% of the %s are used (%s of %s)",
						fs.Mount,
						g.id,
						fs.Percent,
						r.what,
						fs.Used,
						fs.Total,
					),
					Evidence: []diag.Evidence{g.evidence(r.command, fmt.Sprintf("%s %s %s %s %d%% %s",
						fs.Device, fs.Total, fs.Used, fs.Available, fs.Percent, fs.Mount))},
				}
				if g.platform == Linux {
					f.NextSteps = []diag.Step{{Text: "See what takes most.", Command: r.step}}
				}
				if fs.Percent < fullError {
					f.Severity = diag.SeverityWarning
				}
				findings = append(findings, f)
			}
			return findings, err
		},
	}
}

// MemoryLow reports hosts with little memory left.
var MemoryLow = &diag.Check[*Guest]{
	Info: diag.Info{Code: "guest.memory-low", Title: "Memory low", Severity: diag.SeverityWarning, Actions: actions,
		Doc:    "Less than a tenth of the host's memory is available, caches given up.",
		Breaks: []diag.Mechanism{diag.Application}, Source: "proc_meminfo(5)",
		Limits: "Kernels before 3.14 do not say what is available."},
	Run: func(ctx context.Context, g *Guest) ([]diag.Finding, error) {
		m, err := g.Memory(ctx)
		if !m.HasAvailable || m.Total == 0 || m.Available/m.Total >= lowMemory {
			return nil, err
		}
		f := diag.Finding{
			Summary: fmt.Sprintf("%s has %s of %s memory available (%.0f %%)", g.id, mebibytes(m.Available),
				mebibytes(m.Total), 100*m.Available/m.Total),
			Evidence: []diag.Evidence{g.evidence(Memory, "MemAvailable "+m.Printed+" kB")},
		}
		if m.SwapTotal > 0 {
			f.Summary += fmt.Sprintf(", and %s of %s swap", mebibytes(m.SwapFree), mebibytes(m.SwapTotal))
		}
		return []diag.Finding{f}, err
	},
}

func mebibytes(bytes float64) string { return fmt.Sprintf("%.0f MiB", bytes/(1<<20)) }

// LoadHigh reports hosts with more work than processors.
var LoadHigh = &diag.Check[*Guest]{
	Info: diag.Info{Code: "guest.load-high", Title: "Load high", Severity: diag.SeverityWarning, Actions: actions,
		Doc: "Over five minutes, more than two processes for each processor were running or waiting, for a processor " +
			"or for a disk.",
		Breaks: []diag.Mechanism{diag.Application}, Source: "proc_loadavg(5)"},
	Run: func(ctx context.Context, g *Guest) ([]diag.Finding, error) {
		l, err := g.Load(ctx)
		if l.Processors == 0 || l.Five < highLoad*float64(l.Processors) {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf(
				"the load of %s is %.2f over five minutes, on %d processors",
				g.id,
				l.Five,
				l.Processors,
			),
			Evidence: []diag.Evidence{
				g.evidence(Load, fmt.Sprintf("load average: %.2f, %.2f, %.2f", l.One, l.Five, l.Fifteen)),
			},
		}}, err
	},
}

// signCheckRule is what the checks of logs differ in.
type signCheckRule struct {
	code       diag.Code
	title, doc string
	kinds      []string
	command    Command
	severity   diag.Severity
	breaks     []diag.Mechanism
	find       func(*Guest, context.Context) ([]Sign, error)
	summary    string
}

// The checks of logs and services.
var (
	// OOMKills reports processes that the kernel killed for want of memory.
	OOMKills = signCheckRule{"guest.oom-kill", "Process killed for memory",
		"The kernel's log tells that a process was killed because the host, or its control group, had no memory left.",
		[]string{"oom-kill"}, KernelLog, diag.SeverityWarning, []diag.Mechanism{diag.Application, diag.TaskRun},
		(*Guest).KernelSigns, "the kernel of %s killed for want of memory: %s"}.check()
	// DiskErrors reports disks that fail.
	DiskErrors = signCheckRule{"guest.disk-error", "Disk or file system errors",
		"The kernel's log tells of errors of a disk or a file system, or of one that was made read-only for them.",
		[]string{"disk-error", "read-only"}, KernelLog, diag.SeverityError, []diag.Mechanism{diag.HostRun},
		(*Guest).KernelSigns, "the kernel of %s tells of disk errors: %s"}.check()
	// ConntrackFull reports hosts that drop packets since they track too many connections.
	ConntrackFull = signCheckRule{"guest.conntrack-full", "Connection table full",
		"The kernel tracks as many connections as it may, and drops the packets of new ones.",
		[]string{"conntrack-full"}, KernelLog, diag.SeverityError, []diag.Mechanism{diag.NetworkPath},
		(*Guest).KernelSigns, "the kernel of %s drops packets: %s"}.check()
	// TasksHung reports processes that wait for a disk or a lock for minutes, and processors that do not get on.
	TasksHung = signCheckRule{"guest.task-hung", "Processes hang in the kernel",
		"Processes waited in the kernel for more than two minutes, most often for a disk or a network file system that " +
			"does not answer, or a processor did nothing else for long.",
		[]string{"task-hung", "soft-lockup"}, KernelLog, diag.SeverityWarning, []diag.Mechanism{diag.HostRun},
		(*Guest).KernelSigns, "processes hang in the kernel of %s: %s"}.check()
	// UnitsFailed reports services that systemd holds for failed.
	UnitsFailed = signCheckRule{"guest.unit-failed", "Service failed",
		"A service of the host is in the state failed: its last start or run ended in an error.",
		[]string{"unit-failed"}, FailedUnits, diag.SeverityWarning, []diag.Mechanism{diag.Application},
		(*Guest).FailedUnits, "failed services of %s: %s"}.check()
)

func (r signCheckRule) check() *diag.Check[*Guest] {
	return &diag.Check[*Guest]{
		Info: diag.Info{
			Code:     r.code,
			Title:    r.title,
			Doc:      r.doc,
			Severity: r.severity,
			Actions:  actions,
			Breaks:   r.breaks,
			Source:   "dmesg(1), systemctl(1)",
			Limits:   "Logs are read from their end, four hundred lines.",
		},
		Run: func(ctx context.Context, g *Guest) ([]diag.Finding, error) {
			signs, err := r.find(g, ctx)
			f := r.finding(g, signs)
			if len(f.Evidence) == 0 {
				return nil, err
			}
			return []diag.Finding{f}, err
		},
	}
}

func (r signCheckRule) finding(g *Guest, signs []Sign) diag.Finding {
	var f diag.Finding
	names := ""
	for _, s := range signs {
		for _, kind := range r.kinds {
			if s.Kind == kind {
				f.Evidence = append(f.Evidence, g.evidence(r.command, s.Line))
				names += ", " + cmp.Or(s.Subject, s.Kind)
			}
		}
	}
	if names != "" {
		f.Summary = fmt.Sprintf(r.summary, g.id, names[2:])
	}
	return f
}
