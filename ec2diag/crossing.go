package ec2diag

import (
	"context"

	"github.com/awsdiag/awsdiag/ec2diag/internal/netset"
)

// crossing is one subnet border that packets of a path cross, and so one network ACL that must let them.
type crossing struct {
	at         Interface
	direction  direction
	packets    netset.Set
	back       bool // answers
	translated bool // one of the addresses is that of a NAT gateway
	client     Interface
	exact      bool
}

// anyEphemeral are the ports from which clients may call: the widest span, which Elastic Load Balancing and NAT
// gateways use ("Ephemeral ports", Amazon VPC user guide, Network ACLs).
var anyEphemeral = netset.Interval{Low: 1024, High: 65535}

// linuxEphemeral are the ports from which Linux calls.
var linuxEphemeral = netset.Interval{Low: 32768, High: 60999}

// crossings lists the borders on the way of packets from f to t and of their answers.
func crossings(f, t Interface, w way, forward netset.Set) []crossing {
	if forward.IsEmpty() || (f.Subnet == t.Subnet && f.VPC == t.VPC) {
		return nil
	}
	var out []crossing
	cross := func(a, b Interface, packets netset.Set, back, translated bool) {
		c := crossing{packets: packets, back: back, translated: translated, client: f, exact: f.exact() && t.exact()}
		if translated {
			c.client = w.nat
		}
		if a.Subnet == b.Subnet {
			return
		}
		if !a.outside() {
			c.at, c.direction = a, egress
			out = append(out, c)
		}
		if !b.outside() {
			c.at, c.direction = b, ingress
			out = append(out, c)
		}
	}
	if w.nat.Subnet == "" {
		cross(f, t, forward, false, false)
		cross(t, f, answers(forward), true, false)
		return out
	}
	outer := forward.FromAnywhere().Intersect(wanted(w.nat, t, netset.AllProtocols, netset.AllPorts))
	cross(f, w.nat, forward, false, false)
	cross(w.nat, t, outer, false, true)
	cross(t, w.nat, answers(outer), true, true)
	cross(w.nat, f, answers(forward), true, false)
	return out
}

// withPorts holds all packets of the protocols that have ports.
var withPorts = netset.Of(protocolOnly(TCP, netset.AllPorts), protocolOnly(UDP, netset.AllPorts))

func protocolOnly(p Protocol, ports netset.Interval) netset.Match {
	return netset.Match{Protocols: netset.Interval{Low: uint16(p), High: uint16(p)}, Ports: ports}
}

// answers returns the packets that may come back: to any ephemeral port of the caller.
func answers(forward netset.Set) netset.Set {
	back := forward.Reverse()
	return back.Intersect(withPorts).WithPorts(anyEphemeral).Union(back.Subtract(withPorts).WithPorts(netset.AllPorts))
}

// verdict is what the network ACL at a crossing does.
type verdict struct {
	crossing
	acl     *networkACL
	blocked netset.Set // empty if all is well
	partly  bool       // some passes
}

// judge evaluates the network ACL at a crossing. It blocks if nothing passes. Answers may pass to some of the ports
// only from which the caller may call: then some connections work and some do not.
func (n *Network) judge(ctx context.Context, c crossing) (verdict, error) {
	acl, err := n.aclOf(ctx, c.at.VPC, c.at.Subnet)
	if err != nil {
		return verdict{}, err
	}
	v := verdict{crossing: c, acl: acl}
	allowed := acl.allowed[c.direction]
	if c.packets.Intersect(allowed).IsEmpty() {
		v.blocked = c.packets
		return v, nil
	}
	if c.back && c.exact {
		v.blocked = c.packets.Intersect(usualAnswers(c.client)).Subtract(allowed)
		v.partly = true
	}
	return v, nil
}

// The packets to the ports that a caller surely uses.
var (
	toAnyEphemeral   = netset.Of(protocolOnly(TCP, anyEphemeral), protocolOnly(UDP, anyEphemeral))
	toLinuxEphemeral = netset.Of(protocolOnly(TCP, linuxEphemeral), protocolOnly(UDP, linuxEphemeral))
)

func usualAnswers(client Interface) netset.Set {
	if client.Kind == natKind || client.balancer {
		return toAnyEphemeral
	}
	return toLinuxEphemeral
}

// throughACLs returns which of the packets from f to t the network ACLs let through so that answers can come back.
func (n *Network) throughACLs(ctx context.Context, f, t Interface, w way, forward netset.Set) (netset.Set, error) {
	out, inner, outer := forward, netset.All(), netset.All()
	for _, c := range crossings(f, t, w, forward) {
		acl, err := n.aclOf(ctx, c.at.VPC, c.at.Subnet)
		if err != nil {
			return netset.Set{}, err
		}
		passed := acl.allowed[c.direction].Intersect(c.packets)
		switch {
		case !c.back && c.translated:
			out = out.Intersect(passed.FromAnywhere())
		case !c.back:
			out = out.Intersect(passed)
		case c.translated:
			outer = outer.Intersect(passed.ToAnywhere())
		default:
			inner = inner.Intersect(passed)
		}
	}
	out = out.Intersect(inner.Reverse().WithPorts(netset.AllPorts))
	return out.Intersect(outer.Reverse().WithPorts(netset.AllPorts)), nil
}
