package logs

import (
	"slices"
	"time"
)

// processID is the field that names a process. It tells processes apart and nothing of the cause.
const processID = "pid"

// killDelay is how long after a worker's time-out its death by SIGKILL is told: gunicorn's arbiter sends SIGABRT first
// and SIGKILL when it next looks ("murder_workers", gunicorn/arbiter.py), at most a graceful time-out later.
const killDelay = 2 * time.Minute

// timeouts holds when which worker of which stream timed out.
type timeouts map[[2]string]time.Time

// explain notes time-outs, and reports whether an entry that supposes its cause is explained by one: the worker whose
// memory gunicorn wonders about was killed because it had timed out.
func (t timeouts) explain(class Class, e Entry) bool {
	worker := [2]string{e.Stream, class.Field(processID)}
	if worker[1] == "" {
		return false
	}
	if class.Cause.Stem == "worker-timeout" {
		t[worker] = e.At
		return false
	}
	at, ok := t[worker]
	return class.Guess && ok && e.At.Sub(at) <= killDelay
}

// Guessed tells that every hit only supposes the cause.
func (t Tally) Guessed() bool {
	return !slices.ContainsFunc(t.Hits, func(h Hit) bool { return !h.Guess })
}
