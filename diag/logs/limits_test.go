package logs_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
)

// reports are REPORT lines of a function of 512 MB, one at each of so many minutes before now.
func reports(duration string, used int, status string, before ...int) []logsfake.Event {
	var events []logsfake.Event
	for _, m := range before {
		events = append(events, at(time.Duration(m)*time.Minute, fmt.Sprintf("REPORT RequestId: "+
			"%08x-1111-4222-8333-944455566677\tDuration: %s ms\tBilled Duration: %s ms\tMemory Size: 512 MB\tMax "+
			"Memory Used: %d MB%s", m, duration, duration, used, status)))
	}
	return events
}

func TestLambdaTimedOut(t *testing.T) {
	events := append(reports("12.25", 90, "", 170, 160, 150, 140), reports("3000.00", 90, "\tStatus: timeout", 12, 9,
		6)...)
	for _, m := range []int{12, 9, 6} {
		events = append(events, at(time.Duration(m)*time.Minute,
			fmt.Sprintf("2026-02-11T13:00:00.000Z %08x-1111-4222-8333-944455566677 Task timed out after 3.00 seconds", m)))
	}
	report := diagtest.Run(t, group(client(events...)), logs.GroupChecks()...)
	diagtest.Want(t, report, "logs.lambda-timed-out")
	f := diagtest.Only(t, report, "logs.lambda-timed-out")
	assert.Equal(t, diag.SeverityWarning, f.Severity)
	assert.Contains(t, f.Summary, "3 of 7 invocations")
	assert.Contains(t, f.Summary, "time limit of 3 s")
	assert.Equal(t, now.Add(-12*time.Minute), f.Since)
}

func TestWorkersOutsideLambdaKeepTheirCheck(t *testing.T) {
	report := diagtest.Run(t, group(client(minutes("[CRITICAL] WORKER TIMEOUT (pid:9)", 12, 9, 6)...)),
		logs.GroupChecks()...)
	diagtest.Want(t, report, "logs.worker-timeout")
}

func TestLambdaMemory(t *testing.T) {
	for _, test := range []struct {
		name     string
		events   []logsfake.Event
		severity diag.Severity
		says     string
	}{
		{"below", reports("12.25", 460, "", 12, 9), 0, ""},
		{"nine tenths", append(reports("12.25", 300, "", 20), reports("12.25", 461, "", 12, 9)...), diag.SeverityInfo,
			"2 of 3 invocations in the log /ecs/prod/api used at least 90 % of the function's memory: up to 461 MB of 512 MB"},
		{"all, and succeeded", reports("12.25", 512, "", 12), diag.SeverityInfo, "up to 512 MB of 512 MB"},
		{"all, and failed", reports("12.25", 512, "\tStatus: error\tError Type: Runtime.OutOfMemory", 12, 9),
			diag.SeverityWarning,
			"2 of 2 invocations in the log /ecs/prod/api failed with all of the function's 512 MB used"},
		{"JSON format", []logsfake.Event{at(time.Minute, `{"time":"2026-02-11T13:59:00.000Z","type":"platform.report",`+
			`"record":{"requestId":"6f4c","metrics":{"durationMs":100.7,"billedDurationMs":101,"memorySizeMB":128,`+
			`"maxMemoryUsedMB":127},"status":"success"}}`)}, diag.SeverityInfo, "up to 127 MB of 128 MB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := diagtest.Run(t, group(client(test.events...)), logs.LambdaMemoryNearLimit)
			if test.severity == 0 {
				diagtest.Want(t, report)
				return
			}
			f := diagtest.Only(t, report, "logs.lambda-memory-near-limit")
			assert.Equal(t, test.severity, f.Severity)
			assert.Contains(t, f.Summary, test.says)
		})
	}
}

func TestSlowRequests(t *testing.T) {
	line := func(path string, ms int) string {
		return fmt.Sprintf(`{"level":"info","method":"GET","url":"%s","status":200,"ms":%d}`, path, ms)
	}
	fast := func(n int) []logsfake.Event {
		var events []logsfake.Event
		for i := range n {
			events = append(events, at(time.Duration(i+1)*30*time.Second, line("/cart", 20)))
		}
		return events
	}
	for _, test := range []struct {
		name     string
		events   []logsfake.Event
		severity diag.Severity
		says     string
	}{
		{"fast", fast(20), 0, ""},
		{"four slow", minutes(line("/report/7", 4000), 9, 8, 7, 6), 0, ""},
		{"a part", append(fast(20), append(minutes(line("/report/7", 4000), 9, 8, 7), minutes(line("/report/12", 5100), 6,
			5)...)...),
			diag.SeverityWarning, "5 of 25 requests in the log /ecs/prod/api took 1 s or longer, up to 5.1 s; most of them GET " +
				"/report/* (5)"},
		{"few of many", append(fast(200), minutes(line("/report/7", 4000), 9, 8, 7, 6, 5)...), diag.SeverityInfo,
			"5 of 205 requests"},
		{"open by design", minutes(line("/socket.io/", 25000), 9, 8, 7, 6, 5, 4), 0, ""},
		{"health checks", minutes(line("/healthz", 5000), 9, 8, 7, 6, 5, 4), 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := diagtest.Run(t, group(client(test.events...)), logs.SlowRequests)
			if test.severity == 0 {
				diagtest.Want(t, report)
				return
			}
			f := diagtest.Only(t, report, "logs.slow-requests")
			assert.Equal(t, test.severity, f.Severity)
			assert.Contains(t, f.Summary, test.says)
		})
	}
}
