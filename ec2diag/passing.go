package ec2diag

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/awsdiag/awsdiag/ec2diag/internal/netset"
)

// Traffic is a span of protocols and, within it, of ports, both inclusive.
type Traffic struct {
	FromProtocol, ToProtocol Protocol
	// FromPort and ToPort are destination ports for TCP and UDP, type<<8|code for ICMP, and 0 to 65535 for the rest.
	FromPort, ToPort uint16
}

// String names the traffic: "tcp 443", "all protocols".
func (t Traffic) String() string {
	return trafficText(netset.Traffic{
		Protocols: netset.Interval{Low: uint16(t.FromProtocol), High: uint16(t.ToProtocol)},
		Ports:     netset.Interval{Low: t.FromPort, High: t.ToPort},
	})
}

// Passes returns all traffic, of whatever protocol and port, that gets from some interface at the beginning to some
// interface at the end, and whose answers get back. It is empty if nothing does.
func (p *Path) Passes(ctx context.Context) ([]Traffic, error) {
	set, err := p.passing(ctx, netset.AllProtocols, netset.AllPorts)
	var out []Traffic
	for _, t := range set.Traffic() {
		out = append(out, Traffic{Protocol(t.Protocols.Low), Protocol(t.Protocols.High), t.Ports.Low, t.Ports.High})
	}
	if err != nil {
		return out, fmt.Errorf("computing what passes from %s to %s: %w", label(p.from.resource), label(p.to.resource), err)
	}
	return out, nil
}

// passing returns the packets that get through all layers.
func (p *Path) passing(ctx context.Context, protocols, ports netset.Interval) (netset.Set, error) {
	from, to, err := p.ends(ctx)
	if err != nil {
		return netset.Set{}, err
	}
	var all netset.Set
	var errs []error
	for _, f := range from {
		for _, t := range to {
			set, err := p.network.between(ctx, f, t, wanted(f, t, protocols, ports))
			all, errs = all.Union(set), append(errs, err)
		}
	}
	return all, join(errs...)
}

// between returns which of the packets get from f to t, and their answers back.
func (n *Network) between(ctx context.Context, f, t Interface, packets netset.Set) (netset.Set, error) {
	out, err := n.throughGroups(ctx, f, t, egress, packets)
	if err != nil || out.IsEmpty() {
		return out, err
	}
	out, err = n.throughGroups(ctx, t, f, ingress, out)
	if err != nil || out.IsEmpty() {
		return out, err
	}
	var all netset.Set
	for _, a := range f.Addresses {
		for _, b := range t.Addresses {
			err := n.eachPart(ctx, f, t, a, b, func(a, b netip.Prefix) (bool, error) {
				set, err := n.throughNetwork(ctx, f, t, a, b, out)
				all = all.Union(set)
				return true, err
			})
			if err != nil {
				return all, err
			}
		}
	}
	return all, nil
}

// throughNetwork returns which of the packets between two prefixes the routes and network ACLs let through.
func (n *Network) throughNetwork(
	ctx context.Context,
	f, t Interface,
	a, b netip.Prefix,
	packets netset.Set,
) (netset.Set, error) {
	packets = packets.Intersect(
		netset.Of(netset.Match{From: a, To: b, Protocols: netset.AllProtocols, Ports: netset.AllPorts}),
	)
	if packets.IsEmpty() {
		return packets, nil
	}
	w, err := n.roundTrip(ctx, f, t, a, b)
	if err != nil || len(w.obstacles) > 0 {
		return netset.Set{}, err
	}
	return n.throughACLs(ctx, f, t, w, packets)
}

// throughGroups returns which of the packets the security groups of one side let through.
func (n *Network) throughGroups(
	ctx context.Context,
	i, peer Interface,
	d direction,
	packets netset.Set,
) (netset.Set, error) {
	groups, err := n.groupsOf(ctx, i)
	if err != nil {
		return netset.Set{}, err
	}
	lists, err := n.listsOf(ctx, groups, d)
	return passes(groups, d, peer, lists, packets), err
}
