package session_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ssmdiag/session"
	"github.com/awsdiag/awsdiag/ssmdiag/session/sessiontest"
)

const node = "i-0abc"

// records is an audit's records as text.
type records struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *records) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *records) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// open starts a gateway and a client of it. When the test ends, no goroutine of this package may be left.
func open(t testing.TB, world sessiontest.World) (*sessiontest.Gateway, *session.Client, *records) {
	t.Helper()
	gateway := sessiontest.New(world)
	audit := &records{}
	client, err := session.New(gateway.SSM(), session.Options{Reason: "incident 42", KMS: gateway.KMS(),
		Audit: slog.NewTextHandler(audit, nil), Credentials: gateway.Config().Credentials, Region: sessiontest.Region})
	require.NoError(t, err)
	client.WaitForClose(time.Minute)
	t.Cleanup(func() {
		gateway.Close()
		remaining := left(t)
		for deadline := time.Now().Add(time.Minute); remaining != "" && time.Now().Before(deadline); remaining = left(t) {
			time.Sleep(5 * time.Millisecond)
		}
		assert.Empty(t, remaining, "goroutines are left")
	})
	return gateway, client, audit
}

func left(t testing.TB) string {
	var b bytes.Buffer
	require.NoError(t, pprof.Lookup("goroutine").WriteTo(&b, 2))
	for _, stack := range strings.Split(b.String(), "\n\n") {
		for _, mark := range []string{"ssmdiag/session.(*", "ssmdiag/session.splice", "session/internal/channel.(*",
			"ssmdiag/session/sessiontest.(*", "xtaci/smux"} {
			if strings.Contains(stack, mark) && !strings.Contains(stack, "session_test.left") {
				return stack
			}
		}
	}
	return ""
}

// onWrite is a writer that calls a function.
type onWrite func()

func (f onWrite) Write(p []byte) (int, error) {
	f()
	return len(p), nil
}

// agent has a command that tells its line on both streams and fails with 7.
func agent() sessiontest.Agent {
	return sessiontest.Agent{Command: func(_ context.Context, line string, stdout, stderr io.Writer) int {
		fmt.Fprintln(stdout, "out", line)
		fmt.Fprintln(stderr, "err", line)
		return 7
	}}
}

func worldOf(a sessiontest.Agent) sessiontest.World {
	return sessiontest.World{Targets: map[string]sessiontest.Agent{node: a}}
}

// lossy is what a bad day of the service looks like.
var lossy = sessiontest.Faults{Drop: 0.02, Duplicate: 0.02, Reorder: 0.02}
