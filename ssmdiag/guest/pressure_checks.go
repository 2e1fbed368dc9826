package guest

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// SwapTraffic is how much a machine moves between memory and swap, in bytes a second.
type SwapTraffic struct {
	In, Out float64
	Line    string
}

var pageCounter = regexp.MustCompile(`^pswp(in|out) (\d+)$`)

// pageSize is that of x86-64, and of arm64 as Amazon Linux has it.
const pageSize = 4096

// ParseSwapTraffic reads the output of vmstat with several samples, or the counters of /proc/vmstat, twice with a
// second between.
func ParseSwapTraffic(text string) (SwapTraffic, bool) {
	if samples := ParseVMStat(text); len(samples) > 1 {
		var t SwapTraffic
		for _, s := range samples[1:] { // the first is the average since the start of the machine
			t.In, t.Out = t.In+s.SwapIn/float64(len(samples)-1), t.Out+s.SwapOut/float64(len(samples)-1)
		}
		t.Line = fmt.Sprintf("si %.0f, so %.0f KiB/s over %d seconds", t.In/1024, t.Out/1024, len(samples)-1)
		return t, true
	}
	counted := map[string][]float64{}
	for _, line := range lines(text) {
		if m := pageCounter.FindStringSubmatch(line); m != nil {
			n, _ := strconv.ParseFloat(m[2], 64)
			counted[m[1]] = append(counted[m[1]], n)
		}
	}
	in, out := counted["in"], counted["out"]
	if len(in) != 2 || len(out) != 2 {
		return SwapTraffic{}, false
	}
	return SwapTraffic{(in[1] - in[0]) * pageSize, (out[1] - out[0]) * pageSize,
		fmt.Sprintf("pswpin %.0f to %.0f, pswpout %.0f to %.0f", in[0], in[1], out[0], out[1])}, true
}

// SwapTraffic returns how much the guest moves between memory and swap.
func (g *Guest) SwapTraffic(ctx context.Context) (SwapTraffic, error) {
	return fact(ctx, g, Swapping, ParseSwapTraffic)
}

// thrash is from how many bytes a second on, each way, swap is more than an idle program that is put away.
const thrash = 1 << 20

// SwapThrash reports machines that swap in and out at once.
var SwapThrash = &diag.Check[*Guest]{
	Info: diag.Info{Code: "guest.swap-thrash", Title: "Memory is swapped in and out", Severity: diag.SeverityWarning,
		Actions: actions,
		Doc: "The host moves more than a mebibyte a second from memory to swap and back: its programs need more memory " +
			"than there is, and wait for the disk.",
		Breaks: []diag.Mechanism{diag.Application}, Source: "vmstat(8), /proc/vmstat"},
	Run: func(ctx context.Context, g *Guest) ([]diag.Finding, error) {
		t, err := g.SwapTraffic(ctx)
		if t.In < thrash || t.Out < thrash {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("%s swaps %.1f MiB/s in and %.1f MiB/s out: its programs need more memory than there is", g.id,
				t.In/(1<<20), t.Out/(1<<20)),
			Evidence: []diag.Evidence{g.evidence(Swapping, t.Line)},
		}}, err
	},
}

// Busy is what the processors do, and who uses them.
type Busy struct {
	CPU       CPUUse
	Processes []Process
}

// lastFrame cuts the output of top to its last refresh: only that one is about the time between two.
func lastFrame(text string) string {
	at := -1
	for _, mark := range []string{"\ntop - ", "\nMem: "} {
		at = max(at, strings.LastIndex(text, mark))
	}
	return text[max(at, 0):]
}

// ParseBusy reads the output of top.
func ParseBusy(text string) (Busy, bool) {
	frame := lastFrame(text)
	c, ok := ParseCPU(frame)
	b := Busy{c, ParseProcesses(frame)}
	slices.SortStableFunc(b.Processes, func(x, y Process) int { return cmp.Compare(y.CPU, x.CPU) })
	return b, ok
}

