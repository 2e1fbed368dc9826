package logs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
)

func TestTraceRequestAcrossGroups(t *testing.T) {
	web, api := client(minutes("reqId=7f3a9c GET /pay", 9)...), client(minutes("reqId=7f3a9c charged", 8)...)
	api.Groups[0].LogGroupName = aws.String("/ecs/prod/pay")
	webGroup := group(web)
	apiGroup := logs.NewGroup(api, "/ecs/prod/pay", window, logs.WithPacer(nil))
	mentions, err := logs.TraceRequest(t.Context(), "7f3a9c", apiGroup, webGroup)
	require.NoError(t, err)
	require.Len(t, mentions, 2)
	assert.Equal(t, groupName, mentions[0].Group.ID, "in the order of time, not of groups")
	api.Deny("logs:FilterLogEvents")
	mentions, err = logs.TraceRequest(t.Context(), "7f3a9c", apiGroup, webGroup)
	assert.Equal(t, diag.KindDenied, diag.KindOf(err))
	assert.Len(t, mentions, 1, "what could be read is kept")
	_, err = webGroup.Search(t.Context(), `a"b`)
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
}

func TestRequestID(t *testing.T) {
	for text, want := range map[string]string{
		`{"level":"info","reqId":"79ba05","msg":"x"}`:                            "79ba05",
		"START RequestId: 8f5d2a1b-1111-4222-8333-944455566677 Version: $LATEST": "8f5d2a1b-1111-4222-8333-944455566677",
		"trace Root=1-67891233-abcdef012345678912345678 done":                    "1-67891233-abcdef012345678912345678",
		"nothing here": "",
	} {
		assert.Equal(t, want, logs.RequestID(text))
	}
}

func TestFirstOccurrence(t *testing.T) {
	fake := client(minutes("boom", 600, 20)...)
	line, err := group(fake).FirstOccurrence(t.Context(), "boom", now.Add(-24*time.Hour))
	require.NoError(t, err)
	assert.Equal(t, now.Add(-600*time.Minute), line.At)
	_, err = group(fake).FirstOccurrence(t.Context(), "never", now.Add(-24*time.Hour))
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
}

// slowSearch answers spans longer than two hours with empty pages, as AWS does while it searches.
type slowSearch struct {
	*logsfake.Client
	calls int
}

func (s *slowSearch) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput,
	o ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	s.calls++
	if time.Duration(*in.EndTime-*in.StartTime)*time.Millisecond > 2*time.Hour {
		return &cloudwatchlogs.FilterLogEventsOutput{NextToken: aws.String("more")}, nil
	}
	in.NextToken = nil
	return s.Client.FilterLogEvents(ctx, in, o...)
}

func TestFirstOccurrenceIsBounded(t *testing.T) {
	slow := &slowSearch{Client: client(minutes("boom", 170)...)}
	g := logs.NewGroup(slow, groupName, window, logs.WithPacer(nil))
	line, err := g.FirstOccurrence(t.Context(), "boom", now.Add(-4*time.Hour))
	require.NoError(t, err)
	assert.Equal(t, now.Add(-170*time.Minute), line.At)
	slow.calls = 0
	_, err = g.FirstOccurrence(t.Context(), "boom", now.Add(-100*24*time.Hour))
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.LessOrEqual(t, slow.calls, 16)
}

func TestInvocations(t *testing.T) {
	entries := []logs.Entry{
		{Text: "2026-02-11T13:00:00.000Z 8f5d2a1b-1111-4222-8333-944455566677 Task timed out after 3.00 seconds"},
		{Text: "REPORT RequestId: 8f5d2a1b-1111-4222-8333-944455566677\tDuration: 3000.00 ms\tBilled Duration: 3000 " +
			"ms\tMemory Size: 512 MB\tMax Memory Used: 90 MB\tStatus: timeout"},
		{Text: "REPORT RequestId: 8f5d2a1b-1111-4222-8333-944455566688\tDuration: 12.25 ms\tBilled Duration: 13 " +
			"ms\tMemory Size: 512 MB\tMax Memory Used: 470 MB\tInit Duration: 250.00 ms"},
		{Text: "END RequestId: 8f5d2a1b-1111-4222-8333-944455566688"},
	}
	got := logs.Invocations(entries)
	require.Len(t, got, 2)
	assert.True(t, got[0].TimedOut)
	assert.Equal(t, 512, got[0].MemorySize)
	assert.False(t, got[0].NearMemoryLimit())
	assert.True(t, got[1].NearMemoryLimit())
	assert.Equal(t, 250*time.Millisecond, got[1].Init)
}

func TestParseRequest(t *testing.T) {
	for _, test := range []struct {
		name, text, path string
		status           int
		took             time.Duration
	}{
		{"common log", `10.0.0.1 - - [11/Feb/2026:13:51:00 +0000] "GET /a?b=c HTTP/1.1" 200 12 "-" "curl"`, "/a", 200, 0},
		{"json", `{"method":"POST","url":"/api/cart","status":201,"ms":47}`, "/api/cart", 201, 47 * time.Millisecond},
		{"logfmt", `level=INFO msg="http request" method=GET path=/api/geofences status=502 dur=10004ms`,
			"/api/geofences", 502, 10004 * time.Millisecond},
		{"rails", `[ca5cfb30] GET "/ping" Completed 200 in 3ms (ActiveRecord: 1.2ms)`, "/ping", 200, 3 * time.Millisecond},
		{"arrow", `c.portal.web.AccessLog : POST /review/9382 -> 200 (146 ms)`, "/review/9382", 200, 146 * time.Millisecond},
		{"asp.net", `Request finished HTTP/1.1 GET /api/v2/slots - 404 - 76.4ms`, "/api/v2/slots", 404,
			76400 * time.Microsecond},
		{"gin", `[GIN] 2026/02/11 - 13:51:00 | 200 |     1.2ms |   10.0.0.1 | GET      "/v1/x"`, "/v1/x", 200,
			1200 * time.Microsecond},
		{"nginx with its time", `10.0.0.1 - - [11/Feb/2026:13:51:00 +0000] "GET /r HTTP/1.1" 200 12 "-" "curl" rt=2.413`,
			"/r", 200,
			2413 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, ok := logs.ParseRequest(test.text)
			require.True(t, ok)
			assert.Equal(t, test.path, r.Path)
			assert.Equal(t, test.status, r.Status)
			assert.Equal(t, test.took, r.Took)
		})
	}
	_, ok := logs.ParseRequest("worker: job done job=sync id=4312 ms=144")
	assert.False(t, ok)
}

