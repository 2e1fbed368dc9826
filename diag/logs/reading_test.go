package logs_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
)

func texts(lines []logs.Line) []string {
	var all []string
	for _, l := range lines {
		all = append(all, l.Text)
	}
	return all
}

func TestQuietGroupTakesOneCall(t *testing.T) {
	r, err := group(client(minutes("ERROR boom", 90, 30)...)).Reading(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, r.Calls)
	assert.True(t, r.Complete)
	assert.Len(t, r.Lines, 4)
	assert.True(t, r.Lines[0].At.Before(r.Lines[3].At), "sorted by time")
}

// A busy group: the newest ten pages plainly, the rest through the pattern, which keeps ordinary lines out.
func TestBusyGroupIsReadInTwoParts(t *testing.T) {
	fake := client(append(minutes("ERROR old", 160, 155), minutes("ordinary", 150, 140, 130, 120, 110, 100, 90, 80, 70,
		60, 50, 40, 30, 20)...)...)
	fake.PageSize(1)
	r, err := group(fake).Reading(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 12, r.Calls)
	assert.Len(t, r.Lines, 12, "two errors and the newest ten")
	assert.Equal(t, []string{"ERROR old", "ERROR old", "ordinary"}, texts(r.Lines[:3]))
	assert.Equal(t, now.Add(-100*time.Minute), r.Seen.Start)
	patterns := 0
	for _, c := range fake.Calls() {
		if c.Input.(*cloudwatchlogs.FilterLogEventsInput).FilterPattern != nil {
			patterns++
		}
	}
	assert.Equal(t, 2, patterns)
}

func TestWhatIsLeftOutIsTold(t *testing.T) {
	fake := client(minutes("ERROR boom", 150, 140, 130, 120, 110, 100, 90, 80)...)
	fake.PageSize(1)
	g := group(fake, logs.WithMaxCalls(4))
	r, err := g.Reading(t.Context())
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.ErrorContains(t, err, "nothing known before")
	assert.False(t, r.Complete)
	assert.NotEmpty(t, r.Lines)
	assert.Equal(t, 4, r.Calls)
}

func TestFailureAfterAPageKeepsThePage(t *testing.T) {
	fake := client(minutes("ERROR boom", 9, 8)...)
	fake.Truncate("logs:FilterLogEvents")
	r, err := group(fake).Reading(t.Context())
	assert.Equal(t, diag.KindThrottled, diag.KindOf(err))
	assert.Len(t, r.Lines, 1)
}

// TestTaskStreams: task streams are prefix/container/task-id, and a prefix does not go with ordering by last event.
func TestTaskStreams(t *testing.T) {
	fake := client(minutes("one", 9)...)
	other := at(5*time.Minute, "two")
	other.Stream = "sidecar/envoy/6629c220855f946459a1782fbc9b2578"
	fake.Groups[0].Events = append(fake.Groups[0].Events, other)
	prefix := logs.TaskStreamPrefix("sidecar", "envoy", "")
	assert.Equal(t, "sidecar/envoy/", prefix)
	r, err := group(fake, logs.WithStreamPrefixes(prefix)).Reading(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"two"}, texts(r.Lines))
	streams, err := group(fake, logs.WithStreamPrefixes(prefix)).Streams(t.Context())
	require.NoError(t, err)
	assert.Len(t, streams, 1)
	r, err = group(fake, logs.WithStreams(stream)).Reading(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"worker: job done job=sync id=4312 ms=144", "one",
		"worker: job done job=sync id=4312 ms=144"}, texts(r.Lines))
}

func TestTailOfAStream(t *testing.T) {
	for _, size := range []int{0, 1, 2} {
		fake := client(minutes("line", 9, 8, 7)...)
		fake.PageSize(size)
		lines, err := group(fake).Tail(t.Context(), stream, 3)
		require.NoError(t, err)
		assert.Equal(t, []string{"line", "line", "worker: job done job=sync id=4312 ms=144"}, texts(lines),
			"page size %d", size)
	}
	_, err := group(client()).Tail(t.Context(), "nobody", 3)
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
}

func TestDescribe(t *testing.T) {
	fake := client()
	longer := fake.Groups[0]
	name := groupName + "-canary"
	longer.LogGroupName = &name
	fake.Groups = append(fake.Groups, longer)
	fake.PageSize(1)
	retention, err := group(fake).Retention(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 30*24*time.Hour, retention)
	_, err = logs.NewGroup(fake, "/ecs/prod", window).Describe(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err), "a prefix of a name is not the name")
}

func TestGroupByARN(t *testing.T) {
	g := logs.NewGroup(client(), "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/prod/api:*", window)
	assert.Equal(t, diag.Resource{Type: logs.GroupType, ID: groupName,
		ARN:     "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/prod/api",
		Account: "111122223333", Region: "eu-west-1"}, g.Resource())
}

func TestPacerKeepsToTheQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := client(minutes("ERROR boom", 9, 8, 7, 6, 5, 4, 3, 2)...)
		fake.PageSize(1)
		begun := time.Now()
		_, err := logs.NewGroup(fake, groupName, window).Reading(t.Context())
		require.NoError(t, err)
		n := len(fake.Calls())
		require.Equal(t, 10, n)
		assert.Equal(t, time.Duration(n-4)*400*time.Millisecond, time.Since(begun),
			"four at once, then half of five a second")
	})
}

func TestSurvey(t *testing.T) {
	runner := diag.Runner{Window: window}
	report := runner.Run(t.Context(), diag.Observe(group(client(minutes(refused, 20, 15, 10)...)), logs.GroupSurvey))
	require.NoError(t, report.Err())
	require.Len(t, report.Events, 2)
	assert.Equal(t, now.Add(-20*time.Minute), report.Events[0].At)
	assert.Contains(t, report.Events[0].Text, "first of 3")
	assert.Contains(t, report.Events[1].Text, "last of 3")
	assert.NotEmpty(t, report.Settings)
	report = runner.Run(t.Context(), diag.Observe(logs.NewGroup(client(), "/nope", window), logs.GroupSurvey))
	assert.NoError(t, report.Err(), "a missing group is told by its check")
}

func TestTemplates(t *testing.T) {
	assert.Equal(t, logs.Template("job 4312 done in 12 ms for 10.0.0.1:5432"),
		logs.Template("job 7 done in 9871 ms for 10.1.20.3:80"))
	assert.NotEqual(t, logs.Template("job done"), logs.Template("job failed"))
	b, err := group(client(append(minutes("job 12 done", 9, 8), minutes("job 99 done", 7)...)...)).Breakdown(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 3, b.Templates()[0].Count, fmt.Sprint(b.Templates()))
}
