package ec2diag

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag/internal/netset"
)

// NetworkACLBlocks reports network ACLs that drop the packets of a path or their answers.
var NetworkACLBlocks = &diag.Check[*Path]{
	Info: diag.Info{
		Code: "ec2.network-acl-blocks", Title: "Network ACL drops the traffic",
		Doc: "A network ACL on the way drops the packets of the path, or the answers to them. Network ACLs keep no state: " +
			"the way out, the way in and the answers to the caller's ephemeral ports need rules of their own, and the " +
			"lowest numbered rule that matches decides.",
		Severity: diag.SeverityError, Breaks: []diag.Mechanism{diag.NetworkPath},
		Actions: []string{
			"ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces", "ec2:DescribeNatGateways", "ec2:DescribeRouteTables",
			"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:GetManagedPrefixListEntries",
		},
		Limits: "Network ACLs of another account's subnets are not visible. Which ephemeral ports a caller uses is " +
			"known for load balancers and NAT gateways, and taken to be those of Linux for all others.",
		Source: "Amazon VPC user guide, Control subnet traffic with network access control lists",
	},
	Run: func(ctx context.Context, p *Path) ([]diag.Finding, error) {
		verdicts, err := p.aclVerdicts(ctx)
		var findings []diag.Finding
		for _, v := range verdicts {
			findings = append(findings, p.aclFinding(v))
		}
		return findings, err
	},
}

// aclVerdicts returns one verdict for each network ACL, direction and leg that drops something, also where routes stop
// the way as well: the subnets at both ends are crossed by whatever way there will be.
func (p *Path) aclVerdicts(ctx context.Context) ([]verdict, error) {
	pairs, err := p.ways(ctx)
	errs := []error{err}
	var verdicts []verdict
	for _, x := range pairs {
		wanted := p.wanted(x.from, x.to)
		for _, c := range crossings(x.from, x.to, x.way, wanted) {
			v, err := p.network.judge(ctx, c)
			if errs = append(errs, err); err != nil || v.blocked.IsEmpty() {
				continue
			}
			around, err := p.network.passesAround(ctx, x, v, wanted)
			if errs = append(errs, err); !around {
				verdicts = addVerdict(verdicts, v)
			}
		}
	}
	return verdicts, join(errs...)
}

// passesAround reports that a verdict stops one way of several between two interfaces, such as that of IPv4, while some
// packets arrive over another.
func (n *Network) passesAround(ctx context.Context, x pair, v verdict, wanted netset.Set) (bool, error) {
	if v.partly || len(x.way.obstacles) > 0 || (x.from.exact() && x.to.exact() && len(x.from.Addresses) == 1) {
		return false, nil
	}
	passing, err := n.between(ctx, x.from, x.to, wanted)
	return !passing.IsEmpty(), err
}

// addVerdict keeps one verdict for each ACL, direction and leg, with the packets of all.
func addVerdict(verdicts []verdict, v verdict) []verdict {
	for i := range verdicts {
		o := &verdicts[i]
		if o.acl == v.acl && o.direction == v.direction && o.back == v.back {
			o.partly = o.partly && v.partly
			o.blocked = o.blocked.Union(v.blocked)
			return verdicts
		}
	}
	return append(verdicts, v)
}

func (p *Path) aclFinding(v verdict) diag.Finding {
	f := diag.Finding{
		Resource: v.acl.resource(),
		Summary:  p.aclSummary(v),
		Evidence: v.evidence(), NextSteps: v.steps(),
		Related: []diag.Related{
			{Resource: resource(typeSubnet, v.at.Subnet), Role: "subnet"},
			{Resource: p.from.resource, Role: "from"}, {Resource: p.to.resource, Role: "to"},
		},
	}
	if v.partly {
		f.Severity = diag.SeverityWarning
	}
	return f
}