func TestSlow(t *testing.T) {
	g := group(client(append(minutes(`GET /a -> 200 (146 ms)`, 9), minutes(`GET /b -> 200 (9146 ms)`, 8)...)...))
	requests, err := g.Requests(t.Context())
	require.NoError(t, err)
	slow := logs.Slow(requests, time.Second)
	require.Len(t, slow, 1)
	assert.Equal(t, "/b", slow[0].Path)
}

func runner(fake *logsfake.Client) *logs.Runner {
	return &logs.Runner{API: fake, Poll: time.Microsecond}
}

func rows(n int) [][]types.ResultField {
	all := make([][]types.ResultField, n)
	for i := range all {
		all[i] = []types.ResultField{{Field: aws.String("errors"), Value: aws.String("1")}}
	}
	return all
}

func TestRunnerWaitsAndReads(t *testing.T) {
	fake := client()
	fake.Query = func(*cloudwatchlogs.StartQueryInput) logsfake.QueryResult {
		return logsfake.QueryResult{Rows: rows(3), Polls: 2}
	}
	fake.PageSize(2)
	got, err := runner(fake).Run(t.Context(), logs.Queries()[0].Text, []string{groupName}, window)
	require.NoError(t, err)
	assert.Len(t, got, 3)
	assert.Equal(t, "1", got[0]["errors"])
}

func TestRunnerSplitsWhatDoesNotFit(t *testing.T) {
	fake := client()
	var spans []int64
	fake.Query = func(in *cloudwatchlogs.StartQueryInput) logsfake.QueryResult {
		spans = append(spans, *in.EndTime-*in.StartTime)
		if *in.EndTime-*in.StartTime > 2*3600 {
			return logsfake.QueryResult{Rows: rows(10_000)}
		}
		return logsfake.QueryResult{Rows: rows(5)}
	}
	got, err := runner(fake).Run(t.Context(), "fields @message", []string{groupName}, window)
	require.NoError(t, err)
	assert.Len(t, got, 10)
	assert.Len(t, spans, 3)

	fake.Query = func(*cloudwatchlogs.StartQueryInput) logsfake.QueryResult {
		return logsfake.QueryResult{Status: types.QueryStatusTimeout}
	}
	_, err = runner(fake).Run(t.Context(), "fields @message", []string{groupName}, window)
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
}

func TestRunnerTellsOtherEndings(t *testing.T) {
	for _, status := range types.QueryStatus("").Values() {
		fake := client()
		fake.Query = func(*cloudwatchlogs.StartQueryInput) logsfake.QueryResult {
			return logsfake.QueryResult{Status: status}
		}
		if status == types.QueryStatusRunning || status == types.QueryStatusScheduled {
			continue
		}
		_, err := runner(fake).Run(t.Context(), "fields @message", []string{groupName}, window)
		assert.Equal(t, status == types.QueryStatusComplete, err == nil, "%s: %v", status, err)
	}
	_, err := runner(client()).Run(t.Context(), "fields @message", make([]string, 51), window)
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
}

func TestRunnerStopsItsQueryWithItsContext(t *testing.T) {
	fake := client()
	ctx, cancel := context.WithCancel(t.Context())
	fake.Query = func(*cloudwatchlogs.StartQueryInput) logsfake.QueryResult {
		cancel()
		return logsfake.QueryResult{Polls: 1000}
	}
	_, err := runner(fake).Run(ctx, "fields @message", []string{groupName}, window)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Contains(t, fake.Actions(), "logs:StopQuery")
}

func live(texts ...string) types.StartLiveTailResponseStream {
	update := types.LiveTailSessionUpdate{}
	for _, text := range texts {
		update.SessionResults = append(update.SessionResults, types.LiveTailSessionLogEvent{Message: aws.String(text)})
	}
	return &types.StartLiveTailResponseStreamMemberSessionUpdate{Value: update}
}

func TestTailEnds(t *testing.T) {
	session := logs.TailSession{GroupARNs: []string{"arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/prod/api"}}
	fake := &logsfake.Client{Live: []types.StartLiveTailResponseStream{live("one", "two"), live("three")}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []string
	var last error
	for line, err := range logs.Tail(ctx, fake, session) {
		if last = err; err != nil {
			continue
		}
		if got = append(got, line.Text); len(got) == 3 {
			cancel()
		}
	}
	assert.Equal(t, []string{"one", "two", "three"}, got)
	assert.ErrorIs(t, last, context.Canceled, "with its context")

	for range logs.Tail(t.Context(), fake, session) {
		break // with its caller
	}
	fake.LiveError = errors.New("session timed out")
	last = nil
	for _, err := range logs.Tail(t.Context(), fake, session) {
		last = err
	}
	assert.ErrorContains(t, last, "session timed out", "with its session")
	for _, err := range logs.Tail(t.Context(), fake, logs.TailSession{}) {
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
	}
}
