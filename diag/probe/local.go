package probe

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// DefaultTimeout is how long a probe of [Local] may take. A health check of a target group waits as long by default
// ("Health checks for your target groups", Elastic Load Balancing User Guide).
const DefaultTimeout = 5 * time.Second

// Local probes from where the program runs. The zero value is ready. It goes past the proxies that the environment
// names.
type Local struct {
	// Timeout bounds each of Resolve, Connect, Handshake and Request, all redirects included. Zero means
	// [DefaultTimeout].
	Timeout time.Duration
	// Roots are the trusted certificates. Nil means those of the system.
	Roots *x509.CertPool
	// Resolver looks names up. Nil means the one of the system.
	Resolver Resolver
	// LinkLocal allows link-local and metadata addresses.
	LinkLocal bool
}

// Resolver looks names up. [net.Resolver] is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupCNAME(ctx context.Context, host string) (string, error)
}

var _ Resolver = (*net.Resolver)(nil)

// Resolve looks a name up; see [Network].
func (l Local) Resolve(ctx context.Context, in *ResolveInput) (*Resolution, error) {
	out := &Resolution{}
	var err error
	out.Failure, err = l.probe(ctx, resolveAction, func(ctx context.Context) (err error) {
		begun := time.Now()
		out.Addresses, err = l.lookup(ctx, in.Host)
		out.Took = time.Since(begun)
		if err == nil {
			out.CNAME = l.canonical(ctx, in.Host)
		}
		return err
	})
	return out, err
}

// Connect connects to one address; see [Network].
func (l Local) Connect(ctx context.Context, in *ConnectInput) (*Connection, error) {
	out := &Connection{Address: in.Address}
	var err error
	out.Failure, err = l.probe(ctx, connectAction, func(ctx context.Context) error {
		begun := time.Now()
		conn, err := l.guard().dial(ctx, in.Address)
		out.Took = time.Since(begun)
		if err != nil {
			return err
		}
		return conn.Close()
	})
	return out, err
}

func (l Local) guard() guard { return guard{linkLocal: l.LinkLocal} }

func (l Local) resolver() Resolver {
	if l.Resolver == nil {
		return net.DefaultResolver
	}
	return l.Resolver
}

// probe runs one probe within the timeout and tells what the network did from what kept the probe from running.
func (l Local) probe(ctx context.Context, action string, run func(context.Context) error) (Failure, error) {
	end, err := diag.BeginCall(ctx, action)
	if err != nil {
		return Failure{}, err
	}
	defer end()
	limit := cmp.Or(max(l.Timeout, 0), DefaultTimeout)
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err = run(bounded)
	var refused *diag.Error
	switch {
	case err == nil:
		return Failure{}, nil
	case ctx.Err() != nil:
		return Failure{}, diag.Cause(ctx)
	case errors.As(err, &refused):
		return Failure{}, err
	}
	f := failureOf(err)
	if f.Reason == ReasonTimeout {
		f.Text = fmt.Sprintf("no answer within %s", limit)
	}
	return f, nil
}

// lookup returns the addresses of a name, sorted. An address is its own name.
func (l Local) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	addresses, err := l.resolver().LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	if len(addresses) == 0 {
		return nil, fault{Failure{ReasonNoName, "the name has no address"}}
	}
	addresses = slices.Clone(addresses)
	for i := range addresses {
		addresses[i] = addresses[i].Unmap()
	}
	slices.SortFunc(addresses, netip.Addr.Compare)
	return slices.Compact(addresses), nil
}

// canonical returns the name behind a name, if there is one and the resolver shows it.
func (l Local) canonical(ctx context.Context, host string) string {
	name, err := l.resolver().LookupCNAME(ctx, host)
	name = strings.TrimSuffix(name, ".")
	if err != nil || strings.EqualFold(name, strings.TrimSuffix(host, ".")) {
		return ""
	}
	return name
}
