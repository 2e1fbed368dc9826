package ec2diag

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag/internal/netset"
)

const sourceGroupRules = "Amazon VPC user guide, Security group rules"

// maxListed is how many rules or interfaces a finding lists.
const maxListed = 8

var groupActions = []string{
	"ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:GetManagedPrefixListEntries",
}

const groupLimits = "Security groups of other accounts are not visible. A flow that was open when a rule was removed " +
	"may live on for a while."

// SecurityGroupBlocksIngress reports security groups at the end of a path that admit nothing of it.
var SecurityGroupBlocksIngress = &diag.Check[*Path]{
	Info: diag.Info{
		Code: "ec2.security-group-blocks-ingress", Title: "Security group lets the traffic not in",
		Doc: "No ingress rule of the security groups at the end of the path admits its protocol and port from its " +
			"beginning, by address, by prefix list or by group. Such packets are dropped, so the caller sees a timeout.",
		Severity: diag.SeverityError, Breaks: []diag.Mechanism{diag.NetworkPath},
		Actions: groupActions, Limits: groupLimits, Source: sourceGroupRules,
	},
	Run: func(ctx context.Context, p *Path) ([]diag.Finding, error) { return p.groupFindings(ctx, ingress) },
}

// SecurityGroupBlocksEgress reports security groups at the beginning of a path that let nothing of it out.
var SecurityGroupBlocksEgress = &diag.Check[*Path]{
	Info: diag.Info{
		Code: "ec2.security-group-blocks-egress", Title: "Security group lets the traffic not out",
		Doc: "No egress rule of the security groups at the beginning of the path admits its protocol and port to its " +
			"end. Such packets are dropped, so the caller sees a timeout.",
		Severity: diag.SeverityError, Breaks: []diag.Mechanism{diag.NetworkPath},
		Actions: groupActions, Limits: groupLimits, Source: sourceGroupRules,
	},
	Run: func(ctx context.Context, p *Path) ([]diag.Finding, error) { return p.groupFindings(ctx, egress) },
}

func (p *Path) groupFindings(ctx context.Context, d direction) ([]diag.Finding, error) {
	blocks, err := p.groupBlocks(ctx, d)
	var findings []diag.Finding
	for _, b := range blocks {
		findings = append(findings, p.groupFinding(b))
	}
	return findings, err
}

func (p *Path) groupFinding(b groupBlock) diag.Finding {
	at := b.nearest()
	mine, other := p.to.resource, p.from.resource
	if b.direction == egress {
		mine, other = other, mine
	}
	f := diag.Finding{
		Resource: diag.ResourceOf(typeSecurityGroup, at.id, at.arn), Summary: p.groupSummary(b, at, mine, other),
		Evidence: append(b.ruleEvidence(), b.wearers()...), NextSteps: p.groupSteps(b, at),
		Related: []diag.Related{
			{Resource: p.from.resource, Role: "from"}, {Resource: p.to.resource, Role: "to"},
		},
	}
	for _, g := range b.groups {
		if g != at {
			f.Related = append(
				f.Related,
				diag.Related{Resource: diag.ResourceOf(typeSecurityGroup, g.id, g.arn), Role: "security group"},
			)
		}
	}
	return f
}

func (p *Path) groupSummary(b groupBlock, at *securityGroup, mine, other diag.Resource) string {
	verb, preposition := "lets no "+p.Traffic()+" in", "from"
	if b.direction == egress {
		verb, preposition = "lets no "+p.Traffic()+" out", "to"
	}
	s := fmt.Sprintf("security group %s of %s %s %s %s", at.label(), label(mine), verb, preposition, label(other))
	if groups := peerGroups(b.peers); len(groups) > 0 {
		s += " (" + strings.Join(groups, ", ") + ")"
	}
	if len(b.groups) > 1 {
		s += fmt.Sprintf(", nor do the %d others it wears", len(b.groups)-1)
	}
	if b.all > 1 {
		s += fmt.Sprintf("; %d of %d network interfaces concerned", len(b.guarded), b.all)
	}
	if len(b.rules) == 0 {
		return s + ": no " + b.direction.String() + " rule at all"
	}
	return s
}

