package session

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/channel"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// AWS's documents for sessions ("Session documents", Systems Manager User Guide).
const (
	documentCommand    = "AWS-StartNonInteractiveCommand"
	documentPort       = "AWS-StartPortForwardingSession"
	documentRemoteHost = "AWS-StartPortForwardingSessionToRemoteHost"
)

// maxKept is how many bytes of each stream a result keeps.
const maxKept = 16 << 20

// closingPatience is how long the service may take to close a session whose command has ended.
const closingPatience = time.Second

// Command is a command to run without a terminal.
type Command struct {
	// Line is run by the target's shell. Quote makes one of words.
	Line string
	// Document is a session document of type NonInteractiveCommands to use in place of
	// AWS-StartNonInteractiveCommand, and Parameters are its parameters in place of Line.
	Document   string
	Parameters map[string][]string
	// Stdout and Stderr get the output as it comes. Where one is nil, the result keeps it, up to 16 MiB.
	Stdout, Stderr io.Writer
}

// Result is what became of a command or shell.
type Result struct {
	SessionID    string
	AgentVersion string // "" if the agent did not say
	// Stdout and Stderr are what was not written elsewhere. An agent or a document that does not keep them apart puts
	// all of it into Stdout.
	Stdout, Stderr []byte
	// Truncated says that more came than is kept.
	Truncated bool
	// ExitCode is nil if the agent did not tell it. A command that fails is no error of the session.
	ExitCode *int
}

// Run runs a command on a managed node and waits for its end, or that of ctx, which ends the session and with it the
// command. An error comes with the result so far.
func (c *Client) Run(ctx context.Context, target string, command Command) (*Result, error) {
	document, parameters := documentCommand, map[string][]string{"command": {command.Line}}
	if command.Document != "" {
		document, parameters = command.Document, command.Parameters
	}
	s, err := c.start(ctx, target, document, parameters)
	if err != nil {
		return nil, err
	}
	o := newOutput(s, command.Stdout, command.Stderr)
	err = o.collect(ctx)
	s.end(ctx, o.close(ctx, err))
	if err != nil && !over(err) {
		return o.finished(), fmt.Errorf("running a command on %s: %w", target, incomplete(err))
	}
	return o.finished(), nil
}

// incomplete gives the error of a session whose last output is missing its kind.
func incomplete(err error) error {
	if closed, ok := err.(*channel.ClosedError); ok {
		return diag.Errorf(diag.KindIncomplete, "%w", closed)
	}
	return err
}

// output takes what a session prints.
type output struct {
	*session
	out, err       io.Writer
	keptOut, keptE *kept
	exit           *int
	first          func() // is called when the first output has come
}

func newOutput(s *session, out, err io.Writer) *output {
	o := &output{session: s, out: out, err: err, keptOut: &kept{}, keptE: &kept{}}
	if o.out == nil {
		o.out = o.keptOut
	}
	if o.err == nil {
		o.err = o.keptE
	}
	return o
}

// collect passes output on until the exit code or the end of the session.
func (o *output) collect(ctx context.Context) error {
	for o.exit == nil {
		m, err := o.receive(ctx)
		if err == nil {
			err = o.message(m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *output) message(m channel.Message) error {
	var err error
	switch m.Type {
	case wire.Output:
		_, err = o.out.Write(m.Payload)
	case wire.Stderr:
		_, err = o.err.Write(m.Payload)
	case wire.ExitCode:
		var code int
		if code, err = wire.ExitFrom(m.Payload); err == nil {
			o.exit = &code
		}
	default:
		return nil
	}
	if o.first != nil {
		o.first()
		o.first = nil
	}
	return err
}

// close waits for the service to close a session whose command has ended, and returns how it ended.
func (o *output) close(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, o.client.closing)
	defer cancel()
	for err == nil {
		_, err = o.receive(ctx)
	}
	if ctx.Err() != nil {
		return nil // it is ended from here
	}
	return err
}

func (o *output) finished() *Result {
	return &Result{SessionID: o.stream.SessionID, AgentVersion: o.agent, Stdout: o.keptOut.Bytes(),
		Stderr: o.keptE.Bytes(), Truncated: o.keptOut.cut || o.keptE.cut, ExitCode: o.exit}
}

// kept keeps the beginning of a stream.
type kept struct {
	bytes.Buffer
	cut bool
}

// Write never fails: the command is not to be stopped for want of room.
func (k *kept) Write(p []byte) (int, error) {
	n := min(len(p), maxKept-k.Len())
	k.cut = k.cut || n < len(p)
	k.Buffer.Write(p[:n])
	return len(p), nil
}
