package logs_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
)

const refused = "ERROR dial tcp 10.0.3.7:5432: connect: connection refused"

func TestSeverityGoesByCourseAndWeight(t *testing.T) {
	steady := []int{175, 150, 130, 110, 90, 70, 50, 30, 10}
	for _, test := range []struct {
		name   string
		events []logsfake.Event
		want   diag.Severity
	}{
		{"old noise at a steady rate", minutes(refused, steady...), diag.SeverityInfo},
		{"a single failure", minutes(refused, 20), diag.SeverityInfo},
		{"a failure that is new", minutes(refused, 20, 15, 10), diag.SeverityWarning},
		{"a failure that became frequent", append(minutes(refused, steady...), minutes(refused, 9, 8, 7, 6, 5, 4, 3, 2,
			1)...), diag.SeverityWarning},
		{"a burst that is over", minutes(refused, 90, 89, 88, 87, 86), diag.SeverityWarning},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := diagtest.Run(t, group(client(test.events...)), logs.GroupChecks()...)
			assert.Equal(t, test.want, diagtest.Only(t, report, "logs.database-connection-refused").Severity)
		})
	}
}

// crash is a task that starts, fails and is silent: one event a line, as drivers without multi-line patterns send it.
func crash(n int, before time.Duration) []logsfake.Event {
	stream := fmt.Sprintf("api/api/%032x", n)
	var events []logsfake.Event
	for i, text := range []string{
		"[INFO] Starting gunicorn 22.0.0", "[ERROR] Exception in worker process", "Traceback (most recent call last):",
		`  File "/app/settings.py", line 41, in <module>`, `    URL = os.environ["PAYMENT_URL"]`, "KeyError: 'PAYMENT_URL'",
		"[ERROR] Worker (pid:8) exited with code 3", "[ERROR] Reason: Worker failed to boot.",
	} {
		events = append(events, logsfake.Event{At: now.Add(-before + time.Duration(i)*10*time.Millisecond),
			Stream: stream, Message: text})
	}
	return events
}

func TestCrashingTasksAreAnError(t *testing.T) {
	events := append(crash(1, 40*time.Minute), crash(2, 20*time.Minute)...)
	events = append(events, crash(3, 5*time.Minute)...)
	report := diagtest.Run(t, group(client(events...)), logs.GroupChecks()...)
	diagtest.Want(t, report, "logs.missing-environment-variable", "logs.worker-boot-failed")

	f := diagtest.Only(t, report, "logs.missing-environment-variable")
	assert.Equal(t, diag.SeverityError, f.Severity)
	assert.Contains(t, f.Summary, "PAYMENT_URL")
	assert.Contains(t, f.Summary, "3 times in 3 streams")
	assert.WithinDuration(t, now.Add(-40*time.Minute), f.Since, time.Second)
	assert.False(t, f.SinceAtLeast)
	assert.Contains(t, f.Evidence[0].Value, "KeyError: 'PAYMENT_URL'")
	assert.Contains(t, f.Evidence[0].Value, "Traceback", "the trace is joined")
	require.Len(t, f.Related, 3)
	assert.Equal(t, "00000000000000000000000000000001", f.Related[0].Resource.ID)
	require.Len(t, report.Roots(), 1, "that the worker does not boot is explained by the variable")
}

func TestFixedCrashIsAWarning(t *testing.T) {
	report := diagtest.Run(t, group(client(crash(1, 120*time.Minute)...)), logs.GroupChecks()...)
	assert.Equal(t, diag.SeverityInfo, diagtest.Only(t, report, "logs.missing-environment-variable").Severity)
	report = diagtest.Run(t, group(client(append(crash(1, 80*time.Minute), crash(2, 79*time.Minute)...)...)),
		logs.GroupChecks()...)
	assert.LessOrEqual(t, diagtest.Only(t, report, "logs.missing-environment-variable").Severity, diag.SeverityWarning)
}

