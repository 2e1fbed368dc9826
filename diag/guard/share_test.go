package guard_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/guard"
)

func prod() *ecs.ListTasksInput { return &ecs.ListTasksInput{Cluster: aws.String("prod")} }

const oneTask = `{"taskArns": ["arn:one"]}`

func TestIdenticalReadsAreOneCall(t *testing.T) {
	s := serve(t, fixed(http.StatusOK, oneTask))
	log := &trail{}
	g := newGuard(t, guard.Options{Audit: log})
	cfg := g.Config(s.config(), "111122223333")
	ctx := context.Background()
	first, err := ecs.NewFromConfig(cfg).ListTasks(ctx, prod())
	require.NoError(t, err)
	first.TaskArns[0] = "changed by its receiver"
	second, err := ecs.NewFromConfig(cfg).ListTasks(ctx, prod())
	require.NoError(t, err)
	assert.Equal(t, []string{"arn:one"}, second.TaskArns, "answers are copies")
	assert.Equal(t, 1, s.count())
	assert.Equal(t, "shared", log.last()["outcome"])
	assert.Equal(t, 1, g.Calls())

	_, err = ecs.NewFromConfig(cfg).ListTasks(ctx, &ecs.ListTasksInput{Cluster: aws.String("test")})
	require.NoError(t, err)
	assert.Equal(t, 2, s.count(), "another input")
	_, err = ecs.NewFromConfig(cfg).ListTasks(ctx, prod(), func(o *ecs.Options) { o.Region = "us-east-1" })
	require.NoError(t, err)
	assert.Equal(t, 3, s.count(), "another region")
	_, err = ecs.NewFromConfig(g.Config(s.config(), "111122223333")).ListTasks(ctx, prod())
	require.NoError(t, err)
	assert.Equal(t, 4, s.count(), "another config, perhaps another role")
	_, err = ecs.NewFromConfig(cfg).ListTasks(guard.Fresh(ctx), prod())
	require.NoError(t, err)
	assert.Equal(t, 5, s.count(), "asked anew")
	_, err = ecs.NewFromConfig(cfg).ListTasks(ctx, prod())
	require.NoError(t, err)
	assert.Equal(t, 5, s.count(), "the fresh answer serves others")
}

func TestUnshared(t *testing.T) {
	s := serve(t, fixed(http.StatusOK, oneTask))
	client := s.ecs(newGuard(t, guard.Options{Unshared: true}))
	for range 2 {
		_, err := client.ListTasks(context.Background(), prod())
		require.NoError(t, err)
	}
	assert.Equal(t, 2, s.count())
}

func TestConcurrentReadsWaitForOneCall(t *testing.T) {
	const askers = 16
	s := serve(t, fixed(http.StatusOK, oneTask))
	client := s.ecs(newGuard(t, guard.Options{}))
	var wg sync.WaitGroup
	for range askers {
		wg.Go(func() {
			out, err := client.ListTasks(context.Background(), prod())
			if assert.NoError(t, err) {
				assert.Equal(t, []string{"arn:one"}, out.TaskArns)
				out.TaskArns[0] = "mine"
			}
		})
	}
	wg.Wait()
	assert.Equal(t, 1, s.count())
}

func TestErrorsAreSharedOnlyIfAWSDecided(t *testing.T) {
	for _, test := range []struct {
		name, body string
		status     int
		calls      int
	}{
		{"denied", `{"__type": "AccessDeniedException"}`, http.StatusBadRequest, 1},
		{"not found", `{"__type": "ClusterNotFoundException"}`, http.StatusBadRequest, 1},
		{"throttled", `{"__type": "ThrottlingException"}`, http.StatusBadRequest, 2},
		{"no service", `down`, http.StatusServiceUnavailable, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, fixed(test.status, test.body))
			client := s.ecs(newGuard(t, guard.Options{}))
			_, first := client.ListTasks(context.Background(), prod())
			_, second := client.ListTasks(context.Background(), prod())
			require.Error(t, first)
			assert.Equal(t, diag.KindOf(first), diag.KindOf(second))
			assert.Equal(t, test.calls, s.count())
		})
	}
}

// TestCancellationIsNotShared: who asks after, or beside, a cancelled caller gets an answer.
func TestCancellationIsNotShared(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	var n atomic.Int32
	s := serve(t, func(string, string) (int, string) {
		if n.Add(1) == 1 {
			close(arrived)
			<-release
		}
		return http.StatusOK, oneTask
	})
	client := s.ecs(newGuard(t, guard.Options{}))
	ctx, cancel := context.WithCancel(context.Background())
	var first, second sync.WaitGroup
	first.Go(func() {
		_, err := client.ListTasks(ctx, prod())
		assert.Equal(t, diag.KindCanceled, diag.KindOf(err))
	})
	<-arrived
	waiting, stop := context.WithCancel(context.Background())
	stop()
	_, err := client.ListTasks(waiting, prod())
	assert.Equal(t, diag.KindCanceled, diag.KindOf(err), "a waiter waits no longer than its own context lives")
	second.Go(func() {
		out, err := client.ListTasks(context.Background(), prod())
		if assert.NoError(t, err) {
			assert.Len(t, out.TaskArns, 1)
		}
	})
	cancel()
	first.Wait() // released before, the server might answer before the client sees that it was cancelled
	close(release)
	second.Wait()
}

func TestBudgets(t *testing.T) {
	s := serve(t, fixed(http.StatusOK, oneTask))
	client := s.ecs(newGuard(t, guard.Options{Budget: 2}))
	ctx := context.Background()
	for _, cluster := range []string{"a", "b", "a"} {
		_, err := client.ListTasks(ctx, &ecs.ListTasksInput{Cluster: aws.String(cluster)})
		require.NoError(t, err, "a shared answer costs nothing")
	}
	_, err := client.ListTasks(ctx, &ecs.ListTasksInput{Cluster: aws.String("c")})
	assert.Equal(t, diag.KindBudget, diag.KindOf(err))
	assert.ErrorContains(t, err, "ecs:ListTasks not called: the guard's budget of 2 calls is used up")
	assert.Equal(t, 2, s.count())
}

// cluster is a subject that asks through a real client.
type cluster struct{ client *ecs.Client }

func (cluster) Resource() diag.Resource { return diag.ResourceOf("AWS::ECS::Cluster", "prod", "") }

func TestARunCountsAndBoundsGuardedCalls(t *testing.T) {
	s := serve(t, fixed(http.StatusOK, oneTask))
	c := cluster{s.ecs(newGuard(t, guard.Options{}))}
	ask := func(name string) *diag.Check[cluster] {
		return &diag.Check[cluster]{Info: diag.Info{Code: diag.Code("test." + name)},
			Run: func(ctx context.Context, c cluster) ([]diag.Finding, error) {
				_, err := c.client.ListTasks(ctx, &ecs.ListTasksInput{Cluster: &name})
				return nil, err
			}}
	}
	report := diag.Runner{Budget: diag.Budget{Calls: 1}}.Run(context.Background(), diag.On(c, ask("a"), ask("b")))
	require.Len(t, report.Inconclusive, 1)
	assert.Equal(t, diag.KindBudget, report.Inconclusive[0].Kind)
	assert.Equal(t, 1, report.Coverage.Calls)
	assert.Equal(t, 1, s.count())
}