// Busy returns what the processors of the guest do, and who uses them most.
func (g *Guest) Busy(ctx context.Context) (Busy, error) { return fact(ctx, g, CPU, ParseBusy) }

// Levels at which processors are told of.
const (
	idleLow  = 10.0 // percent of all processors
	eats     = 50.0 // percent, of one processor or of all, as top has it
	maxEater = 3
)

// CPUSaturated reports hosts whose processors are used up, and by whom.
var CPUSaturated = &diag.Check[*Guest]{
	Info: diag.Info{Code: "guest.cpu-saturated", Title: "Processors used up", Severity: diag.SeverityWarning,
		Actions: actions,
		Doc: "Over a second, the processors were idle for less than a tenth of the time and a process used at least half " +
			"of one.",
		Breaks: []diag.Mechanism{diag.Application}, Source: "top(1)",
		Limits: "A second is short: a job that has just begun looks the same."},
	Run: func(ctx context.Context, g *Guest) ([]diag.Finding, error) {
		b, err := g.Busy(ctx)
		eaters := slices.DeleteFunc(slices.Clone(b.Processes), func(p Process) bool { return p.CPU < eats })
		if b.CPU == (CPUUse{}) || b.CPU.Idle >= idleLow || len(eaters) == 0 {
			return nil, err
		}
		f := diag.Finding{Evidence: []diag.Evidence{g.evidence(CPU, fmt.Sprintf("%.1f us, %.1f sy, %.1f id, %.1f wa, %.1f st",
			b.CPU.User, b.CPU.System, b.CPU.Idle, b.CPU.Wait, b.CPU.Steal))}}
		var names []string
		for _, p := range eaters[:min(len(eaters), maxEater)] {
			names = append(names, fmt.Sprintf("%s (pid %d, %.0f %%)", p.Command, p.PID, p.CPU))
			f.Evidence = append(f.Evidence, g.evidence(CPU, fmt.Sprintf("%d %s %.1f %% %s", p.PID, p.User, p.CPU, p.Command)))
		}
		f.Summary = fmt.Sprintf("the processors of %s are %.0f %% idle; most is used by %s", g.id, b.CPU.Idle,
			strings.Join(names, ", "))
		return []diag.Finding{f}, err
	},
}

// Clock returns what the time service of the guest says.
func (g *Guest) Clock(ctx context.Context) (ClockState, error) {
	return fact(ctx, g, g.on(TimeSync, TimeSyncWindows), ParseClock)
}

// Offsets at which a clock is told of: AWS refuses requests that are signed five minutes off ("Signature Version 4").
const (
	offsetWarning = time.Second
	offsetError   = 5 * time.Minute
)

// ClockWrong reports clocks that are off, or that follow nobody.
var ClockWrong = &diag.Check[*Guest]{
	Info: diag.Info{Code: "guest.clock-not-synchronised", Title: "Clock not synchronised", Severity: diag.SeverityWarning,
		Actions: actions,
		Doc: "The clock of the host follows no source of time, or is a second or more off. At five minutes, AWS refuses " +
			"signed requests.",
		Breaks: []diag.Mechanism{diag.Application}, Source: "chronyc(1), timedatectl(1), w32tm"},
	Run: func(ctx context.Context, g *Guest) ([]diag.Finding, error) {
		c, err := g.Clock(ctx)
		off := c.Offset.Abs()
		if c.Line == "" || c.Synchronised && off < offsetWarning {
			return nil, err
		}
		f := diag.Finding{Evidence: []diag.Evidence{g.evidence(g.on(TimeSync, TimeSyncWindows), c.Line)},
			Summary: "the clock of " + g.id + " is not synchronised"}
		if off >= offsetWarning {
			f.Summary = fmt.Sprintf("the clock of %s is %s off", g.id, words.Span(off))
		}
		if off >= offsetError {
			f.Severity = diag.SeverityError
			f.Summary += ": AWS refuses its requests"
		}
		return []diag.Finding{f}, err
	},
}
