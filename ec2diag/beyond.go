package ec2diag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// PathBeyondSight says where a path leaves what can be seen, and that it is assumed to go on from there.
var PathBeyondSight = &diag.Check[*Path]{
	Info: diag.Info{
		Code: "ec2.path-beyond-sight", Title: "Path leaves what can be seen",
		Doc: "The path goes through a peering connection, transit gateway, virtual private gateway, appliance or another " +
			"account's NAT gateway. What stands behind it is not visible from here; the path is assumed to go on.",
		Severity: diag.SeverityInfo, Confidence: diag.Possible, Actions: RouteMissing.Actions, Source: sourceRouteTables,
	},
	Run: func(ctx context.Context, p *Path) ([]diag.Finding, error) {
		pairs, err := p.ways(ctx)
		var targets []string
		var all []beyond
		for _, x := range pairs {
			for _, b := range x.way.beyond {
				targets = append(targets, b.route.target)
				if !slices.ContainsFunc(all, b.same) {
					all = append(all, b)
				}
			}
		}
		if len(all) == 0 {
			return nil, err
		}
		slices.Sort(targets)
		targets = slices.Compact(targets)
		slices.SortFunc(all, beyond.compare)
		var sides []string
		f := diag.Finding{}
		for _, b := range all {
			sides = append(sides, b.String())
			f.Evidence = append(f.Evidence, diag.Evidence{Source: sourceTables,
				Field: fmt.Sprintf("%s.Routes[%d]", b.table.id, b.route.index), Value: b.route.String()})
			if table := (diag.Related{Resource: b.table.resource(), Role: "route table"}); !slices.Contains(f.Related, table) {
				f.Related = append(f.Related, table)
			}
		}
		f.Summary = fmt.Sprintf("%s from %s to %s goes through %s and is assumed to pass there: %s", p.Traffic(),
			label(p.from.resource), label(p.to.resource), strings.Join(targets, ", "), strings.Join(sides, "; "))
		for _, target := range targets {
			f.NextSteps = append(f.NextSteps, assumption(target))
		}
		return []diag.Finding{f}, err
	},
}

// beyond is a route that leads out of sight.
type beyond struct {
	table *routeTable
	route route
	back  bool // it takes the answers
}

func (b beyond) same(o beyond) bool { return b.compare(o) == 0 }

func (b beyond) compare(o beyond) int {
	back := map[bool]int{true: 1}
	return cmp.Or(back[b.back]-back[o.back], cmp.Compare(b.table.id, o.table.id),
		cmp.Compare(b.route.index, o.route.index))
}

// String tells the side and the route: "there by rtb-0a, 10.1.0.0/16 to tgw-0a", "back by …".
func (b beyond) String() string {
	side := "there"
	if b.back {
		side = "back"
	}
	return side + " by " + b.table.id + ", " + b.route.String()
}

// assumptions are what has to hold behind a target for the path to go on, and how to look, by the kind of its id.
var assumptions = map[string][2]string{
	"pcx": {"the VPC behind it routes the answers back, its security groups and network ACLs admit the traffic, and rules " +
		"that refer to a security group of the other side are not stale",
		"aws ec2 describe-vpc-peering-connections --vpc-peering-connection-ids "},
	"tgw": {"the route table of its attachment leads on and back, the attachment has a subnet in this zone, and, where a " +
		"rule refers to a security group of another VPC, security group referencing is on for both attachments",
		"aws ec2 describe-transit-gateway-attachments --filters Name=transit-gateway-id,Values="},
	"vgw": {"the tunnels are up and the network behind them routes back",
		"aws ec2 describe-vpn-connections --filters Name=vpn-gateway-id,Values="},
	"vpce": {"the appliance behind the Gateway Load Balancer endpoint or the firewall lets the traffic pass",
		"aws ec2 describe-vpc-endpoints --vpc-endpoint-ids "},
	"eni": {"the appliance forwards the traffic and its source/destination check is off",
		"aws ec2 describe-network-interfaces --network-interface-ids "},
	"i": {"the appliance forwards the traffic and its source/destination check is off",
		"aws ec2 describe-instances --instance-ids "},
	"nat": {"the NAT gateway, which another account owns, is available and has a way on",
		"aws ec2 describe-nat-gateways --nat-gateway-ids "},
}

func assumption(target string) diag.Step {
	a, known := assumptions[route{target: target}.kind()]
	if !known {
		return diag.Step{Text: "Check what lies behind " + target + ": nothing of it is seen from here."}
	}
	return diag.Step{Text: "Check behind " + target + " that " + a[0] + ".", Command: a[1] + target}
}
