package ec2diag

import (
	"context"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/ec2diag/internal/netset"
)

// groupBlock is a set of security groups that lets nothing of a path through, and between whom.
type groupBlock struct {
	direction direction
	groups    []*securityGroup
	guarded   []Interface // who wears the groups
	peers     []Interface // the other side
	rules     []nearRule
	all       int // how many interfaces the guarded end has
}

// nearRule is a rule that was considered, and why it does not admit the path.
type nearRule struct {
	group *securityGroup
	groupRule
	misses string
}

// groupBlocks returns every set of security groups that blocks the path in a direction: egress at its beginning,
// ingress at its end. Groups block a pair of interfaces when nothing of the path passes between them.
func (p *Path) groupBlocks(ctx context.Context, d direction) ([]groupBlock, error) {
	from, to, err := p.ends(ctx)
	errs := []error{err}
	guarded, others := to, from
	if d == egress {
		guarded, others = from, to
	}
	var blocks []groupBlock
	for _, g := range guarded {
		groups, err := p.network.groupsOf(ctx, g)
		if errs = append(errs, err); err != nil {
			continue
		}
		lists, err := p.network.listsOf(ctx, groups, d)
		if errs = append(errs, err); err != nil {
			continue
		}
		for _, o := range others {
			if want := p.between(d, g, o); !same(g, o) && blocked(groups, d, o, lists, want) {
				blocks = merged(blocks, groupBlock{direction: d, groups: groups, guarded: []Interface{g}, peers: []Interface{o},
					all: len(guarded), rules: considered(groups, d, o, lists, want)})
			}
		}
	}
	return blocks, join(errs...)
}

// between returns the packets that the path is about at the guarded side.
func (p *Path) between(d direction, guarded, other Interface) netset.Set {
	if d == egress {
		return p.wanted(guarded, other)
	}
	return p.wanted(other, guarded)
}

// blocked reports that nothing of what is wanted gets through the groups.
func blocked(groups []*securityGroup, d direction, peer Interface, lists map[string]prefixes, want netset.Set) bool {
	return !want.IsEmpty() && passes(groups, d, peer, lists, want).IsEmpty()
}

// same reports one network interface at both ends: it reaches itself without asking anybody.
func same(a, b Interface) bool { return a.ID != "" && a.ID == b.ID }

// merged adds a block, or its interfaces to the block of the same groups.
func merged(blocks []groupBlock, b groupBlock) []groupBlock {
	key := strings.Join(sortedGroupIDs(b.groups), ",")
	for i := range blocks {
		if strings.Join(sortedGroupIDs(blocks[i].groups), ",") == key {
			blocks[i].guarded = distinct(append(blocks[i].guarded, b.guarded...))
			blocks[i].peers = distinct(append(blocks[i].peers, b.peers...))
			return blocks
		}
	}
	return append(blocks, b)
}

// considered says for each rule of the groups why it does not admit what is wanted.
func considered(
	groups []*securityGroup,
	d direction,
	peer Interface,
	lists map[string]prefixes,
	want netset.Set,
) []nearRule {
	var out []nearRule
	for _, g := range groups {
		for _, r := range g.rules(d) {
			out = append(out, nearRule{g, r, misses(r, d, peer, lists, want)})
		}
	}
	return out
}

// misses names what a rule would have to change to admit what is wanted.
func misses(r groupRule, d direction, peer Interface, lists map[string]prefixes, want netset.Set) string {
	var parts []string
	widened := r
	widened.protocols, widened.ports = netset.AllProtocols, netset.AllPorts
	if widened.set(d, peer, lists).Intersect(want).IsEmpty() {
		parts = append(parts, "another "+[...]string{"source", "destination"}[d])
	}
	widened = groupRule{prefix: anyIPv4, protocols: r.protocols, ports: netset.AllPorts}
	same := widened.set(d, peer, nil)
	widened.prefix = anyIPv6
	same = same.Union(widened.set(d, peer, nil))
	switch {
	case same.Intersect(want).IsEmpty():
		parts = append(parts, "another protocol")
	case same.WithPorts(r.ports).Intersect(want).IsEmpty():
		parts = append(parts, "another port")
	}
	return strings.Join(parts, ", ")
}

// nearest returns the group in which the missing rule belongs: one with a rule for the same port, else one with a rule
// for the same peer, else one made for a purpose rather than the VPC's default group.
func (b groupBlock) nearest() *securityGroup {
	score := func(g *securityGroup) int {
		if g.name == "default" {
			return -1
		}
		best := 0
		for _, r := range b.rules {
			if r.group == g {
				best = max(best, r.nearness())
			}
		}
		return best
	}
	return slices.MaxFunc(b.groups, func(x, y *securityGroup) int { return score(x) - score(y) })
}

// nearness grades a rule that misses by one thing only.
func (r nearRule) nearness() int {
	switch r.misses {
	case "another source", "another destination":
		return 2
	case "another port":
		return 1
	}
	return 0
}
