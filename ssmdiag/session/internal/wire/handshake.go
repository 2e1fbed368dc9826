package wire

import (
	"crypto/sha256"
	"encoding/json"
)

// Kinds of actions that an agent asks of a client in the handshake.
const (
	ActionSessionType   = "SessionType"
	ActionKMSEncryption = "KMSEncryption"
)

// Results of an action.
const (
	ActionSucceeded   = 1
	ActionFailed      = 2
	ActionUnsupported = 3
)

// HandshakeRequestData is what the agent asks.
type HandshakeRequestData struct {
	AgentVersion           string            `json:"AgentVersion"`
	RequestedClientActions []RequestedAction `json:"RequestedClientActions"`
}

// RequestedAction is one thing that the agent asks.
type RequestedAction struct {
	ActionType       string          `json:"ActionType"`
	ActionParameters json.RawMessage `json:"ActionParameters"`
}

// SessionTypeData are the parameters of the action SessionType. SessionType is "Standard_Stream", "Port",
// "InteractiveCommands" or "NonInteractiveCommands".
type SessionTypeData struct {
	SessionType string          `json:"SessionType"`
	Properties  json.RawMessage `json:"Properties"`
}

// PortProperties are the Properties of a session of type Port.
type PortProperties struct {
	Host            string `json:"host"`
	LocalPortNumber string `json:"localPortNumber"`
	PortNumber      string `json:"portNumber"`
	Type            string `json:"type"`
}

// KMSRequest are the parameters of the action KMSEncryption. Challenge is a random text which belongs into the
// encryption context where the agent sends it (its setting RequireKMSChallengeResponse).
type KMSRequest struct {
	KMSKeyID  string `json:"KMSKeyId"`
	Challenge string `json:"Challenge,omitempty"`
}

// HandshakeResponseData is what the client answers.
type HandshakeResponseData struct {
	ClientVersion          string            `json:"ClientVersion"`
	ProcessedClientActions []ProcessedAction `json:"ProcessedClientActions"`
	Errors                 []string          `json:"Errors"`
}

// ProcessedAction is the answer to one action.
type ProcessedAction struct {
	ActionType   string          `json:"ActionType"`
	ActionStatus int             `json:"ActionStatus"`
	ActionResult json.RawMessage `json:"ActionResult"`
	Error        string          `json:"Error"`
}

// KMSResult is the result of the action KMSEncryption.
type KMSResult struct {
	ChallengeAcknowledgement bool   `json:"ChallengeAcknowledgement,omitempty"`
	KMSCipherTextHash        []byte `json:"KMSCipherTextHash"`
	KMSCipherTextKey         []byte `json:"KMSCipherTextKey"`
}

// HandshakeCompleteData ends the handshake. The time is in nanoseconds.
type HandshakeCompleteData struct {
	HandshakeTimeToComplete int64  `json:"HandshakeTimeToComplete"`
	CustomerMessage         string `json:"CustomerMessage"`
}

// ChallengeData is the payload of an encryption challenge and of its answer. It is encrypted, each with the sender's
// key.
type ChallengeData struct {
	Challenge []byte `json:"Challenge"`
}

// NewKMSResult answers with the encrypted data key. Acknowledge is set when the agent sent a challenge and the client
// put it into the encryption context.
func NewKMSResult(cipherKey []byte, acknowledge bool) KMSResult {
	hash := sha256.Sum256(cipherKey)
	return KMSResult{ChallengeAcknowledgement: acknowledge, KMSCipherTextHash: hash[:], KMSCipherTextKey: cipherKey}
}
