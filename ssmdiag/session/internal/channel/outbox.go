package channel

import (
	"errors"
	"time"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

const (
	// sendWindow is how many frames may be open. The agent holds 10,000 which come too early; a frame that is lost
	// stops it, so that far fewer are better.
	sendWindow = 2048
	// maxTries is after how many attempts the agent and AWS's client give a frame up.
	maxTries = 3000
	// resendBatch bounds what one tick sends again: a slow peer is not helped by all of it.
	resendBatch = 64
	// maxAcks bounds the acknowledgements that wait. One that is dropped is asked for again.
	maxAcks = 1 << 15
)

// ErrUnanswered: the peer did not acknowledge a frame, however often it was sent.
var ErrUnanswered = errors.New("the agent does not acknowledge what is sent")

// outbox holds what is to be sent. It does no input or output and asks no clock.
type outbox struct {
	rtt    rtt
	next   int64   // number of the next new frame
	base   int64   // number of frames[0]
	frames []*open // frames that are not acknowledged, and nil where one is, from base on
	cursor int64   // the first that was not yet sent on this link
	again  []int64
	acks   [][]byte
	paused bool // the peer is away
}

type open struct {
	data   []byte
	sent   time.Time
	tries  int
	queued bool // is in again
}

func (o *outbox) full() bool  { return o.next-o.base >= sendWindow }
func (o *outbox) empty() bool { return o.next == o.base }

// add numbers and encodes a stream frame.
func (o *outbox) add(f wire.Frame) {
	f.Sequence = o.next
	o.frames = append(o.frames, &open{data: f.Append(make([]byte, 0, len(f.Payload)+128))})
	o.next++
}

func (o *outbox) at(sequence int64) *open {
	if sequence < o.base || sequence >= o.next {
		return nil
	}
	return o.frames[sequence-o.base]
}

// acked forgets a frame and reports whether it was open.
func (o *outbox) acked(sequence int64, now time.Time) bool {
	f := o.at(sequence)
	if f == nil || f.tries == 0 {
		return false
	}
	if f.tries == 1 { // of a frame sent twice nobody knows which one was answered
		o.rtt.sample(now.Sub(f.sent))
	}
	o.frames[sequence-o.base] = nil
	for len(o.frames) > 0 && o.frames[0] == nil {
		o.frames = o.frames[1:]
		o.base++
	}
	o.cursor = max(o.cursor, o.base)
	return true
}

// overdue marks frames to be sent again. While the peer is away it is one, which asks whether the peer is back.
func (o *outbox) overdue(now time.Time) error {
	limit := resendBatch
	if o.paused {
		limit = 1
	}
	for i := int64(0); i < o.cursor-o.base && len(o.again) < limit; i++ {
		f := o.frames[i]
		if f == nil || f.queued || f.tries == 0 || now.Sub(f.sent) < o.rtt.timeout() {
			continue
		}
		if f.tries >= maxTries {
			return ErrUnanswered
		}
		f.queued = true
		o.again = append(o.again, o.base+i)
	}
	return nil
}

// relink makes everything that is open to be sent on a new link.
func (o *outbox) relink() {
	for _, f := range o.frames {
		if f != nil {
			f.queued = false
		}
	}
	o.again, o.acks, o.cursor, o.paused = nil, nil, o.base, false
}

// ack queues an acknowledgement.
func (o *outbox) ack(f wire.Frame, now time.Time) {
	if len(o.acks) < maxAcks {
		o.acks = append(o.acks, wire.AckOf(f, uint64(now.UnixMilli())).Append(make([]byte, 0, 320)))
	}
}

// take returns up to limit messages to send now: acknowledgements first, then what is overdue, then what is new.
func (o *outbox) take(batch [][]byte, limit int, now time.Time) [][]byte {
	n := min(limit, len(o.acks))
	batch = append(batch, o.acks[:n]...)
	if o.acks = o.acks[n:]; len(o.acks) == 0 {
		o.acks = nil
	}
	for ; len(o.again) > 0 && len(batch) < limit; o.again = o.again[1:] {
		batch = o.send(batch, o.again[0], now)
	}
	for ; !o.paused && o.cursor < o.next && len(batch) < limit; o.cursor++ {
		batch = o.send(batch, o.cursor, now)
	}
	return batch
}

func (o *outbox) send(batch [][]byte, sequence int64, now time.Time) [][]byte {
	f := o.at(sequence)
	if f == nil {
		return batch
	}
	f.queued, f.sent, f.tries = false, now, f.tries+1
	return append(batch, f.data)
}
