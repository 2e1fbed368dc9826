package channel

import "github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"

const (
	// holdFrames and holdBytes bound what waits for the consumer or for a frame before it. What does not fit is
	// dropped without acknowledgement, so that it comes again. The agent does not stop sending when it is not
	// acknowledged, and sends lost frames again one at a time, so that the bound is generous.
	holdFrames = 1 << 15
	holdBytes  = 32 << 20
	// ackBytes is from how much on acknowledgements wait for the consumer. A peer with a window of its own slows down.
	ackBytes = 4 << 20
	// farAhead is how far ahead of the next frame a number may be.
	farAhead = 1 << 16
)

// Message is what the peer sent in one stream frame.
type Message struct {
	Type    wire.PayloadType
	Payload []byte
}

// inbox puts stream frames into order. It does no input or output.
type inbox struct {
	next  int64 // number of the frame to hand out next
	held  map[int64]*held
	bytes int
}

type held struct {
	frame wire.Frame
	owed  bool // it is not yet acknowledged
}

// put stores a frame and reports whether it is to be acknowledged now. It copies the payload.
func (i *inbox) put(f wire.Frame) bool {
	if f.Sequence < i.next {
		return true // the acknowledgement was lost
	}
	if h, ok := i.held[f.Sequence]; ok {
		h.owed = false // it comes again: the peer has waited long enough
		return true
	}
	if f.Sequence > i.next && !i.fits(f) {
		return false
	}
	if i.held == nil {
		i.held = map[int64]*held{}
	}
	h := &held{frame: f, owed: i.bytes > ackBytes && f.Sequence > i.next}
	h.frame.Payload = append([]byte(nil), f.Payload...)
	i.held[f.Sequence] = h
	i.bytes += len(f.Payload)
	return !h.owed
}

func (i *inbox) fits(f wire.Frame) bool {
	return len(i.held) < holdFrames && i.bytes+len(f.Payload) <= holdBytes && f.Sequence-i.next < farAhead
}

// ready reports whether take has a message.
func (i *inbox) ready() bool { return i.held[i.next] != nil }

// gap reports whether frames are held behind one that has not come.
func (i *inbox) gap() bool { return len(i.held) > 0 && !i.ready() }

// take hands out the next frame, and reports whether it is still to be acknowledged.
func (i *inbox) take() (f wire.Frame, owed, ok bool) {
	h := i.held[i.next]
	if h == nil {
		return wire.Frame{}, false, false
	}
	delete(i.held, i.next)
	i.next++
	i.bytes -= len(h.frame.Payload)
	return h.frame, h.owed, true
}
