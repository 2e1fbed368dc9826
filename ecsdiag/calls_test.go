package ecsdiag

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// busy is a service with ten tasks and three reasons for which others stopped.
func busy() *ecsfake.Client {
	c := edited(deploys(20*time.Minute, 1, 5), onHost)
	for i := range 8 {
		c.Tasks = append(c.Tasks, ecsfake.Task("prod", "api", fmt.Sprint("r", i)))
	}
	stops(exited("s1", ago(9*time.Minute), 137, "OutOfMemoryError: Container killed due to memory usage"), exited("s2",
		ago(8*time.Minute), 3, ""),
		stopped("s3", ago(7*time.Minute), types.TaskStopCodeTaskFailedToStart, "CannotPullContainerError: pull image "+
			"manifest has been retried 1 time(s): failed to resolve ref a/b:1: not found"))(c)
	says("(service api) " + noMemory)(c)
	return c
}

func TestCallsOfABusyService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := busy()
		c.Delay(time.Second)
		s := serviceOf(c)
		begun := time.Now()
		report := diag.Runner{Window: testWindow}.Run(t.Context(), diag.On(s, ServiceChecks()...), diag.Observe(s,
			ServiceSurvey))
		depth := time.Since(begun) / time.Second
		require.NoError(t, report.Err())
		t.Logf("%d calls, depth %d: %v", len(c.Calls()), depth, count(c.Calls()))
		assert.LessOrEqual(t, len(c.Calls()), 8)
		assert.LessOrEqual(t, depth, time.Duration(6))
		seen := map[string]bool{}
		for _, call := range c.Calls() {
			key := fmt.Sprintf("%s %+v", call.Action, deref(call.Input))
			assert.False(t, seen[key], "made twice: %s", key)
			seen[key] = true
		}
	})
}

// deref tells inputs apart by what their pointers point at.
func deref(in any) string {
	switch in := in.(type) {
	case *ecs.DescribeTaskDefinitionInput:
		return *in.TaskDefinition
	case *ecs.ListTasksInput:
		return string(in.DesiredStatus)
	}
	return ""
}

func TestTruncatedListsKeepTheirPart(t *testing.T) {
	c := edited(stops(exited("s1", ago(9*time.Minute), 1, ""), exited("s2", ago(8*time.Minute), 1, "")))
	c.Truncate("ecs:ListTasks")
	stopped, err := serviceOf(c).StoppedTasks(t.Context())
	assert.Len(t, stopped, 1)
	assert.Equal(t, diag.KindThrottled, diag.KindOf(err))
}

func TestFailuresOfADescribeCall(t *testing.T) {
	gone := []types.Failure{{Reason: ptr("MISSING")}}
	broken := []types.Failure{{Reason: ptr("MISSING")}, {Reason: ptr("CREDENTIALS")}}
	assert.NoError(t, failed("tasks", gone, 1, 2), "a task that is gone since it was listed")
	err := failed("tasks", broken, 0, 2)
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.ErrorContains(t, err, "0 of 2 answered, the first failure is CREDENTIALS")
}

func ptr[T any](v T) *T { return &v }

func TestWhatDoesNotExist(t *testing.T) {
	c := healthy()
	_, err := NewService(c, "prod", "nobody", testWindow).Describe(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
	_, err = NewService(c, "nowhere", "api", testWindow).Describe(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
	_, err = NewCluster(c, "nowhere", testWindow).Describe(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
	_, err = NewTask(c, "prod", "forgotten", testWindow).Describe(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
	assert.ErrorContains(t, err, "about an hour")
	_, err = NewTaskDefinition(c, "api:99").Describe(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
	c.Throttle("ecs:DescribeTaskDefinition")
	_, err = NewTaskDefinition(c, "api:7").Describe(t.Context())
	assert.Equal(t, diag.KindThrottled, diag.KindOf(err))
}

var _ diagfake.Fake = (*ecsfake.Client)(nil)