func (p *Path) aclSummary(v verdict) string {
	what, verb := p.Traffic(), "drops "
	if v.back {
		what = "the answers to " + what
	}
	if v.partly {
		var ports []string
		for _, t := range v.blocked.Traffic() {
			ports = append(ports, fmt.Sprintf("%d-%d", t.Ports.Low, t.Ports.High))
		}
		what += " for callers on ports " + strings.Join(ports, ", ")
	}
	side := [...]string{"into", "out of"}[v.direction]
	return fmt.Sprintf("network ACL %s %s%s from %s to %s on the way %s %s: %s", v.acl.id, verb, what,
		label(p.from.resource), label(p.to.resource), side, v.at.Subnet, v.decided())
}

// decided tells which rule drops the packets.
func (v verdict) decided() string {
	if e, ok := v.acl.denies(v.direction, v.blocked); ok && e.number < firstImplicit {
		return e.String()
	}
	return "no rule allows it"
}

func (v verdict) evidence() []diag.Evidence {
	const source = "ec2:DescribeNetworkAcls"
	deny, denied := v.acl.denies(v.direction, v.blocked)
	var out []diag.Evidence
	for _, e := range v.acl.entries[v.direction] {
		if len(out) == maxListed || (denied && e.number > deny.number) {
			break
		}
		out = append(
			out,
			diag.Evidence{Source: source, Field: fmt.Sprintf("%s.Entries[%d]", v.acl.id, e.index), Value: e.String()},
		)
	}
	if len(out) == 0 {
		out = append(
			out,
			diag.Evidence{Source: source, Field: v.acl.id + ".Entries", Value: "no " + v.direction.String() + " entry"},
		)
	}
	return append(out, diag.Evidence{
		Source: source, Field: v.acl.id + ".Associations", Value: strings.Join(v.acl.subnets, ", "),
	})
}

// maxSteps is how many changes a finding proposes.
const maxSteps = 3

func (v verdict) steps() []diag.Step {
	number := int32(firstImplicit)
	if e, ok := v.acl.denies(v.direction, v.blocked); ok {
		number = e.number
	}
	before := number
	if _, ok := v.acl.freeBefore(v.direction, before); !ok {
		return []diag.Step{
			{Text: fmt.Sprintf("Rule %d of %s denies it, and no lower number is free: change that rule.", number, v.acl.id),
				Command: "aws ec2 describe-network-acls --network-acl-ids " + v.acl.id},
		}
	}
	var steps []diag.Step
	for _, peer := range v.peers() {
		for _, t := range v.blocked.Traffic() {
			free, ok := v.acl.freeBefore(v.direction, before)
			if !ok || len(steps) == maxSteps {
				return steps
			}
			before = free
			steps = append(steps, diag.Step{
				Text: fmt.Sprintf("If the traffic is meant to pass, allow it before rule %d.", number),
				Command: fmt.Sprintf(
					"aws ec2 create-network-acl-entry --network-acl-id %s --%s --rule-number %d --protocol %d%s %s --rule-action "+
						"allow",
					v.acl.id,
					v.direction,
					free,
					t.Protocols.Low,
					aclPortsText(t),
					aclPeerText(peer),
				),
				Doc: "https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html", Changes: true,
			})
		}
	}
	return steps
}

// peers returns the prefixes of the other side of the crossing.
func (v verdict) peers() []string {
	if v.direction == ingress {
		return v.blocked.Sources()
	}
	return v.blocked.Destinations()
}

func aclPortsText(t netset.Traffic) string {
	switch p := Protocol(t.Protocols.Low); {
	case p.hasPorts():
		return fmt.Sprintf(" --port-range From=%d,To=%d", t.Ports.Low, t.Ports.High)
	case p.isICMP():
		return " --icmp-type-code Type=-1,Code=-1"
	}
	return ""
}

func aclPeerText(prefix string) string {
	if strings.Contains(prefix, ":") {
		return "--ipv6-cidr-block " + prefix
	}
	return "--cidr-block " + prefix
}
