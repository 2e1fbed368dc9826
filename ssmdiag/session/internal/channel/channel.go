package channel

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// Config says how a channel connects and in which direction it speaks.
type Config struct {
	// Resume makes a new link after one broke. Nil makes the first loss the last.
	Resume func(context.Context) (Link, error)
	// Send and Receive are the types of the stream frames.
	Send, Receive wire.MessageType
	// Ping is the time between two pings, 1 minute if zero.
	Ping time.Duration
}

// ErrOver is what Resume returns, wrapped or not, when the session is over.
var ErrOver = errors.New("session is over")

// ErrFinal is what Resume returns, wrapped, when trying again is of no use.
var ErrFinal = errors.New("session cannot be resumed")

// ClosedError is the end of the session as the service tells it. Output is its text, often empty. Missing says that
// frames before the end have not come.
type ClosedError struct {
	Output  string
	Missing bool
}

// Error tells the service's text.
func (e *ClosedError) Error() string {
	text := "session closed by the service"
	if e.Output != "" {
		text += ": " + e.Output
	}
	if e.Missing {
		text += " (the last of its output is missing)"
	}
	return text
}

// Channel is a data channel. Its methods may be called from several goroutines.
type Channel struct {
	config  Config
	cancel  context.CancelFunc
	done    chan struct{}
	toWrite chan struct{} // there may be something to write
	toTake  chan struct{} // there may be a message, or the end
	room    chan struct{} // there may be room in the outbox, or nothing open, or the end

	mu     sync.Mutex
	out    outbox
	in     inbox
	closed *ClosedError // the service has said so
	err    error        // why nothing comes any more
}

// Open starts a channel on its first link. It runs until ctx ends, Close is called, the service closes the session or
// the link cannot be made again.
func Open(ctx context.Context, link Link, config Config) *Channel {
	if config.Ping == 0 {
		config.Ping = time.Minute
	}
	ctx, cancel := context.WithCancel(ctx)
	c := &Channel{config: config, cancel: cancel, done: make(chan struct{}), toWrite: make(chan struct{}, 1),
		toTake: make(chan struct{}, 1), room: make(chan struct{}, 1)}
	go c.run(ctx, link)
	return c
}

// Close ends the channel, and returns when its goroutines have ended. Messages that have come can still be received.
func (c *Channel) Close() {
	c.cancel()
	<-c.done
}

// Done is closed when the channel has ended.
func (c *Channel) Done() <-chan struct{} { return c.done }

// Send sends one message, and waits while too many are not acknowledged. The payload is copied.
func (c *Channel) Send(ctx context.Context, t wire.PayloadType, payload []byte) error {
	return c.until(ctx, c.room, func() bool {
		if c.out.full() {
			return false
		}
		c.out.add(wire.Frame{Type: c.config.Send, Created: uint64(time.Now().UnixMilli()), ID: wire.NewID(), Kind: t,
			Payload: payload})
		wake(c.toWrite)
		return true
	})
}

// Drain waits until all that was sent is acknowledged.
func (c *Channel) Drain(ctx context.Context) error {
	return c.until(ctx, c.room, func() bool { return c.out.empty() })
}

// Receive returns the next message. After the last it returns why there are no more: a *ClosedError when the service
// ended the session.
func (c *Channel) Receive(ctx context.Context) (Message, error) {
	var frame wire.Frame
	take := func() (ok bool) {
		var owed bool
		if frame, owed, ok = c.in.take(); owed {
			c.out.ack(frame, time.Now())
			wake(c.toWrite)
		}
		return ok
	}
	err := c.until(ctx, c.toTake, take)
	return Message{Type: frame.Kind, Payload: frame.Payload}, err
}

// until calls try, with the lock held, each time the signal comes until it succeeds. At the end of the channel it tries
// once more: what has come is still to be had.
func (c *Channel) until(ctx context.Context, signal chan struct{}, try func() bool) error {
	for {
		c.mu.Lock()
		err, ok := c.err, false
		if err == nil || signal == c.toTake {
			ok = try()
		}
		c.mu.Unlock()
		switch {
		case ok:
			wake(signal) // for another who waits: there may be more
			return nil
		case err != nil:
			wake(signal)
			return err
		}
		select {
		case <-signal:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func wake(signal chan<- struct{}) {
	select {
	case signal <- struct{}{}:
	default:
	}
}
