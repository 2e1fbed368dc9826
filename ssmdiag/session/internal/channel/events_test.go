package channel

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// mute is a link that does not answer pings.
type mute struct{ *pipe }

func (mute) Ping(context.Context) error { return errors.New("no pong") }

func TestChannelResumesWhenPingsAreNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, _ := pipes(0)
		next, far := pipes(0)
		c := Open(t.Context(), mute{near}, Config{Send: wire.InputStream, Receive: wire.OutputStream,
			Ping:   10 * time.Millisecond,
			Resume: func(context.Context) (Link, error) { return next, nil }})
		defer c.Close()
		require.NoError(t, c.Send(t.Context(), wire.Output, []byte("x")))
		got, err := far.Read(nil)
		require.NoError(t, err)
		assert.Equal(t, []int64{0}, sequences(t, [][]byte{got}), "what was open is sent on the new link")
	})
}

func publication(t wire.MessageType) [][]byte {
	return [][]byte{wire.Frame{Type: t, ID: wire.NewID()}.Append(nil)}
}

// come gives the frames that have come once nothing moves any more.
func come(far *pipe) (got [][]byte) {
	synctest.Wait()
	for len(far.in) > 0 {
		got = append(got, <-far.in)
	}
	return got
}

func TestChannelSendsNothingNewWhileThePeerIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := pipes(0)
		c := Open(t.Context(), near, Config{Send: wire.InputStream, Receive: wire.OutputStream})
		defer c.Close()
		require.NoError(t, far.Write(publication(wire.PausePublication)))
		synctest.Wait()
		for range 3 {
			require.NoError(t, c.Send(t.Context(), wire.Output, nil))
		}
		assert.Empty(t, come(far))
		require.NoError(t, far.Write(publication(wire.StartPublication)))
		assert.Equal(t, []int64{0, 1, 2}, sequences(t, come(far)))
	})
}

func TestChannelGoesOnWhenThePeerIsHeardAfterAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := pipes(0)
		c := Open(t.Context(), near, Config{Send: wire.InputStream, Receive: wire.OutputStream})
		defer c.Close()
		require.NoError(t, far.Write(append(publication(wire.PausePublication), frame(0, 1).Append(nil))))
		_, err := c.Receive(t.Context())
		require.NoError(t, err)
		require.NoError(t, c.Send(t.Context(), wire.Output, nil))
		assert.Contains(t, sequences(t, come(far)), int64(0), "no start was needed")
	})
}

func TestChannelIgnoresWhatIsNoFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := pipes(0)
		c := Open(t.Context(), near, Config{Send: wire.InputStream, Receive: wire.OutputStream})
		defer c.Close()
		bad := frame(0, 5).Append(nil)
		bad[len(bad)-1] ^= 1
		unknown := wire.Frame{Type: "agent_session_state"}.Append(nil)
		require.NoError(t, far.Write([][]byte{[]byte("text"), nil, bad, unknown, frame(0, 3).Append(nil)}))
		m, err := c.Receive(t.Context())
		require.NoError(t, err)
		assert.Len(t, m.Payload, 3, "the damaged frame is not taken, nor acknowledged")
		assert.Equal(t, []int64{-1}, sequences(t, come(far)))
	})
}

func TestChannelThatBreaksAgainAndAgainEnds(t *testing.T) { synctest.Test(t, breaksAgainAndAgain) }

func breaksAgainAndAgain(t *testing.T) {
	near, far := pipes(0)
	far.Close(false)
	calls := 0
	c := Open(t.Context(), near, Config{Resume: func(context.Context) (Link, error) {
		calls++
		a, b := pipes(0)
		b.Close(false)
		return a, nil
	}})
	defer c.Close()
	_, err := c.Receive(t.Context())
	assert.ErrorContains(t, err, "again and again")
	assert.Equal(t, maxShortLived, calls)
}
