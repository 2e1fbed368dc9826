package diagfake_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

func TestRecorderRecords(t *testing.T) {
	c := &client{}
	var seen []string
	c.OnCall(func(call diagfake.Call) { seen = append(seen, call.Action) })
	in := &ecs.DescribeClustersInput{Clusters: []string{"prod"}}
	_, err := c.DescribeClusters(t.Context(), in)
	require.NoError(t, err)
	_, err = c.ListClusters(t.Context(), nil)
	require.NoError(t, err)
	in.Clusters[0] = "changed"
	calls := c.Calls()
	require.Len(t, calls, 2)
	assert.Equal(t, []string{"prod"}, calls[0].Input.(*ecs.DescribeClustersInput).Clusters)
	assert.Equal(t, []string{"ecs:DescribeClusters", "ecs:ListClusters"}, seen)
	_, _ = c.ListClusters(t.Context(), nil)
	assert.Equal(t, []string{"ecs:DescribeClusters", "ecs:ListClusters"}, c.Actions())
	assert.Len(t, calls, 2, "calls are copied out")
}

func TestFaults(t *testing.T) {
	boom := errors.New("boom")
	for _, tt := range []struct {
		name string
		set  func(*client)
		kind diag.Kind
	}{
		{"deny", func(c *client) { c.Deny("ecs:ListClusters") }, diag.KindDenied},
		{"throttle", func(c *client) { c.Throttle("ecs:ListClusters") }, diag.KindThrottled},
		{"fail", func(c *client) { c.Fail("ecs:ListClusters", boom) }, diag.KindOther},
		{"the last holds", func(c *client) { c.Deny("ecs:ListClusters"); c.Throttle("ecs:ListClusters") },
			diag.KindThrottled},
		{"lifted", func(c *client) { c.Deny("ecs:ListClusters"); c.Fail("ecs:ListClusters", nil) }, ""},
		{"another action", func(c *client) { c.Deny("ecs:DescribeClusters") }, ""},
		{"an input that matches", func(c *client) {
			c.FailWhen("ecs:ListClusters", func(in any) bool { return in.(*ecs.ListClustersInput).NextToken == nil }, boom)
		}, diag.KindOther},
		{"an input that does not", func(c *client) { c.FailWhen("ecs:ListClusters", func(any) bool { return false }, boom) },
			""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &client{}
			tt.set(c)
			_, err := c.ListClusters(t.Context(), nil)
			assert.Equal(t, tt.kind, diag.KindOf(err))
			assert.Equal(t, []string{"ecs:ListClusters"}, c.Actions(), "failed calls are calls too")
			if err != nil {
				var op *smithy.OperationError
				require.ErrorAs(t, err, &op)
				assert.Equal(t, "ListClusters", op.OperationName)
			}
		})
	}
}

func TestFaultsUseTheServicesOwnWords(t *testing.T) {
	for action, want := range map[string][2]string{
		"ecs:DescribeTasks":                         {"AccessDeniedException", "ThrottlingException"},
		"ec2:DescribeSubnets":                       {"UnauthorizedOperation", "RequestLimitExceeded"},
		"elasticloadbalancing:DescribeTargetHealth": {"AccessDenied", "Throttling"},
	} {
		var denied, throttled smithy.APIError
		require.ErrorAs(t, diagfake.Denied(action), &denied)
		require.ErrorAs(t, diagfake.Throttled(action), &throttled)
		assert.Equal(t, want, [2]string{denied.ErrorCode(), throttled.ErrorCode()})
		assert.Contains(t, denied.ErrorMessage(), action)
	}
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &client{}
		c.Delay(time.Minute)
		begun := time.Now()
		_, err := c.ListClusters(t.Context(), nil)
		assert.NoError(t, err)
		assert.Equal(t, time.Minute, time.Since(begun))
	})
}

func TestDelayEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &client{}
		c.Delay(time.Minute)
		c.Deny("ecs:ListClusters")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		_, err := c.ListClusters(ctx, nil)
		assert.Equal(t, diag.KindCanceled, diag.KindOf(err), "the end of the context goes before a fault")
		assert.Equal(t, time.Second, time.Since(begun))
		_, err = c.ListClusters(ctx, nil)
		assert.Equal(t, diag.KindCanceled, diag.KindOf(err))
		assert.Len(t, c.Calls(), 1, "a dead context makes no call")
	})
}

