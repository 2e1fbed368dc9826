package sessiontest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/awsdiag/awsdiag/ssmdiag/session"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// The types of sessions.
const (
	typeShell          = "Standard_Stream"
	typeInteractive    = "InteractiveCommands"
	typeNonInteractive = "NonInteractiveCommands"
	typePort           = "Port"
)

// sessionType is that of AWS's documents. Others are shells.
func sessionType(document string) string {
	switch document {
	case "AWS-StartNonInteractiveCommand":
		return typeNonInteractive
	case "AWS-StartInteractiveCommand":
		return typeInteractive
	case "AWS-StartPortForwardingSession", "AWS-StartPortForwardingSessionToRemoteHost", "AWS-StartSSHSession":
		return typePort
	}
	return typeShell
}

func (s *seat) parameter(name string) string { return strings.Join(s.room.parameters[name], " ") }

func (s *seat) properties(kind string) json.RawMessage {
	if kind != typePort {
		return nil
	}
	b, _ := json.Marshal(wire.PortProperties{Host: s.parameter("host"), LocalPortNumber: s.parameter("localPortNumber"),
		PortNumber: s.parameter("portNumber"), Type: "LocalPortForwarding"}) // strings alone
	return b
}

func (s *seat) start(kind string) program {
	switch {
	case kind == typeNonInteractive:
		return &command{seat: s}
	case kind == typePort && s.multiplexes():
		return newMuxed(s)
	case kind == typePort:
		return newBasic(s)
	}
	return newTerminal(s)
}

// command runs a line without a terminal.
type command struct{ *seat }

func (c *command) input(wire.Frame) {}

func (c *command) run(ctx context.Context) string {
	if c.agent.Command == nil {
		_ = c.emit(wire.Stderr, []byte("no such command\n")) // the end of the session shows
		_ = c.send(wire.ExitCode, c.sealed(wire.ExitBytes(127)))
		return ""
	}
	stderr := wire.Stderr
	if !newer(c.client, "1.2.295") {
		stderr = wire.Output
	}
	code := c.agent.Command(ctx, c.parameter("command"), stream{c.seat, wire.Output}, stream{c.seat, stderr})
	if stderr == wire.Stderr {
		_ = c.send(wire.ExitCode, c.sealed(wire.ExitBytes(code))) // as above
	}
	return ""
}

func (s *seat) sealed(b []byte) []byte {
	if s.cipher == nil {
		return b
	}
	return s.cipher.Seal(b)
}

// stream writes frames of one type.
type stream struct {
	seat *seat
	kind wire.PayloadType
}

// Write sends.
func (s stream) Write(p []byte) (int, error) {
	if err := s.seat.emit(s.kind, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// terminalDelay is how long the terminal takes to be there. A size that comes before is acknowledged and lost, and what
// is typed waits without acknowledgement.
const terminalDelay = 20 * time.Millisecond

// Terminal is what a shell runs in: it reads what is typed and writes what is shown.
type Terminal struct {
	io.Reader
	io.Writer
	seat  *seat
	typed *io.PipeWriter
	mu    sync.Mutex
	there bool
	size  session.Size
}

func newTerminal(s *seat) *Terminal {
	r, w := io.Pipe()
	return &Terminal{Reader: r, Writer: stream{s, wire.Output}, seat: s, typed: w}
}

// Size is the terminal's size, zero until the client has told it.
func (t *Terminal) Size() session.Size {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.size
}

func (t *Terminal) input(f wire.Frame) {
	switch f.Kind {
	case wire.Size:
		t.resize(f.Payload)
	case wire.Output:
		typed, _, end := bytes.Cut(f.Payload, []byte{endOfInput})
		_, _ = t.typed.Write(typed) // waits for the shell to read, which may be gone
		if end {
			_ = t.typed.Close() // a pipe's never fails
		}
	}
}

func (t *Terminal) resize(payload []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var size wire.SizeData
	if t.there && json.Unmarshal(payload, &size) == nil {
		t.size = session.Size{Columns: int(size.Cols), Rows: int(size.Rows)}
	}
}

func (t *Terminal) run(ctx context.Context) string {
	stop := context.AfterFunc(ctx, func() { _ = t.typed.Close() })
	defer stop()
	time.Sleep(terminalDelay)
	t.mu.Lock()
	t.there = true
	t.mu.Unlock()
	shell := t.seat.agent.Shell
	if shell == nil {
		shell = smallShell
	}
	shell(ctx, t)
	_ = t.Reader.(*io.PipeReader).Close() // a pipe's never fails
	return ""
}

// endOfInput is control-D, which ends what is typed.
const endOfInput = 4

const prompt = "$ "

// smallShell knows echo, stty size and exit, and ends at control-D.
func smallShell(_ context.Context, t *Terminal) {
	lines := bufio.NewScanner(t)
	fmt.Fprint(t, prompt)
	for lines.Scan() {
		line := strings.TrimRight(lines.Text(), "\r")
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case word == "exit":
			return
		case word == "echo":
			fmt.Fprintf(t, "%s\r\n", rest)
		case line == "stty size":
			size := t.Size()
			fmt.Fprintf(t, "%d %d\r\n", size.Rows, size.Columns)
		default:
			fmt.Fprintf(t, "sh: %s: not found\r\n", word)
		}
		fmt.Fprint(t, prompt)
	}
}