// label names a group by id and, if it has one, name.
func (g *securityGroup) label() string {
	if g.name == "" {
		return g.id
	}
	return g.id + " (" + g.name + ")"
}

func (b groupBlock) ruleEvidence() []diag.Evidence {
	field := [...]string{"IpPermissions", "IpPermissionsEgress"}[b.direction]
	var out []diag.Evidence
	for _, g := range b.groups {
		if len(g.rules(b.direction)) == 0 {
			out = append(out, groupEvidence(g.id+"."+field, "[]"))
		}
	}
	for i, r := range b.rules {
		if i == maxListed {
			return append(out, groupEvidence(field, fmt.Sprintf("%d more rules, none of which admits it", len(b.rules)-i)))
		}
		out = append(out, groupEvidence(r.group.id+"."+r.field, r.String()+": "+r.misses))
	}
	return out
}

func groupEvidence(field, value string) diag.Evidence {
	return diag.Evidence{Source: "ec2:DescribeSecurityGroups", Field: field, Value: value}
}

// wearers says of the interfaces that were looked up that they wear the groups.
func (b groupBlock) wearers() []diag.Evidence {
	var out []diag.Evidence
	for _, i := range b.guarded {
		if i.ID != "" && len(out) < maxListed {
			out = append(out, diag.Evidence{
				Source: "ec2:DescribeNetworkInterfaces", Field: i.ID + ".Groups", Value: strings.Join(i.Groups, ", "),
			})
		}
	}
	return out
}

func peerGroups(peers []Interface) []string {
	var ids []string
	for _, i := range peers {
		ids = append(ids, i.Groups...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (p *Path) groupSteps(b groupBlock, at *securityGroup) []diag.Step {
	command := "authorize-security-group-" + b.direction.String()
	return []diag.Step{
		{
			Text:    fmt.Sprintf("Find out who changed the rules of %s, and why.", at.id),
			Command: "aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue=" + at.id,
		},
		{
			Text: fmt.Sprintf("If the traffic is meant to pass, add the missing %s rule.", b.direction),
			Command: fmt.Sprintf("aws ec2 %s --group-id %s --ip-permissions '%s%s'", command, at.id,
				permission(p.protocol, p.ports()), permissionPeer(b.peers)),
			Doc:     "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
			Changes: true,
		},
	}
}

// permission writes a protocol and ports in the shorthand of the AWS CLI.
func permission(p Protocol, ports netset.Interval) string {
	switch {
	case p.hasPorts():
		return fmt.Sprintf("IpProtocol=%s,FromPort=%d,ToPort=%d", p, ports.Low, ports.High)
	case p.isICMP():
		return fmt.Sprintf("IpProtocol=%s,FromPort=-1,ToPort=-1", p)
	}
	return "IpProtocol=" + strconv.Itoa(int(p))
}

// permissionPeer writes the other side: by group where it has one, else by address.
func permissionPeer(peers []Interface) string {
	var groups, v4, v6 []string
	for _, i := range peers {
		if len(i.Groups) > 0 {
			groups = append(groups, "{GroupId="+i.Groups[0]+"}")
			continue
		}
		if i.internet() {
			v4 = append(v4, "{CidrIp="+anyIPv4.String()+"}")
			continue
		}
		for _, a := range i.Addresses {
			if a.Addr().Is4() {
				v4 = append(v4, "{CidrIp="+a.String()+"}")
			} else {
				v6 = append(v6, "{CidrIpv6="+a.String()+"}")
			}
		}
	}
	var out string
	for _, part := range []struct {
		name string
		list []string
	}{{"UserIdGroupPairs", groups}, {"IpRanges", v4}, {"Ipv6Ranges", v6}} {
		if list := slices.Compact(slices.Sorted(slices.Values(part.list))); len(list) > 0 {
			out += "," + part.name + "=[" + strings.Join(list, ",") + "]"
		}
	}
	return out
}
