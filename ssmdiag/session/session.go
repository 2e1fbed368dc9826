package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/channel"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

const (
	// payloadSize is how much data one frame carries, as AWS's client and agent have it.
	payloadSize = 1024
	// readyPatience is how long the agent may take to begin.
	readyPatience = time.Minute
	// endPatience bounds the calls that end a session.
	endPatience = 5 * time.Second
)

// session is one open session.
type session struct {
	client   *Client
	stream   Stream
	document string
	begun    time.Time
	channel  *channel.Channel
	resumes  int
	ending   sync.Once

	cipher  *wire.Cipher
	agent   string // the agent's version, "" if it did not say
	kind    string // "Standard_Stream", "Port" …, "" without handshake
	pending []channel.Message
}

// open connects and waits until the agent is ready.
func (s *session) open(ctx context.Context) error {
	s.begun = time.Now()
	id := wire.NewID().String()
	first, err := s.client.connect(ctx, s.stream.URL, s.stream.Token, id)
	if err != nil {
		return err
	}
	config := channel.Config{Send: wire.InputStream, Receive: wire.OutputStream}
	if s.client.api != nil {
		config.Resume = func(ctx context.Context) (channel.Link, error) { return s.resume(ctx, id) }
	}
	s.channel = channel.Open(ctx, first, config)
	patience, cancel := context.WithTimeout(ctx, readyPatience)
	defer cancel()
	if err := s.handshake(patience); err != nil {
		s.channel.Close()
		if ctx.Err() == nil && patience.Err() != nil {
			return diag.Errorf(diag.KindUnreachable, "%w: the agent does not answer within %s", ErrTargetNotConnected,
				readyPatience)
		}
		return refused(err)
	}
	return nil
}

// resume gets a new token and connects anew.
func (s *session) resume(ctx context.Context, id string) (channel.Link, error) {
	output, err := s.client.api.ResumeSession(ctx, &ssm.ResumeSessionInput{SessionId: aws.String(s.stream.SessionID)})
	if err != nil { // the SDK has tried again where that is of use
		return nil, fmt.Errorf("%w: %w", channel.ErrFinal, err)
	}
	if aws.ToString(output.TokenValue) == "" {
		return nil, channel.ErrOver
	}
	address := s.stream.URL
	if aws.ToString(output.StreamUrl) != "" {
		address = *output.StreamUrl
	}
	s.resumes++
	s.client.audit(ctx, "session resumed", s.stream, s.document, nil, slog.Int("resumes", s.resumes))
	l, err := s.client.connect(ctx, address, *output.TokenValue, id)
	if err != nil {
		return nil, err // not l, which would be no nil
	}
	return l, nil
}

// end ends the session: at the service, unless the service has ended it, and here.
func (s *session) end(ctx context.Context, err error) {
	s.ending.Do(func() {
		var closed *channel.ClosedError
		if !errors.As(err, &closed) && !errors.Is(err, channel.ErrOver) {
			s.terminate(ctx)
		}
		s.channel.Close()
		if over(err) {
			err = nil
		}
		s.client.audit(ctx, "session ended", s.stream, s.document, err, slog.Duration("duration", time.Since(s.begun)),
			slog.String("agent", s.agent))
	})
}

// terminate asks the service to end the session, also when ctx has ended.
func (s *session) terminate(ctx context.Context) {
	if s.client.api == nil || s.stream.SessionID == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endPatience)
	defer cancel()
	_, err := s.client.api.TerminateSession(ctx, &ssm.TerminateSessionInput{SessionId: aws.String(s.stream.SessionID)})
	if err != nil {
		s.client.audit(ctx, "session not terminated", s.stream, s.document, err)
	}
}

// over reports whether an error is a session's ordinary end.
func over(err error) bool {
	var closed *channel.ClosedError
	return err == nil || errors.As(err, &closed) && !closed.Missing || errors.Is(err, channel.ErrOver)
}

// send sends data, in frames of the usual size.
func (s *session) send(ctx context.Context, data []byte) error {
	for len(data) > 0 {
		n := min(len(data), payloadSize)
		if err := s.sendOne(ctx, wire.Output, data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

func (s *session) sendOne(ctx context.Context, t wire.PayloadType, payload []byte) error {
	if s.cipher != nil && t.Encrypted() {
		payload = s.cipher.Seal(payload)
	}
	return s.channel.Send(ctx, t, payload)
}

func (s *session) sendJSON(ctx context.Context, t wire.PayloadType, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encoding a message: %w", err)
	}
	return s.sendOne(ctx, t, b)
}

// receive returns the next message, decrypted.
func (s *session) receive(ctx context.Context) (channel.Message, error) {
	if len(s.pending) > 0 {
		m := s.pending[0]
		s.pending = s.pending[1:]
		return m, nil
	}
	m, err := s.channel.Receive(ctx)
	if err == nil && s.cipher != nil && m.Type.Encrypted() {
		m.Payload, err = s.cipher.Open(m.Payload)
	}
	return m, err
}
