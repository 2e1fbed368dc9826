package diag

import (
	"slices"
	"strings"
	"time"
)

const (
	// KindTaskStopped is the kind of the event that a task stopped, KindLog of one that stands in a log.
	KindTaskStopped = "task-stopped"
	KindLog         = "log"
	// LogSays stands in the text of an event before the line of a log that was told with it.
	LogSays = "; log "
	// oneFailure is how far apart the line that tells of a failure and the end of the task that failed are dated: the
	// process ends, the agent sees it, and ECS writes it down.
	oneFailure = 10 * time.Second
)

// joinFailures tells a task that stopped and the line in its log that says why as one event, at the earlier time of
// both. A log belongs to a task if the service that told of the task depends on it; by holds who told each event. Of
// several tasks that stopped, the one nearest in time takes the line.
func (r *Report) joinFailures(by []Resource) {
	reach := (&graph{near: neighbours(r.Links), reach: map[Resource][]Resource{}}).reachable
	told := slices.Clone(r.Events)
	for l, line := range told {
		if line.Kind != KindLog {
			continue
		}
		near := -1
		for i, e := range told {
			if e.Kind == KindTaskStopped && e.At.Sub(line.At).Abs() <= oneFailure &&
				slices.Contains(reach(by[i].key()), line.Resource.key()) && (near < 0 || nearer(e, told[near], line.At)) {
				near = i
			}
		}
		if near < 0 {
			continue
		}
		r.Events[l].Kind = ""
		for i := range told { // several may tell of one task
			if told[i] == told[near] {
				r.Events[i].append(line)
			}
		}
	}
	r.Events = slices.DeleteFunc(r.Events, func(e Event) bool { return e.Kind == "" })
}

// nearer orders two events by how near they are to a time, equals by time and resource.
func nearer(a, b Event, at time.Time) bool {
	near, far := a.At.Sub(at).Abs(), b.At.Sub(at).Abs()
	if near != far {
		return near < far
	}
	if !a.At.Equal(b.At) {
		return a.At.Before(b.At)
	}
	return compareResources(a.Resource, b.Resource) < 0
}

// append adds a line of a log to an event, once.
func (e *Event) append(line Event) {
	said := LogSays + line.Resource.ID + ": " + line.Text
	if strings.Contains(e.Text, said) {
		return
	}
	e.Text += said
	if line.At.Before(e.At) {
		e.At = line.At
	}
}
