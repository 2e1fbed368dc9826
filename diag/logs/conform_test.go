package logs_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
)

var (
	now    = time.Date(2026, 2, 11, 14, 0, 0, 0, time.UTC)
	window = diag.Last(3*time.Hour, now)
)

const (
	groupName = "/ecs/prod/api"
	stream    = "api/api/817f609b37457f54326bd3458a87a420"
)

// at returns an event so long before now.
func at(before time.Duration, text string) logsfake.Event {
	return logsfake.Event{At: now.Add(-before), Stream: stream, Message: text}
}

// minutes returns the event of a text at each of so many minutes before now.
func minutes(text string, before ...int) []logsfake.Event {
	var events []logsfake.Event
	for _, m := range before {
		events = append(events, at(time.Duration(m)*time.Minute, text))
	}
	return events
}

// client is an account with one group, which has an ordinary line at the beginning of the window and one now.
func client(events ...logsfake.Event) *logsfake.Client {
	events = append(events, minutes("worker: job done job=sync id=4312 ms=144", 170, 1)...)
	return &logsfake.Client{Groups: []logsfake.Group{{
		LogGroup: types.LogGroup{LogGroupName: aws.String(groupName), RetentionInDays: aws.Int32(30)},
		Events:   events,
	}}}
}

func group(fake *logsfake.Client, opts ...logs.Option) *logs.Group {
	return logs.NewGroup(fake, groupName, window, append([]logs.Option{logs.WithPacer(nil)}, opts...)...)
}

func world(fake func() *logsfake.Client) diagtest.World[*logs.Group] {
	return func() (*logs.Group, []diagfake.Fake) {
		f := fake()
		return group(f), []diagfake.Fake{f}
	}
}

func TestConform(t *testing.T) {
	broken := map[diag.Code]func() *logsfake.Client{
		"logs.group-missing": func() *logsfake.Client { return &logsfake.Client{} },
		"logs.new-errors": func() *logsfake.Client {
			return client(minutes(`time=2026-02-11T13:51:00Z level=ERROR msg="reload prices" err="feed of 12 lines"`, 19, 18,
				17, 16, 15, 14, 13, 12, 11)...)
		},
		"logs.health-check-not-found": func() *logsfake.Client {
			return client(minutes(`{"level":"info","method":"GET","url":"/healthz","status":404,"ms":1}`, 9, 8, 7)...)
		},
		"logs.health-check-error": func() *logsfake.Client {
			return client(minutes(`10.0.0.1 - - [11/Feb/2026:13:51:00 +0000] "GET /health HTTP/1.1" 503 12 "-" "ELB-HealthChecker/2.0"`, 9, 8)...)
		},
		"logs.no-health-check-requests": func() *logsfake.Client {
			return client(minutes(`10.0.0.1 - - [11/Feb/2026:13:51:00 +0000] "GET /health HTTP/1.1" 200 12 "-" "ELB-HealthChecker/2.0"`, 63, 62, 61, 60)...)
		},
	}
	broken["logs.waits-in-vain"] = func() *logsfake.Client {
		return client(waits("Waiting for changelog lock....", 5, 30,
			16)...)
	}
	broken["logs.lambda-timed-out"] = func() *logsfake.Client {
		return client(reports("3000.00", 90, "\tStatus: timeout", 16, 15, 14)...)
	}
	broken["logs.lambda-memory-near-limit"] = func() *logsfake.Client {
		return client(reports("12.25", 500, "", 16, 15)...)
	}
	broken["logs.slow-requests"] = func() *logsfake.Client {
		return client(minutes(`{"level":"info","method":"GET","url":"/report","status":200,"ms":4100}`, 9, 8, 7, 6, 5)...)
	}
	for cause, text := range logs.IdiomOfEachCause() {
		broken[diag.Code("logs."+cause)] = func() *logsfake.Client { return client(minutes(text, 16, 15, 14, 13, 12, 11)...) }
	}
	for _, check := range append(logs.GroupChecks(), logs.RequestChecks()...) {
		require.Contains(t, broken, check.Code)
		diagtest.Conform(t, check,
			diagtest.Worlds[*logs.Group]{Healthy: world(func() *logsfake.Client { return client() }),
				Broken: world(broken[check.Code])})
	}
}

func TestReadOnly(t *testing.T) {
	diagtest.ReadOnly[logs.GroupAPI](t)
	diagtest.ReadOnly[logs.QueryAPI](t, "StartQuery", "StopQuery")
	diagtest.ReadOnly[logs.TailAPI](t, "StartLiveTail")
}

func TestCatalogueIsValid(t *testing.T) {
	var infos []diag.Info
	for _, c := range append(logs.GroupChecks(), logs.RequestChecks()...) {
		infos = append(infos, c.Info)
	}
	assert.NoError(t, diag.Validate(infos...))
}
