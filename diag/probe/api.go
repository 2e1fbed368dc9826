package probe

import (
	"context"
	"net/netip"
	"time"
)

// The actions of this package. They are of class local: no IAM policy knows them.
const (
	resolveAction   = "probe:Resolve"
	connectAction   = "probe:Connect"
	handshakeAction = "probe:Handshake"
	requestAction   = "probe:Request"
)

// Network is how an [Endpoint] reaches the world: [Local] in earnest, probefake.Client in tests.
//
// What the network or the other end does is a [Failure] in the answer. An error means that nothing was learned: the
// context ended, or the probe was refused before a packet left.
type Network interface {
	// Resolve looks the addresses of a name up.
	Resolve(ctx context.Context, in *ResolveInput) (*Resolution, error)
	// Connect opens a TCP connection to one address and closes it.
	Connect(ctx context.Context, in *ConnectInput) (*Connection, error)
	// Handshake connects and does a TLS handshake. It reports faults of the certificate and goes on in spite of them.
	Handshake(ctx context.Context, in *HandshakeInput) (*Handshake, error)
	// Request sends one HTTP request without a body and without credentials, and follows redirects.
	Request(ctx context.Context, in *RequestInput) (*Response, error)
}

var _ Network = Local{}

// ResolveInput asks for the addresses of Host, a name.
type ResolveInput struct{ Host string }

// Resolution is what the name service says of a name.
type Resolution struct {
	// Addresses are sorted.
	Addresses []netip.Addr
	// CNAME is the name that the addresses belong to, where it is another one and the resolver shows it.
	CNAME string
	Took  time.Duration
	Failure
}

// ConnectInput asks for a connection.
type ConnectInput struct{ Address netip.AddrPort }

// Connection is one attempt to connect.
type Connection struct {
	Address netip.AddrPort
	Took    time.Duration
	Failure
}

// HandshakeInput asks for a TLS handshake. ServerName is a name or a bare address; At is the time for which trust in
// the chain is judged.
type HandshakeInput struct {
	Address    netip.AddrPort
	ServerName string
	At         time.Time
}

// Handshake is one attempt at a TLS handshake.
type Handshake struct {
	Address netip.AddrPort
	// Version is that of crypto/tls: 0x0303 is TLS 1.2.
	Version uint16
	// Cipher is the name of the cipher suite.
	Cipher string
	// Chain is what the server presented, its own certificate first.
	Chain []Certificate
	// NameFault says why the certificate does not stand for the server name; empty if it does.
	NameFault string
	// TrustFault says why the chain leads to no trusted root, the dates of the first certificate aside; empty if it does.
	TrustFault string
	Took       time.Duration
	Failure
}

// Certificate is what a diagnosis needs of an X.509 certificate.
type Certificate struct {
	Subject, Issuer string
	// Names are the DNS names and addresses it stands for.
	Names               []string
	NotBefore, NotAfter time.Time
}

// RequestInput asks for an HTTP answer. Address is where the host of URL is dialled, if it is valid; other hosts, which
// redirects lead to, are looked up. Method is GET or HEAD. With MaxRedirects zero a redirect is an answer like any
// other.
type RequestInput struct {
	URL          string
	Method       string
	Address      netip.AddrPort
	MaxRedirects int
}

// Response is the last answer to a request.
type Response struct {
	// Status is zero where no answer came.
	Status int
	// URL is who answered last, without its query.
	URL string
	// Hops are the redirects that led there.
	Hops []Hop
	// Headers are those few that help to tell who answered and why, sorted by name.
	Headers []Header
	// Body is the beginning of the body, at most 64 KiB; Truncated tells that there was more.
	Body      string
	Truncated bool
	Timings   Timings
	Failure
}

// Hop is a redirect. Addresses of pages are without their queries.
type Hop struct {
	URL      string
	Status   int
	Location string
}

// Header is one header of an answer.
type Header struct{ Name, Value string }

// Timings tell where the time of a request went. All but Total are of the last hop; FirstByte begins when the request
// is sent.
type Timings struct{ DNS, Connect, TLS, FirstByte, Total time.Duration }
