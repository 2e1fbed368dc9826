package probe

import (
	"context"
	"net"
	"net/netip"
	"syscall"

	"github.com/awsdiag/awsdiag/diag"
)

// guard says which addresses are never dialled.
type guard struct {
	linkLocal  bool // link-local and metadata addresses are allowed
	noLoopback bool // the own host is not allowed
}

// metadata holds the link-local blocks and the IPv6 addresses of the instance metadata service, the DNS resolver, the
// time server and the EKS Pod Identity agent ("Instance metadata and user data", Amazon EC2 User Guide; "How EKS Pod
// Identity works", Amazon EKS User Guide). Those of IPv4, task metadata 169.254.170.2 among them, are link-local.
var metadata = []netip.Prefix{
	netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("fe80::/10"),
	netip.MustParsePrefix("fd00:ec2::/32"),
}

// carriers hold IPv6 blocks whose addresses carry an IPv4 address, and where in it: NAT64 (RFC 6052, RFC 8215), 6to4
// (RFC 3056), IPv4-compatible (RFC 4291).
var carriers = []struct {
	block netip.Prefix
	at    int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12},
	{netip.MustParsePrefix("64:ff9b:1::/48"), 12},
	{netip.MustParsePrefix("2002::/16"), 2},
	{netip.MustParsePrefix("::/96"), 12},
}

// refuse returns an error if the address may not be dialled.
func (g guard) refuse(addr netip.Addr) error {
	for _, a := range meanings(addr) {
		for _, block := range metadata {
			if !g.linkLocal && block.Contains(a) {
				return diag.Errorf(
					diag.KindInvalid,
					"%s is not dialled: it is a link-local or metadata address",
					addr,
				)
			}
		}
		if g.noLoopback && own(a) {
			return diag.Errorf(
				diag.KindInvalid,
				"%s is not dialled: a redirect from elsewhere leads to the own host",
				addr,
			)
		}
	}
	return nil
}

// own reports an address of the own host; the unspecified address is dialled as one.
func own(a netip.Addr) bool { return a.IsLoopback() || a.IsUnspecified() }

// meanings returns the address in plain form and the IPv4 address that it carries.
func meanings(addr netip.Addr) []netip.Addr {
	plain := addr.Unmap().WithZone("")
	all := []netip.Addr{plain}
	for _, c := range carriers {
		if c.block.Contains(plain) {
			b := plain.As16()
			all = append(all, netip.AddrFrom4([4]byte(b[c.at:c.at+4])))
		}
	}
	return all
}

// dial connects. The guard is asked about the address that is really dialled, when it is.
func (g guard) dial(ctx context.Context, address netip.AddrPort) (net.Conn, error) {
	dialer := net.Dialer{ControlContext: func(_ context.Context, _, dialled string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(dialled)
		if err != nil {
			return diag.Errorf(diag.KindInvalid, "%s is not dialled: %w", dialled, err)
		}
		return g.refuse(to.Addr())
	}}
	return dialer.DialContext(ctx, "tcp", address.String())
}
