package sessiontest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// drainPatience is how long the agent waits for acknowledgements before it closes a session.
const drainPatience = 30 * time.Second

// seat is the agent in one session.
type seat struct {
	*peer
	client  string // the client's version
	cipher  *wire.Cipher
	answers chan wire.Frame // of the handshake
	program atomic.Pointer[program]
}

// program is what runs in a session.
type program interface {
	// input takes one frame. It may wait.
	input(f wire.Frame)
	// run returns the text that ends the session.
	run(ctx context.Context) string
}

// run is the agent's part of a session.
func run(p *peer) {
	s := &seat{peer: p, answers: make(chan wire.Frame, 8)}
	kind := sessionType(p.room.document)
	p.room.gateway.all.Go(func() { p.ordered(s.input) })
	switch {
	case p.agent.Silent:
		<-p.room.ctx.Done()
		return
	case p.agent.Refusal != "":
		p.room.end(p.agent.Refusal)
		return
	case kind != typeShell || !p.agent.NoHandshake:
		if err := s.handshake(kind); err != nil {
			p.room.end("----------ERROR-------\nEncountered error while initiating handshake. " + err.Error())
			return
		}
	}
	program := s.start(kind)
	s.program.Store(&program)
	if p.agent.NotReady > 0 {
		time.AfterFunc(p.agent.NotReady, func() { p.deaf.Store(false) })
	} else {
		p.deaf.Store(false)
	}
	text := program.run(p.room.ctx)
	ctx, cancel := context.WithTimeout(p.room.ctx, drainPatience)
	defer cancel()
	p.drain(ctx)
	p.room.end(text)
}

// input takes one frame. Before a program runs, all but the handshake is dropped.
func (s *seat) input(f wire.Frame) {
	switch f.Kind {
	case wire.HandshakeResponse, wire.EncryptionAnswer:
		select {
		case s.answers <- f:
		default:
		}
		return
	}
	p := s.program.Load()
	if p == nil {
		return
	}
	if s.cipher != nil && f.Kind == wire.Output {
		plain, err := s.cipher.Open(f.Payload)
		if err != nil {
			return
		}
		f.Payload = plain
	}
	(*p).input(f)
}

// emit sends payloads, encrypted where they are.
func (s *seat) emit(t wire.PayloadType, data []byte) error {
	for len(data) > 0 {
		n := min(len(data), s.agent.payload())
		payload := data[:n]
		if s.cipher != nil && t.Encrypted() {
			payload = s.cipher.Seal(payload)
		}
		if err := s.send(t, payload); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

func (s *seat) emitJSON(t wire.PayloadType, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encoding a message: %w", err)
	}
	return s.send(t, b)
}

// await waits for a message of the handshake.
func (s *seat) await(t wire.PayloadType, into any) error {
	for {
		select {
		case f := <-s.answers:
			if f.Kind != t {
				continue
			}
			if err := json.Unmarshal(f.Payload, into); err != nil {
				return fmt.Errorf("reading the answer: %w", err)
			}
			return nil
		case <-s.room.ctx.Done():
			return s.room.ctx.Err()
		}
	}
}

func (s *seat) handshake(kind string) error {
	begun := time.Now()
	parameters, err := json.Marshal(wire.SessionTypeData{SessionType: kind, Properties: s.properties(kind)})
	if err != nil {
		return err
	}
	request := wire.HandshakeRequestData{AgentVersion: s.agent.version(), RequestedClientActions: []wire.RequestedAction{
		{ActionType: wire.ActionSessionType, ActionParameters: parameters}}}
	var ask wire.KMSRequest
	if s.agent.KMSKey != "" && kind != typePort {
		ask = s.encryption()
		parameters, err := json.Marshal(ask)
		if err != nil {
			return err
		}
		request.RequestedClientActions = append(request.RequestedClientActions,
			wire.RequestedAction{ActionType: wire.ActionKMSEncryption, ActionParameters: parameters})
	}
	if err := s.emitJSON(wire.HandshakeRequest, request); err != nil {
		return err
	}
	var response wire.HandshakeResponseData
	if err := s.await(wire.HandshakeResponse, &response); err != nil {
		return err
	}
	s.client = response.ClientVersion
	if len(response.Errors) > 0 {
		return fmt.Errorf("%v", response.Errors)
	}
	done := wire.HandshakeCompleteData{CustomerMessage: s.agent.Message}
	if ask.KMSKeyID != "" {
		if err := s.encrypt(ask, response); err != nil {
			return err
		}
		done.CustomerMessage = "This session is encrypted using AWS KMS."
	}
	done.HandshakeTimeToComplete = int64(time.Since(begun))
	s.deaf.Store(true) // until there is a handler, which the client does not wait for
	return s.emitJSON(wire.HandshakeComplete, done)
}

func (s *seat) encryption() wire.KMSRequest {
	ask := wire.KMSRequest{KMSKeyID: s.agent.KMSKey}
	if s.agent.Challenge {
		b := make([]byte, 16)
		_, _ = rand.Read(b) // never fails (package crypto/rand)
		ask.Challenge = base64.StdEncoding.EncodeToString(b)
	}
	return ask
}

// encrypt decrypts the data key, and has the client prove that it has the same.
func (s *seat) encrypt(ask wire.KMSRequest, response wire.HandshakeResponseData) error {
	var result wire.KMSResult
	for _, action := range response.ProcessedClientActions {
		if action.ActionType == wire.ActionKMSEncryption {
			if err := json.Unmarshal(action.ActionResult, &result); err != nil {
				return fmt.Errorf("reading the data key: %w", err)
			}
		}
	}
	bound := map[string]string{"aws:ssm:SessionId": s.room.id, "aws:ssm:TargetId": s.room.target}
	if ask.Challenge != "" {
		if !result.ChallengeAcknowledgement {
			return fmt.Errorf("the client does not acknowledge the challenge")
		}
		bound["aws:ssm:RandomChallenge"] = ask.Challenge
	}
	key, ok := s.room.gateway.decrypt(result.KMSCipherTextKey, bound)
	if !ok {
		//lint:ignore ST1005 the words of the agent
		return fmt.Errorf("Fetching data key failed: Unable to retrieve data key, InvalidCiphertextException")
	}
	cipher, err := wire.NewAgentCipher(key)
	if err != nil {
		return err
	}
	challenge := make([]byte, 64)
	_, _ = rand.Read(challenge) // never fails (package crypto/rand)
	if err := s.emitJSON(wire.EncryptionChallenge, wire.ChallengeData{Challenge: cipher.Seal(challenge)}); err != nil {
		return err
	}
	var proof wire.ChallengeData
	if err := s.await(wire.EncryptionAnswer, &proof); err != nil {
		return err
	}
	if plain, err := cipher.Open(proof.Challenge); err != nil || !bytes.Equal(plain, challenge) {
		return fmt.Errorf("the client does not have the key")
	}
	s.cipher = cipher
	return nil
}
