package rdsdiag

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

const (
	// almostOut is the share of the memory below which a database stood that went down for it: the points are averages of
	// five minutes, in which the last minutes count little. Once alone may be chance, and takes less than [memoryLow].
	almostOut = 0.1
	// freed is the share of the memory that comes back at least when the engine starts anew.
	freed = 0.1
	// oneOutage is within which time events belong to one outage, foretold how long before it RDS tells of memory.
	oneOutage, foretold = 10 * time.Minute, 30 * time.Minute
)

var (
	// crashes are the classes of events with which a database goes down or comes back, by itself or not.
	crashes = []EventClass{EventShutdown, EventRestarted, EventRecoveryStarted, EventInstanceUnresponsive,
		EventFailoverStarted, EventFailoverCompleted}
	// planned are the classes of what takes a database down on purpose.
	planned = slices.Concat([]EventClass{EventFailoverRequested, EventInstanceClassChange, EventUpgradeStarted,
		EventUpgradeCompleted, EventMaintenanceStarted, EventMaintenanceCompleted, EventPatched}, births)
	// wentDown finds a message about memory that tells as well that the engine went down.
	wentDown = regexp.MustCompile(`(?i)re-?start|reboot|kill|crash|terminat|shut ?down|fail(ed|ing)? ?-?over`)
)

// KilledForMemory reports an engine that went down because it had no memory left.
var KilledForMemory = &diag.Check[*DBInstance]{
	Info: diag.Info{
		Code: "rds.killed-for-memory", Title: "Database goes down for lack of memory", Severity: diag.SeverityError,
		Doc: "The engine went down when next to no memory was left, and started again with much of it free: the operating " +
			"system killed it. Or RDS told of critically low memory just before. It comes again as long as the load takes " +
			"more memory than the class has: an error where it went down more than once.",
		Actions: []string{callEvents, callInstances, callMetrics},
		Breaks:  []diag.Mechanism{diag.DBMemory, diag.DBServe, diag.DBAccept},
		Needs:   []diag.Mechanism{diag.Application, diag.Demand},
		Source:  eventsDoc + "; " + metricsDoc,
		Limits: "RDS does not say why an engine went down. Free memory is an average of five minutes, and one that is " +
			"filled faster does not show.",
	},
	Run: func(ctx context.Context, i *DBInstance) ([]diag.Finding, error) {
		events, err := i.Events(ctx)
		if len(events) == 0 {
			return nil, err
		}
		described, set, observeErr := i.observe(ctx)
		err = errors.Join(err, observeErr)
		if described == nil {
			return nil, err
		}
		return judgeKills(reading{i, described, set}, events), err
	},
}

// kill is one time that the engine went down for lack of memory.
type kill struct {
	// event is what told of it, back the last event of the same outage.
	event, back Event
	// warned is RDS's word that memory was low, and before and after are the free memory around it, where they are known.
	warned        *Event
	before, after *metrics.Point
}

func judgeKills(r reading, events []Event) []diag.Finding {
	free := r.series("FreeableMemory", "Average")
	memory := classOf(aws.ToString(r.d.DBInstanceClass)).memory
	if top, ok := free.Max(); ok && memory == 0 {
		memory = top.Value
	}
	var kills []kill
	for _, k := range outages(events) {
		if k.explained(free, memory) {
			kills = append(kills, k)
		}
	}
	if len(kills) == 1 && kills[0].warned == nil && kills[0].before.Value > memoryLow*memory {
		return nil // once may be chance
	}
	if len(kills) == 0 {
		return nil
	}
	return []diag.Finding{r.killed(kills, free, memory)}
}

// outages joins the events with which the engine went down and came back, but for such as were meant.
func outages(events []Event) []kill {
	var out []kill
	for n, e := range events {
		self := e.Class == EventMemoryLow && wentDown.MatchString(e.Message)
		if !self && !slices.Contains(crashes, e.Class) || isSwitchover(e) || meant(e, events) {
			continue
		}
		if last := len(out) - 1; last >= 0 && e.At.Sub(out[last].back.At) <= oneOutage {
			out[last].back = e
			continue
		}
		k := kill{event: e, back: e}
		for _, w := range slices.Backward(events[:n+1]) {
			if w.Class == EventMemoryLow && e.At.Sub(w.At) <= foretold {
				k.warned = &w
				break
			}
		}
		out = append(out, k)
	}
	return out
}

// meant reports that something planned happened close by.
func meant(e Event, events []Event) bool {
	return slices.ContainsFunc(events, func(o Event) bool {
		return slices.Contains(planned, o.Class) && o.At.Sub(e.At).Abs() <= near
	})
}

