// Package wiretest runs a diagnosis against a live AWS-compatible server. It is a module of its own because it calls
// what changes an account: its tests seed the server through the real SDK before they look at it.
//
// Without a server its test skips. To run it against one that listens on loopback:
//
//	AWSDIAG_PEER=http://127.0.0.1:5000 AWSDIAG_PEER_CLOUDWATCH=json go test ./...
//
// AWSDIAG_PEER_CLOUDWATCH is the protocol that the server's CloudWatch speaks: cbor (the SDK's own, and the default),
// json or query.
package wiretest
