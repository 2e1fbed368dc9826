package wire

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sample() Frame {
	return Frame{Type: OutputStream, Schema: 1, Created: 1795316435132, Sequence: 7, Flags: FlagSYN, ID: NewID(),
		Kind: Output, Payload: []byte("hello")}
}

func TestDecodeRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func(b []byte) []byte
		want error
	}{
		{"nothing", func([]byte) []byte { return nil }, ErrMalformed},
		{"a header cut short", func(b []byte) []byte { return b[:119] }, ErrMalformed},
		{"a payload cut short", func(b []byte) []byte { return b[:len(b)-1] }, ErrMalformed},
		{"bytes behind the payload", func(b []byte) []byte { return append(b, 0) }, ErrMalformed},
		{"a header too short", func(b []byte) []byte { binary.BigEndian.PutUint32(b, 115); return b }, ErrMalformed},
		{"a header too long", func(b []byte) []byte { binary.BigEndian.PutUint32(b, 1<<31); return b }, ErrMalformed},
		{"an altered payload", func(b []byte) []byte { b[120] ^= 1; return b }, ErrDigest},
		{"an altered digest", func(b []byte) []byte { b[80] ^= 1; return b }, ErrDigest},
		{"a negative sequence number", func(b []byte) []byte { b[48] = 0x80; return b }, ErrMalformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Decode(tt.make(sample().Append(nil)))
			assert.ErrorIs(t, err, tt.want)
		})
	}
}

func TestDecodeAcceptsPublicationFramesWithoutDigest(t *testing.T) {
	f := sample()
	f.Type = PausePublication
	b := f.Append(nil)
	clear(b[80:112])
	got, err := Decode(b)
	require.NoError(t, err)
	assert.Equal(t, PausePublication, got.Type)
}

func TestDecodeTrimsZeros(t *testing.T) {
	b := sample().Append(nil)
	copy(b[4:36], string(OutputStream)+strings.Repeat("\x00", 15))
	got, err := Decode(b)
	require.NoError(t, err)
	assert.Equal(t, OutputStream, got.Type)
}

func TestIDs(t *testing.T) {
	id := NewID()
	text := id.String()
	require.Len(t, text, 36)
	assert.Equal(t, byte('4'), text[14])
	assert.Contains(t, "89ab", text[19:20])
	assert.NotEqual(t, id, NewID())
}

func TestAckedSequence(t *testing.T) {
	for _, tt := range []struct {
		name, payload string
		want          int64
		bad           bool
	}{
		{"as AWS writes it", `{"AcknowledgedMessageSequenceNumber":12,"IsSequentialMessage":true}`, 12, false},
		{"last", `{"AcknowledgedMessageSequenceNumber":12}`, 12, false},
		{"with spaces", `{ "AcknowledgedMessageSequenceNumber" : 12 }`, 12, false},
		{"a space after the colon", `{"AcknowledgedMessageSequenceNumber": 12 }`, 12, false},
		{"too long a number", `{"AcknowledgedMessageSequenceNumber":99999999999999999999}`, 0, true},
		{"no JSON", `nothing`, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := AckedSequence([]byte(tt.payload))
			assert.Equal(t, tt.bad, err != nil)
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestSignals(t *testing.T) {
	for _, s := range []Signal{DisconnectPort, TerminateSession, ConnectFailed} {
		got, err := SignalFrom(s.Bytes())
		require.NoError(t, err)
		assert.Equal(t, s, got)
	}
	_, err := SignalFrom([]byte{1})
	assert.ErrorIs(t, err, ErrMalformed)
}

func TestExitFrom(t *testing.T) {
	for _, tt := range []struct {
		name, payload string
		want          int
		bad           bool
	}{
		{"as the agent writes it", "EXIT_CODE: 7", 7, false},
		{"with a line end", "EXIT_CODE: 0\r\n", 0, false},
		{"bare", "255", 255, false},
		{"negative, as Windows may", "EXIT_CODE: -1", -1, false},
		{"text", "EXIT_CODE: none", 0, true},
		{"nothing", "", 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ExitFrom([]byte(tt.payload))
			assert.Equal(t, tt.bad, err != nil)
			assert.Equal(t, tt.want, got)
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, frames := range recordings(f) {
		for _, r := range frames {
			f.Add(r.raw)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		frame, err := Decode(b)
		if err != nil {
			return
		}
		again, err := Decode(frame.Append(nil))
		require.NoError(t, err)
		if frame.Schema == 0 { // is written as the current one
			frame.Schema = again.Schema
		}
		assert.Equal(t, frame, again)
		if frame.Type == Acknowledge {
			_, _ = AckedSequence(frame.Payload)
		}
	})
}
