package session

import (
	"context"
	"io"
	"sync"
)

// duplex is a session as the multiplexer wants it: a stream of bytes both ways.
type duplex struct {
	session *session
	ctx     context.Context
	cancel  context.CancelFunc
	come    chan []byte
	rest    []byte
	once    sync.Once
}

func newDuplex(s *session) *duplex {
	ctx, cancel := context.WithCancel(context.Background())
	return &duplex{session: s, ctx: ctx, cancel: cancel, come: make(chan []byte, 64)}
}

// put hands over what has come, unless the reader is over. It waits for it, which the channel below does not mind.
func (d *duplex) put(ctx context.Context, b []byte, over <-chan struct{}) bool {
	select {
	case d.come <- b:
		return true
	case <-ctx.Done():
	case <-d.ctx.Done():
	case <-over:
	}
	return false
}

// Read gives what has come.
func (d *duplex) Read(p []byte) (int, error) {
	if len(d.rest) == 0 {
		select {
		case d.rest = <-d.come:
		case <-d.ctx.Done():
			return 0, io.EOF
		}
	}
	n := copy(p, d.rest)
	d.rest = d.rest[n:]
	return n, nil
}

// Write sends.
func (d *duplex) Write(p []byte) (int, error) {
	if err := d.session.send(d.ctx, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close ends a Read or Write that waits.
func (d *duplex) Close() error {
	d.once.Do(d.cancel)
	return nil
}
