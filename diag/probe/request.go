package probe

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Request asks over HTTP/1.1; see [Network]. Certificates are not judged here: a health check of a load balancer does
// not judge them either, and Handshake does. No cookie, referrer or authorization is ever sent.
func (l Local) Request(ctx context.Context, in *RequestInput) (*Response, error) {
	out := &Response{}
	if in.Method != http.MethodGet && in.Method != http.MethodHead {
		return nil, diag.Errorf(diag.KindInvalid, "method %q is not sent: a probe asks with GET or HEAD", in.Method)
	}
	var err error
	out.Failure, err = l.probe(ctx, requestAction, func(ctx context.Context) error {
		begun := time.Now()
		defer func() { out.Timings.Total = time.Since(begun) }()
		return l.follow(ctx, in, out)
	})
	return out, err
}

// follow asks, and asks again where a redirect leads to.
func (l Local) follow(ctx context.Context, in *RequestInput, out *Response) error {
	page, err := redirected(&url.URL{}, in.URL)
	if err != nil {
		return err
	}
	pinned, start := in.Address, dialled(page)
	seen := map[string]bool{}
	for {
		seen[page.String()] = true
		e := exchange{local: l, guard: l.guard(), page: page, method: in.Method, out: out}
		e.guard.noLoopback = len(out.Hops) > 0 && !own(pinned.Addr().Unmap())
		if dialled(page) == start {
			e.address = pinned
			e.guard.noLoopback = e.guard.noLoopback && !pinned.IsValid()
		}
		location, err := e.run(ctx)
		if err != nil || location == "" || in.MaxRedirects == 0 {
			return err
		}
		next, err := redirected(page, location)
		if err != nil {
			return err
		}
		out.Hops = append(out.Hops, Hop{URL: bare(page), Status: out.Status, Location: bare(next)})
		switch {
		case seen[next.String()]:
			return fault{Failure{ReasonRedirects, "redirects lead in a circle, back to " + bare(next)}}
		case len(out.Hops) > in.MaxRedirects:
			return fault{Failure{ReasonRedirects, "too many redirects, the last of them to " + bare(next)}}
		}
		page = next
	}
}

// redirected resolves a Location header. Anything but HTTP is no page that a probe may ask for.
func redirected(page *url.URL, location string) (*url.URL, error) {
	next, err := page.Parse(location)
	if err != nil || (next.Scheme != "http" && next.Scheme != "https") || next.Hostname() == "" {
		return nil, fault{Failure{ReasonNotHTTP, "this is no HTTP address to go on to"}}
	}
	next.User, next.Fragment = nil, ""
	return next, nil
}

// bare returns the address of a page without what may be secret in it.
func bare(page *url.URL) string {
	return (&url.URL{Scheme: page.Scheme, Host: page.Host, Path: page.Path}).String()
}

// dialled returns the host and port of a page.
func dialled(page *url.URL) string { return page.Hostname() + " " + port(page) }

func port(page *url.URL) string {
	switch {
	case page.Port() != "":
		return page.Port()
	case page.Scheme == "https":
		return "443"
	}
	return "80"
}

// keptHeaders tell who answered: a load balancer, CloudFront, an API, a proxy, the application itself.
var keptHeaders = []string{
	"Content-Type", "Location", "Retry-After", "Server", "Via", "Www-Authenticate", "X-Amz-Cf-Id", "X-Amz-Cf-Pop",
	"X-Amzn-Errortype", "X-Amzn-Requestid", "X-Amzn-Trace-Id", "X-Cache",
}

func kept(from http.Header, page *url.URL) []Header {
	var headers []Header
	for _, name := range keptHeaders {
		value := from.Get(name)
		if name == "Location" && value != "" {
			next, err := page.Parse(value)
			if err != nil {
				continue
			}
			value = bare(next)
		}
		if value != "" {
			headers = append(headers, Header{name, value})
		}
	}
	return headers
}

// wants are answers which a request without TLS gets from a port that speaks TLS: a closed connection, a TLS alert, or
// the status 400 of a server that understood both. Only a handshake tells them from others.
func wants(page *url.URL, status int, err error) bool {
	if page.Scheme != "http" {
		return false
	}
	var f fault
	return status == http.StatusBadRequest || (err != nil && reasonOf(err) == ReasonClosed) ||
		(errors.As(err, &f) && f.Reason == ReasonNotHTTP)
}

// addresses returns where a page is to be dialled.
func (e *exchange) addresses(ctx context.Context) ([]netip.Addr, error) {
	if e.address.IsValid() {
		return []netip.Addr{e.address.Addr()}, nil
	}
	begun := time.Now()
	defer func() { e.out.Timings.DNS = time.Since(begun) }()
	return e.local.lookup(ctx, e.page.Hostname())
}
