package ec2diag

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"sync"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag/internal/netset"
)

// Path is the way from one end to another for one protocol and port. It is answered from the configuration alone: no
// packet is sent.
type Path struct {
	network  *Network
	from, to End
	protocol Protocol
	port     int32

	fromAt, toAt diag.Memo[[]Interface]
	pairs        diag.Memo[[]pair]
}

// pair is one interface of each end, and the way between them.
type pair struct {
	from, to Interface
	way      way
}

// NewPath makes a path. Port is the destination port of TCP and UDP, from 0 to 65535, and is ignored for every other
// protocol. Many paths of one network share its calls.
func NewPath(network *Network, from, to End, protocol Protocol, port int32) *Path {
	return &Path{network: network, from: from, to: to, protocol: protocol, port: min(max(port, 0), 65535)}
}

// Resource names the path by its two ends and its traffic, in the account where it begins. The type is that of a path
// of Reachability Analyzer.
func (p *Path) Resource() diag.Resource {
	r := resource(typePath, fmt.Sprintf("%s to %s, %s", label(p.from.resource), label(p.to.resource), p.Traffic()))
	return r.In(p.from.resource.Account, p.from.resource.Region).In(p.to.resource.Account, p.to.resource.Region)
}

// Traffic names the protocol and port: "tcp 443".
func (p *Path) Traffic() string { return traffic(p.protocol, p.port) }

// From returns where the path begins.
func (p *Path) From(ctx context.Context) ([]Interface, error) {
	return p.fromAt.Get(ctx, func(ctx context.Context) ([]Interface, error) { return p.network.resolve(ctx, p.from) })
}

// To returns where the path ends.
func (p *Path) To(ctx context.Context) ([]Interface, error) {
	return p.toAt.Get(ctx, func(ctx context.Context) ([]Interface, error) { return p.network.resolve(ctx, p.to) })
}

func (n *Network) resolve(ctx context.Context, e End) ([]Interface, error) {
	switch {
	case e.find != nil:
		return e.find(ctx)
	case e.locate == nil:
		return e.known, nil
	}
	at, err := e.locate(ctx)
	if err != nil {
		return nil, fmt.Errorf("locating %s: %w", e.resource, err)
	}
	interfaces, err := n.Locate(ctx, at)
	if err != nil {
		return interfaces, fmt.Errorf("locating %s: %w", e.resource, err)
	}
	return interfaces, nil
}

// ends returns both ends, looked up side by side.
func (p *Path) ends(ctx context.Context) (from, to []Interface, err error) {
	var errFrom, errTo error
	if p.from.fixed() || p.to.fixed() { // nothing to wait for at one end
		from, errFrom = p.From(ctx)
		to, errTo = p.To(ctx)
		return from, to, join(errFrom, errTo)
	}
	var group sync.WaitGroup
	group.Go(func() { from, errFrom = p.From(ctx) })
	group.Go(func() { to, errTo = p.To(ctx) })
	group.Wait()
	return from, to, join(errFrom, errTo)
}

// ways returns every pair of interfaces with the way between them. It returns the pairs that it could see along with
// the error for the others.
func (p *Path) ways(ctx context.Context) ([]pair, error) {
	return p.pairs.Get(ctx, func(ctx context.Context) ([]pair, error) {
		from, to, err := p.ends(ctx)
		errs := []error{err, p.network.warm(ctx, from, to)}
		var pairs []pair
		for _, f := range from {
			for _, t := range to {
				if same(f, t) {
					continue
				}
				w, err := p.network.wayBetween(ctx, f, t)
				if errs = append(errs, err); err == nil {
					pairs = append(pairs, pair{f, t, w})
				}
			}
		}
		return pairs, join(errs...)
	})
}

// warm asks side by side for what a way out of a VPC will need, so that it is not asked for one after the other.
func (n *Network) warm(ctx context.Context, from, to []Interface) error {
	leaves := map[string]bool{}
	for _, f := range from {
		for _, t := range to {
			if f.VPC != t.VPC {
				leaves[f.VPC], leaves[t.VPC] = true, true
			}
		}
	}
	delete(leaves, "")
	var group sync.WaitGroup
	errs := make([][3]error, len(leaves))
	for i, vpc := range slices.Sorted(maps.Keys(leaves)) {
		group.Go(func() { _, errs[i][0] = n.routeTables(ctx, vpc) })
		group.Go(func() { _, errs[i][1] = n.NATGateways(ctx, vpc) })
		group.Go(func() { _, errs[i][2] = n.subnetsOf(ctx, vpc, nil) })
	}
	group.Wait()
	var all []error
	for _, e := range errs {
		all = append(all, e[:]...)
	}
	return join(all...)
}

// wanted returns the packets that the path is about, between two interfaces.
func (p *Path) wanted(from, to Interface) netset.Set {
	return wanted(from, to, p.protocols(), p.ports())
}

func (p *Path) protocols() netset.Interval {
	return netset.Interval{Low: uint16(p.protocol), High: uint16(p.protocol)}
}

func (p *Path) ports() netset.Interval {
	if p.protocol.hasPorts() {
		return netset.Interval{Low: uint16(p.port), High: uint16(p.port)}
	}
	return netset.AllPorts
}

func wanted(from, to Interface, protocols, ports netset.Interval) netset.Set {
	var matches []netset.Match
	for _, a := range from.Addresses {
		for _, b := range to.Addresses {
			matches = append(matches, netset.Match{From: a, To: b, Protocols: protocols, Ports: ports})
		}
	}
	return netset.Of(matches...)
}

// prefixes are the entries of a prefix list.
type prefixes = []netip.Prefix

// listsOf returns the entries of the prefix lists that the groups refer to.
func (n *Network) listsOf(ctx context.Context, groups []*securityGroup, d direction) (map[string]prefixes, error) {
	lists := map[string]prefixes{}
	var errs []error
	for _, g := range groups {
		for _, r := range g.rules(d) {
			if _, known := lists[r.list]; r.list == "" || known {
				continue
			}
			entries, err := n.prefixList(ctx, r.list)
			lists[r.list], errs = entries, append(errs, err)
		}
	}
	return lists, join(errs...)
}

// groupsOf returns the security groups of an interface.
func (n *Network) groupsOf(ctx context.Context, i Interface) ([]*securityGroup, error) {
	if len(i.Groups) == 0 || i.VPC == "" {
		return nil, nil
	}
	all, err := n.securityGroups(ctx, i.VPC)
	if err != nil {
		return nil, err
	}
	var groups []*securityGroup
	for _, id := range i.Groups {
		g := all[id]
		if g == nil {
			return groups, diag.Errorf(diag.KindNotFound, "security group %s of %s is not visible in %s", id, i.name(), i.VPC)
		}
		groups = append(groups, g)
	}
	return groups, nil
}

func sortedGroupIDs(groups []*securityGroup) []string {
	var ids []string
	for _, g := range groups {
		ids = append(ids, g.id)
	}
	slices.Sort(ids)
	return ids
}
