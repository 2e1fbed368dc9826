package ec2diag

import (
	"cmp"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag/internal/netset"
)

// networkACL is a network ACL: for each direction its entries in the order in which AWS evaluates them, and what they
// let through all together.
type networkACL struct {
	id, vpc, owner string
	subnets        []string
	entries        [2][]aclEntry
	allowed        [2]netset.Set
}

// resource names the ACL in the account that owns it.
func (a *networkACL) resource() diag.Resource { return resource(typeNetworkACL, a.id).In(a.owner, "") }

type aclEntry struct {
	index     int // in the answer of the call
	number    int32
	allow     bool
	protocols netset.Interval
	ports     netset.Interval
	prefix    netip.Prefix
	set       netset.Set
}

// firstImplicit is the number from which on entries are the ones that AWS adds, written * in the console.
const firstImplicit = math.MaxInt16

func newNetworkACL(a types.NetworkAcl) *networkACL {
	acl := &networkACL{id: aws.ToString(a.NetworkAclId), vpc: aws.ToString(a.VpcId), owner: aws.ToString(a.OwnerId)}
	for _, s := range a.Associations {
		if s.SubnetId != nil {
			acl.subnets = append(acl.subnets, *s.SubnetId)
		}
	}
	for i, e := range a.Entries {
		d := ingress
		if aws.ToBool(e.Egress) {
			d = egress
		}
		if entry, ok := newACLEntry(i, d, e); ok {
			acl.entries[d] = append(acl.entries[d], entry)
		}
	}
	for d := range acl.entries {
		slices.SortStableFunc(acl.entries[d], func(x, y aclEntry) int { return cmp.Compare(x.number, y.number) })
		acl.allowed[d] = evaluate(acl.entries[d])
	}
	return acl
}

func newACLEntry(index int, d direction, e types.NetworkAclEntry) (aclEntry, bool) {
	protocols, ok := protocolsOf(aws.ToString(e.Protocol))
	prefix, err := netip.ParsePrefix(cmp.Or(aws.ToString(e.CidrBlock), aws.ToString(e.Ipv6CidrBlock)))
	if !ok || err != nil {
		return aclEntry{}, false
	}
	entry := aclEntry{
		index: index, number: aws.ToInt32(e.RuleNumber), allow: e.RuleAction == types.RuleActionAllow,
		protocols: protocols, ports: aclPorts(protocols, e), prefix: prefix.Masked(),
	}
	m := netset.Match{Protocols: protocols, Ports: entry.ports}
	if d == ingress {
		m.From = entry.prefix
	} else {
		m.To = entry.prefix
	}
	entry.set = netset.Of(m)
	return entry, true
}

func aclPorts(protocols netset.Interval, e types.NetworkAclEntry) netset.Interval {
	switch {
	case e.IcmpTypeCode != nil && Protocol(protocols.Low).isICMP():
		return portsOf(protocols, e.IcmpTypeCode.Type, e.IcmpTypeCode.Code)
	case e.PortRange != nil && Protocol(protocols.Low).hasPorts():
		return portsOf(protocols, e.PortRange.From, e.PortRange.To)
	}
	return netset.AllPorts
}

// evaluate returns what the entries let through: the first entry that matches a packet decides ("Network ACL rules").
func evaluate(entries []aclEntry) netset.Set {
	allowed, open := netset.Set{}, netset.All()
	for _, e := range entries {
		if e.allow {
			allowed = allowed.Union(e.set.Intersect(open))
		}
		open = open.Subtract(e.set)
	}
	return allowed
}

// denies returns the first entry that denies some of the packets; false if only the lack of an entry does.
func (a *networkACL) denies(d direction, packets netset.Set) (aclEntry, bool) {
	for _, e := range a.entries[d] {
		if !e.allow && !e.set.Intersect(packets).IsEmpty() {
			return e, true
		}
		packets = packets.Subtract(e.set)
	}
	return aclEntry{}, false
}

// String tells what the entry does: "rule 100 denies tcp 5432 with 10.0.0.0/16".
func (e aclEntry) String() string {
	number, verb := strconv.Itoa(int(e.number)), "denies"
	if e.number >= firstImplicit {
		number = "*"
	}
	if e.allow {
		verb = "allows"
	}
	return fmt.Sprintf("rule %s %s %s with %s", number, verb,
		trafficText(netset.Traffic{Protocols: e.protocols, Ports: e.ports}), prefixText(e.prefix))
}

// freeBefore returns the highest unused rule number below that of an entry; false if there is none.
func (a *networkACL) freeBefore(d direction, number int32) (int32, bool) {
	for n := min(number, firstImplicit) - 1; n > 0; n-- {
		if !slices.ContainsFunc(a.entries[d], func(e aclEntry) bool { return e.number == n }) {
			return n, true
		}
	}
	return 0, false
}
