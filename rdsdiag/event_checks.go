package rdsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const eventsDoc = "Amazon RDS event categories and event messages"

// near is within which time an event belongs to a larger happening.
const near = 20 * time.Minute

// InstanceEvents are the checks of an instance's events, one for each row of the table.
func InstanceEvents() []*diag.Check[*DBInstance] { return eventChecks("rds.", (*DBInstance).Events) }

// ClusterEvents are the checks of a cluster's events, one for each row of the table.
func ClusterEvents() []*diag.Check[*DBCluster] {
	return eventChecks("rds.cluster-", (*DBCluster).Events)
}

func eventChecks[S diag.Subject](prefix diag.Code, read func(S, context.Context) ([]Event, error)) []*diag.Check[S] {
	var checks []*diag.Check[S]
	for _, row := range happenings {
		checks = append(checks, &diag.Check[S]{
			Info: diag.Info{Code: prefix + row.code, Title: row.title, Doc: row.doc, Severity: row.severity,
				Actions: []string{callEvents},
				Breaks:  row.breaks, Needs: row.needs, Source: eventsDoc,
				Limits: "Events of the window only. RDS keeps them for 14 days, sends them on a best-effort basis, and may lose " +
					"some."},
			Run: func(ctx context.Context, s S) ([]diag.Finding, error) {
				events, err := read(s, ctx)
				if f, ok := row.finding(s.Resource(), events); ok {
					return []diag.Finding{f}, err
				}
				return nil, err
			},
		})
	}
	return checks
}

// finding tells of all events of the row as one happening.
func (h happening) finding(of diag.Resource, events []Event) (diag.Finding, bool) {
	told := h.story(events)
	if len(told) == 0 {
		return diag.Finding{}, false
	}
	first, last := told[0], told[len(told)-1]
	end, over := h.end(last, events)
	if over && slices.Contains(h.unless, end.Class) {
		return diag.Finding{}, false
	}
	f := diag.Finding{Resource: diag.ResourceOf(of.Type, of.ID, cmp.Or(of.ARN, first.SourceARN)), Since: first.At,
		Severity:  h.severity,
		NextSteps: []diag.Step{{Text: h.step}, lookAtEvents(of)}}
	if over && end.At.After(first.At) {
		f.Summary = fmt.Sprintf("%s %s from %s to %s: %q", of.ID, h.verb, first.At.UTC().Format("15:04"), words.Clock(end.At),
			first.Message)
	} else {
		f.Summary = fmt.Sprintf("%s %s at %s: %q", of.ID, h.verb, words.Clock(first.At), first.Message)
	}
	if over && !h.lasts {
		f.Until = end.At
	}
	if over && h.severity == diag.SeverityError {
		f.Severity = diag.SeverityWarning
	}
	if over && end.At.After(last.At) {
		told = append(told, end)
	}
	for _, e := range told[:min(len(told), maxEvents)] {
		f.Evidence = append(f.Evidence, eventEvidence(e))
	}
	if more := len(told) - maxEvents; more > 0 {
		f.Evidence = append(f.Evidence, evidence(callEvents, "Events[]", fmt.Sprintf("and %d more alike", more)))
	}
	return f, true
}

// maxEvents is how many events a finding quotes; the rest is counted.
const maxEvents = 8

// story returns the events of the row, and before them the one that it began with.
func (h happening) story(events []Event) []Event {
	var told []Event
	for n, e := range events {
		if !slices.Contains(h.begins, e.Class) || !h.means(e) || h.isPart(e, events) {
			continue
		}
		if len(told) == 0 {
			for _, earlier := range slices.Backward(events[:n]) {
				if slices.Contains(h.from, earlier.Class) && h.means(earlier) && e.At.Sub(earlier.At) <= time.Hour {
					told = append(told, earlier)
					break
				}
			}
		}
		told = append(told, e)
	}
	return told
}

func (h happening) means(e Event) bool { return h.only == nil || h.only(e) }

// end returns the event that tells that the happening is over.
func (h happening) end(last Event, events []Event) (Event, bool) {
	for _, e := range slices.Backward(events) {
		if !e.At.Before(last.At) && slices.Contains(h.ends, e.Class) && h.means(e) {
			return e, true
		}
	}
	return Event{}, false
}

// isPart reports that the event belongs to a larger happening close by.
func (h happening) isPart(e Event, events []Event) bool {
	return slices.ContainsFunc(events, func(o Event) bool {
		return slices.Contains(h.partOf, o.Class) && o.At.Sub(e.At).Abs() <= near
	})
}
