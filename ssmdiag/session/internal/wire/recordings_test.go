package wire

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type recorded struct {
	From, Type string
	raw        []byte
	frame      Frame
}

// recordings reads the frames which were recorded between a client and the real agent, by file.
func recordings(t testing.TB) map[string][]recorded {
	t.Helper()
	files, err := filepath.Glob("testdata/*.jsonl")
	require.NoError(t, err)
	require.Len(t, files, 4)
	all := map[string][]recorded{}
	for _, name := range files {
		file, err := os.Open(name)
		require.NoError(t, err)
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			var line struct{ From, Hex, Type string }
			require.NoError(t, json.Unmarshal(lines.Bytes(), &line))
			raw, err := hex.DecodeString(line.Hex)
			require.NoError(t, err)
			frame, err := Decode(raw)
			require.NoError(t, err)
			key := strings.TrimSuffix(filepath.Base(name), ".jsonl")
			all[key] = append(all[key], recorded{From: line.From, Type: line.Type, raw: raw, frame: frame})
		}
	}
	return all
}

func TestRecordedFramesEncodeToTheSameBytes(t *testing.T) {
	count := 0
	for name, frames := range recordings(t) {
		for i, r := range frames {
			count++
			assert.Equal(t, r.Type, string(r.frame.Type), "%s %d", name, i)
			assert.Equal(t, r.raw, r.frame.Append(nil), "%s %d", name, i)
			assert.Equal(t, append([]byte("before"), r.raw...), r.frame.Append([]byte("before")), "%s %d", name, i)
		}
	}
	assert.Equal(t, 95, count)
}

// TestRecordedAcknowledgements proves that an acknowledgement made of the recorded frame is the one the agent sent.
func TestRecordedAcknowledgements(t *testing.T) {
	count := 0
	for name, frames := range recordings(t) {
		sent := map[string]Frame{}
		for i, r := range frames {
			if r.frame.Type != Acknowledge {
				sent[r.frame.ID.String()] = r.frame
				continue
			}
			var ack Ack
			require.NoError(t, json.Unmarshal(r.frame.Payload, &ack))
			of, ok := sent[ack.ID]
			require.True(t, ok, "%s %d acknowledges an unknown frame", name, i)
			ours := AckOf(of, r.frame.Created)
			ours.ID = r.frame.ID
			if r.From == "agent" {
				assert.Equal(t, r.raw, ours.Append(nil), "%s %d", name, i)
			}
			assert.JSONEq(t, string(r.frame.Payload), string(ours.Payload), "%s %d", name, i)
			sequence, err := AckedSequence(r.frame.Payload)
			require.NoError(t, err)
			assert.Equal(t, of.Sequence, sequence)
			count++
		}
	}
	assert.Equal(t, 47, count)
}

// TestRecordedPayloads decodes each payload into its type and encodes it again: no field is lost, no order changed.
func TestRecordedPayloads(t *testing.T) {
	for name, frames := range recordings(t) {
		for i, r := range frames {
			var into any
			switch r.frame.Kind {
			case HandshakeRequest:
				into = new(HandshakeRequestData)
			case HandshakeResponse:
				into = new(HandshakeResponseData)
			case HandshakeComplete:
				into = new(HandshakeCompleteData)
			case EncryptionChallenge, EncryptionAnswer:
				into = new(ChallengeData)
			case Size:
				into = new(SizeData)
			default:
				continue
			}
			require.NoError(t, json.Unmarshal(r.frame.Payload, into))
			again, err := json.Marshal(into)
			require.NoError(t, err)
			assert.Equal(t, string(r.frame.Payload), string(again), "%s %d", name, i)
		}
	}
}

func TestRecordedHandshakes(t *testing.T) {
	all := recordings(t)
	for _, tt := range []struct{ name, recording, want string }{
		{"command", "command", "NonInteractiveCommands"},
		{"port", "port_mux", "Port"},
		{"shell with KMS", "shell_kms", "Standard_Stream"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			first := all[tt.recording][0].frame
			require.Equal(t, HandshakeRequest, first.Kind)
			assert.Equal(t, FlagSYN, first.Flags)
			var request HandshakeRequestData
			require.NoError(t, json.Unmarshal(first.Payload, &request))
			require.NotEmpty(t, request.RequestedClientActions)
			var kind SessionTypeData
			require.NoError(t, json.Unmarshal(request.RequestedClientActions[0].ActionParameters, &kind))
			assert.Equal(t, tt.want, kind.SessionType)
			assert.Equal(t, "3.3.0.0", request.AgentVersion)
		})
	}
}

func TestRecordedKMSAction(t *testing.T) {
	frames := recordings(t)["shell_kms"]
	var response HandshakeResponseData
	require.NoError(t, json.Unmarshal(frames[1].frame.Payload, &response))
	require.Len(t, response.ProcessedClientActions, 2)
	raw := response.ProcessedClientActions[1].ActionResult
	var result KMSResult
	require.NoError(t, json.Unmarshal(raw, &result))
	assert.True(t, result.ChallengeAcknowledgement)
	assert.Equal(t, NewKMSResult(result.KMSCipherTextKey, true), result)
	again, err := json.Marshal(result)
	require.NoError(t, err)
	assert.Equal(t, string(raw), string(again))
}

func TestRecordedExitCode(t *testing.T) {
	frames := recordings(t)["command"]
	code, err := ExitFrom(frames[8].frame.Payload)
	require.NoError(t, err)
	assert.Equal(t, 7, code)
	assert.Equal(t, frames[8].frame.Payload, ExitBytes(7))
}
