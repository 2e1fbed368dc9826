package rdsdiag

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

const (
	// memoryLow is the share of the class's memory below which the database is near being killed; leastMemory stands in
	// for classes whose memory is not known, in bytes.
	memoryLow, leastMemory = 0.04, 100 * mib
	// swapShare and leastSwap are the use of swap, relative to memory and in bytes, that is not left over from the start.
	swapShare, leastSwap = 0.15, gib
)

// MemoryLow reports an instance with next to no memory left.
var MemoryLow = metricCheck(diag.Info{
	Code: "rds.memory-low", Title: "Memory used up", Severity: diag.SeverityWarning,
	Doc: "FreeableMemory is below 4 % of the class's memory. When none is left the operating system kills the engine, " +
		"and RDS restarts it. An error where the instance swaps as well.",
	Breaks: []diag.Mechanism{diag.DBServe}, Needs: []diag.Mechanism{diag.DBMemory},
}, func(r reading) []diag.Finding {
	memory := classOf(aws.ToString(r.d.DBInstanceClass)).memory
	s := r.series("FreeableMemory", "Average")
	b, ok := lastStretch(s, r.window(), ceilingPoints, true, atMost(max(memoryLow*memory, leastMemory)))
	if !ok {
		return nil
	}
	severity, summary := diag.SeverityWarning, fmt.Sprintf("%s is down to %s of free memory %s", r.id(),
		size(b.worst.Value), b.when())
	if memory > 0 {
		summary = fmt.Sprintf("%s is down to %s free of %s of memory %s", r.id(), size(b.worst.Value), size(memory), b.when())
	}
	if swap, known := r.series("SwapUsage", "Average").Last(); known && b.ongoing && swap.Value >= max(swapShare*memory,
		leastSwap/2) {
		severity = diag.SeverityError
		summary += fmt.Sprintf(" and uses %s of swap", size(swap.Value))
	}
	f := r.finding(b, severity, summary, stretchEvidence(s, b, " bytes"), r.last(" bytes", "SwapUsage"), r.last("",
		"DatabaseConnections"),
		[]diag.Evidence{instanceEvidence("DBInstanceClass", aws.ToString(r.d.DBInstanceClass))})
	f.NextSteps = []diag.Step{{Text: "Lower what each connection takes (work_mem, sort and join buffers) or the number " +
		"of connections; or take a class with more memory."}}
	return []diag.Finding{led(f, s, metrics.Fall, b.start, bytesUnit)}
})

// Swapping reports an instance that moves memory to disk.
var Swapping = metricCheck(diag.Info{
	Code: "rds.swapping", Title: "Instance swaps", Severity: diag.SeverityWarning,
	Doc: "The instance uses much swap, and more than before: what it needs does not fit its memory, and queries wait " +
		"for the disk.",
	Breaks: []diag.Mechanism{diag.DBServe}, Needs: []diag.Mechanism{diag.DBServe, diag.DBMemory},
}, func(r reading) []diag.Finding {
	s, b, before, ok := r.swap()
	if !ok {
		return nil
	}
	f := r.finding(b, diag.SeverityWarning, fmt.Sprintf("%s uses %s of swap %s, before it was %s", r.id(),
		size(b.worst.Value), b.when(), size(before)), stretchEvidence(s, b, " bytes"), r.last(" bytes", "FreeableMemory"))
	return []diag.Finding{led(f, s, metrics.Rise, b.start, bytesUnit)}
})

// swap returns the use of swap, the last span in which it was much and more than before, and how much it was before.
func (r reading) swap() (s metrics.Series, b stretch, before float64, ok bool) {
	memory := classOf(aws.ToString(r.d.DBInstanceClass)).memory
	s = r.series("SwapUsage", "Average")
	b, ok = lastStretch(s, r.window(), ceilingPoints, false, atLeast(max(swapShare*memory, leastSwap)))
	before, known := s.Usual(b.start)
	return s, b, before, ok && known && b.worst.Value >= 2*before
}