func TestServeTakesPartInABudget(t *testing.T) {
	c := &client{}
	check := &diag.Check[cluster]{Info: diag.Info{Code: "toy.x"},
		Run: func(ctx context.Context, _ cluster) ([]diag.Finding, error) {
			for {
				if _, err := c.ListClusters(ctx, nil); err != nil {
					return nil, err
				}
			}
		}}
	report := diag.Runner{Budget: diag.Budget{Calls: 3}}.Run(t.Context(), diag.On(cluster{}, check))
	assert.Equal(t, diag.KindBudget, diag.KindOf(report.Err()))
	assert.Equal(t, 3, report.Coverage.Calls)
	assert.Len(t, c.Calls(), 3)
}

type cluster struct{}

func (cluster) Resource() diag.Resource { return diag.Resource{Type: "AWS::ECS::Cluster", ID: "prod"} }

func TestServeNeverAnswersNil(t *testing.T) {
	out, err := diagfake.Serve(t.Context(), &diagfake.Recorder{}, "ecs:ListClusters", &ecs.ListClustersInput{},
		func(*ecs.ListClustersInput) (*ecs.ListClustersOutput, error) { return nil, nil })
	require.NoError(t, err)
	assert.Equal(t, &ecs.ListClustersOutput{}, out)
}

func TestPages(t *testing.T) {
	seven := []string{"a", "b", "c", "d", "e", "f", "g"}
	for _, tt := range []struct {
		name string
		set  func(*client)
		want []int
	}{
		{"AWS's own limit", func(*client) {}, []int{3, 3, 1}},
		{"smaller", func(c *client) { c.PageSize(2) }, []int{2, 2, 2, 1}},
		{"one", func(c *client) { c.PageSize(1) }, []int{1, 1, 1, 1, 1, 1, 1}},
		{"never larger", func(c *client) { c.PageSize(100) }, []int{3, 3, 1}},
		{"lifted", func(c *client) { c.PageSize(1); c.PageSize(0) }, []int{3, 3, 1}},
		{"empty first", func(c *client) { c.EmptyPages("ecs:ListClusters") }, []int{0, 3, 3, 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &client{Arns: seven}
			tt.set(c)
			arns, pages, err := c.list(t.Context())
			require.NoError(t, err)
			assert.Equal(t, seven, arns)
			assert.Equal(t, tt.want, pages)
		})
	}
}

func TestPagesAtTheEdges(t *testing.T) {
	for n, want := range map[int][]int{0: {0}, 1: {1}, 3: {3}, 4: {3, 1}, 6: {3, 3}} {
		_, pages, err := (&client{Arns: make([]string, n)}).list(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, pages, "%d items", n)
	}
}

func TestTruncate(t *testing.T) {
	c := &client{Arns: []string{"a", "b"}}
	c.Truncate("ecs:ListClusters")
	arns, _, err := c.list(t.Context())
	assert.Equal(t, []string{"a"}, arns)
	assert.Equal(t, diag.KindThrottled, diag.KindOf(err))
	c.Arns = c.Arns[:1]
	_, _, err = c.list(t.Context())
	assert.NoError(t, err, "one item is all there is")
}

func TestPageRefusesForeignTokens(t *testing.T) {
	for _, token := range []string{"", "x", "page-", "page--1", "page-9", "1"} {
		_, err := (&client{Arns: []string{"a"}}).ListClusters(t.Context(),
			&ecs.ListClustersInput{NextToken: aws.String(token)})
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err), "token %q", token)
	}
}

func TestAsterisksStandForAnyRest(t *testing.T) {
	for _, test := range []struct {
		pattern string
		denied  bool
	}{{"toy:List", true}, {"toy:*", true}, {"toy:Li*", true}, {"*", true}, {"toy:Get*", false}, {"to", false}, {"", false}} {
		var r diagfake.Recorder
		r.Deny(test.pattern)
		_, err := diagfake.Serve(t.Context(), &r, "toy:List", new(int), func(n *int) (*int, error) { return n, nil })
		if !test.denied {
			assert.NoError(t, err, test.pattern)
			continue
		}
		assert.Equal(t, diag.KindDenied, diag.KindOf(err), test.pattern)
		assert.ErrorContains(t, err, "toy:List", "the action that was called is named")
	}
}
