package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// handshake answers the agent until it is ready. A plain shell has none and is ready with its first output. What is
// sent before that, the agent acknowledges and drops.
func (s *session) handshake(ctx context.Context) error {
	for {
		m, err := s.receive(ctx)
		if err != nil {
			return err
		}
		switch m.Type {
		case wire.HandshakeRequest:
			err = s.answer(ctx, m.Payload)
		case wire.EncryptionChallenge:
			err = s.prove(ctx, m.Payload)
		case wire.HandshakeComplete:
			return nil
		case wire.Output, wire.Stderr, wire.ExitCode:
			s.pending = append(s.pending, m)
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// answer does what the agent asks and tells it what was done. An action that failed fails the session here too.
func (s *session) answer(ctx context.Context, payload []byte) error {
	var request wire.HandshakeRequestData
	if err := json.Unmarshal(payload, &request); err != nil {
		return fmt.Errorf("reading the handshake: %w", err)
	}
	s.agent = request.AgentVersion
	response := wire.HandshakeResponseData{ClientVersion: clientVersion, ProcessedClientActions: []wire.ProcessedAction{}}
	var failures []error
	var cipher *wire.Cipher
	for _, action := range request.RequestedClientActions {
		done, key, err := s.act(ctx, action)
		if key != nil {
			cipher = key
		}
		if err != nil {
			response.Errors = append(response.Errors, done.Error)
			failures = append(failures, err)
		}
		response.ProcessedClientActions = append(response.ProcessedClientActions, done)
	}
	if err := s.sendJSON(ctx, wire.HandshakeResponse, response); err != nil {
		return err
	}
	s.cipher = cipher
	if len(failures) > 0 {
		s.tell(ctx)
	}
	return errors.Join(failures...)
}

// tell lets a last message reach the agent.
func (s *session) tell(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, endPatience)
	defer cancel()
	_ = s.channel.Drain(ctx) // the session has failed anyway
}

// act does one thing that the agent asks. The cipher is nil unless it is encryption.
func (s *session) act(ctx context.Context, action wire.RequestedAction) (
	done wire.ProcessedAction, cipher *wire.Cipher, err error) {
	done = wire.ProcessedAction{ActionType: action.ActionType, ActionStatus: wire.ActionSucceeded}
	switch action.ActionType {
	case wire.ActionSessionType:
		err = s.sessionType(action.ActionParameters)
	case wire.ActionKMSEncryption:
		cipher, done.ActionResult, err = s.dataKey(ctx, action.ActionParameters)
	default:
		done.ActionStatus = wire.ActionUnsupported
		err = fmt.Errorf("unsupported action %s", action.ActionType)
	}
	if err != nil {
		done.Error = err.Error()
		done.ActionStatus = max(done.ActionStatus, wire.ActionFailed)
	}
	return done, cipher, err
}

func (s *session) sessionType(parameters []byte) error {
	var data wire.SessionTypeData
	if err := json.Unmarshal(parameters, &data); err != nil {
		return fmt.Errorf("reading the session's type: %w", err)
	}
	s.kind = data.SessionType
	return nil
}

// dataKey gets a key of KMS. Its context binds it to the session, the target and the agent's challenge
// ("Turn on KMS key encryption of session data", Systems Manager User Guide).
func (s *session) dataKey(ctx context.Context, parameters []byte) (*wire.Cipher, []byte, error) {
	var data wire.KMSRequest
	if err := json.Unmarshal(parameters, &data); err != nil {
		return nil, nil, fmt.Errorf("reading the request for encryption: %w", err)
	}
	if s.client.options.KMS == nil {
		return nil, nil, diag.Errorf(diag.KindInvalid, "%w: sessions are encrypted with %s, and there is no KMS client",
			ErrPreferences, data.KMSKeyID)
	}
	bound := map[string]string{"aws:ssm:SessionId": s.stream.SessionID, "aws:ssm:TargetId": s.stream.Target}
	if data.Challenge != "" {
		bound["aws:ssm:RandomChallenge"] = data.Challenge
	}
	key, err := s.client.options.KMS.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: aws.String(data.KMSKeyID),
		NumberOfBytes: aws.Int32(wire.DataKeyLength), EncryptionContext: bound})
	if err != nil {
		return nil, nil, fmt.Errorf("%w: generating a data key with %s: %w", ErrPreferences, data.KMSKeyID, err)
	}
	cipher, err := wire.NewClientCipher(key.Plaintext)
	if err != nil {
		return nil, nil, err
	}
	result, err := json.Marshal(wire.NewKMSResult(key.CiphertextBlob, data.Challenge != ""))
	return cipher, result, err
}

// prove shows the agent that both have the same key.
func (s *session) prove(ctx context.Context, payload []byte) error {
	if s.cipher == nil {
		return errors.New("the agent challenges a session without encryption")
	}
	var challenge wire.ChallengeData
	if err := json.Unmarshal(payload, &challenge); err != nil {
		return fmt.Errorf("reading the encryption challenge: %w", err)
	}
	plain, err := s.cipher.Open(challenge.Challenge)
	if err != nil {
		return fmt.Errorf("answering the encryption challenge: %w", err)
	}
	return s.sendJSON(ctx, wire.EncryptionAnswer, wire.ChallengeData{Challenge: s.cipher.Seal(plain)})
}
