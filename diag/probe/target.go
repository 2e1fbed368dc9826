package probe

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// target is what an endpoint was named by, taken apart.
type target struct {
	scheme string // tcp, tls, http or https
	host   string // a name or a bare address
	port   uint16
	page   *url.URL // of http and https
}

// parse reads host:port, tcp://host:port, tls://host:port, or an HTTP address.
func parse(text string) (target, error) {
	if !strings.Contains(text, "://") {
		text = "tcp://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		if inner := (*url.Error)(nil); errors.As(err, &inner) {
			err = inner.Err // without the address, which may hold a secret
		}
		return target{}, diag.Errorf(diag.KindInvalid, "reading the address of an endpoint: %w", err)
	}
	t := target{scheme: strings.ToLower(u.Scheme), host: strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))}
	number := u.Port()
	switch t.scheme {
	case "http", "https":
		u.User, u.Fragment, u.Host = nil, "", strings.ToLower(u.Host)
		t.page, number = u, port(u)
	case "tcp", "tls":
	default:
		return t, diag.Errorf(
			diag.KindInvalid,
			"an endpoint of scheme %q cannot be probed: use http, https, tls or tcp",
			t.scheme,
		)
	}
	if t.host == "" {
		return t, diag.Errorf(diag.KindInvalid, "the address of an endpoint names no host")
	}
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil || n == 0 {
		return t, diag.Errorf(diag.KindInvalid, "the endpoint %s has no valid port", t.host)
	}
	t.port = uint16(n)
	return t, nil
}

// address returns host:port.
func (t target) address() string { return net.JoinHostPort(t.host, strconv.Itoa(int(t.port))) }

// literal returns the address that the host is, if it is no name.
func (t target) literal() (netip.Addr, bool) {
	addr, err := netip.ParseAddr(t.host)
	return addr, err == nil
}

func (t target) secure() bool { return t.scheme == "https" || t.scheme == "tls" }

// String names the endpoint without user, password, query and fragment.
func (t target) String() string {
	switch {
	case t.page != nil:
		return bare(t.page)
	case t.scheme == "tcp":
		return t.address()
	}
	return t.scheme + "://" + t.address()
}
