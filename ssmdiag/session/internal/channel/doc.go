// Package channel carries messages over a data channel of Session Manager: complete, in order and once, although the
// service loses, doubles and reorders frames and closes the connection about once an hour.
//
// Each direction numbers its stream frames from 0. A receiver acknowledges every frame by itself; a sender sends what
// is not acknowledged again. The numbers outlive a connection: when it breaks, the session is resumed with a new token,
// and both sides send again what is open.
//
// The reader of the connection never waits for the consumer: if it did, acknowledgements would stand still too, and
// both sides with them.
package channel
