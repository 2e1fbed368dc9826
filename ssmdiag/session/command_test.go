package session_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ssmdiag/session"
	"github.com/awsdiag/awsdiag/ssmdiag/session/sessiontest"
)

func TestRunKeepsStreamsAndExitCodeApart(t *testing.T) {
	for _, tt := range []struct {
		name  string
		world func(*sessiontest.World, *sessiontest.Agent)
	}{
		{"clean", func(*sessiontest.World, *sessiontest.Agent) {}},
		{"encrypted", func(_ *sessiontest.World, a *sessiontest.Agent) { a.KMSKey = "alias/x" }},
		{"encrypted with a challenge", func(_ *sessiontest.World, a *sessiontest.Agent) {
			a.KMSKey, a.Challenge = "alias/x",
				true
		}},
		{"paced", func(_ *sessiontest.World, a *sessiontest.Agent) { a.Pace = time.Millisecond }},
		{"in fragments", func(w *sessiontest.World, _ *sessiontest.Agent) { w.Faults.Fragment = 1 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := agent()
			world := sessiontest.World{}
			tt.world(&world, &a)
			world.Targets = map[string]sessiontest.Agent{node: a}
			gateway, client, audit := open(t, world)
			got, err := client.Run(t.Context(), node, session.Command{Line: "uptime"})
			require.NoError(t, err)
			assert.Equal(t, "out uptime\n", string(got.Stdout))
			assert.Equal(t, "err uptime\n", string(got.Stderr))
			require.NotNil(t, got.ExitCode)
			assert.Equal(t, 7, *got.ExitCode)
			assert.Equal(t, "3.3.0.0", got.AgentVersion)
			assert.Zero(t, gateway.Called("TerminateSession"), "the service has ended the session")
			assert.Contains(t, audit.String(), `msg="session started" target=i-0abc`)
			assert.Contains(t, audit.String(), `msg="session ended"`)
		})
	}
}

func TestRunOnTheWorstDays(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			a := agent()
			a.KMSKey, a.Challenge = "alias/x", true
			world := worldOf(a)
			world.Faults = sessiontest.Faults{Drop: .2, Duplicate: .2, Reorder: .2, Fragment: .2, Seed: seed}
			gateway := sessiontest.New(world)
			defer gateway.Close()
			client, err := session.New(gateway.SSM(), session.Options{Reason: "test", KMS: gateway.KMS()})
			require.NoError(t, err)
			got, err := client.Run(t.Context(), node, session.Command{Line: "uptime"})
			require.NoError(t, err)
			assert.Equal(t, "out uptime\n", string(got.Stdout))
			assert.Equal(t, "err uptime\n", string(got.Stderr))
			assert.Equal(t, 7, *got.ExitCode)
		})
	}
}

func TestRunTellsItsReason(t *testing.T) {
	gateway, client, audit := open(t, worldOf(agent()))
	_, err := client.Run(t.Context(), node, session.Command{Line: "uptime"})
	require.NoError(t, err)
	assert.Contains(t, gateway.Calls()[0].Body, `"Reason":"incident 42"`)
	assert.Equal(t, 2, strings.Count(audit.String(), `reason="incident 42"`))
	assert.NotContains(t, audit.String(), "token")
}

// kicker closes the client's connection each time that so much has come.
type kicker struct {
	bytes.Buffer
	gateway *sessiontest.Gateway
	at      []int // bytes, rising
}

func (k *kicker) Write(p []byte) (int, error) {
	n, err := k.Buffer.Write(p)
	if len(k.at) > 0 && k.Len() >= k.at[0] {
		k.at = k.at[1:]
		k.gateway.Kick()
	}
	return n, err
}

func TestRunOfALongOutputSurvivesKicks(t *testing.T) {
	a := agent()
	var want strings.Builder
	for n := range 40000 {
		fmt.Fprintln(&want, n)
	}
	a.Command = func(_ context.Context, _ string, stdout, _ io.Writer) int {
		_, _ = io.WriteString(stdout, want.String()) // the end of the session shows
		return 0
	}
	a.Pace = time.Millisecond
	gateway, client, _ := open(t, worldOf(a))
	got := &kicker{gateway: gateway, at: []int{1, 50_000, 100_000}}
	result, err := client.Run(t.Context(), node, session.Command{Line: "seq", Stdout: got})
	require.NoError(t, err)
	assert.True(t, want.String() == got.String(), "%d of %d bytes", got.Len(), want.Len())
	assert.Empty(t, result.Stdout, "it was written elsewhere")
	assert.Positive(t, gateway.Called("ResumeSession"))
}

func TestRunKeepsNoMoreThanItsLimit(t *testing.T) {
	a := agent()
	a.Payload = 32 << 10
	a.Command = func(_ context.Context, _ string, stdout, _ io.Writer) int {
		_, _ = stdout.Write(make([]byte, 17<<20)) // as above
		return 0
	}
	_, client, _ := open(t, worldOf(a))
	got, err := client.Run(t.Context(), node, session.Command{Line: "cat"})
	require.NoError(t, err)
	assert.True(t, got.Truncated)
	assert.Len(t, got.Stdout, 16<<20)
}

func TestRunEndsWithItsContext(t *testing.T) {
	a := agent()
	a.Command = func(ctx context.Context, _ string, stdout, stderr io.Writer) int {
		fmt.Fprintln(stdout, "begun")
		fmt.Fprintln(stderr, "waiting")
		<-ctx.Done()
		return 1
	}
	gateway, client, audit := open(t, worldOf(a))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	got, err := client.Run(ctx, node, session.Command{Line: "sleep", Stderr: onWrite(cancel)})
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, "begun\n", string(got.Stdout), "what had come is there")
	assert.Equal(t, 1, gateway.Called("TerminateSession"))
	assert.Zero(t, gateway.Active())
	assert.Contains(t, audit.String(), "error_kind=canceled")
}

func TestQuote(t *testing.T) {
	assert.Equal(t, `'ls' '-l' 'it'\''s' '$(x)' ''`, session.Quote("ls", "-l", "it's", "$(x)", ""))
}
