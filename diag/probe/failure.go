package probe

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"syscall"
)

// Reason classes what went wrong on the way. The zero value says: nothing.
type Reason string

const (
	// ReasonNoName: the name does not exist or has no address.
	ReasonNoName Reason = "no-name"
	// ReasonLookup: the name service did not answer, or with a failure.
	ReasonLookup Reason = "lookup-failed"
	// ReasonRefused: the host answered that nobody listens on the port.
	ReasonRefused Reason = "refused"
	// ReasonTimeout: no answer came in time.
	ReasonTimeout Reason = "timeout"
	// ReasonNoRoute: a router or the own host says that there is no way.
	ReasonNoRoute Reason = "no-route"
	// ReasonClosed: the other end closed or reset the connection instead of answering.
	ReasonClosed Reason = "closed"
	// ReasonNotTLS: the port does not speak TLS.
	ReasonNotTLS Reason = "not-tls"
	// ReasonTLS: the handshake failed.
	ReasonTLS Reason = "tls-failed"
	// ReasonTLSExpected: the port speaks TLS and was asked without.
	ReasonTLSExpected Reason = "tls-expected"
	// ReasonNotHTTP: the answer is not HTTP.
	ReasonNotHTTP Reason = "not-http"
	// ReasonRedirects: redirects lead in a circle, or there are too many.
	ReasonRedirects Reason = "redirects"
	// ReasonOther is anything else.
	ReasonOther Reason = "other"
)

// Failure is what went wrong, as a class and as the system says it. The zero value says: nothing.
type Failure struct {
	Reason Reason
	Text   string
}

// OK reports that nothing went wrong.
func (f Failure) OK() bool { return f.Reason == "" }

// fault carries a failure through functions that return errors.
type fault struct{ Failure }

func (f fault) Error() string { return f.Text }

// failureOf classes an error of the network by its type.
func failureOf(err error) Failure {
	var known fault
	if errors.As(err, &known) {
		return known.Failure
	}
	reason, inner := reasonOf(err), err
	for op := (*net.OpError)(nil); errors.As(inner, &op) && op.Err != nil; {
		inner = op.Err // without the own port, which is another each time
	}
	return Failure{reason, excerpt(inner.Error())}
}

func reasonOf(err error) Reason {
	var lookup *net.DNSError
	var record tls.RecordHeaderError
	var timeout net.Error
	is := func(targets ...error) bool {
		for _, target := range targets {
			if errors.Is(err, target) {
				return true
			}
		}
		return false
	}
	switch {
	case errors.As(err, &lookup) && lookup.IsNotFound:
		return ReasonNoName
	case errors.As(err, &lookup):
		return ReasonLookup
	case errors.As(err, &record):
		return ReasonNotTLS
	case alerted(err):
		return ReasonTLS
	case is(syscall.ECONNREFUSED):
		return ReasonRefused
	case is(syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EADDRNOTAVAIL):
		return ReasonNoRoute
	case is(syscall.ETIMEDOUT, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return ReasonTimeout
	case is(syscall.ECONNRESET, syscall.EPIPE, io.EOF, io.ErrUnexpectedEOF):
		return ReasonClosed
	}
	return ReasonOther
}

// alerted reports a TLS alert from the other end. Its type is not exported by crypto/tls; only QUIC gets another.
func alerted(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error"
}

// String returns the class and the text.
func (f Failure) String() string { return string(f.Reason) + ": " + f.Text }

func (f Failure) is(reasons ...Reason) bool { return slices.Contains(reasons, f.Reason) }
