package session

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// singleQuiet is like lingerQuiet, but others wait for their turn meanwhile.
const singleQuiet = 500 * time.Millisecond

// settle is how long what belongs to an ended connection may still come after the agent knows of its end.
const settle = 100 * time.Millisecond

// single carries one connection after the other: agents before 3.0.196.0 cannot do more.
type single struct {
	session *session
	failed  *atomic.Int64
	turn    chan struct{} // holds one token
	over    chan struct{}
	once    sync.Once
	mu      sync.Mutex
	local   net.Conn // the connection whose turn it is
	moved   atomic.Int64
}

func newSingle(s *session, failed *atomic.Int64) *single {
	c := &single{session: s, failed: failed, turn: make(chan struct{}, 1), over: make(chan struct{})}
	c.turn <- struct{}{}
	return c
}

// run writes what comes to the connection whose turn it is. Without one it is dropped.
func (c *single) run(ctx context.Context) error {
	for {
		m, err := c.session.receive(ctx)
		if err != nil {
			return err
		}
		switch m.Type {
		case wire.Output:
			if local := c.current(nil, false); local != nil {
				n, _ := local.Write(m.Payload) // its reader sees a connection that is gone
				c.moved.Add(int64(n))
			}
		case wire.Flag:
			if s, err := wire.SignalFrom(m.Payload); err == nil && s == wire.ConnectFailed {
				c.failed.Add(1)
				return diag.Errorf(diag.KindUnreachable, "%w", ErrConnectFailed)
			}
		}
	}
}

// current returns the connection whose turn it is, after setting it.
func (c *single) current(local net.Conn, set bool) net.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	if set {
		c.local = local
	}
	return c.local
}

func (c *single) dial(context.Context) (net.Conn, error) {
	return nil, diag.Errorf(diag.KindInvalid, "%w: dialling needs %s, the target has %s", ErrAgentTooOld, versionMux,
		c.session.agent)
}

// carry waits for its turn.
func (c *single) carry(ctx context.Context, local net.Conn) {
	defer local.Close()
	select {
	case <-c.turn:
	case <-c.over:
		return
	}
	c.current(local, true)
	stop := context.AfterFunc(ctx, func() { _ = local.Close() })
	defer stop()
	if err := c.up(ctx, local); err != nil {
		return // the session is over
	}
	c.turn <- struct{}{}
}

// up sends what the local side sends, and then that it has ended.
func (c *single) up(ctx context.Context, local net.Conn) error {
	buffer := make([]byte, payloadSize)
	for {
		n, err := local.Read(buffer)
		if n > 0 {
			if err := c.session.send(ctx, buffer[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			break
		}
	}
	quiet(&c.moved, ctx.Done(), singleQuiet) // the answer may still be on its way
	c.current(nil, true)
	if err := c.session.sendOne(ctx, wire.Flag, wire.DisconnectPort.Bytes()); err != nil {
		return fmt.Errorf("ending a connection: %w", err)
	}
	if err := c.session.channel.Drain(ctx); err != nil {
		return err
	}
	select {
	case <-time.After(settle):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *single) stop() { c.once.Do(func() { close(c.over) }) }