func TestSinceIsAtLeastWhereItGoesOnFromTheStart(t *testing.T) {
	report := diagtest.Run(t, group(client(minutes(refused, 179, 150, 120, 90, 60, 30, 2)...)), logs.GroupChecks()...)
	f := diagtest.Only(t, report, "logs.database-connection-refused")
	assert.True(t, f.SinceAtLeast)
	assert.Equal(t, now.Add(-179*time.Minute), f.Since)
}

func TestMissingGroupIsToldOnce(t *testing.T) {
	report := diagtest.Run(t, group(&logsfake.Client{}), logs.GroupChecks()...)
	diagtest.Want(t, report, "logs.group-missing")
}

// TestDeniedLogsAreNotEmptyLogs: an error while fetching logs must not read as "no logs".
func TestDeniedLogsAreNotEmptyLogs(t *testing.T) {
	fake := client()
	fake.Deny("logs:FilterLogEvents")
	report := diagtest.Run(t, group(fake), logs.GroupChecks()...)
	assert.Error(t, report.Err())
	assert.NotEmpty(t, report.Inconclusive)
	for _, i := range report.Inconclusive {
		assert.Equal(t, diag.KindDenied, i.Kind)
	}
}

func TestOneReadingServesAllChecks(t *testing.T) {
	fake := client(minutes(refused, 20, 15, 10)...)
	diagtest.Run(t, group(fake), logs.GroupChecks()...)
	assert.Len(t, fake.Calls(), 1, "one FilterLogEvents")
}

func TestHealthChecksOfOldTasksPass(t *testing.T) {
	line := `{"level":"info","method":"GET","url":"/healthz","status":%d,"ms":1}`
	old := minutes(fmt.Sprintf(line, 200), 120, 60, 3)
	fresh := minutes(fmt.Sprintf(line, 404), 9, 8, 7)
	for i := range fresh {
		fresh[i].Stream = "api/api/6629c220855f946459a1782fbc9b2578"
	}
	report := diagtest.Run(t, group(client(append(old, fresh...)...)), logs.GroupChecks()...)
	f := diagtest.Only(t, report, "logs.health-check-not-found")
	assert.Contains(t, f.Summary, "/healthz")
	assert.Contains(t, f.Summary, "404")
	assert.Equal(t, now.Add(-9*time.Minute), f.Since)

	report = diagtest.Run(t, group(client(old...)), logs.GroupChecks()...)
	diagtest.Want(t, report)
}

func TestGivenHealthPath(t *testing.T) {
	line := `10.0.0.1 - - [11/Feb/2026:13:51:00 +0000] "GET /internal/probe HTTP/1.1" 404 12 "-" "-"`
	fake := client(minutes(line, 9, 8)...)
	diagtest.Want(t, diagtest.Run(t, group(fake), logs.HealthCheckNotFound))
	report := diagtest.Run(t, group(fake, logs.WithHealthPath("/internal/probe")), logs.HealthCheckNotFound)
	assert.Equal(t, diag.Certain, diagtest.Only(t, report, "logs.health-check-not-found").Confidence)
}

func TestGroupMissingAsksWhoMakesIt(t *testing.T) {
	maker := func(made bool, err error) logs.Option {
		return logs.WithMaker(func(context.Context) (bool, error) { return made, err })
	}
	denied := diag.Errorf(diag.KindDenied, "describing task definition: denied")
	for _, test := range []struct {
		name  string
		opts  []logs.Option
		found bool
		kind  diag.Kind
	}{
		{"nobody is known to make it", nil, true, ""},
		{"nobody makes it", []logs.Option{maker(false, nil)}, true, ""},
		{"the driver makes it", []logs.Option{maker(true, nil)}, false, ""},
		{"not known", []logs.Option{maker(false, denied)}, false, diag.KindDenied},
	} {
		t.Run(test.name, func(t *testing.T) {
			findings, err := logs.GroupMissing.Run(t.Context(), group(&logsfake.Client{}, test.opts...))
			assert.Equal(t, test.found, len(findings) == 1)
			assert.Equal(t, test.kind, diag.KindOf(err))
		})
	}
	findings, err := logs.GroupMissing.Run(t.Context(), group(client(), maker(false, denied)))
	assert.Empty(t, findings, "the group is there, nobody is asked")
	assert.NoError(t, err)
}
