package ecsdiag

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// change is an event as EventBridge hands it out, two hours before now.
func change(task string, version, detail string) string {
	return `{"version":"0","id":"1","detail-type":"ECS Task State Change","source":"aws.ecs","time":"2026-03-10T10:00:20Z","detail":{` +
		`"clusterArn":"` + ecsfake.ARN("cluster/prod") + `","taskArn":"` + ecsfake.ARN("task/prod/"+task) +
		`","group":"service:api","startedBy":"ecs-svc/api7",` +
		`"taskDefinitionArn":"` + ecsfake.ARN("task-definition/api:7") + `","version":` + version +
		`,"createdAt":"2026-03-10T09:50:00.000Z",` + detail + `}}`
}

const (
	running = `"desiredStatus":"RUNNING","lastStatus":"RUNNING"`
	died    = `"desiredStatus":"STOPPED","lastStatus":"STOPPED","stopCode":"EssentialContainerExited","stoppedReason":"Essential container in task exited",` +
		`"startedAt":"2026-03-10T09:51:00Z","stoppingAt":"2026-03-10T10:00:05Z","executionStoppedAt":"2026-03-10T10:00:00Z","stoppedAt":"2026-03-10T10:00:20Z",` +
		`"containers":[{"name":"api","lastStatus":"STOPPED","exitCode":3}]`
)

func TestReadTaskStateChanges(t *testing.T) {
	other := `{"detail-type":"ECS Service Action","detail":{"eventName":"SERVICE_STEADY_STATE"}}`
	for _, c := range []struct {
		name, input string
		tasks       int
		err         string
	}{
		{"nothing", "", 0, ""},
		{"one event", change("a", "3", died), 1, ""},
		{"a list", "[" + change("a", "3", died) + "," + change("b", "2", died) + "]", 2, ""},
		{"one a line", change("a", "3", died) + "\n" + change("b", "2", died) + "\n", 2, ""},
		{"the same twice", change("a", "3", died) + change("a", "3", died), 1, ""},
		{"running tasks and other events", change("a", "2", running) + other, 0, ""},
		{"malformed", change("a", "3", died) + "{", 1, "record 2"},
		{"a member of the wrong type", strings.Replace(change("a", "3", died), `"version":3`, `"version":"x"`, 1), 0,
			"record 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tasks, err := ReadTaskStateChanges(strings.NewReader(c.input))
			assert.Len(t, tasks, c.tasks)
			if c.err == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, c.err)
			assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
		})
	}
}

func TestLatestStateCounts(t *testing.T) {
	earlier := strings.Replace(died, `"lastStatus":"STOPPED","stopCode"`, `"lastStatus":"DEACTIVATING","stopCode"`, 1)
	tasks, err := ReadTaskStateChanges(strings.NewReader(change("a", "5", died) + change("a", "4", earlier)))
	require.NoError(t, err)
	require.Len(t, tasks, 1)
	assert.Equal(t, "STOPPED", aws.ToString(tasks[0].LastStatus))
	assert.Equal(t, int32(3), *tasks[0].Containers[0].ExitCode)
}

func TestArchivedTasksAreJudged(t *testing.T) {
	tasks, err := ReadTaskStateChanges(strings.NewReader(change("a", "3", died) + change("t1", "9", died)))
	require.NoError(t, err)
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(healthy(), WithStateChanges(tasks)), ServiceChecks()...),
		"ecs.task-exited-with-error")
	assert.Equal(t, "events:ECS Task State Change", f.Evidence[0].Source)
	assert.Equal(t, time.Date(2026, 3, 10, 10, 0, 0, 0, time.UTC), f.Since)
	assert.False(t, f.SinceAtLeast, "an archive does not forget")
	assert.Contains(t, f.Summary, "2 tasks of prod/api")

	diagtest.Want(t, diagtest.Run(t, NewService(healthy(), "prod", "api", diag.Last(time.Hour, testNow),
		WithStateChanges(tasks)), ServiceChecks()...))
	other := edited(func(c *ecsfake.Client) { c.Services = append(c.Services, ecsfake.Service("prod", "web")) })
	diagtest.Want(t, diagtest.Run(t, NewService(other, "prod", "web", testWindow, WithStateChanges(tasks)), fromCauses...))
}

func TestKnownTasksGoBeforeArchivedOnes(t *testing.T) {
	tasks, err := ReadTaskStateChanges(strings.NewReader(change("s1", "3", died)))
	require.NoError(t, err)
	found, err := serviceOf(edited(stops(exited("s1", ago(5*time.Minute), 1, ""))),
		WithStateChanges(tasks)).StoppedTasks(t.Context())
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.False(t, found[0].Archived)
}

func TestArchiveReachesTheServicesOfADirectory(t *testing.T) {
	tasks, err := ReadTaskStateChanges(strings.NewReader(change("a", "3", died)))
	require.NoError(t, err)
	c := healthy()
	for name, s := range map[string]*Service{
		"directory": NewDirectory(c, testWindow, WithStateChanges(tasks)).Service("prod", "api"),
		"cluster":   first(NewCluster(c, "prod", testWindow, WithStateChanges(tasks)).Services(t.Context())),
	} {
		diagtest.Only(t, diagtest.Run(t, s, ServiceChecks()...), "ecs.task-exited-with-error")
		assert.Equal(t, "api", s.Name(), name)
	}
}

func first[T any](all []T, _ error) T { return all[0] }
