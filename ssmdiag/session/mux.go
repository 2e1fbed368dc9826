package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"

	"github.com/xtaci/smux"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// muxBuffer is how much may wait for slow local connections before the others wait too. The multiplexer's version 1,
// which the agent speaks, has no window for each connection.
const muxBuffer = 16 << 20

// multiplexed carries many connections over one session.
type multiplexed struct {
	session *session
	mux     *smux.Session
	near    *duplex
	failed  *atomic.Int64
}

func newMultiplexed(s *session, failed *atomic.Int64) (*multiplexed, error) {
	m := &multiplexed{session: s, failed: failed}
	m.near = newDuplex(s)
	config := smux.DefaultConfig()
	config.KeepAliveDisabled = !older(s.agent, versionNoKeepAlive) && s.agent != versionNoKeepAlive
	config.MaxReceiveBuffer = muxBuffer
	mux, err := smux.Client(m.near, config)
	if err != nil {
		return nil, fmt.Errorf("starting the multiplexer: %w", err)
	}
	m.mux = mux
	return m, nil
}

// run gives the multiplexer what comes.
func (m *multiplexed) run(ctx context.Context) error {
	for {
		message, err := m.session.receive(ctx)
		if err != nil {
			return err
		}
		switch message.Type {
		case wire.Output:
			if !m.near.put(ctx, message.Payload, m.mux.CloseChan()) {
				return errors.Join(errClosed, ctx.Err())
			}
		case wire.Flag:
			if s, err := wire.SignalFrom(message.Payload); err == nil && s == wire.ConnectFailed {
				m.failed.Add(1)
			}
		}
	}
}

func (m *multiplexed) dial(context.Context) (net.Conn, error) {
	stream, err := m.mux.OpenStream()
	if err != nil {
		return nil, diag.Errorf(diag.KindUnreachable, "opening a connection through the session: %w", err)
	}
	return dialed{stream}, nil
}

// dialed hides the multiplexer's WriteTo, which gives io.EOF where io.Copy expects none.
type dialed struct{ net.Conn }

func (m *multiplexed) carry(ctx context.Context, local net.Conn) {
	stream, err := m.mux.OpenStream()
	if err != nil {
		_ = local.Close()
		return
	}
	splice(ctx, local, stream)
}

func (m *multiplexed) stop() {
	_ = m.near.Close()
	_ = m.mux.Close()
}
