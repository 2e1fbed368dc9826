package channel

import "context"

// Link is one connection to the service. Read is called by one goroutine and Write by another.
type Link interface {
	// Read returns the next binary message. It may use buffer, and the message holds until the next call.
	Read(buffer []byte) ([]byte, error)
	// Write sends binary messages.
	Write(messages [][]byte) error
	// Ping waits until the peer answers.
	Ping(ctx context.Context) error
	// Close ends the connection, and with it a Read or Write that waits. The good end tells the peer.
	Close(good bool)
}
