package changes_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/internal/wire"
)

func (m made) Changes(_ context.Context, window diag.Window) ([]changes.Change, error) {
	var within []changes.Change
	for _, c := range m {
		if window.Contains(c.At) {
			within = append(within, c)
		}
	}
	return within, nil
}

// busy is a history of n changes, one a second, the last of them a minute before now.
func busy(n int) *changesfake.Client {
	c := &changesfake.Client{}
	for i := range n {
		c.Events = append(c.Events, changesfake.Write{At: now.Add(-time.Minute - time.Duration(i)*time.Second),
			Action: "ec2:DeleteRoute",
			Who:    "omar.h", Params: `{"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}`}.Event())
	}
	return c
}

// TestQuota reads 20 pages against a service that answers two calls a second, on a clock of its own.
func TestQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := busy(1000)
		fake.Rate = 2
		begun := time.Now()
		sweep, err := changes.NewTrail(fake, window).Sweep(t.Context())
		require.NoError(t, err)
		assert.Len(t, sweep.Changes, 1000)
		calls := fake.Calls()
		require.Len(t, calls, 20)
		for i := 2; i < len(calls); i++ {
			assert.GreaterOrEqual(t, calls[i].Begun.Sub(calls[i-2].Begun), time.Second, "calls %d to %d", i-2, i)
		}
		assert.Equal(t, 9500*time.Millisecond, time.Since(begun))
		for _, c := range calls {
			in := c.Input.(*cloudtrail.LookupEventsInput)
			assert.Equal(t, int32(50), *in.MaxResults)
			assert.Equal(t, []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyReadOnly,
				AttributeValue: aws.String("false")}}, in.LookupAttributes)
		}
	})
}

// TestSharedQuota lets two trails of one account share a pacer.
func TestSharedQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := busy(200)
		fake.Rate = 2
		pacer := changes.NewPacer()
		first := changes.NewTrail(fake, window, changes.WithPacer(pacer))
		second := changes.NewTrail(fake, diag.Last(time.Hour, now), changes.WithPacer(pacer), changes.With(first))
		all, err := second.Changes(t.Context(), window)
		require.NoError(t, err)
		assert.Len(t, all, 200, "what both trails saw is told once")
		assert.Len(t, fake.Calls(), 8)
	})
}

func TestCappedSweep(t *testing.T) {
	trail := changes.NewTrail(busy(120), window, changes.WithPacer(nil), changes.WithMaxPages(2))
	sweep, err := trail.Sweep(t.Context())
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.ErrorContains(t, err, "stopped after 2 pages; what happened before 2026-02-11T13:57:21Z was not read")
	require.NotNil(t, sweep)
	assert.Len(t, sweep.Changes, 100)
}

func TestRetention(t *testing.T) {
	fake := busy(1)
	sweep, err := changes.NewTrail(fake, diag.Last(100*24*time.Hour, now), changes.WithPacer(nil)).Sweep(t.Context())
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.Len(t, sweep.Changes, 1)
	assert.Equal(t, now.Add(-90*24*time.Hour), *fake.Calls()[0].Input.(*cloudtrail.LookupEventsInput).StartTime)
}

func TestFailures(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(*changesfake.Client)
		kind  diag.Kind
		found int
	}{
		{"denied", func(c *changesfake.Client) { c.Deny("cloudtrail:LookupEvents") }, diag.KindDenied, 0},
		{"throttled", func(c *changesfake.Client) { c.Throttle("cloudtrail:LookupEvents") }, diag.KindThrottled, 0},
		{"cut short", func(c *changesfake.Client) { c.Truncate("cloudtrail:LookupEvents") }, diag.KindThrottled, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fake := busy(10)
			tt.spoil(fake)
			trail := changes.NewTrail(fake, window, changes.WithPacer(nil),
				changes.With(made{example(changes.FamilyOf(changes.Deployed))}))
			all, err := trail.Changes(t.Context(), window)
			assert.Equal(t, tt.kind, diag.KindOf(err))
			assert.ErrorContains(t, err, "looking up events: ")
			assert.Len(t, all, tt.found+1, "what was read, and what another source told, is kept")
		})
	}
}

// broken is a source that tells something and fails.
type broken struct{ made }

func (b broken) Changes(ctx context.Context, w diag.Window) ([]changes.Change, error) {
	found, _ := b.made.Changes(ctx, w)
	return found, errors.New("the pipeline did not answer")
}

func TestOtherSources(t *testing.T) {
	deployed := example(changes.FamilyOf(changes.Deployed))
	unnamed := deployed
	unnamed.Code, unnamed.EventID, unnamed.At = "", "", now.Add(-30*time.Minute)
	old := deployed
	old.At = now.Add(-4 * time.Hour)
	trail := changes.NewTrail(history(), window, changes.WithPacer(nil),
		changes.With(made{unnamed, deployed, deployed, old}, broken{made{deployed}}))
	got, err := trail.Of(t.Context(), thing)
	assert.ErrorContains(t, err, "the pipeline did not answer")
	require.Len(t, got, 2, "told once, within the window, the oldest first")
	assert.Equal(t, changes.Deployed, got[0].Code)
	assert.Equal(t, diag.Code("changes.other"), got[1].Code)
}

// TestRecordedServers reads what two AWS-compatible servers answered to real clients.
func TestRecordedServers(t *testing.T) {
	for _, tt := range []struct {
		server string
		kind   diag.Kind
		read   int
	}{{"ministack", "", 1}, {"moto", diag.KindUnreachable, 0}} {
		t.Run(tt.server, func(t *testing.T) {
			exchanges, err := wire.Exchanges(tt.server)
			require.NoError(t, err)
			for _, e := range exchanges {
				if e.Operation != "LookupEvents" || e.Variant == "" {
					continue
				}
				replay := &wire.Replay{Only: &e}
				client := cloudtrail.NewFromConfig(replay.Config())
				sweep, err := changes.NewTrail(client, diag.Last(time.Hour, time.Unix(1_795_314_400, 0)),
					changes.WithPacer(nil)).Sweep(t.Context())
				assert.Equal(t, tt.kind, diag.KindOf(err), "%v", err)
				assert.Equal(t, tt.read, sweep.Read)
				for _, c := range sweep.Changes {
					assert.Equal(t, "AKIAIOSFODNN7EXAMPLE stopped ECS task c1b33650-9cae-43ff-b114-6656f87fd680 (Task failed ELB "+
						"health checks in (target-group x))", c.Summary)
				}
			}
		})
	}
}
