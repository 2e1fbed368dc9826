package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// Size is the size of a terminal in characters.
type Size struct{ Columns, Rows int }

// DefaultSize is the size of a terminal that has none.
var DefaultSize = Size{Columns: 80, Rows: 24}

// endOfInput is what a terminal sends for the end of input (control-D).
var endOfInput = []byte{4}

// Shell is an interactive session.
type Shell struct {
	// In is what is typed. Its end is sent as control-D, which ends a shell. Nil types nothing. When the session ends,
	// a Read that waits is ended through SetReadDeadline, which files and connections have; a reader without it is left
	// with one Read that waits for its next input.
	In io.Reader
	// Out and Err get the output as it comes. A terminal has only Out. Where one is nil, the result keeps it.
	Out, Err io.Writer
	// Size is the terminal's size, DefaultSize if zero, and Resize tells each new one.
	Size   Size
	Resize <-chan Size
	// Document and Parameters choose a session document, such as AWS-StartInteractiveCommand. The preferences of the
	// account hold without one.
	Document   string
	Parameters map[string][]string
}

// Shell opens a shell on a managed node and works until it ends, or ctx does. An error comes with the result so far.
func (c *Client) Shell(ctx context.Context, target string, shell Shell) (*Result, error) {
	s, err := c.start(ctx, target, shell.Document, shell.Parameters)
	if err != nil {
		return nil, err
	}
	return s.interact(ctx, shell)
}

// Exec works in a session that is open already, such as one of ECS Exec.
func (c *Client) Exec(ctx context.Context, stream Stream, shell Shell) (*Result, error) {
	s, err := c.attach(ctx, stream, shell.Document)
	if err != nil {
		return nil, err
	}
	return s.interact(ctx, shell)
}

func (s *session) interact(ctx context.Context, shell Shell) (*Result, error) {
	if shell.Size == (Size{}) {
		shell.Size = DefaultSize
	}
	o := newOutput(s, shell.Out, shell.Err)
	inner, cancel := context.WithCancel(ctx)
	terminal := &terminal{session: s, size: shell.Size}
	o.first = func() { terminal.resize(inner, terminal.latest()) } // what comes before the terminal is there, is lost
	terminal.resize(inner, shell.Size)
	var all sync.WaitGroup
	all.Go(func() { terminal.follow(inner, shell.Resize) })
	typed := make(chan struct{})
	go func() {
		defer close(typed)
		terminal.typing(inner, shell.In)
	}()
	err := o.collect(ctx)
	ended := o.close(ctx, err)
	cancel()
	release(shell.In, typed)
	all.Wait()
	s.end(ctx, ended)
	if err != nil && !over(err) {
		return o.finished(), fmt.Errorf("in a shell on %s: %w", s.stream.Target, incomplete(err))
	}
	return o.finished(), nil
}

// release ends a Read that waits and waits for its goroutine, where the reader can do so.
func release(in io.Reader, typed <-chan struct{}) {
	d, ok := in.(interface{ SetReadDeadline(time.Time) error })
	if in != nil && (!ok || d.SetReadDeadline(time.Now()) != nil) {
		return
	}
	<-typed
	if ok {
		_ = d.SetReadDeadline(time.Time{}) // the reader is the caller's again
	}
}

// terminal sends what a terminal sends.
type terminal struct {
	*session
	mu   sync.Mutex
	size Size
}

func (t *terminal) latest() Size {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.size
}

func (t *terminal) resize(ctx context.Context, size Size) {
	t.mu.Lock()
	t.size = size
	t.mu.Unlock()
	data := wire.SizeData{Cols: uint32(max(size.Columns, 1)), Rows: uint32(max(size.Rows, 1))}
	_ = t.sendJSON(ctx, wire.Size, data) // what ends the session shows in its output
}

func (t *terminal) follow(ctx context.Context, sizes <-chan Size) {
	for {
		select {
		case size, ok := <-sizes:
			if !ok {
				return
			}
			t.resize(ctx, size)
		case <-ctx.Done():
			return
		}
	}
}

func (t *terminal) typing(ctx context.Context, in io.Reader) {
	if in == nil {
		return
	}
	buffer := make([]byte, payloadSize)
	for {
		n, err := in.Read(buffer)
		if n > 0 && t.send(ctx, buffer[:n]) != nil {
			return
		}
		if errors.Is(err, io.EOF) {
			_ = t.send(ctx, endOfInput) // as resize
		}
		if err != nil {
			return
		}
	}
}
