package sessiontest

import (
	"context"
	"io"
	"net"
	"time"
)

// World is what there is. Its zero value has no targets.
type World struct {
	// Targets are the agents that are connected, by instance id or other target.
	Targets map[string]Agent
	// Faults happen to frames on their way.
	Faults Faults
	// Failures are answers to API operations in place of the usual, by operation, such as "ResumeSession".
	Failures map[string]Failure
	// Record gets each frame that is sent, from "client" or "agent", before faults. It must be quick.
	Record func(from string, frame []byte)
}

// Failure is an error of an API operation.
type Failure struct{ Code, Message string }

// Faults are the chances, from 0 to 1, of what happens to a frame that carries data or an acknowledgement.
type Faults struct {
	Drop, Duplicate, Reorder float64
	// Fragment is the chance that a message to the client comes in several websocket frames.
	Fragment float64
	// Seed makes another run of the same faults.
	Seed uint64
}

func (f Faults) none() bool { return f.Drop == 0 && f.Duplicate == 0 && f.Reorder == 0 }

// Agent is the agent of a target. The zero value is of version 3.3.0.0, has a small shell, runs no commands and
// connects to ports of this machine.
type Agent struct {
	// Version, "3.3.0.0" if empty. Before 3.0.196.0, it carries one connection at a time.
	Version string
	// KMSKey encrypts sessions other than ports. Challenge asks for a random challenge in the encryption context.
	KMSKey    string
	Challenge bool
	// Message is shown to the user when the session is ready.
	Message string
	// NoHandshake begins a shell without handshake, as agents without encryption do.
	NoHandshake bool
	// Silent never begins. Refusal, if not empty, ends each session before it is ready, with this text.
	Silent  bool
	Refusal string
	// Command runs the line of a session without a terminal and returns its exit code.
	Command func(ctx context.Context, line string, stdout, stderr io.Writer) int
	// Shell runs in a terminal and returns when it ends. Nil is a small one that knows echo, "stty size" and exit.
	Shell func(ctx context.Context, terminal *Terminal)
	// Dial connects to the port of a port session; host is empty for the target itself. Nil connects to 127.0.0.1
	// whatever the host is.
	Dial func(ctx context.Context, host, port string) (net.Conn, error)
	// Pace is the pause after each frame of data, 1 ms with the real agent. Zero does not pause: a kick then loses so
	// many frames at once that sending the oldest alone again takes minutes.
	Pace time.Duration
	// Payload is how many bytes of data go into a frame, 1,024 if zero.
	Payload int
	// NotReady is how long the agent does not acknowledge data after the handshake, for want of a handler.
	NotReady time.Duration
}

func (a Agent) version() string {
	if a.Version == "" {
		return "3.3.0.0"
	}
	return a.Version
}

func (a Agent) payload() int {
	if a.Payload == 0 {
		return 1024
	}
	return a.Payload
}
