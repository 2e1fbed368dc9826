package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// ResourceType is the type of an endpoint's resource. Its id is the address without user, password and query.
const ResourceType = "Network::Endpoint"

const (
	// DefaultSlow is from when on a first byte is slow: well before the five seconds after which a health check gives up.
	DefaultSlow = 2 * time.Second
	// DefaultRedirects is how many redirects are followed.
	DefaultRedirects = 5
	// maxAddresses is how many addresses of a name are connected to; a load balancer has one or two a zone.
	maxAddresses = 16
)

// Endpoint is something on the network that should answer, seen from where the program runs. It is safe for concurrent
// use.
type Endpoint struct {
	target    target
	invalid   error
	window    diag.Window
	network   Network
	method    string
	redirects int
	slow      time.Duration
	behind    []diag.Resource

	resolution  diag.Memo[*Resolution]
	connections diag.Memo[[]Connection]
	handshake   diag.Memo[*Handshake]
	response    diag.Memo[*Response]
}

// Option changes how an [Endpoint] is probed.
type Option func(*Endpoint)

// Through probes through another network than the zero [Local].
func Through(n Network) Option { return func(e *Endpoint) { e.network = n } }

// Head asks with HEAD instead of GET: no body is sent.
func Head() Option { return func(e *Endpoint) { e.method = http.MethodHead } }

// Redirects follows at most n redirects. With zero a redirect is an answer, as it is to a health check.
func Redirects(n int) Option { return func(e *Endpoint) { e.redirects = max(n, 0) } }

// SlowAfter sets from when on a first byte is slow.
func SlowAfter(d time.Duration) Option { return func(e *Endpoint) { e.slow = d } }

// Behind names what answers at the endpoint, such as a load balancer: causes found there explain what is found here.
func Behind(resources ...diag.Resource) Option {
	return func(e *Endpoint) { e.behind = append(e.behind, resources...) }
}

// NewEndpoint makes an endpoint of an HTTP address, "tls://host:port", or host:port for a bare TCP port. It makes no
// call; an address that cannot be probed is an error of [diag.KindInvalid] of each fact. The end of the window is "now"
// for certificates.
func NewEndpoint(address string, window diag.Window, options ...Option) *Endpoint {
	e := &Endpoint{
		window:    window,
		network:   Local{},
		method:    http.MethodGet,
		redirects: DefaultRedirects,
		slow:      DefaultSlow,
	}
	e.target, e.invalid = parse(address)
	for _, o := range options {
		o(e)
	}
	return e
}

// Resource names the endpoint.
func (e *Endpoint) Resource() diag.Resource {
	id := "invalid address"
	if e.invalid == nil {
		id = e.target.String()
	}
	return diag.Resource{Type: ResourceType, ID: id}
}

// Valid returns why the address cannot be probed, an error of [diag.KindInvalid]; nil if it can.
func (e *Endpoint) Valid() error { return e.invalid }

// Resolve looks the name up. An address is its own answer.
func (e *Endpoint) Resolve(ctx context.Context) (*Resolution, error) {
	return e.resolution.Get(ctx, func(ctx context.Context) (*Resolution, error) {
		if e.invalid != nil {
			return nil, e.invalid
		}
		if addr, ok := e.target.literal(); ok {
			return &Resolution{Addresses: []netip.Addr{addr}}, nil
		}
		out, err := e.network.Resolve(ctx, &ResolveInput{Host: e.target.host})
		if err != nil {
			return nil, fmt.Errorf("resolving %s: %w", e.target.host, err)
		}
		return out, nil
	})
}

// Connect connects to each address of the name, side by side, in the order of [Resolution].Addresses. It returns those
// that were tried, and an error for those that were not.
func (e *Endpoint) Connect(ctx context.Context) ([]Connection, error) {
	return e.connections.Get(ctx, func(ctx context.Context) ([]Connection, error) {
		resolution, err := e.Resolve(ctx)
		if err != nil {
			return nil, err
		}
		addresses := resolution.Addresses
		tried := make([]*Connection, min(len(addresses), maxAddresses))
		errs := make([]error, len(tried), len(tried)+1)
		var all sync.WaitGroup
		for i := range tried {
			to := netip.AddrPortFrom(addresses[i], e.target.port)
			all.Go(func() { tried[i], errs[i] = e.connect(ctx, to) })
		}
		all.Wait()
		if more := len(addresses) - len(tried); more > 0 {
			errs = append(
				errs,
				diag.Errorf(diag.KindIncomplete, "%s has %d addresses more than are probed", e.target.host, more),
			)
		}
		var connections []Connection
		for _, c := range slices.DeleteFunc(tried, func(c *Connection) bool { return c == nil }) {
			connections = append(connections, *c)
		}
		return connections, errors.Join(errs...)
	})
}

func (e *Endpoint) connect(ctx context.Context, to netip.AddrPort) (*Connection, error) {
	c, err := e.network.Connect(ctx, &ConnectInput{Address: to})
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", to, err)
	}
	return c, nil
}

// reached returns the first address that accepts connections; it is invalid if none does.
func (e *Endpoint) reached(ctx context.Context) (netip.AddrPort, error) {
	connections, err := e.Connect(ctx)
	for _, c := range connections {
		if c.OK() {
			return c.Address, nil
		}
	}
	return netip.AddrPort{}, err
}

// Handshake does a TLS handshake with the first address that accepts connections. It is nil where there is none, or
// where the endpoint is not to speak TLS.
func (e *Endpoint) Handshake(ctx context.Context) (*Handshake, error) {
	return e.handshake.Get(ctx, func(ctx context.Context) (*Handshake, error) {
		to, err := e.reached(ctx)
		if err != nil || !to.IsValid() || !e.target.secure() {
			return nil, err
		}
		out, err := e.network.Handshake(
			ctx,
			&HandshakeInput{Address: to, ServerName: e.target.host, At: e.window.End},
		)
		if err != nil {
			return nil, fmt.Errorf("TLS handshake with %s: %w", e.target.address(), err)
		}
		return out, nil
	})
}

// Request asks for the page at the first address that accepts connections. It is nil where there is none, where the TLS
// handshake fails, and where the endpoint is no HTTP address. It returns the redirects followed also with an error.
func (e *Endpoint) Request(ctx context.Context) (*Response, error) {
	return e.response.Get(ctx, func(ctx context.Context) (*Response, error) {
		if e.invalid == nil && e.target.page == nil {
			return nil, nil
		}
		to, err := e.reached(ctx)
		if err != nil || !to.IsValid() {
			return nil, err
		}
		if h, err := e.Handshake(ctx); err != nil || (h != nil && !h.OK()) {
			return nil, err
		}
		out, err := e.network.Request(ctx, &RequestInput{URL: e.target.page.String(), Method: e.method, Address: to,
			MaxRedirects: e.redirects})
		if err != nil {
			return out, fmt.Errorf("requesting %s: %w", e.target, err)
		}
		return e.timed(ctx, out)
	})
}

// timed adds what it took to resolve the name, which a request without a redirect had no need to do again.
func (e *Endpoint) timed(ctx context.Context, out *Response) (*Response, error) {
	resolution, err := e.Resolve(ctx)
	if err == nil && len(out.Hops) == 0 {
		out.Timings.DNS = resolution.Took
	}
	return out, err
}
