package ec2diag

import (
	"context"
	"slices"
)

// sampleTLS is the port that stands for a rule which admits it among many.
const sampleTLS = 443

// Open is a network interface with a public address, and the TCP ports on which its security groups let everybody in.
type Open struct {
	Interface Interface
	// Ports are sorted, one for each rule: 443 for a rule that admits it, else the first that it admits.
	Ports []int32
}

// OpenToInternet returns what of an instance is meant to be reached from the internet: its network interfaces with
// public IPv4 addresses, with what their security groups let in from everywhere. It tells what is meant, not what gets
// through.
func (n *Network) OpenToInternet(ctx context.Context, instance string) ([]Open, error) {
	all, err := n.Locate(ctx, Location{Instances: []string{instance}})
	errs := []error{err}
	var found []Open
	for _, i := range all {
		if !i.Public.IsValid() {
			continue
		}
		groups, err := n.groupsOf(ctx, i)
		errs = append(errs, err)
		open := Open{Interface: i}
		for _, g := range groups {
			for _, r := range g.ingress {
				if r.prefix == anyIPv4 && r.protocols.Low <= uint16(TCP) && uint16(TCP) <= r.protocols.High {
					open.Ports = append(open.Ports, r.sample())
				}
			}
		}
		slices.Sort(open.Ports)
		if open.Ports = slices.Compact(open.Ports); len(open.Ports) > 0 {
			found = append(found, open)
		}
	}
	return found, join(errs...)
}

func (r groupRule) sample() int32 {
	if r.ports.Low <= sampleTLS && sampleTLS <= r.ports.High {
		return sampleTLS
	}
	return int32(r.ports.Low)
}
