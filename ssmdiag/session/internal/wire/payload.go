package wire

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// PayloadType says what the payload of a stream frame is.
type PayloadType uint32

// The payload types of stream frames.
const (
	Output              PayloadType = 1
	Size                PayloadType = 3
	HandshakeRequest    PayloadType = 5
	HandshakeResponse   PayloadType = 6
	HandshakeComplete   PayloadType = 7
	EncryptionChallenge PayloadType = 8
	EncryptionAnswer    PayloadType = 9
	Flag                PayloadType = 10
	Stderr              PayloadType = 11
	ExitCode            PayloadType = 12
)

// Encrypted reports whether payloads of this type are encrypted in a session with encryption.
func (t PayloadType) Encrypted() bool { return t == Output || t == Stderr || t == ExitCode }

// Signal is the payload of a frame of type Flag.
type Signal uint32

// The signals.
const (
	DisconnectPort   Signal = 1 // the client's connection is over: close the one to the port
	TerminateSession Signal = 2 // the client goes
	ConnectFailed    Signal = 3 // the agent could not connect to the port
)

// Bytes returns the payload.
func (s Signal) Bytes() []byte { return binary.BigEndian.AppendUint32(nil, uint32(s)) }

// SignalFrom reads the payload of a frame of type Flag.
func SignalFrom(payload []byte) (Signal, error) {
	if len(payload) != 4 {
		return 0, fmt.Errorf("%w: flag of %d bytes", ErrMalformed, len(payload))
	}
	return Signal(binary.BigEndian.Uint32(payload)), nil
}

// exitPrefix stands before the number in an ExitCode payload.
const exitPrefix = "EXIT_CODE: "

// ExitBytes returns the payload of an ExitCode frame.
func ExitBytes(code int) []byte { return []byte(exitPrefix + strconv.Itoa(code)) }

// ExitFrom reads the payload of an ExitCode frame. It accepts a bare number too.
func ExitFrom(payload []byte) (int, error) {
	text := strings.TrimSpace(string(payload))
	code, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(text, strings.TrimSpace(exitPrefix))))
	if err != nil {
		return 0, fmt.Errorf("%w: exit code %q", ErrMalformed, text)
	}
	return code, nil
}

// SizeData is the payload of a Size frame: the terminal's size in characters.
type SizeData struct {
	Cols uint32 `json:"cols"`
	Rows uint32 `json:"rows"`
}

// Closed is the payload of a ChannelClosed frame. Output is text for the user, often empty.
type Closed struct {
	MessageID     string `json:"MessageId"`
	CreatedDate   string `json:"CreatedDate"`
	DestinationID string `json:"DestinationId"`
	SessionID     string `json:"SessionId"`
	MessageType   string `json:"MessageType"`
	SchemaVersion int    `json:"SchemaVersion"`
	Output        string `json:"Output"`
}

// Open is the first message of a connection, sent as text: it names the session by its token.
type Open struct {
	MessageSchemaVersion string `json:"MessageSchemaVersion"`
	RequestID            string `json:"RequestId"`
	TokenValue           string `json:"TokenValue"`
	ClientID             string `json:"ClientId"`
	ClientVersion        string `json:"ClientVersion"`
}

// OpenBytes returns the first message of a connection.
func OpenBytes(token, clientID, clientVersion string) ([]byte, error) {
	return json.Marshal(Open{MessageSchemaVersion: "1.0", RequestID: NewID().String(), TokenValue: token,
		ClientID: clientID, ClientVersion: clientVersion})
}
