// Package cork gathers small writes of a network connection into large ones. A websocket writes each message by
// itself, and messages of a data channel are small and come by the dozen.
package cork

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// enough is from how much on what is gathered is written without waiting for more.
const enough = 64 << 10

// Conn is a connection whose writes may be held back.
type Conn struct {
	net.Conn
	mu   sync.Mutex
	held bool
	buf  []byte
	err  error
}

// Wrap makes a Conn.
func Wrap(c net.Conn) *Conn { return &Conn{Conn: c} }

// Write writes, or holds p back.
func (c *Conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.err != nil:
		return 0, c.err
	case !c.held:
		return c.Conn.Write(p)
	}
	if c.buf = append(c.buf, p...); len(c.buf) >= enough {
		return len(p), c.flush()
	}
	return len(p), nil
}

// Hold holds writes back until Release.
func (c *Conn) Hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = true
}

// Release writes what was held back.
func (c *Conn) Release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = false
	return c.flush()
}

func (c *Conn) flush() error {
	if len(c.buf) > 0 && c.err == nil {
		_, c.err = c.Conn.Write(c.buf)
	}
	c.buf = c.buf[:0]
	return c.err
}

// Client returns a client like h whose next connection is told to made. It returns h itself, and tells nothing, where
// h does not use an http.Transport.
func Client(h *http.Client, made func(*Conn)) *http.Client {
	base := h.Transport
	if base == nil {
		base = http.DefaultTransport
	}
	transport, ok := base.(*http.Transport)
	if !ok || transport.DialTLSContext != nil {
		return h
	}
	transport = transport.Clone()
	dial := transport.DialContext
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		c := Wrap(conn)
		made(c)
		return c, nil
	}
	client := *h
	client.Transport = transport
	return &client
}
