package ec2diag

import (
	"context"
	"net/netip"

	"github.com/awsdiag/awsdiag/diag"
)

// maxParts bounds how finely the routes may divide one prefix.
const maxParts = 512

// wayOfPrefixes finds a way between two prefixes: for the whole of them, or else for some part that a more specific
// route leads to, such as one VPC out of 172.16.0.0/12. Where no part has a way, what stops the whole is named, and
// what stops the parts for another reason than that no route leads there.
func (n *Network) wayOfPrefixes(ctx context.Context, f, t Interface, a, b netip.Prefix) (way, error) {
	whole, err := n.roundTrip(ctx, f, t, a, b)
	if err != nil || len(whole.obstacles) == 0 {
		return whole, err
	}
	stopped, found := whole, false
	err = n.eachPart(ctx, f, t, a, b, func(pa, pb netip.Prefix) (bool, error) {
		if pa == a && pb == b {
			return false, nil
		}
		w, err := n.roundTrip(ctx, f, t, pa, pb)
		if err == nil && len(w.obstacles) == 0 {
			whole, found = w, true
		}
		for _, o := range w.obstacles {
			if o.kind != noRoute {
				stopped.obstacles = append(stopped.obstacles, o)
			}
		}
		return !found, err
	})
	if found || err != nil {
		return whole, err
	}
	return stopped, nil
}

// eachPart visits two prefixes part by part, so that one route decides for each: those of f for the part it sends to,
// those of t for the part it answers. It stops when visit says so.
func (n *Network) eachPart(
	ctx context.Context,
	f, t Interface,
	a, b netip.Prefix,
	visit func(a, b netip.Prefix) (more bool, err error),
) error {
	from, err := n.parts(ctx, t, a)
	if err != nil {
		return err
	}
	to, err := n.parts(ctx, f, b)
	if err != nil {
		return err
	}
	for _, pa := range from {
		for _, pb := range to {
			if more, err := visit(pa, pb); err != nil || !more {
				return err
			}
		}
	}
	return nil
}

// parts splits a prefix where the routes of an interface's VPC tell its addresses apart. Everything (0.0.0.0/0, ::/0)
// stands for the internet, and is not split.
func (n *Network) parts(ctx context.Context, i Interface, p netip.Prefix) ([]netip.Prefix, error) {
	if i.outside() || p.IsSingleIP() || p.Bits() == 0 {
		return []netip.Prefix{p}, nil
	}
	tables, err := n.routeTables(ctx, i.VPC)
	if err != nil {
		return nil, err
	}
	var inner []netip.Prefix
	add := func(q netip.Prefix) {
		if q != p && covers(p, q) >= 0 {
			inner = append(inner, q)
		}
	}
	for _, t := range tables {
		for _, r := range t.routes {
			add(r.prefix)
		}
		for _, id := range t.neededLists(p) {
			list, err := n.prefixList(ctx, id)
			if err != nil {
				return nil, err
			}
			for _, q := range list {
				add(q)
			}
		}
	}
	parts := split(p, inner, nil)
	if len(parts) > maxParts {
		return nil, diag.Errorf(diag.KindIncomplete, "the routes of %s divide %s into more than %d parts", i.VPC, p, maxParts)
	}
	return parts, nil
}

// split halves a prefix until none of the inner prefixes lies within a part.
func split(p netip.Prefix, inner, out []netip.Prefix) []netip.Prefix {
	var within []netip.Prefix
	for _, q := range inner {
		if q != p && covers(p, q) >= 0 {
			within = append(within, q)
		}
	}
	if len(within) == 0 || len(out) > maxParts {
		return append(out, p)
	}
	low, high := halves(p)
	return split(high, within, split(low, within, out))
}

func halves(p netip.Prefix) (low, high netip.Prefix) {
	bits := p.Bits() + 1
	bytes := p.Addr().AsSlice()
	bytes[(bits-1)/8] |= 1 << (7 - (bits-1)%8)
	other, _ := netip.AddrFromSlice(bytes)
	return netip.PrefixFrom(p.Addr(), bits), netip.PrefixFrom(other, bits)
}
