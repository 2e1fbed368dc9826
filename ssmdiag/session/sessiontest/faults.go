package sessiontest

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// heldBack is how long a frame that is reordered waits at most for one to overtake it.
const heldBack = 20 * time.Millisecond

// lane is the way of the frames in one direction.
type lane struct {
	faults  Faults
	deliver func(frame []byte)
	mu      sync.Mutex
	random  *rand.Rand
	kept    []byte
}

func newLane(faults Faults, seed uint64, deliver func([]byte)) *lane {
	return &lane{faults: faults, deliver: deliver, random: rand.New(rand.NewPCG(faults.Seed, seed))}
}

// send delivers a frame with what happens to it on the way.
func (l *lane) send(frame []byte) {
	if l.faults.none() {
		l.deliver(frame)
		return
	}
	for _, f := range l.happens(frame) {
		l.deliver(f)
	}
}

func (l *lane) happens(frame []byte) [][]byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	drop, double, behind := l.chance(l.faults.Drop), l.chance(l.faults.Duplicate), l.chance(l.faults.Reorder)
	if drop {
		return nil
	}
	if behind && l.kept == nil {
		l.kept = frame
		time.AfterFunc(heldBack, l.release)
		return nil
	}
	out := [][]byte{frame}
	if double {
		out = append(out, frame)
	}
	if l.kept != nil {
		out, l.kept = append(out, l.kept), nil
	}
	return out
}

// release delivers a frame that nothing has overtaken.
func (l *lane) release() {
	l.mu.Lock()
	frame := l.kept
	l.kept = nil
	l.mu.Unlock()
	if frame != nil {
		l.deliver(frame)
	}
}

func (l *lane) chance(p float64) bool { return p > 0 && l.random.Float64() < p }

// publication makes the frame that tells a side whether the other is there. The agent minds one without payload.
func publication(t wire.MessageType) []byte {
	return wire.Frame{Type: t, Created: now(), ID: wire.NewID(), Payload: []byte("{}")}.Append(nil)
}

func now() uint64 { return uint64(time.Now().UnixMilli()) }
