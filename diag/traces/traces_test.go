package traces_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/traces"
	"github.com/awsdiag/awsdiag/diag/traces/tracesfake"
	"github.com/awsdiag/awsdiag/internal/wire"
)

// TestLongWindow splits what the API does not take at once.
func TestLongWindow(t *testing.T) {
	fake := &tracesfake.Client{}
	for hour := range 20 {
		fake.Traces = append(fake.Traces, request{minutes: 60*hour + 1, fails: "api"}.trace(hour))
	}
	x := traces.NewTraces(fake, diag.Last(20*time.Hour, now))
	s, err := x.Summaries(t.Context())
	require.NoError(t, err)
	assert.Len(t, s.Faulty, 20)
	assert.Equal(t, 20, s.Processed)
	assert.Len(t, fake.Calls(), 4)
	for _, c := range fake.Calls() {
		in := c.Input.(*xray.GetTraceSummariesInput)
		assert.LessOrEqual(t, in.EndTime.Sub(*in.StartTime), 6*time.Hour)
		assert.Equal(t, "fault = true OR throttle = true OR responsetime > 5", *in.FilterExpression)
	}
	_, err = x.Graph(t.Context())
	require.NoError(t, err)
	assert.Len(t, fake.Calls(), 8)
}

func TestRetention(t *testing.T) {
	x := traces.NewTraces(world(3, request{fails: "api"}), diag.Last(31*24*time.Hour, now))
	s, err := x.Summaries(t.Context())
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.Len(t, s.Faulty, 3)
}

func TestFilter(t *testing.T) {
	fake := world(9, request{fails: "api"})
	for filter, want := range map[string]int{`service("api")`: 9, `service("other")`: 0} {
		x := traces.NewTraces(fake, window, traces.WithFilter(filter), traces.WithSlowAfter(1500*time.Millisecond))
		s, err := x.Summaries(t.Context())
		require.NoError(t, err)
		assert.Len(t, s.Faulty, want)
		assert.Equal(t, filter, x.Resource().ID)
	}
	last := fake.Calls()[0].Input.(*xray.GetTraceSummariesInput)
	assert.Contains(t, *last.FilterExpression, `)) AND (fault = true OR throttle = true OR responsetime > 1.5)`)
	_, err := traces.NewTraces(fake, window, traces.WithFilter("nonsense")).Summaries(t.Context())
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
}

// TestCapped stops after twenty pages, and says so.
func TestCapped(t *testing.T) {
	fake := world(30, request{fails: "api"})
	fake.PageSize(1)
	s, err := traces.NewTraces(fake, window).Summaries(t.Context())
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.Len(t, s.Faulty, 20)
}

func TestGraph(t *testing.T) {
	x, _ := subject(world(0, request{}))
	edges, err := x.Graph(t.Context())
	require.NoError(t, err)
	require.Len(t, edges, 3, "an edge to a service that is not told of is left out")
	assert.Equal(t, traces.Edge{From: "client", To: "web", Type: "AWS::ECS::Container", Total: 70, Faults: 9, Errors: 1,
		Throttle: 1, Seconds: 1}, edges[0])
	assert.Equal(t, "api", edges[2].From)
}

// TestIncomplete tells what of the traces could not be read.
func TestIncomplete(t *testing.T) {
	for name, spoil := range map[string]func(*tracesfake.Trace){
		"too large":     func(t *tracesfake.Trace) { t.LimitExceeded = true },
		"damaged":       func(t *tracesfake.Trace) { t.Segments = append(t.Segments, `{"id":`) },
		"wholly broken": func(t *tracesfake.Trace) { t.Segments = append(t.Segments, `[]`) },
	} {
		t.Run(name, func(t *testing.T) {
			fake := world(4, request{fails: "api"})
			spoil(&fake.Traces[len(fake.Traces)-1])
			report := diag.Run(t.Context(), diag.On(traces.NewTraces(fake, window), traces.FaultBeginsAt))
			assert.Equal(t, diag.KindIncomplete, diag.KindOf(report.Err()))
			require.Len(t, report.Findings, 1, "the others are told all the same")
			assert.Contains(t, report.Findings[0].Summary, "in 4 of 4")
		})
	}
}

func TestUnprocessed(t *testing.T) {
	fake := world(4, request{fails: "api"})
	s, err := traces.NewTraces(fake, window).Summaries(t.Context())
	require.NoError(t, err)
	s.Faulty[0].Id = aws.String(tracesfake.ID(now, 99))
	trees, err := traces.NewTraces(fake, window).Trees(t.Context(), s.Faulty)
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.Len(t, trees, 3)
}

// TestRecordedServer reads what an AWS-compatible server answered to a real client.
func TestRecordedServer(t *testing.T) {
	exchanges, err := wire.Exchanges("moto")
	require.NoError(t, err)
	for _, e := range exchanges {
		if e.Operation != "BatchGetTraces" {
			continue
		}
		replay := &wire.Replay{Only: &e}
		client := xray.NewFromConfig(replay.Config())
		out, err := client.BatchGetTraces(t.Context(),
			&xray.BatchGetTracesInput{TraceIds: []string{"1-6b025273-0000000018ea3cd5f29d56f9"}})
		require.NoError(t, err)
		require.Len(t, out.Traces, 1)
		roots, err := traces.Parse(out.Traces[0])
		require.NoError(t, err)
		o := traces.FaultOrigin(roots)
		require.NotNil(t, o)
		assert.Equal(t, "web", o.String())
		assert.Equal(t, 503, o.Segment.Status)
		assert.Equal(t, "GET http://x/", o.Segment.Operation)
		assert.Equal(t, time.Second, o.Segment.Duration())
		return
	}
	assert.Fail(t, "the recording has no BatchGetTraces")
}

// TestRecordedRefusals tells what the SDK cannot decode, and what a server does not know, as errors of their kinds.
func TestRecordedRefusals(t *testing.T) {
	for _, server := range []string{"moto", "ministack"} {
		replay, err := wire.Load(server)
		require.NoError(t, err)
		x := traces.NewTraces(xray.NewFromConfig(replay.Config()), diag.Last(time.Hour, time.Unix(1_795_314_400, 0)))
		report := diag.Run(t.Context(), diag.On(x, traces.TracesChecks()...))
		assert.Empty(t, report.Findings)
		require.Len(t, report.Inconclusive, 3)
		for _, i := range report.Inconclusive {
			assert.NotContains(t, []diag.Kind{diag.KindPanic, diag.KindContract}, i.Kind, i.Err)
		}
	}
}
