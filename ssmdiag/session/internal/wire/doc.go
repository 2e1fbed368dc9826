// Package wire holds the messages of a Session Manager data channel: frames, their payloads, the handshake and the
// encryption of payloads. It does no input or output.
//
// A frame is big-endian and has a header of 120 bytes:
//
//	offset  bytes  field
//	     0      4  header length, 116: the bytes before the payload length
//	     4     32  message type, padded with spaces
//	    36      4  schema version, 1
//	    40      8  created, milliseconds since 1970
//	    48      8  sequence number
//	    56      8  flags
//	    64     16  message id, a UUID with its low half first
//	    80     32  SHA-256 of the payload
//	   112      4  payload type
//	   116      4  payload length
//	   120      n  payload
//
// AWS documents the format in the sources of amazon-ssm-agent (agent/session/contracts) and session-manager-plugin
// (src/message). The tests hold recordings of the agent.
package wire
