package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/awsdiag/awsdiag/diag"
)

// Port is what a forward leads to.
type Port struct {
	// Host is a host that the managed node reaches, or empty for the node itself.
	Host string
	// Port on that host, 1 to 65535.
	Port int
	// Local is the port to listen on, on 127.0.0.1. Zero takes a free one, and -1 does not listen: Dial alone connects.
	Local int
}

// Forward leads connections through a session. With agents of 3.0.196.0 and later any number at once, with older ones
// one after the other.
type Forward struct {
	session  *session
	listener net.Listener // nil without
	carrier  carrier
	cancel   context.CancelFunc
	all      sync.WaitGroup
	done     chan struct{}
	err      error
	failed   atomic.Int64
}

// carrier carries connections over a session.
type carrier interface {
	// run receives until the session ends.
	run(ctx context.Context) error
	// dial opens a connection.
	dial(ctx context.Context) (net.Conn, error)
	// carry moves data between a local connection and the session until one of them ends.
	carry(ctx context.Context, local net.Conn)
	// stop ends what run does not end by itself.
	stop()
}

// Forward opens a session that forwards a port. It lives until ctx ends, Close is called or the session ends.
func (c *Client) Forward(ctx context.Context, target string, port Port) (*Forward, error) {
	if port.Port < 1 || port.Port > 65535 || port.Local < -1 || port.Local > 65535 {
		return nil, diag.Errorf(diag.KindInvalid, "forwarding a port of %s: %d is none, or %d", target, port.Port, port.Local)
	}
	listener, err := listen(port.Local)
	if err != nil {
		return nil, err
	}
	f, err := c.forward(ctx, target, port, listener)
	if err != nil && listener != nil {
		_ = listener.Close()
	}
	return f, err
}

// listen listens on the loopback interface alone.
func listen(port int) (net.Listener, error) {
	if port < 0 {
		return nil, nil
	}
	listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("listening on 127.0.0.1 port %d: %w", port, err)
	}
	return listener, nil
}

func (c *Client) forward(ctx context.Context, target string, port Port, listener net.Listener) (*Forward, error) {
	document, least := documentPort, versionPort
	parameters := map[string][]string{"portNumber": {strconv.Itoa(port.Port)}, "localPortNumber": {"0"}}
	if port.Host != "" {
		document, least = documentRemoteHost, versionRemoteHost
		parameters["host"] = []string{port.Host}
	}
	s, err := c.start(ctx, target, document, parameters)
	if err != nil {
		return nil, err
	}
	if err := needs(s.agent, least, document); err != nil {
		s.end(ctx, err)
		return nil, err
	}
	f := &Forward{session: s, listener: listener, done: make(chan struct{})}
	if f.carrier, err = newCarrier(s, &f.failed); err != nil {
		s.end(ctx, err)
		return nil, err
	}
	ctx, f.cancel = context.WithCancel(ctx)
	go f.run(ctx)
	return f, nil
}

func newCarrier(s *session, failed *atomic.Int64) (carrier, error) {
	if older(s.agent, versionMux) {
		return newSingle(s, failed), nil
	}
	return newMultiplexed(s, failed)
}

// run works until the forward ends.
func (f *Forward) run(ctx context.Context) {
	defer close(f.done)
	if f.listener != nil {
		f.all.Go(func() { f.accept(ctx) })
	}
	err := f.carrier.run(ctx)
	canceled := ctx.Err() != nil
	f.cancel()
	if f.listener != nil {
		_ = f.listener.Close()
	}
	f.carrier.stop()
	f.all.Wait()
	f.session.end(ctx, err)
	if !canceled && !over(err) {
		f.err = fmt.Errorf("forwarding over session %s: %w", f.session.stream.SessionID, err)
	}
}

func (f *Forward) accept(ctx context.Context) {
	for {
		conn, err := f.listener.Accept()
		if err != nil {
			return
		}
		f.all.Go(func() { f.carrier.carry(ctx, conn) })
	}
}

// Addr is the address that the forward listens on, nil if it does not.
func (f *Forward) Addr() net.Addr {
	if f.listener == nil {
		return nil
	}
	return f.listener.Addr()
}

// AgentVersion is the version of the agent, "" if it did not say.
func (f *Forward) AgentVersion() string { return f.session.agent }

// Dial connects without a local port, as a database driver's dial function wants it. Agents before 3.0.196.0 cannot:
// ErrAgentTooOld.
func (f *Forward) Dial(ctx context.Context) (net.Conn, error) { return f.carrier.dial(ctx) }

// Failures returns how many connections the agent could not make. AWS does not tell which: a connection that is closed
// at once, without data, is one.
func (f *Forward) Failures() int { return int(f.failed.Load()) }

// Wait waits for the end of the forward, and returns why it ended unless Close, its context or an ordinary end of the
// session did it. It is ErrConnectFailed where an old agent had no connection.
func (f *Forward) Wait() error {
	<-f.done
	return f.err
}

// Close ends the forward and its session, and waits until nothing of it is left.
func (f *Forward) Close() error {
	f.cancel()
	return f.Wait()
}

// errClosed ends what waits for a forward that is over.
var errClosed = errors.New("the forward is closed")
