package albdiag

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// ConnectionLogEntry is one line of a connection log: one try of a client to connect ("Connection logs for your
// Application Load Balancer", connection log entries). A field that the load balancer wrote as "-" is empty or zero.
type ConnectionLogEntry struct {
	Time                                time.Time
	ClientIP                            string
	ClientPort, ListenerPort            int
	Protocol, Cipher                    string
	HandshakeTime                       time.Duration // negative if there was no handshake
	Subject, Validity, Serial           string        // of the client's certificate, with mutual TLS
	VerifyStatus, VerifyReason, TraceID string        // "Success", or "Failed" and why
	Extra                               []string
}

// ParseConnectionLogLine reads one line. A line that is no entry is an error of [diag.KindInvalid].
func ParseConnectionLogLine(line string) (ConnectionLogEntry, error) {
	const least = 11 // up to the verification of the client's certificate
	r, err := readerOf("connection log", line, least)
	if err != nil {
		return ConnectionLogEntry{}, err
	}
	e := ConnectionLogEntry{
		Time: r.time(), ClientIP: r.text(), ClientPort: r.number(), ListenerPort: r.number(), Protocol: r.text(),
		Cipher:        r.text(),
		HandshakeTime: r.duration(), Subject: r.text(), Validity: r.text(), Serial: r.text(),
	}
	e.VerifyStatus, e.VerifyReason, _ = strings.Cut(r.text(), ":")
	e.TraceID, e.Extra = r.text(), r.fields
	return e, r.err
}

// Failed reports a handshake that did not come to its end, or a client's certificate that was refused.
func (e ConnectionLogEntry) Failed() bool {
	return e.VerifyStatus == "Failed" || (e.Cipher == "" && e.HandshakeTime < 0)
}

// String tells the connection in one line.
func (e ConnectionLogEntry) String() string {
	text := fmt.Sprintf("%s %s:%d to port %d", e.Time.UTC().Format(time.RFC3339), e.ClientIP, e.ClientPort, e.ListenerPort)
	switch {
	case e.VerifyStatus == "Failed":
		text += ": client certificate refused: " + e.VerifyReason
	case e.Failed():
		text += ": no TLS handshake"
	default:
		text += fmt.Sprintf(": %s %s in %s", e.Protocol, e.Cipher, e.HandshakeTime)
	}
	return text
}

// TLSLogEntry is one line of an access log of a Network Load Balancer, which logs TLS listeners only ("Access logs for
// your Network Load Balancer", access log entries).
type TLSLogEntry struct {
	Type, Version                                    string
	Time, Created                                    time.Time
	LoadBalancer, Listener, Client, Target           string
	ConnectionTime, HandshakeTime                    time.Duration // negative where there was none
	ReceivedBytes, SentBytes                         int64
	IncomingAlert                                    string // the TLS alert that the client sent, "-" as empty
	CertificateARN, CertificateSerial                string
	Cipher, Protocol, NamedGroup, Domain             string
	ALPNFrontend, ALPNBackend, ALPNClientPreferences string
	Extra                                            []string
}

// ParseTLSLogLine reads one line. A line that is no entry is an error of [diag.KindInvalid].
func ParseTLSLogLine(line string) (TLSLogEntry, error) {
	const least = 18 // up to the domain name
	r, err := readerOf("TLS log", line, least)
	if err != nil {
		return TLSLogEntry{}, err
	}
	e := TLSLogEntry{
		Type: r.text(), Version: r.text(), Time: r.time(), LoadBalancer: r.text(), Listener: r.text(), Client: r.text(),
		Target:         r.text(),
		ConnectionTime: r.milliseconds(), HandshakeTime: r.milliseconds(), ReceivedBytes: int64(r.number()),
		SentBytes:     int64(r.number()),
		IncomingAlert: r.text(), CertificateARN: r.text(), CertificateSerial: r.text(), Cipher: r.text(), Protocol: r.text(),
		NamedGroup: r.text(), Domain: r.text(), ALPNFrontend: r.text(), ALPNBackend: r.text(),
		ALPNClientPreferences: r.text(),
		Created:               r.time(),
	}
	e.Extra = r.fields
	return e, r.err
}

// HealthLogEntry is one line of a health check log: one check of one target ("Health check logs", Application Load
// Balancers). The order of its fields is that of the list of fields in that document.
type HealthLogEntry struct {
	// Type is the protocol of the check: http, https, h2, grpc or the like.
	Type    string
	Time    time.Time
	Latency time.Duration // negative if it was not measured
	// Target is address and port, TargetGroup the group's name or id.
	Target, TargetGroup string
	Passed              bool
	StatusCode, Reason  string
	NodeIP              netip.Addr
	Extra               []string
}

// ParseHealthLogLine reads one line. A line that is no entry is an error of [diag.KindInvalid].
func ParseHealthLogLine(line string) (HealthLogEntry, error) {
	const least = 8
	r, err := readerOf("health check log", line, least)
	if err != nil {
		return HealthLogEntry{}, err
	}
	e := HealthLogEntry{Type: r.text(), Time: r.time(), Latency: r.duration(), Target: r.text(), TargetGroup: r.text()}
	status := r.text()
	r.expect(status == "PASS" || status == "FAIL", "PASS or FAIL", status)
	e.Passed, e.StatusCode, e.Reason = status == "PASS", r.text(), r.text()
	e.NodeIP, e.Extra = r.address(), r.fields
	return e, r.err
}

// String tells the check in one line.
func (e HealthLogEntry) String() string {
	if e.Passed {
		return fmt.Sprintf("%s %s of %s passed after %s", e.Time.UTC().Format(time.RFC3339), e.Target, e.TargetGroup,
			e.Latency)
	}
	text := fmt.Sprintf("%s %s of %s failed", e.Time.UTC().Format(time.RFC3339), e.Target, e.TargetGroup)
	for _, part := range []string{e.StatusCode, e.Reason} {
		if part != "" {
			text += ": " + part
		}
	}
	return text
}

// readerOf splits a line of at least so many fields.
func readerOf(of, line string, least int) (*reader, error) {
	f, err := split(line)
	if err != nil {
		return nil, err
	}
	if len(f) < least {
		return nil, diag.Errorf(diag.KindInvalid, "%s line of %d fields: an entry has at least %d", of, len(f), least)
	}
	return &reader{fields: f, of: of}, nil
}

// milliseconds takes a number of milliseconds, negative for "-".
func (r *reader) milliseconds() time.Duration {
	d := r.duration()
	if d < 0 {
		return -1
	}
	return d / 1000
}
