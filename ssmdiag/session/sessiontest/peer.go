package sessiontest

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

const (
	// peerWindow is how many frames the agent has open before it waits. The real one does not wait.
	peerWindow = 4096
	// resendTick is how often the agent looks at its oldest open frame, and resendAfter from when it is overdue.
	resendTick  = 100 * time.Millisecond
	resendAfter = 50 * time.Millisecond
)

// peer is the agent's end of a data channel. It sends again as the real agent does: the oldest frame alone.
type peer struct {
	room  *room
	agent Agent
	in    *queue[wire.Frame] // stream frames
	begun sync.Once
	free  chan struct{} // there may be room in the window
	// deaf drops data without acknowledgement: the handler is not there yet.
	deaf atomic.Bool

	mu       sync.Mutex
	paused   bool // the client is away
	next     int64
	open     []*sent // oldest first; acknowledged ones are nil
	base     int64
	expected int64
	early    map[int64]wire.Frame
}

type sent struct {
	data []byte
	at   time.Time
}

func newPeer(r *room, agent Agent) *peer {
	return &peer{room: r, agent: agent, in: newQueue[wire.Frame](), free: make(chan struct{}, 1),
		early: map[int64]wire.Frame{}}
}

// present tells the agent whether the client is there. It begins when it comes first, and sends nothing new while it is
// away.
func (p *peer) present(there bool) {
	p.mu.Lock()
	p.paused = !there
	p.mu.Unlock()
	if !there {
		return
	}
	p.signal()
	p.begun.Do(func() {
		p.room.gateway.all.Go(p.resend)
		p.room.gateway.all.Go(func() {
			defer p.room.cancel()
			run(p)
		})
	})
}

// take gets a frame. Acknowledgements count at once; the rest waits its turn.
func (p *peer) take(b []byte) {
	frame, err := wire.Decode(b)
	if err != nil {
		return
	}
	switch frame.Type {
	case wire.Acknowledge:
		if n, err := wire.AckedSequence(frame.Payload); err == nil {
			p.acked(n)
		}
	case wire.InputStream:
		p.in.push(frame)
	}
}

func (p *peer) acked(sequence int64) {
	p.mu.Lock()
	if i := sequence - p.base; i >= 0 && i < int64(len(p.open)) {
		p.open[i] = nil
	}
	for len(p.open) > 0 && p.open[0] == nil {
		p.open = p.open[1:]
		p.base++
	}
	p.mu.Unlock()
	p.signal()
}

// signal wakes those who wait for room.
func (p *peer) signal() {
	select {
	case p.free <- struct{}{}:
	default:
	}
}

// ordered waits for input and hands it to take, in order and once. It returns when the session is over.
func (p *peer) ordered(take func(wire.Frame)) {
	for {
		frames := p.in.pop()
		if frames == nil || p.room.ctx.Err() != nil {
			return
		}
		for _, f := range frames {
			p.order(f, take)
		}
	}
}

func (p *peer) order(f wire.Frame, take func(wire.Frame)) {
	deaf := p.deaf.Load()
	switch {
	case f.Sequence >= p.expected && deaf:
		return
	case f.Sequence > p.expected:
		p.early[f.Sequence] = f
	case f.Sequence == p.expected:
		for ok := true; ok; f, ok = p.early[p.expected] {
			take(f)
			p.acknowledge(f)
			delete(p.early, p.expected)
			p.expected++
		}
		return
	}
	p.acknowledge(f)
}

func (p *peer) acknowledge(f wire.Frame) {
	p.room.fromAgent(wire.AckOf(f, now()).Append(make([]byte, 0, 320)))
}

// send sends a stream frame, and waits while too many are open or the client is away.
func (p *peer) send(t wire.PayloadType, payload []byte) error {
	for {
		p.mu.Lock()
		if len(p.open) < peerWindow && !p.paused {
			break
		}
		p.mu.Unlock()
		select {
		case <-p.free:
		case <-p.room.ctx.Done():
			return p.room.ctx.Err()
		}
	}
	f := wire.Frame{Type: wire.OutputStream, Created: now(), Sequence: p.next, ID: wire.NewID(), Kind: t, Payload: payload}
	if p.next == 0 {
		f.Flags = wire.FlagSYN
	}
	p.next++
	data := f.Append(make([]byte, 0, len(payload)+128))
	p.open = append(p.open, &sent{data: data, at: time.Now()})
	p.mu.Unlock()
	p.signal() // for another who waits
	p.room.fromAgent(data)
	if p.agent.Pace > 0 {
		time.Sleep(p.agent.Pace)
	}
	return p.room.ctx.Err()
}

// resend sends the oldest open frame again when it is overdue.
func (p *peer) resend() {
	ticks := time.NewTicker(resendTick)
	defer ticks.Stop()
	for {
		select {
		case <-p.room.ctx.Done():
			return
		case <-ticks.C:
		}
		p.mu.Lock()
		var data []byte
		if len(p.open) > 0 && time.Since(p.open[0].at) > resendAfter {
			p.open[0].at = time.Now()
			data = p.open[0].data
		}
		p.mu.Unlock()
		if data != nil {
			p.room.fromAgent(data)
		}
	}
}

// drain waits until all is acknowledged, as the agent does before it closes a session.
func (p *peer) drain(ctx context.Context) {
	for {
		p.mu.Lock()
		empty := len(p.open) == 0
		p.mu.Unlock()
		if empty {
			return
		}
		select {
		case <-p.free:
		case <-ctx.Done():
			return
		}
	}
}
