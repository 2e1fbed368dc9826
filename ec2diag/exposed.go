package ec2diag

import (
	"context"
	"slices"
)

// InternetRoutes tells for each of the subnets of a VPC whether its route table leads to an internet gateway, so that
// who has a public address there can be reached from outside. Subnets whose table is not visible are left out, and told
// by the error.
func (n *Network) InternetRoutes(ctx context.Context, vpc string, subnets ...string) (map[string]bool, error) {
	leads := map[string]bool{}
	var errs []error
	for _, subnet := range subnets {
		_, r, ok, err := n.route(ctx, vpc, subnet, anyIPv4)
		if errs = append(errs, err); err == nil {
			leads[subnet] = ok && !r.blackhole && r.kind() == "igw"
		}
	}
	return leads, join(errs...)
}

// LetEverybodyIn returns those of the security groups that admit every IPv4 or every IPv6 address on a port, sorted.
func (n *Network) LetEverybodyIn(
	ctx context.Context, vpc string, groups []string, protocol Protocol, port int32,
) ([]string, error) {
	all, err := n.groupsOf(ctx, Interface{VPC: vpc, Groups: groups})
	var open []string
	for _, g := range all {
		if slices.ContainsFunc(g.ingress, func(r groupRule) bool {
			return (r.prefix == anyIPv4 || r.prefix == anyIPv6) && r.admits(protocol, port)
		}) {
			open = append(open, g.id)
		}
	}
	slices.Sort(open)
	return open, err
}

func (r groupRule) admits(protocol Protocol, port int32) bool {
	return r.protocols.Low <= uint16(protocol) && uint16(protocol) <= r.protocols.High &&
		(!protocol.hasPorts() || int32(r.ports.Low) <= port && port <= int32(r.ports.High))
}
