package session_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/session"
	"github.com/awsdiag/awsdiag/ssmdiag/session/sessiontest"
)

// echo is an HTTP server on the target which sends back what it gets.
func echo(t testing.TB) (port int) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // a short one shows in the answer
		_, _ = w.Write(body)          // as above
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().(*net.TCPAddr).Port
}

func noise(size int) []byte {
	b := make([]byte, size)
	random := rand.NewChaCha8([32]byte{byte(size), byte(rand.Uint32())})
	_, _ = random.Read(b) // never fails
	return b
}

// post sends data through an address and proves that the same comes back.
func post(ctx context.Context, address string, size int) error {
	data := noise(size)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address, bytes.NewReader(data))
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && sha256.Sum256(body) != sha256.Sum256(data) {
		err = fmt.Errorf("%d bytes came back, which differ", len(body))
	}
	return err
}

// posts does so many times at once.
func posts(ctx context.Context, address string, count, size int) error {
	errs := make([]error, count)
	var all sync.WaitGroup
	for i := range count {
		all.Go(func() { errs[i] = post(ctx, address, size) })
	}
	all.Wait()
	return errors.Join(errs...)
}

func TestForwardManyConnections(t *testing.T) {
	_, client, _ := open(t, worldOf(sessiontest.Agent{}))
	ctx := t.Context()
	forward, err := client.Forward(ctx, node, session.Port{Port: echo(t)})
	require.NoError(t, err)
	assert.NoError(t, posts(ctx, forward.Addr().String(), 32, 100_000))
	assert.NoError(t, forward.Close())
}

func TestForwardListensOnLoopbackAlone(t *testing.T) {
	_, client, _ := open(t, worldOf(sessiontest.Agent{}))
	forward, err := client.Forward(t.Context(), node, session.Port{Port: 80})
	require.NoError(t, err)
	defer forward.Close()
	assert.True(t, forward.Addr().(*net.TCPAddr).IP.IsLoopback())
}

// kick closes the client's connection so many times, each after it has resumed from the one before, and returns how
// often it resumed.
func kick(ctx context.Context, gateway *sessiontest.Gateway, times int) int {
	for gateway.Called("ResumeSession") < times && ctx.Err() == nil {
		before := gateway.Called("ResumeSession")
		time.Sleep(300 * time.Millisecond)
		gateway.Kick()
		for end := time.Now().Add(time.Second); gateway.Called("ResumeSession") == before && time.Now().Before(end); {
			time.Sleep(10 * time.Millisecond)
		}
	}
	return gateway.Called("ResumeSession")
}

// TestForwardOnABadDay is the transfer under which AWS's own client wedges.
func TestForwardOnABadDay(t *testing.T) {
	world := worldOf(sessiontest.Agent{Pace: time.Millisecond})
	world.Faults = lossy
	gateway, client, _ := open(t, world)
	ctx := t.Context()
	forward, err := client.Forward(ctx, node, session.Port{Port: echo(t)})
	require.NoError(t, err)
	kicked := make(chan int, 1)
	go func() { kicked <- kick(ctx, gateway, 3) }()
	assert.NoError(t, posts(ctx, forward.Addr().String(), 8, 200_000))
	assert.GreaterOrEqual(t, <-kicked, 3)
	assert.NoError(t, post(ctx, forward.Addr().String(), 1000), "it still works")
	assert.NoError(t, forward.Close())
}

func TestForwardToARemoteHost(t *testing.T) {
	port := echo(t)
	asked := make(chan string, 8)
	gateway, client, _ := open(t,
		worldOf(sessiontest.Agent{Dial: func(ctx context.Context, host, p string) (net.Conn, error) {
			asked <- host + ":" + p
			return new(net.Dialer).DialContext(ctx, "tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		}}))
	ctx := t.Context()
	forward, err := client.Forward(ctx, node, session.Port{Host: "db.internal", Port: 5432})
	require.NoError(t, err)
	assert.NoError(t, post(ctx, forward.Addr().String(), 10_000))
	assert.Equal(t, "db.internal:5432", <-asked)
	assert.NoError(t, forward.Close())
	assert.Contains(t, gateway.Calls()[0].Body, "AWS-StartPortForwardingSessionToRemoteHost")
	assert.Equal(t, 1, gateway.Called("TerminateSession"))
}

func TestForwardDial(t *testing.T) {
	_, client, _ := open(t, worldOf(sessiontest.Agent{}))
	ctx := t.Context()
	forward, err := client.Forward(ctx, node, session.Port{Port: echo(t), Local: -1})
	require.NoError(t, err)
	assert.Nil(t, forward.Addr())
	transport := &http.Transport{DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return forward.Dial(ctx) }}
	response, err := (&http.Client{Transport: transport}).Post("http://target/", "text/plain",
		bytes.NewReader([]byte("x")))
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, "x", string(body))
	require.NoError(t, response.Body.Close())
	assert.NoError(t, forward.Close())
	_, err = forward.Dial(ctx)
	assert.Equal(t, diag.KindUnreachable, diag.KindOf(err))
}

func TestForwardTellsFailedConnections(t *testing.T) {
	_, client, _ := open(t, worldOf(sessiontest.Agent{Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("refused")
	}}))
	ctx := t.Context()
	forward, err := client.Forward(ctx, node, session.Port{Port: 81})
	require.NoError(t, err)
	assert.Error(t, post(ctx, forward.Addr().String(), 10))
	assert.Equal(t, 1, forward.Failures())
	assert.NoError(t, forward.Close())
}

func TestForwardRefusesPortsThatAreNone(t *testing.T) {
	gateway, client, _ := open(t, worldOf(sessiontest.Agent{}))
	for _, port := range []session.Port{{}, {Port: 65536}, {Port: 80, Local: -2}, {Port: 80, Local: 65536}} {
		_, err := client.Forward(t.Context(), node, port)
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err), port)
	}
	assert.Empty(t, gateway.Calls())
}
