package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// MessageType is what a frame is for.
type MessageType string

// The message types of a data channel.
const (
	// InputStream carries data from the client to the agent.
	InputStream MessageType = "input_stream_data"
	// OutputStream carries data from the agent to the client.
	OutputStream MessageType = "output_stream_data"
	// Acknowledge tells the sender of a stream frame that it has come.
	Acknowledge MessageType = "acknowledge"
	// ChannelClosed tells the client that the session is over.
	ChannelClosed MessageType = "channel_closed"
	// StartPublication says that the peer is there and listens.
	StartPublication MessageType = "start_publication"
	// PausePublication says that the peer is away for now.
	PausePublication MessageType = "pause_publication"
)

// Flags of a frame.
const (
	FlagSYN uint64 = 1 // the first frame of a stream
	FlagFIN uint64 = 2 // the last frame of a stream
	// FlagsAcknowledge is what both sides set on acknowledgements.
	FlagsAcknowledge = FlagSYN | FlagFIN
)

const (
	headerLength  = 116              // what the first field says
	payloadOffset = headerLength + 4 // where the payload begins
	typeLength    = 32
	schemaVersion = 1

	typeOffset     = 4
	schemaOffset   = 36
	createdOffset  = 40
	sequenceOffset = 48
	flagsOffset    = 56
	idOffset       = 64
	digestOffset   = 80
	kindOffset     = 112
	lengthOffset   = 116
)

// Errors of Decode.
var (
	// ErrMalformed: the bytes are no frame.
	ErrMalformed = errors.New("malformed frame")
	// ErrDigest: the payload is not the one that the sender hashed.
	ErrDigest = errors.New("payload digest does not match")
)

// Frame is one binary message of a data channel.
type Frame struct {
	Type     MessageType
	Schema   uint32
	Created  uint64 // milliseconds since 1970
	Sequence int64  // counts stream frames from 0, each direction apart
	Flags    uint64
	ID       ID
	Kind     PayloadType
	Payload  []byte
}

// Append encodes the frame behind b. A Schema of 0 is written as the current one. A type longer than 32 bytes is cut.
func (f Frame) Append(b []byte) []byte {
	start := len(b)
	b = append(b, make([]byte, payloadOffset)...)
	h := b[start:]
	binary.BigEndian.PutUint32(h, headerLength)
	for i := range typeLength {
		h[typeOffset+i] = ' '
	}
	copy(h[typeOffset:schemaOffset], f.Type)
	if f.Schema == 0 {
		f.Schema = schemaVersion
	}
	binary.BigEndian.PutUint32(h[schemaOffset:], f.Schema)
	binary.BigEndian.PutUint64(h[createdOffset:], f.Created)
	binary.BigEndian.PutUint64(h[sequenceOffset:], uint64(f.Sequence))
	binary.BigEndian.PutUint64(h[flagsOffset:], f.Flags)
	f.ID.put(h[idOffset:digestOffset])
	digest := sha256.Sum256(f.Payload)
	copy(h[digestOffset:], digest[:])
	binary.BigEndian.PutUint32(h[kindOffset:], uint32(f.Kind))
	binary.BigEndian.PutUint32(h[lengthOffset:], uint32(len(f.Payload)))
	return append(b, f.Payload...)
}

// Decode reads a frame. The payload is a part of b. A header longer than today's is skipped, so that a later field does
// not break us. The digest is proved for stream frames and acknowledgements only: the service sends publication frames
// whose digest does not hold.
func Decode(b []byte) (Frame, error) {
	if len(b) < payloadOffset {
		return Frame{}, fmt.Errorf("%w: %d bytes", ErrMalformed, len(b))
	}
	header := int64(binary.BigEndian.Uint32(b))
	if header < headerLength || header+4 > int64(len(b)) {
		return Frame{}, fmt.Errorf("%w: header of %d bytes in a message of %d", ErrMalformed, header, len(b))
	}
	f := Frame{
		Type:     MessageType(bytes.Trim(b[typeOffset:schemaOffset], " \x00")),
		Schema:   binary.BigEndian.Uint32(b[schemaOffset:]),
		Created:  binary.BigEndian.Uint64(b[createdOffset:]),
		Sequence: int64(binary.BigEndian.Uint64(b[sequenceOffset:])),
		Flags:    binary.BigEndian.Uint64(b[flagsOffset:]),
		ID:       idFrom(b[idOffset:digestOffset]),
		Kind:     PayloadType(binary.BigEndian.Uint32(b[kindOffset:])),
		Payload:  b[header+4:],
	}
	if n := binary.BigEndian.Uint32(b[header:]); int64(n) != int64(len(f.Payload)) {
		return Frame{}, fmt.Errorf("%w: payload of %d bytes, announced %d", ErrMalformed, len(f.Payload), n)
	}
	return f, f.prove(b[digestOffset:kindOffset])
}

func (f Frame) prove(digest []byte) error {
	switch f.Type {
	case InputStream, OutputStream, Acknowledge:
		if got := sha256.Sum256(f.Payload); !bytes.Equal(got[:], digest) {
			return fmt.Errorf("%w: %s %d", ErrDigest, f.Type, f.Sequence)
		}
		if f.Sequence < 0 {
			return fmt.Errorf("%w: sequence number %d", ErrMalformed, f.Sequence)
		}
	}
	return nil
}
