package changes

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// rule is one permission of a security group, however the event wrote it: as a permission ("ipPermissions"), as a rule
// ("securityGroupRuleSet", in responses), or flat among the parameters, as EC2's first form of the call has it.
type rule struct {
	protocol, from, to string
	// peers are security groups, CIDR blocks and prefix lists.
	groups, v4, v6, lists []string
}

// rules tells which permissions a call was about.
func rules(c *call) string {
	word := "from"
	if strings.HasSuffix(c.name, "Egress") {
		word = "to"
	}
	var parts []string
	for _, r := range c.rules() {
		parts = append(parts, r.tell(word))
	}
	if len(parts) == 0 {
		parts = c.params.all("securityGroupRuleIds.securityGroupRuleId")
	}
	return some(parts)
}

func (c *call) rules() []rule {
	for _, from := range []node{
		c.response.get("revokedSecurityGroupRuleSet"), c.response.get("securityGroupRuleSet"),
		c.params.get("ipPermissions"), c.params.get("securityGroupRule"),
	} {
		var found []rule
		for _, n := range from.list() {
			if inner := n.get("securityGroupRule"); inner.value != nil {
				n = inner
			}
			if r := ruleOf(n); r.protocol != "" {
				found = append(found, r)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	if r := ruleOf(c.params); r.protocol != "" {
		return []rule{r}
	}
	return nil
}

func ruleOf(n node) rule {
	r := rule{protocol: n.first("ipProtocol"), from: n.first("fromPort"), to: n.first("toPort")}
	for _, path := range []string{"groups.groupId", "referencedGroupId", "referencedGroupInfo.groupId",
		"sourceSecurityGroupId",
		"sourceSecurityGroupName"} {
		r.groups = append(r.groups, n.all(path)...)
	}
	for _, path := range []string{"ipRanges.cidrIp", "cidrIpv4", "cidrIp"} {
		r.v4 = append(r.v4, n.all(path)...)
	}
	for _, path := range []string{"ipv6Ranges.cidrIpv6", "cidrIpv6"} {
		r.v6 = append(r.v6, n.all(path)...)
	}
	for _, path := range []string{"prefixListIds.prefixListId", "prefixListId"} {
		r.lists = append(r.lists, n.all(path)...)
	}
	return r
}

// tell tells the rule, with a word between what passes and who: "tcp 5000 from sg-0c46", "all traffic to 0.0.0.0/0".
func (r rule) tell(word string) string {
	s := r.protocol
	switch {
	case r.protocol == "-1":
		s = "all traffic"
	case r.from != "" && r.from != r.to && r.to != "":
		s += " " + r.from + "–" + r.to
	case r.from != "" && r.from != "-1":
		s += " " + r.from
	}
	peers := append(append(append(append([]string{}, r.groups...), r.v4...), r.v6...), r.lists...)
	if len(peers) > 0 {
		s += " " + word + " " + strings.Join(peers, ", ")
	}
	return s
}

// permissions writes the rules as the AWS CLI takes them in --ip-permissions; "" if a rule is not known in full.
func (c *call) permissions() string {
	type pair struct{ GroupId string }
	type v4 struct{ CidrIp string }
	type v6 struct{ CidrIpv6 string }
	type list struct{ PrefixListId string }
	type permission struct {
		IpProtocol       string
		FromPort, ToPort *int   `json:",omitempty"`
		UserIdGroupPairs []pair `json:",omitempty"`
		IpRanges         []v4   `json:",omitempty"`
		Ipv6Ranges       []v6   `json:",omitempty"`
		PrefixListIds    []list `json:",omitempty"`
	}
	var all []permission
	for _, r := range c.rules() {
		p := permission{IpProtocol: r.protocol, FromPort: number(r.from), ToPort: number(cmp.Or(r.to, r.from))}
		for _, id := range r.groups {
			p.UserIdGroupPairs = append(p.UserIdGroupPairs, pair{id})
		}
		for _, block := range r.v4 {
			p.IpRanges = append(p.IpRanges, v4{block})
		}
		for _, block := range r.v6 {
			p.Ipv6Ranges = append(p.Ipv6Ranges, v6{block})
		}
		for _, id := range r.lists {
			p.PrefixListIds = append(p.PrefixListIds, list{id})
		}
		if len(r.groups)+len(r.v4)+len(r.v6)+len(r.lists) == 0 {
			return ""
		}
		all = append(all, p)
	}
	text, err := json.Marshal(all)
	if err != nil || len(all) == 0 {
		return ""
	}
	return string(text)
}

func number(s string) *int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil
	}
	return &n
}

// routeTo tells a route and where it leads.
func routeTo(c *call) string {
	return c.route().String()
}

// entry tells an entry of a network ACL.
func entry(c *call) string {
	way := "ingress"
	if c.params.first("egress") == "true" {
		way = "egress"
	}
	parts := []string{"number " + c.params.first("ruleNumber"), way}
	if a := c.params.first("ruleAction"); a != "" {
		parts = append(parts, a)
	}
	if p := c.params.first("aclProtocol"); p != "" {
		parts = append(parts, cmp.Or(map[string]string{"6": "tcp", "17": "udp", "1": "icmp", "-1": "all traffic"}[p],
			"protocol "+p))
	}
	if from := c.params.first("portRange.from"); from != "" {
		parts = append(parts, "ports "+from+"–"+c.params.first("portRange.to"))
	}
	parts = append(parts, c.params.first("cidrBlock", "ipv6CidrBlock"))
	return oneLine(strings.Join(parts, " "))
}

// interfaceGroups tells which security groups a network interface was given, or what else of it was set.
func interfaceGroups(c *call) string {
	if groups := c.params.all("groupSet.groupId"); len(groups) > 0 {
		return "security groups " + some(groups)
	}
	return settings(c)
}

// steps is one step with a command, none if the command could not be made.
func steps(text, command string) []diag.Step {
	if command == "" {
		return nil
	}
	return []diag.Step{{Text: text, Command: command, Changes: true}}
}
