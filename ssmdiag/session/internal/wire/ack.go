package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// Ack is the payload of an Acknowledge frame. It tells of one frame, not of all before it.
type Ack struct {
	Type         MessageType `json:"AcknowledgedMessageType"`
	ID           string      `json:"AcknowledgedMessageId"`
	Sequence     int64       `json:"AcknowledgedMessageSequenceNumber"`
	IsSequential bool        `json:"IsSequentialMessage"`
}

// AckOf acknowledges a stream frame.
func AckOf(f Frame, created uint64) Frame {
	return Frame{Type: Acknowledge, Created: created, Flags: FlagsAcknowledge, ID: NewID(),
		Payload: ackBytes(f.Type, f.ID, f.Sequence)}
}

// ackBytes writes JSON by hand: there is one acknowledgement for every frame, and none of the values needs escaping.
func ackBytes(t MessageType, id ID, sequence int64) []byte {
	b := make([]byte, 0, 192)
	b = append(b, `{"AcknowledgedMessageType":"`...)
	b = append(b, t...)
	b = append(b, `","AcknowledgedMessageId":"`...)
	b = id.append(b)
	b = append(b, `","AcknowledgedMessageSequenceNumber":`...)
	b = strconv.AppendInt(b, sequence, 10)
	return append(b, `,"IsSequentialMessage":true}`...)
}

var sequenceKey = []byte(`"AcknowledgedMessageSequenceNumber":`)

// AckedSequence reads the sequence number out of the payload of an Acknowledge frame.
func AckedSequence(payload []byte) (int64, error) {
	if _, rest, ok := bytes.Cut(payload, sequenceKey); ok {
		if n, ok := digits(rest); ok {
			return n, nil
		}
	}
	var ack Ack
	if err := json.Unmarshal(payload, &ack); err != nil {
		return 0, fmt.Errorf("%w: acknowledgement: %w", ErrMalformed, err)
	}
	return ack.Sequence, nil
}

// digits reads a number that ends at a comma or a brace.
func digits(b []byte) (n int64, ok bool) {
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9' && i < 18:
			n = n*10 + int64(c-'0')
		default:
			return n, i > 0 && (c == ',' || c == '}')
		}
	}
	return 0, false
}
