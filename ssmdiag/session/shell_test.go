package session_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ssmdiag/session"
	"github.com/awsdiag/awsdiag/ssmdiag/session/sessiontest"
)

func TestShell(t *testing.T) {
	for _, tt := range []struct {
		name  string
		agent sessiontest.Agent
	}{
		{"without handshake", sessiontest.Agent{NoHandshake: true}},
		{"with handshake", sessiontest.Agent{}},
		{"encrypted", sessiontest.Agent{KMSKey: "alias/x"}},
		{"encrypted with a challenge", sessiontest.Agent{KMSKey: "alias/x", Challenge: true}},
		{"with a late handler", sessiontest.Agent{NotReady: 300 * time.Millisecond}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			world := worldOf(tt.agent)
			world.Faults = lossy
			_, client, _ := open(t, world)
			got, err := client.Shell(t.Context(), node, session.Shell{In: strings.NewReader("echo hello\nexit\n")})
			require.NoError(t, err)
			assert.Equal(t, "$ hello\r\n$ ", string(got.Stdout))
			assert.Nil(t, got.ExitCode)
		})
	}
}

func TestShellEndsWithItsInput(t *testing.T) {
	_, client, _ := open(t, worldOf(sessiontest.Agent{}))
	got, err := client.Shell(t.Context(), node, session.Shell{In: strings.NewReader("echo a\n")})
	require.NoError(t, err)
	assert.Contains(t, string(got.Stdout), "a\r\n")
}

// screen is what a terminal shows.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) shows(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.b.String(), text)
}

// wait waits until a text is shown.
func (s *screen) wait(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return s.shows(text) }, time.Minute, 5*time.Millisecond, text)
}

// ask types a line until the answer shows: a size that is told before may still be on its way.
func (s *screen) ask(t *testing.T, typed io.Writer, line, answer string) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, err := io.WriteString(typed, line)
		return err == nil && s.shows(answer)
	}, time.Minute, 20*time.Millisecond, answer)
}

func TestShellTellsItsSize(t *testing.T) {
	_, client, _ := open(t, worldOf(sessiontest.Agent{}))
	in, typed := net.Pipe()
	sizes, shown := make(chan session.Size), &screen{}
	done := make(chan error, 1)
	ctx := t.Context()
	go func() {
		_, err := client.Shell(ctx, node, session.Shell{In: in, Out: shown, Size: session.Size{Columns: 133, Rows: 50},
			Resize: sizes})
		done <- err
	}()
	shown.wait(t, "$ ")
	shown.ask(t, typed, "stty size\n", "50 133\r\n")
	sizes <- session.Size{Columns: 20, Rows: 10}
	shown.ask(t, typed, "stty size\n", "10 20\r\n")
	_, err := io.WriteString(typed, "exit\n")
	require.NoError(t, err)
	assert.NoError(t, <-done)
}

func TestShellReleasesAReaderThatWaits(t *testing.T) {
	gateway, client, _ := open(t, worldOf(sessiontest.Agent{}))
	in, typed := net.Pipe() // nobody types
	defer typed.Close()
	shown := &screen{}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := client.Shell(ctx, node, session.Shell{In: in, Out: shown})
		done <- err
	}()
	shown.wait(t, "$ ")
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	assert.Equal(t, 1, gateway.Called("TerminateSession"))
	go func() { _, _ = io.WriteString(typed, "x") }()
	n, err := in.Read(make([]byte, 1))
	assert.NoError(t, err, "the reader is the caller's again")
	assert.Equal(t, 1, n)
}

func TestShellIsEndedByTheService(t *testing.T) {
	gateway, client, audit := open(t, worldOf(sessiontest.Agent{}))
	shown := &screen{}
	done := make(chan error, 1)
	ctx := t.Context()
	go func() {
		_, err := client.Shell(ctx, node, session.Shell{Out: shown})
		done <- err
	}()
	shown.wait(t, "$ ")
	gateway.Finish("Session timed out")
	assert.NoError(t, <-done)
	assert.NotContains(t, audit.String(), "level=WARN")
}

// TestExec is ECS Exec: somebody else opens the session, and the key is bound to the task.
func TestExec(t *testing.T) {
	target := session.ECSTarget("arn:aws:ecs:eu-central-1:111122223333:cluster/prod",
		"arn:aws:ecs:eu-central-1:111122223333:task/prod/0123abcd", "0123abcd-1")
	assert.Equal(t, "ecs:prod_0123abcd_0123abcd-1", target)
	for _, tt := range []struct {
		name string
		api  bool
	}{{"with an API", true}, {"without", false}} {
		t.Run(tt.name, func(t *testing.T) {
			gateway, client, _ := open(t, sessiontest.World{Targets: map[string]sessiontest.Agent{target: {KMSKey: "alias/x"}}})
			if !tt.api {
				var err error
				client, err = session.New(nil, session.Options{Reason: "test", KMS: gateway.KMS()})
				require.NoError(t, err)
			}
			stream, err := gateway.Open(target, "AmazonECS-ExecuteInteractiveCommand", nil)
			require.NoError(t, err)
			got, err := client.Exec(t.Context(), stream, session.Shell{In: strings.NewReader("echo in\nexit\n")})
			require.NoError(t, err)
			assert.Contains(t, string(got.Stdout), "in\r\n")
			_, err = client.Exec(t.Context(), stream, session.Shell{})
			assert.Error(t, err, "a token opens one connection")
		})
	}
}
