package channel

import (
	"context"
	"io"
	"math/rand/v2"
	"sync"
)

// pipe is a link in memory. It loses, doubles and reorders what is written, one of rate each, 0 for none.
type pipe struct {
	in, out chan []byte
	closed  chan struct{} // of both ends
	once    *sync.Once
	rate    int
	kept    []byte
}

func pipes(rate int) (*pipe, *pipe) {
	a, b := make(chan []byte, 64), make(chan []byte, 64)
	closed, once := make(chan struct{}), new(sync.Once)
	return &pipe{a, b, closed, once, rate, nil}, &pipe{b, a, closed, once, rate, nil}
}

func (p *pipe) Read([]byte) ([]byte, error) {
	select {
	case b := <-p.in:
		return b, nil
	case <-p.closed:
		return nil, io.EOF
	}
}

func (p *pipe) Write(messages [][]byte) error {
	for _, m := range messages {
		for _, m := range p.faulty(m) {
			select {
			case p.out <- m:
			case <-p.closed:
				return io.ErrClosedPipe
			}
		}
	}
	return nil
}

func (p *pipe) faulty(m []byte) [][]byte {
	if p.rate == 0 {
		return [][]byte{m}
	}
	send := [][]byte{m}
	switch rand.IntN(p.rate) {
	case 0:
		return nil
	case 1:
		send = append(send, m)
	case 2:
		if p.kept == nil {
			p.kept = m
			return nil
		}
	}
	if p.kept != nil {
		send, p.kept = append(send, p.kept), nil
	}
	return send
}

func (p *pipe) Ping(context.Context) error { return nil }

func (p *pipe) Close(bool) { p.once.Do(func() { close(p.closed) }) }
