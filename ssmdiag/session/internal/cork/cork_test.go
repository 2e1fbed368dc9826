package cork

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sink counts the writes of a connection.
type sink struct {
	net.Conn
	writes []int
	err    error
}

func (s *sink) Write(p []byte) (int, error) {
	s.writes = append(s.writes, len(p))
	return len(p), s.err
}

func TestConnGathersWhatIsHeldBack(t *testing.T) {
	s := &sink{}
	c := Wrap(s)
	write := func(n int) {
		_, err := c.Write(make([]byte, n))
		require.NoError(t, err)
	}
	write(1)
	c.Hold()
	write(2)
	write(3)
	assert.Equal(t, []int{1}, s.writes)
	require.NoError(t, c.Release())
	assert.Equal(t, []int{1, 5}, s.writes)
	write(4)
	c.Hold()
	write(enough)
	assert.Equal(t, []int{1, 5, 4, enough}, s.writes, "much is written at once")
	require.NoError(t, c.Release())
	assert.Len(t, s.writes, 4, "nothing was left")
}

func TestConnKeepsItsError(t *testing.T) {
	c := Wrap(&sink{err: io.ErrClosedPipe})
	c.Hold()
	_, err := c.Write([]byte{1})
	require.NoError(t, err)
	assert.ErrorIs(t, c.Release(), io.ErrClosedPipe)
	_, err = c.Write([]byte{1})
	assert.ErrorIs(t, err, io.ErrClosedPipe)
}

type other struct{ http.RoundTripper }

func TestClient(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	var made []*Conn
	response, err := Client(server.Client(), func(c *Conn) { made = append(made, c) }).Get(server.URL)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Len(t, made, 1)
	assert.NotNil(t, Client(&http.Client{}, nil).Transport)
	foreign := &http.Client{Transport: other{}}
	assert.Same(t, foreign, Client(foreign, nil))
}
