package channel

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// tick is how often overdue frames are looked for, as the agent does.
	tick = 100 * time.Millisecond
	// pong is how long an answer to a ping may take.
	pong = 20 * time.Second
	// resumeTries and resumeDelay bound how a link is made again; the delay doubles.
	resumeTries = 6
	resumeDelay = 100 * time.Millisecond
	// shortLived is how long a link must live to count as one. So many short ones in a row end the channel.
	shortLived    = time.Second
	maxShortLived = 10
	// closeGrace is how long to wait for frames which the end of the session has overtaken.
	closeGrace = 500 * time.Millisecond
	// batchSize is how many messages are written at once.
	batchSize = 64
)

// run keeps the channel on a link.
func (c *Channel) run(ctx context.Context, link Link) {
	defer close(c.done)
	defer c.cancel()
	short := 0
	for {
		begun := time.Now()
		err := c.serve(ctx, link)
		if short++; time.Since(begun) > shortLived {
			short = 0
		}
		if end := c.end(ctx, err, short); end != nil {
			c.finish(end)
			return
		}
		if link, err = c.resume(ctx, time.Duration(short)*resumeDelay); err != nil {
			c.finish(err)
			return
		}
		c.mu.Lock()
		c.out.relink()
		c.mu.Unlock()
	}
}

// end returns why the channel ends with this link, or nil if it is to be resumed.
func (c *Channel) end(ctx context.Context, err error, short int) error {
	c.mu.Lock()
	closed := c.closed
	if closed != nil {
		closed.Missing = c.in.gap()
	}
	c.mu.Unlock()
	switch {
	case closed != nil:
		return closed
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, ErrUnanswered):
		return err
	case c.config.Resume == nil:
		return fmt.Errorf("data channel lost: %w", err)
	case short > maxShortLived:
		return fmt.Errorf("data channel breaks again and again: %w", err)
	}
	return nil
}

func (c *Channel) finish(err error) {
	c.mu.Lock()
	c.err = err
	c.out = outbox{}
	c.mu.Unlock()
	wake(c.toTake)
	wake(c.room)
}

// resume makes a new link.
func (c *Channel) resume(ctx context.Context, delay time.Duration) (link Link, err error) {
	for range resumeTries {
		select {
		case <-time.After(delay):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if link, err = c.config.Resume(ctx); err == nil {
			return link, nil
		}
		if errors.Is(err, ErrOver) || errors.Is(err, ErrFinal) || ctx.Err() != nil {
			break
		}
		delay = max(2*delay, resumeDelay)
	}
	return nil, fmt.Errorf("resuming the data channel: %w", err)
}

// serve works on one link until it breaks, the session is closed or ctx ends.
func (c *Channel) serve(ctx context.Context, link Link) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for _, work := range []func(context.Context, Link) error{c.read, c.write, c.watch, c.ping} {
		all.Go(func() { cancel(work(ctx, link)) })
	}
	<-ctx.Done()
	cause := context.Cause(ctx)
	link.Close(cause == nil || errors.Is(cause, errEnded) || errors.Is(cause, context.Canceled))
	all.Wait()
	return cause
}

// errEnded ends a link on which nothing more is to come.
var errEnded = errors.New("ended")

// watch looks for overdue frames and for the end of the session.
func (c *Channel) watch(ctx context.Context, _ Link) error {
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	var grace int
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticks.C:
		}
		c.mu.Lock()
		err := c.out.overdue(time.Now())
		closed, gap := c.closed != nil, c.in.gap()
		c.mu.Unlock()
		if err != nil {
			return err
		}
		if closed {
			if grace += int(tick); !gap || grace > int(closeGrace) {
				return errEnded
			}
		}
		wake(c.toWrite)
	}
}

func (c *Channel) ping(ctx context.Context, link Link) error {
	ticks := time.NewTicker(c.config.Ping)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticks.C:
		}
		ctx, cancel := context.WithTimeout(ctx, pong)
		err := link.Ping(ctx)
		cancel()
		if err != nil {
			return fmt.Errorf("no answer to a ping: %w", err)
		}
	}
}
