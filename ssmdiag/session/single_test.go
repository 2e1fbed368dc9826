package session_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/session"
	"github.com/awsdiag/awsdiag/ssmdiag/session/sessiontest"
)

// lines is a server on the target which answers each line, and waits for the client to go.
func lines(t testing.TB) (port int) {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for in := bufio.NewScanner(conn); in.Scan(); {
					fmt.Fprintln(conn, "got", in.Text())
				}
			}()
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

// ask sends a line and returns the answer, or the error.
func ask(address net.Addr, line string) string {
	conn, err := net.Dial("tcp4", address.String())
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	if _, err := fmt.Fprintln(conn, line); err != nil {
		return err.Error()
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err.Error()
	}
	return answer
}

func TestForwardWithAnOldAgent(t *testing.T) {
	world := worldOf(sessiontest.Agent{Version: "2.3.1569.0"})
	world.Faults = lossy
	_, client, _ := open(t, world)
	forward, err := client.Forward(t.Context(), node, session.Port{Port: lines(t)})
	require.NoError(t, err)
	assert.Equal(t, "2.3.1569.0", forward.AgentVersion())
	for n := range 3 { // one after the other
		line := fmt.Sprint("line ", n)
		assert.Equal(t, "got "+line+"\n", ask(forward.Addr(), line))
	}
	_, err = forward.Dial(t.Context())
	assert.ErrorIs(t, err, session.ErrAgentTooOld)
	assert.NoError(t, forward.Close())
}

func TestForwardWithAnOldAgentTakesTurns(t *testing.T) {
	_, client, _ := open(t, worldOf(sessiontest.Agent{Version: "2.3.1569.0"}))
	forward, err := client.Forward(t.Context(), node, session.Port{Port: lines(t)})
	require.NoError(t, err)
	answers := make(chan string, 3)
	for range 3 {
		go func() { answers <- ask(forward.Addr(), "x") }()
	}
	for range 3 {
		assert.Equal(t, "got x\n", <-answers)
	}
	assert.NoError(t, forward.Close())
}

func TestForwardWithAnOldAgentWithoutAConnection(t *testing.T) {
	_, client, _ := open(t, worldOf(sessiontest.Agent{Version: "2.3.1569.0"}))
	forward, err := client.Forward(t.Context(), node, session.Port{Port: 1})
	require.NoError(t, err)
	err = forward.Wait()
	assert.ErrorIs(t, err, session.ErrConnectFailed)
	assert.Equal(t, diag.KindUnreachable, diag.KindOf(err))
	assert.Equal(t, 1, forward.Failures())
}

func TestForwardTellsThatTheAgentIsTooOld(t *testing.T) {
	for _, tt := range []struct {
		name, version string
		port          session.Port
	}{
		{"for ports", "2.3.600.0", session.Port{Port: 80}},
		{"for remote hosts", "3.1.1260.0", session.Port{Host: "db", Port: 5432}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			gateway, client, _ := open(t, worldOf(sessiontest.Agent{Version: tt.version}))
			_, err := client.Forward(t.Context(), node, tt.port)
			assert.ErrorIs(t, err, session.ErrAgentTooOld)
			assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
			assert.ErrorContains(t, err, tt.version)
			assert.Zero(t, gateway.Active())
		})
	}
}

// TestForwardGivesTheWholeAnswerToAClientThatHasEndedItsRequest: the multiplexer has no half-close.
func TestForwardGivesTheWholeAnswerToAClientThatHasEndedItsRequest(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.ReadFull(conn, make([]byte, 7)) // the answer shows
		time.Sleep(300 * time.Millisecond)
		_, _ = conn.Write(make([]byte, 100_000)) // as above
	}()
	_, client, _ := open(t, worldOf(sessiontest.Agent{}))
	forward, err := client.Forward(t.Context(), node,
		session.Port{Port: listener.Addr().(*net.TCPAddr).Port})
	require.NoError(t, err)
	conn, err := net.Dial("tcp4", forward.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "request")
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	got, err := io.ReadAll(conn)
	require.NoError(t, err)
	assert.Len(t, got, 100_000)
	assert.NoError(t, forward.Close())
}
