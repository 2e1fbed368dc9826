package ec2diag

import (
	"fmt"
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/ec2diag/internal/netset"
)

// securityGroup is a security group with its rules taken apart: one rule for each source or destination.
type securityGroup struct {
	id, arn, name, owner string
	ingress, egress      []groupRule
}

// groupRule admits traffic with one peer: a prefix, the members of a group, or the entries of a prefix list.
type groupRule struct {
	field     string // where it stands in the answer: "IpPermissions[0].IpRanges[1]"
	protocols netset.Interval
	ports     netset.Interval
	prefix    netip.Prefix
	group     string
	list      string
}

func newSecurityGroup(g types.SecurityGroup) *securityGroup {
	return &securityGroup{
		id: aws.ToString(g.GroupId), arn: aws.ToString(g.SecurityGroupArn), name: aws.ToString(g.GroupName),
		owner: aws.ToString(g.OwnerId), ingress: groupRules("IpPermissions", g.IpPermissions),
		egress: groupRules("IpPermissionsEgress", g.IpPermissionsEgress),
	}
}

func groupRules(field string, permissions []types.IpPermission) []groupRule {
	var rules []groupRule
	for i, p := range permissions {
		protocols, ok := protocolsOf(aws.ToString(p.IpProtocol))
		if !ok {
			continue
		}
		add := func(list string, j int, r groupRule) {
			r.field = fmt.Sprintf("%s[%d].%s[%d]", field, i, list, j)
			r.protocols, r.ports = protocols, portsOf(protocols, p.FromPort, p.ToPort)
			rules = append(rules, r)
		}
		for j, r := range p.IpRanges {
			if prefix, err := netip.ParsePrefix(aws.ToString(r.CidrIp)); err == nil {
				add("IpRanges", j, groupRule{prefix: prefix.Masked()})
			}
		}
		for j, r := range p.Ipv6Ranges {
			if prefix, err := netip.ParsePrefix(aws.ToString(r.CidrIpv6)); err == nil {
				add("Ipv6Ranges", j, groupRule{prefix: prefix.Masked()})
			}
		}
		for j, r := range p.UserIdGroupPairs {
			if r.GroupId != nil {
				add("UserIdGroupPairs", j, groupRule{group: *r.GroupId})
			}
		}
		for j, r := range p.PrefixListIds {
			if r.PrefixListId != nil {
				add("PrefixListIds", j, groupRule{list: *r.PrefixListId})
			}
		}
	}
	return rules
}

// String tells what the rule admits: "tcp 80 with 0.0.0.0/0".
func (r groupRule) String() string {
	peer := r.group + r.list
	if r.prefix.IsValid() {
		peer = prefixText(r.prefix)
	}
	return trafficText(netset.Traffic{Protocols: r.protocols, Ports: r.ports}) + " with " + peer
}

// direction tells the two sides of a security group apart.
type direction int

const (
	ingress direction = iota
	egress
)

func (d direction) String() string { return [...]string{"ingress", "egress"}[d] }

func (g *securityGroup) rules(d direction) []groupRule {
	if d == egress {
		return g.egress
	}
	return g.ingress
}

// set returns the packets that the rule admits, given the other side and the entries of prefix lists. A group is
// matched by who the other side is, whatever its address ("Security group rules", referencing security groups).
func (r groupRule) set(d direction, peer Interface, lists map[string]prefixes) netset.Set {
	var matches []netset.Match
	add := func(p netip.Prefix) {
		m := netset.Match{Protocols: r.protocols, Ports: r.ports}
		if d == ingress {
			m.From = p
		} else {
			m.To = p
		}
		matches = append(matches, m)
	}
	switch {
	case r.prefix.IsValid():
		add(r.prefix)
	case r.list != "":
		for _, p := range lists[r.list] {
			add(p)
		}
	case contains(peer.Groups, r.group):
		add(netip.Prefix{})
	}
	return netset.Of(matches...)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// passes returns the packets that the groups of one side let through in a direction. No groups let everything through.
func passes(
	groups []*securityGroup,
	d direction,
	peer Interface,
	lists map[string]prefixes,
	want netset.Set,
) netset.Set {
	if len(groups) == 0 {
		return want
	}
	var out netset.Set
	for _, g := range groups {
		for _, r := range g.rules(d) {
			out = out.Union(r.set(d, peer, lists).Intersect(want))
		}
	}
	return out
}
