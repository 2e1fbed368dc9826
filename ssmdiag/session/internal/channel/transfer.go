package channel

import (
	"context"
	"encoding/json"
	"time"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// read takes what comes. A message that does not decode is dropped: if it mattered, it comes again.
func (c *Channel) read(_ context.Context, link Link) error {
	buffer := make([]byte, 0, 4096)
	for {
		message, err := link.Read(buffer[:0])
		if err != nil {
			return err
		}
		if cap(message) > cap(buffer) {
			buffer = message
		}
		if frame, err := wire.Decode(message); err == nil && c.accept(frame) {
			return errEnded
		}
	}
}

// accept takes one frame, and reports whether it ends the session with nothing missing.
func (c *Channel) accept(f wire.Frame) (over bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	switch f.Type {
	case c.config.Receive:
		c.stream(f, now)
	case wire.Acknowledge:
		if n, err := wire.AckedSequence(f.Payload); err == nil && c.out.acked(n, now) {
			c.resumed()
			wake(c.room)
		}
	case wire.PausePublication:
		c.out.paused = true
	case wire.StartPublication:
		c.resumed()
	case wire.ChannelClosed:
		var closed wire.Closed
		_ = json.Unmarshal(f.Payload, &closed) // a text that cannot be read is no reason to go on
		c.closed = &ClosedError{Output: closed.Output}
	}
	return c.closed != nil && !c.in.gap()
}

func (c *Channel) stream(f wire.Frame, now time.Time) {
	if c.in.put(f) {
		c.out.ack(f, now)
		wake(c.toWrite)
	}
	if c.in.ready() {
		wake(c.toTake)
	}
	c.resumed()
}

// resumed notes that the peer is there.
func (c *Channel) resumed() {
	if c.out.paused {
		c.out.paused = false
		wake(c.toWrite)
	}
}

// write sends what there is to send.
func (c *Channel) write(ctx context.Context, link Link) error {
	batch := make([][]byte, 0, batchSize)
	for {
		c.mu.Lock()
		batch = c.out.take(batch[:0], batchSize, time.Now())
		c.mu.Unlock()
		if len(batch) > 0 {
			if err := link.Write(batch); err != nil {
				return err
			}
			continue
		}
		select {
		case <-c.toWrite:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