// explained reports that memory was used up when the engine went down, and notes the proof.
func (k *kill) explained(free metrics.Series, memory float64) bool {
	before, after := k.around(free)
	if before != nil && after != nil && before.Value <= almostOut*memory && after.Value >= 2*before.Value &&
		after.Value-before.Value >= freed*memory {
		k.before, k.after = before, after
		return true
	}
	return k.warned != nil
}

// around returns the lower of the two points before the outage, and the highest of the three after it.
func (k *kill) around(free metrics.Series) (before, after *metrics.Point) {
	for i, p := range free.Points {
		switch {
		case p.At.Before(k.event.At) && k.event.At.Sub(p.At) <= 2*free.Period && (before == nil || p.Value < before.Value):
			before = &free.Points[i]
		case p.At.After(k.event.At) && p.At.Sub(k.back.At) <= 3*free.Period && (after == nil || p.Value > after.Value):
			after = &free.Points[i]
		}
	}
	return before, after
}

func (r reading) killed(kills []kill, free metrics.Series, memory float64) diag.Finding {
	first, last := kills[0], kills[len(kills)-1]
	f := diag.Finding{Resource: r.instance.resource(r.d), Severity: diag.SeverityError, Confidence: diag.Likely,
		Since: first.began(free, memory)}
	if s, b, _, ok := r.swap(); ok && b.start.Before(f.Since) {
		f.Since = b.start
		f.Evidence = append(f.Evidence, pointEvidence(s, b.first, bytesUnit))
	}
	times := "at " + words.Clock(first.event.At)
	if len(kills) > 1 {
		times = fmt.Sprintf("%d times from %s to %s", len(kills), first.event.At.UTC().Format("15:04"), words.Clock(last.back.At))
	}
	if quiet := r.window().End.Sub(last.back.At); len(kills) == 1 || quiet > 2*longestGap(kills) {
		f.Severity, f.Until = diag.SeverityWarning, last.back.At
	}
	f.Summary = fmt.Sprintf("%s (%s) went down for lack of memory %s", r.id(), aws.ToString(r.d.DBInstanceClass), times)
	for _, k := range kills[:min(len(kills), maxEvents/2)] {
		f.Evidence = append(f.Evidence, k.evidence(free)...)
	}
	if last.before != nil {
		f.Summary += fmt.Sprintf(": before it %s were free, after it %s", size(last.before.Value), size(last.after.Value))
	} else if last.warned != nil {
		f.Summary += fmt.Sprintf(": %q", strings.TrimSpace(last.warned.Message))
	}
	f.Evidence = append(f.Evidence, instanceEvidence("DBInstanceClass", aws.ToString(r.d.DBInstanceClass)))
	f.Evidence = append(f.Evidence, r.last("", "DatabaseConnections")...)
	f.NextSteps = killedSteps(r.d)
	if f = led(f, free, metrics.Fall, first.event.At, bytesUnit); f.LeadUp.After(f.Since) {
		f.LeadUp = f.Since
	}
	return f
}

// began returns since when memory was low before the outage: the first of the low points that lead to it without a gap.
func (k kill) began(free metrics.Series, memory float64) time.Time {
	since := k.event.At
	if k.warned != nil {
		since = k.warned.At
	}
	for _, p := range slices.Backward(free.Points) {
		if p.At.After(since) {
			continue
		}
		if p.Value > almostOut*memory {
			break
		}
		since = p.At
	}
	return since
}

func longestGap(kills []kill) time.Duration {
	var gap time.Duration
	for i := 1; i < len(kills); i++ {
		gap = max(gap, kills[i].event.At.Sub(kills[i-1].event.At))
	}
	return gap
}

func (k kill) evidence(free metrics.Series) []diag.Evidence {
	var out []diag.Evidence
	if k.warned != nil && k.warned.At.Before(k.event.At) {
		out = append(out, eventEvidence(*k.warned))
	}
	if k.before != nil {
		out = append(out, pointEvidence(free, *k.before, bytesUnit))
	}
	out = append(out, eventEvidence(k.event))
	if k.after != nil {
		out = append(out, pointEvidence(free, *k.after, bytesUnit))
	}
	return out
}

func killedSteps(d *types.DBInstance) []diag.Step {
	id := aws.ToString(d.DBInstanceIdentifier)
	return []diag.Step{
		{Text: "Find what began to take memory: more connections, larger work_mem, sort or join buffers, a release with " +
			"heavier queries. Take that back first."},
		{Text: "If the load is meant to stay, give it a class with more memory. The database is away for some minutes " +
			"while it changes.", Changes: true, Command: "aws rds modify-db-instance --db-instance-identifier " + id +
			" --db-instance-class CLASS --apply-immediately"},
		{Text: "Read the error log of the last minutes before it went down: it may name the process that was killed.",
			Command: "aws rds describe-db-log-files --db-instance-identifier " + id},
	}
}
