package sessiontest

import (
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"

	"github.com/xtaci/smux"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// newer reports whether version a is after b.
func newer(a, b string) bool {
	left, right := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(left), len(right)) {
		var x, y int
		if i < len(left) {
			x, _ = strconv.Atoi(left[i]) // no number is 0
		}
		if i < len(right) {
			y, _ = strconv.Atoi(right[i]) // as above
		}
		if x != y {
			return x > y
		}
	}
	return false
}

// multiplexes reports whether both sides can carry many connections.
func (s *seat) multiplexes() bool {
	return newer(s.client, "1.1.70") && !newer("3.0.196.0", s.agent.version())
}

func (s *seat) dial(ctx context.Context) (net.Conn, error) {
	if s.agent.Dial != nil {
		return s.agent.Dial(ctx, s.parameter("host"), s.parameter("portNumber"))
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp4", net.JoinHostPort("127.0.0.1", s.parameter("portNumber")))
}

// muxed carries many connections.
type muxed struct {
	*seat
	in  *io.PipeReader
	typ *io.PipeWriter
	all sync.WaitGroup
}

func newMuxed(s *seat) *muxed {
	r, w := io.Pipe()
	return &muxed{seat: s, in: r, typ: w}
}

func (m *muxed) input(f wire.Frame) {
	switch f.Kind {
	case wire.Output:
		_, _ = m.typ.Write(f.Payload) // the multiplexer is gone
	case wire.Flag:
		if s, err := wire.SignalFrom(f.Payload); err == nil && s == wire.TerminateSession {
			m.room.cancel()
		}
	}
}

// Read, Write and Close make it the multiplexer's connection.
func (m *muxed) Read(p []byte) (int, error) { return m.in.Read(p) }

// Write sends.
func (m *muxed) Write(p []byte) (int, error) { return stream{m.seat, wire.Output}.Write(p) }

// Close ends a Read and what is written for it.
func (m *muxed) Close() error { return m.in.Close() }

func (m *muxed) run(ctx context.Context) string {
	config := smux.DefaultConfig()
	config.KeepAliveDisabled = newer(m.client, "1.2.331.0")
	mux, err := smux.Server(m, config)
	if err != nil {
		return err.Error()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		_ = m.in.Close()
		_ = mux.Close() // its streams end with it
	})
	defer stop()
	for {
		far, err := mux.AcceptStream()
		if err != nil {
			break
		}
		m.all.Go(func() { m.carry(ctx, far) })
	}
	cancel()
	m.all.Wait()
	return ""
}

func (m *muxed) carry(ctx context.Context, far *smux.Stream) {
	defer far.Close()
	near, err := m.dial(ctx)
	if err != nil {
		_ = m.send(wire.Flag, wire.ConnectFailed.Bytes()) // the end of the session shows
		return
	}
	stop := context.AfterFunc(ctx, func() { _ = near.Close() })
	defer stop()
	var both sync.WaitGroup
	both.Go(func() {
		_, _ = io.Copy(near, far)
		_ = near.Close()
	})
	both.Go(func() {
		_, _ = io.Copy(far, near)
		_ = far.Close()
	})
	both.Wait()
}

// basic carries one connection after the other, as old agents do. It connects at once, and anew after the client's
// connection has ended. Its own connection's end is the session's.
type basic struct {
	*seat
	mu        sync.Mutex
	changed   *sync.Cond
	conn      net.Conn
	reconnect bool
}

func newBasic(s *seat) *basic {
	b := &basic{seat: s}
	b.changed = sync.NewCond(&b.mu)
	context.AfterFunc(s.room.ctx, func() { b.set(nil) })
	return b
}

// current waits for the connection, nil when the session is over.
func (b *basic) current() net.Conn {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.conn == nil && b.room.ctx.Err() == nil {
		b.changed.Wait()
	}
	return b.conn
}

func (b *basic) set(conn net.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conn, b.reconnect = conn, false
	b.changed.Broadcast()
}

func (b *basic) input(f wire.Frame) {
	switch f.Kind {
	case wire.Output:
		if conn := b.current(); conn != nil {
			_, _ = conn.Write(f.Payload) // its reader sees it
		}
	case wire.Flag:
		if s, err := wire.SignalFrom(f.Payload); err == nil && s == wire.DisconnectPort {
			b.mu.Lock()
			b.reconnect = true
			if b.conn != nil {
				_ = b.conn.Close() // it is of no more use
				b.conn = nil
			}
			b.mu.Unlock()
		}
	}
}

func (b *basic) run(ctx context.Context) string {
	for {
		conn, err := b.dial(ctx)
		if err != nil {
			_ = b.send(wire.Flag, wire.ConnectFailed.Bytes()) // the end of the session shows
			return ""
		}
		b.set(conn)
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		_, _ = io.Copy(stream{b.seat, wire.Output}, conn)
		stop()
		b.mu.Lock()
		again := b.reconnect
		b.mu.Unlock()
		if !again || ctx.Err() != nil {
			return ""
		}
	}
}
