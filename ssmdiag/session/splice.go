package session

import (
	"context"
	"io"
	"net"
	"sync/atomic"
	"time"
)

const (
	// lingerQuiet is how long the far side may be silent after the local side has ended its output. The multiplexer
	// cannot pass on that one direction has ended, and closing both would cut the answer off.
	lingerQuiet = 5 * time.Second
	// lingerLocal is how long a local side may go on sending to a far side that is gone, so that its unread data does
	// not reset the connection before it has read the answer.
	lingerLocal = 500 * time.Millisecond
)

// splice moves data both ways until both ends are done, and closes both.
func splice(ctx context.Context, local, far net.Conn) {
	stop := context.AfterFunc(ctx, func() {
		_ = local.Close()
		_ = far.Close()
	})
	defer stop()
	var moved atomic.Int64 // from far to local
	up := make(chan struct{})
	down := make(chan struct{})
	go func() {
		defer close(up)
		_, _ = io.Copy(far, local)
	}()
	go func() {
		defer close(down)
		_, _ = io.Copy(counted{local, &moved}, far)
	}()
	select {
	case <-down:
		lower(local, up)
	case <-up:
		quiet(&moved, down, lingerQuiet)
	}
	_ = far.Close()
	<-down
	_ = local.Close()
	<-up
}

// lower tells the local side that no more comes, and lets it read that.
func lower(local net.Conn, up <-chan struct{}) {
	if half, ok := local.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		select {
		case <-up:
		case <-time.After(lingerLocal):
		}
	}
}

// quiet waits until the far side ends or nothing comes from it any more.
func quiet(moved *atomic.Int64, down <-chan struct{}, period time.Duration) {
	for last := int64(-1); last != moved.Load(); {
		last = moved.Load()
		select {
		case <-down:
			return
		case <-time.After(period):
		}
	}
}

// counted counts what is written.
type counted struct {
	io.Writer
	n *atomic.Int64
}

// Write writes and counts.
func (c counted) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n.Add(int64(n))
	return n, err
}
