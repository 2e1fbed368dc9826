package channel

import (
	"context"
	"encoding/binary"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

var agentWay = Config{Send: wire.OutputStream, Receive: wire.InputStream}

// pair is two channels which face each other and get new links when one breaks.
func pair(t *testing.T, rate int) (client, agent *Channel, kick func()) {
	t.Helper()
	links, broken := make(chan Link, 8), make(chan Link, 8)
	first, peer := pipes(rate)
	var current Link = first
	client = Open(t.Context(), first, Config{Send: wire.InputStream, Receive: wire.OutputStream,
		Resume: func(context.Context) (Link, error) { return <-links, nil }})
	agent = Open(t.Context(), peer, Config{Send: wire.OutputStream, Receive: wire.InputStream,
		Resume: func(context.Context) (Link, error) { return <-broken, nil }})
	t.Cleanup(client.Close)
	t.Cleanup(agent.Close)
	return client, agent, func() {
		a, b := pipes(rate)
		current.Close(false)
		current = a
		links <- a
		broken <- b
	}
}

func number(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

// exchange sends count messages both ways and proves that each comes once and in order.
func exchange(t *testing.T, a, b *Channel, count uint32) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ends := make(chan error, 4)
	for _, c := range []*Channel{a, b} {
		go func() {
			for n := range count {
				if err := c.Send(ctx, wire.Output, number(n)); err != nil {
					ends <- err
					return
				}
			}
			ends <- c.Drain(ctx)
		}()
		go func() {
			for n := range count {
				m, err := c.Receive(ctx)
				if err == nil && binary.BigEndian.Uint32(m.Payload) != n {
					err = errors.New("out of order")
				}
				if err != nil {
					ends <- err
					return
				}
			}
			ends <- nil
		}()
	}
	for range 4 {
		assert.NoError(t, <-ends)
	}
}

func TestChannelClean(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, agent, _ := pair(t, 0)
		exchange(t, client, agent, 3*sendWindow)
	})
}

func TestChannelUnderLossDoublesAndReordering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, agent, _ := pair(t, 50)
		exchange(t, client, agent, 1500)
	})
}

func TestChannelResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, agent, kick := pair(t, 50)
		for range 3 {
			time.AfterFunc(20*time.Millisecond, kick)
			exchange(t, client, agent, 600)
		}
	})
}

func closedFrame(output string) []byte {
	return wire.Frame{Type: wire.ChannelClosed, Payload: []byte(`{"Output":"` + output + `"}`)}.Append(nil)
}

func TestChannelEndsWithTheServiceText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := pipes(0)
		c := Open(t.Context(), near, Config{Send: wire.InputStream, Receive: wire.OutputStream})
		defer c.Close()
		require.NoError(t, far.Write([][]byte{frame(0, 1).Append(nil), closedFrame("Session idle")}))
		_, err := c.Receive(t.Context())
		require.NoError(t, err, "what came before is still there")
		_, err = c.Receive(t.Context())
		var closed *ClosedError
		require.ErrorAs(t, err, &closed)
		assert.Equal(t, &ClosedError{Output: "Session idle"}, closed)
		assert.Error(t, c.Send(t.Context(), wire.Output, nil))
		assert.Error(t, c.Drain(t.Context()))
	})
}

func TestChannelWaitsForFramesThatTheEndHasOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := pipes(0)
		c := Open(t.Context(), near, Config{Send: wire.InputStream, Receive: wire.OutputStream})
		defer c.Close()
		require.NoError(t, far.Write([][]byte{frame(1, 1).Append(nil), closedFrame(""), frame(0, 1).Append(nil)}))
		for range 2 {
			_, err := c.Receive(t.Context())
			require.NoError(t, err)
		}
		_, err := c.Receive(t.Context())
		assert.EqualError(t, err, "session closed by the service")
	})
}

func TestChannelTellsWhatIsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := pipes(0)
		c := Open(t.Context(), near, Config{Send: wire.InputStream, Receive: wire.OutputStream})
		defer c.Close()
		require.NoError(t, far.Write([][]byte{frame(1, 1).Append(nil), closedFrame("")}))
		_, err := c.Receive(t.Context())
		assert.ErrorContains(t, err, "missing")
	})
}

func TestChannelResumeErrors(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fail  error
		calls int
	}{
		{"the session is over", ErrOver, 1},
		{"it cannot be resumed", ErrFinal, 1},
		{"the network fails", errors.New("refused"), resumeTries},
	} {
		synctest.Test(t, func(t *testing.T) {
			near, far := pipes(0)
			calls := 0
			c := Open(t.Context(), near, Config{Resume: func(context.Context) (Link, error) { calls++; return nil, tt.fail }})
			defer c.Close()
			far.Close(false)
			_, err := c.Receive(t.Context())
			assert.ErrorIs(t, err, tt.fail, tt.name)
			assert.Equal(t, tt.calls, calls, tt.name)
		})
	}
}

func TestChannelEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, _ := pipes(0)
		ctx, cancel := context.WithCancel(t.Context())
		c := Open(ctx, near, agentWay)
		cancel()
		<-c.Done()
		_, err := c.Receive(t.Context())
		assert.ErrorIs(t, err, context.Canceled)
		_, open := <-near.closed
		assert.False(t, open, "the link is closed")
	})
}

func TestChannelDoesNotBlockOnItsConsumer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, agent, _ := pair(t, 0)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		for n := range uint32(3 * sendWindow) { // nobody receives at the agent's side
			require.NoError(t, client.Send(ctx, wire.Output, number(n)))
		}
		require.NoError(t, client.Drain(ctx))
		require.NoError(t, agent.Send(ctx, wire.Output, nil))
		_, err := client.Receive(ctx)
		assert.NoError(t, err)
	})
}
