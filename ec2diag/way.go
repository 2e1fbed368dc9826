package ec2diag

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// way is how packets get from one interface to another, as the route tables have it.
type way struct {
	// obstacles stop it. There is none if any pair of addresses has a way.
	obstacles []obstacle
	// nat is where the source address is exchanged, if it is.
	nat Interface
	// beyond is what the way goes through without being seen any more: a peering, a transit gateway, an appliance.
	beyond []beyond
	// gateway is what leads out of the VPC: "igw-…", "nat-…"; empty for a way within it.
	gateway string
}

// obstacle is one reason why a way ends.
type obstacle struct {
	kind        obstacleKind
	at          Interface // whose packets do not get on
	destination netip.Prefix
	table       *routeTable
	route       route            // zero for noRoute
	nat         types.NatGateway // where one plays a part
	back        bool             // it stops the answers
	text        string           // what is wrong, for a summary
}

type obstacleKind int

const (
	noRoute obstacleKind = iota + 1
	blackhole
	gatewayUnusable
	noPublicAddress
	publicAccessBlocked
)

// wayBetween finds the way from f to t and back.
func (n *Network) wayBetween(ctx context.Context, f, t Interface) (way, error) {
	var stopped [2]way // of IPv4 and of IPv6: what stops both has to be named for both
	for _, a := range f.Addresses {
		for _, b := range t.Addresses {
			if a.Addr().Is4() != b.Addr().Is4() {
				continue
			}
			w, err := n.wayOfPrefixes(ctx, f, t, a, b)
			if err != nil || len(w.obstacles) == 0 {
				return w, err
			}
			family := 0
			if a.Addr().Is6() {
				family = 1
			}
			if len(stopped[family].obstacles) == 0 {
				stopped[family] = w
			}
		}
	}
	stopped[0].obstacles = append(stopped[0].obstacles, stopped[1].obstacles...)
	return stopped[0], nil
}

func (n *Network) roundTrip(ctx context.Context, f, t Interface, a, b netip.Prefix) (way, error) {
	if !f.outside() && f.Subnet == t.Subnet {
		return way{}, nil
	}
	w, err := n.leg(ctx, f, b, false)
	if err != nil || w.nat.Subnet != "" {
		return w, err // what a NAT gateway sends out comes back to it
	}
	back, err := n.leg(ctx, t, a, true)
	for _, o := range back.obstacles {
		o.back = true
		w.obstacles = append(w.obstacles, o)
	}
	for _, b := range back.beyond {
		b.back = true
		w.beyond = append(w.beyond, b)
	}
	return w, err
}

// leg follows the routes from an interface towards a prefix. Back says that these are answers: what only lets out, or
// would give them another source address, will not do.
func (n *Network) leg(ctx context.Context, f Interface, to netip.Prefix, back bool) (way, error) {
	if f.outside() {
		return way{}, nil
	}
	table, r, ok, err := n.route(ctx, f.VPC, f.Subnet, to)
	if err != nil {
		return way{}, err
	}
	o := obstacle{at: f, destination: to, table: table, route: r}
	switch {
	case !ok:
		return stop(o, noRoute, "has no route to "+prefixText(to)), nil
	case r.blackhole:
		return n.blackholed(ctx, o)
	}
	switch kind := r.kind(); {
	case kind == "local":
		return way{}, nil
	case back && (kind == "nat" || kind == "eigw"):
		return stop(o, noRoute, "answers through "+r.target+", which lets nothing in from outside"), nil
	case kind == "igw":
		return n.throughInternetGateway(ctx, o)
	case kind == "nat":
		return n.throughNAT(ctx, o)
	case kind == "vpce" && r.list != "": // a gateway endpoint; one of a Gateway Load Balancer has a CIDR
		return way{gateway: r.target}, nil
	case kind == "eigw":
		return n.unlessBlocked(ctx, o, way{gateway: r.target}, types.BlockPublicAccessModeBlockBidirectional)
	}
	return way{gateway: r.target, beyond: []beyond{{table: table, route: r}}}, nil
}

func stop(o obstacle, kind obstacleKind, text string) way {
	o.kind, o.text = kind, text
	return way{obstacles: []obstacle{o}, gateway: o.route.target}
}

// route looks a prefix up in the table of a subnet.
func (n *Network) route(ctx context.Context, vpc, subnet string, to netip.Prefix) (*routeTable, route, bool, error) {
	table, err := n.tableOf(ctx, vpc, subnet)
	if err != nil {
		return nil, route{}, false, err
	}
	lists := map[string]prefixes{}
	for _, id := range table.neededLists(to) {
		if lists[id], err = n.prefixList(ctx, id); err != nil {
			return table, route{}, false, err
		}
	}
	r, ok := table.lookup(to, lists)
	return table, r, ok, nil
}

