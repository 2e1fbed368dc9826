package guest_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/guest"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

func TestAReasonIsMandatoryAndTold(t *testing.T) {
	c := newClient(healthyMachine())
	for _, reason := range []string{"", "  "} {
		_, err := guest.NewFleet(c, reason, window)
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
	}
	_, err := newFleet(t, c).Run(t.Context(), guest.Disk, webID)
	require.NoError(t, err)
	in := c.Calls()[0].Input.(*ssm.SendCommandInput)
	assert.Equal(t, "awsdiag disk: ticket 42", aws.ToString(in.Comment))
	assert.Equal(t, "AWS-RunShellScript", aws.ToString(in.DocumentName))
	assert.Equal(t, []string{"60"}, in.Parameters["executionTimeout"])
}

// TestTimeToDeliver: a node gets as long to accept a command as was said, and no less than Systems Manager lets it.
func TestTimeToDeliver(t *testing.T) {
	for said, want := range map[time.Duration]int32{5 * time.Second: 30, 2 * time.Minute: 120} {
		c := newClient(healthyMachine())
		_, err := newFleet(t, c, guest.DeliverWithin(said)).Run(t.Context(), guest.Disk, webID)
		require.NoError(t, err)
		assert.Equal(t, want, aws.ToInt32(c.Calls()[0].Input.(*ssm.SendCommandInput).TimeoutSeconds))
	}
}

// TestFiveHundredNodes loses nobody: nodes that are unknown, do not answer or print too much are told of, each once,
// and calls stay within the rate.
func TestFiveHundredNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &ssmfake.Client{}
		ids := manyNodes(c, 500)
		c.Nodes[17].PingStatus = types.PingStatusConnectionLost
		unknown := "i-fffffffffffffffff"
		ids = append(ids, unknown, ids[3]) // one twice
		c.Shell = func(node, _ string) ssmfake.Printed {
			switch node {
			case ids[42]:
				return ssmfake.Printed{Stdout: strings.Repeat("x", 30000)}
			case ids[43]:
				return ssmfake.Printed{Detail: "DeliveryTimedOut"}
			}
			return ssmfake.Printed{Stdout: node, Looks: 2}
		}
		var last atomic.Int64
		c.OnCall(func(call diagfake.Call) {
			now := call.Begun.UnixMilli()
			assert.GreaterOrEqual(t, now-last.Swap(now), int64(99), "ten calls a second")
		})
		f, err := guest.NewFleet(c, "ticket 42", window)
		require.NoError(t, err)
		outputs, err := f.Run(t.Context(), guest.Disk, ids...)
		assert.ErrorContains(t, err, "3 of 501 nodes")
		require.Len(t, outputs, 501)
		bad := map[string]guest.Output{}
		for _, o := range outputs {
			if o.Err != nil {
				bad[o.Node] = o
			} else if !o.Truncated {
				assert.Equal(t, o.Node, o.Stdout)
			}
		}
		assert.Equal(t, ssmdiag.Undeliverable, bad[ids[17]].Status)
		assert.Equal(t, ssmdiag.DeliveryTimedOut, bad[ids[43]].Status)
		assert.ErrorContains(t, bad[unknown].Err, "InvalidInstanceId")
		sends := 0
		for _, call := range c.Calls() {
			if call.Action == "ssm:SendCommand" {
				sends++
			}
		}
		assert.LessOrEqual(t, sends, 11+12, "fifty a call, and the halves around the one that is refused")
	})
}

func TestPollingBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(nil)
		c.Shell = func(string, string) ssmfake.Printed { return ssmfake.Printed{Stdout: "ok", Looks: 6} }
		f, err := guest.NewFleet(c, "ticket 42", window)
		require.NoError(t, err)
		_, err = f.Run(t.Context(), guest.Disk, webID)
		require.NoError(t, err)
		var gaps []time.Duration
		var before time.Time
		for _, call := range c.Calls() {
			if call.Action == "ssm:ListCommandInvocations" {
				if !before.IsZero() {
					gaps = append(gaps, call.Begun.Sub(before))
				}
				before = call.Begun
			}
		}
		require.Len(t, gaps, 6)
		assert.Greater(t, gaps[5], 4*gaps[0])
		assert.LessOrEqual(t, gaps[5], 10*time.Second)
	})
}

func TestANodeThatNeverEndsIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(nil)
		c.Shell = func(string, string) ssmfake.Printed { return ssmfake.Printed{Looks: 1 << 30} }
		f, err := guest.NewFleet(c, "ticket 42", window)
		require.NoError(t, err)
		outputs, err := f.Run(t.Context(), guest.Disk, webID)
		assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
		require.Len(t, outputs, 1)
		assert.ErrorContains(t, outputs[0].Err, "did not end in time")
	})
}

func TestAbandonedCommandsAreCancelledIfAskedFor(t *testing.T) {
	for name, options := range map[string]func(*ssmfake.Client) []guest.Option{
		"asked for": func(c *ssmfake.Client) []guest.Option { return []guest.Option{guest.CancelAbandoned(c)} },
		"not":       func(*ssmfake.Client) []guest.Option { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(nil)
				c.Shell = func(string, string) ssmfake.Printed { return ssmfake.Printed{Looks: 1000} }
				f, err := guest.NewFleet(c, "ticket 42", window, options(c)...)
				require.NoError(t, err)
				ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
				defer stop()
				_, err = f.Run(ctx, guest.Disk, webID)
				assert.Equal(t, diag.KindCanceled, diag.KindOf(err))
				if name == "asked for" {
					assert.Contains(t, c.Actions(), "ssm:CancelCommand")
				} else {
					assert.NotContains(t, c.Actions(), "ssm:CancelCommand")
				}
			})
		})
	}
}

func TestTargets(t *testing.T) {
	c := newClient(healthyMachine())
	manyNodes(c, 70)
	outputs, err := newFleet(
		t,
		c,
	).RunTargets(t.Context(), guest.Load, guest.Target{Key: "tag:Role", Values: []string{"web"}})
	require.NoError(t, err)
	assert.Len(t, outputs, 71, "over more than one page")
	_, err = newFleet(t, c).RunTargets(t.Context(), guest.Load)
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
}

func TestTargetsThatSelectNoNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, err := guest.NewFleet(&ssmfake.Client{}, "ticket 42", window)
		require.NoError(t, err)
		_, err = f.RunTargets(t.Context(), guest.Load, guest.Target{Key: "tag:Role", Values: []string{"none"}})
		assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
	})
}

func TestWhereTheWholeOutputIs(t *testing.T) {
	outputs, err := newFleet(
		t,
		newClient(healthyMachine()),
		guest.KeepOutput("bucket", "diag"),
	).Run(t.Context(), guest.Disk, webID)
	require.NoError(t, err)
	assert.Contains(t, outputs[0].StdoutURL, "/bucket/diag/")
	assert.Equal(t, time.Second, outputs[0].Ended.Sub(outputs[0].Started))
}

func TestGuestsOfAFleetAreAskedTogether(t *testing.T) {
	c := &ssmfake.Client{Shell: healthyMachine().shell}
	ids := manyNodes(c, 20)
	f := newFleet(t, c)
	var plan diag.Plan
	for _, id := range ids {
		plan = diag.Join(plan, diag.On(f.Guest(id), guest.DiskFull))
	}
	report := diag.Run(t.Context(), plan)
	diagtest.Want(t, report)
	sent := 0
	for _, call := range c.Calls() {
		if call.Action == "ssm:SendCommand" {
			sent++
		}
	}
	assert.Equal(t, 1, sent)
}

func TestWhatIsNotUnderstoodIsQuoted(t *testing.T) {
	m := healthyMachine()
	m[guest.Disk.Script()] = "df: command not found"
	report := diagtest.Run(t, newFleet(t, newClient(m)).Guest(webID), guest.DiskFull)
	require.Len(t, report.Inconclusive, 1)
	assert.Equal(t, diag.KindIncomplete, report.Inconclusive[0].Kind)
	assert.Contains(t, report.Inconclusive[0].Err, "df: command not found")
}

func TestACutOutputIsToldAndWhatIsThereIsUsed(t *testing.T) {
	m := healthyMachine()
	m[guest.Disk.Script()] = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 100 99 1 99% /\n" +
		strings.Repeat(
			"/dev/x 1 1 1 1% /x\n",
			2000,
		)
	report := diagtest.Run(t, newFleet(t, newClient(m)).Guest(webID), guest.DiskFull)
	diagtest.Only(t, report, "guest.disk-full")
	require.Len(t, report.Inconclusive, 1)
	assert.Contains(t, report.Inconclusive[0].Err, "24000")
}

func TestHealthyGuestIsSilent(t *testing.T) {
	diagtest.Want(t, diagtest.Run(t, newFleet(t, newClient(healthyMachine())).Guest(webID), guest.GuestChecks()...))
}
