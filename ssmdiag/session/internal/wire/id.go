package wire

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
)

// ID is the UUID of a frame.
type ID [16]byte

// NewID returns a random UUID (RFC 9562, version 4). It is unique, not secret.
func NewID() ID {
	var id ID
	binary.BigEndian.PutUint64(id[:], rand.Uint64())
	binary.BigEndian.PutUint64(id[8:], rand.Uint64())
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}

// String returns the usual form: 8-4-4-4-12 hexadecimal digits.
func (id ID) String() string { return string(id.append(nil)) }

func (id ID) append(b []byte) []byte {
	for i, part := range [...][]byte{id[:4], id[4:6], id[6:8], id[8:10], id[10:]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, part)
	}
	return b
}

// put writes the id as frames hold it: the low half first.
func (id ID) put(b []byte) {
	copy(b, id[8:])
	copy(b[8:], id[:8])
}

func idFrom(b []byte) (id ID) {
	copy(id[:8], b[8:16])
	copy(id[8:], b[:8])
	return id
}