// blackholed adds what became of the target, where AWS still shows it.
func (n *Network) blackholed(ctx context.Context, o obstacle) (way, error) {
	text := "sends " + o.route.destination() + " into a blackhole: " + o.route.target
	if o.route.instance != "" {
		return stop(o, blackhole, fmt.Sprintf("%s of instance %s is gone or detached, or the instance is stopped", text,
			o.route.instance)), nil
	}
	if o.route.kind() != "nat" {
		return stop(o, blackhole, text+" is gone or detached"), nil
	}
	g, visible, err := n.natGateway(ctx, o.at.VPC, o.route.target)
	if err != nil {
		return way{}, err
	}
	o.nat = g
	if !visible {
		return stop(o, blackhole, text+" does not exist any more"), nil
	}
	return stop(o, blackhole, text+" is "+string(g.State)), nil
}

func (n *Network) throughInternetGateway(ctx context.Context, o obstacle) (way, error) {
	w, err := n.unlessBlocked(ctx, o, way{gateway: o.route.target},
		types.BlockPublicAccessModeBlockBidirectional, types.BlockPublicAccessModeBlockIngress)
	if err == nil && o.destination.Addr().Is4() && !o.at.hasPublic() {
		text := "has no public IPv4 address, without which " + o.route.target + " passes nothing on"
		if o.at.ID == "" {
			text = "gives what runs in it no public IPv4 address, without which " + o.route.target + " passes nothing on"
		}
		w.obstacles = append(w.obstacles, stop(o, noPublicAddress, text).obstacles...)
	}
	return w, err
}

// hasPublic reports a public IPv4 address, or that nothing is known against one.
func (i Interface) hasPublic() bool {
	if i.ID == "" {
		return !i.private
	}
	return i.Public.IsValid()
}

// unlessBlocked returns the way, or an obstacle if VPC Block Public Access is in one of the modes for the subnet. NAT
// and egress-only internet gateways only let out, so that block-ingress leaves them alone.
func (n *Network) unlessBlocked(
	ctx context.Context,
	o obstacle,
	w way,
	modes ...types.BlockPublicAccessMode,
) (way, error) {
	s, err := n.subnet(ctx, o.at.VPC, o.at.Subnet)
	if err != nil || s.BlockPublicAccessStates == nil {
		return w, err
	}
	if mode := s.BlockPublicAccessStates.InternetGatewayBlockMode; slices.Contains(modes, mode) {
		return stop(o, publicAccessBlocked, "may not use "+o.route.target+": VPC Block Public Access is "+string(mode)), nil
	}
	return w, nil
}

func (n *Network) throughNAT(ctx context.Context, o obstacle) (way, error) {
	g, visible, err := n.natGateway(ctx, o.at.VPC, o.route.target)
	switch {
	case err != nil:
		return way{}, err
	case !visible: // that of an account which shares the subnet; the route is active, so it exists
		return way{gateway: o.route.target, beyond: []beyond{{table: o.table, route: o.route}}}, nil
	}
	o.nat = g
	w := way{gateway: o.route.target, nat: natInterface(g)}
	if w.nat.Subnet != "" { // a regional NAT gateway sits in no subnet
		if w, err = n.behindNAT(ctx, w, o); err != nil {
			return w, err
		}
	}
	if g.State != types.NatGatewayStateAvailable && g.State != "" {
		unusable := stop(o, gatewayUnusable, "relies on "+o.route.target+", which is "+string(g.State))
		unusable.obstacles = append(unusable.obstacles, w.obstacles...)
		return unusable, nil
	}
	return w, nil
}

// behindNAT follows the way on from the subnet of a NAT gateway.
func (n *Network) behindNAT(ctx context.Context, w way, o obstacle) (way, error) {
	table, r, ok, err := n.route(ctx, o.at.VPC, w.nat.Subnet, o.destination)
	if err != nil {
		return way{}, err
	}
	public := o.nat.ConnectivityType != types.ConnectivityTypePrivate
	o.table, o.route, o.at = table, r, w.nat
	switch {
	case !ok:
		return stop(o, noRoute, "has no route to "+prefixText(o.destination)), nil
	case r.blackhole:
		return n.blackholed(ctx, o)
	case r.kind() == "nat":
		return stop(o, noRoute, "leads to "+r.target+" instead of an internet gateway"), nil
	case r.kind() == "igw" && !public:
		return stop(
			o,
			gatewayUnusable,
			"relies on "+aws.ToString(o.nat.NatGatewayId)+", which is private and has no way to the internet",
		), nil
	case r.kind() == "igw":
		return n.unlessBlocked(ctx, o, w, types.BlockPublicAccessModeBlockBidirectional)
	case r.kind() != "local":
		w.beyond = append(w.beyond, beyond{table: table, route: r})
	}
	return w, nil
}

func natInterface(g types.NatGateway) Interface {
	i := Interface{VPC: aws.ToString(g.VpcId), Subnet: aws.ToString(g.SubnetId), Kind: natKind}
	for _, a := range g.NatGatewayAddresses {
		if i.ID == "" {
			i.ID = aws.ToString(a.NetworkInterfaceId)
		}
		i.add(a.PrivateIp)
	}
	return i
}

// natKind is the type of a NAT gateway's interface, as EC2 writes it.
const natKind = "nat_gateway"
