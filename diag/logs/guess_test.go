package logs_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
)

const (
	workerTimeout = "[2026-02-11 13:50:00 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:31)"
	workerKilled  = "[2026-02-11 13:50:01 +0000] [1] [ERROR] Worker (pid:31) was sent SIGKILL! Perhaps out of memory?"
	otherKilled   = "[2026-02-11 13:50:01 +0000] [1] [ERROR] Worker (pid:32) was sent SIGKILL! Perhaps out of memory?"
	kernelKilled  = "kernel: Memory cgroup out of memory: Killed process 31 (gunicorn) total-vm:900000kB, " +
		"anon-rss:510000kB"
)

// said makes events of one stream, a second apart.
func said(texts ...string) []logsfake.Event {
	var events []logsfake.Event
	for i, text := range texts {
		events = append(events, logsfake.Event{
			At: now.Add(-10*time.Minute + time.Duration(i)*time.Second), Stream: "web/app/1", Message: text,
		})
	}
	return events
}

func TestGuessesOfMemoryAreDecidedByWhatElseIsKnown(t *testing.T) {
	const memory, timeout = diag.Code("logs.out-of-memory"), diag.Code("logs.worker-timeout")
	for _, test := range []struct {
		name       string
		events     []logsfake.Event
		want       []diag.Code
		confidence diag.Confidence // of the lack of memory
		severity   diag.Severity
	}{
		{"the worker had timed out", said(workerTimeout, workerKilled), []diag.Code{timeout}, 0, 0},
		{"another worker had timed out", said(workerTimeout, otherKilled), []diag.Code{memory, timeout},
			diag.Possible, diag.SeverityWarning},
		{"nothing else is known", said(workerKilled), []diag.Code{memory}, diag.Possible, diag.SeverityWarning},
		{"the kernel says so", said(kernelKilled, workerKilled), []diag.Code{memory}, diag.Likely, diag.SeverityError},
		{"the time-out was long ago", append(minutes(workerTimeout, 90), said(workerKilled)...), []diag.Code{memory,
			timeout}, diag.Possible,
			diag.SeverityWarning},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := diagtest.Run(t, group(client(test.events...)), logs.GroupChecks()...)
			diagtest.Want(t, report, test.want...)
			if test.confidence == 0 {
				return
			}
			f := diagtest.Only(t, report, memory)
			assert.Equal(t, test.confidence, f.Confidence)
			assert.Equal(t, test.severity, f.Severity)
		})
	}
}
