package ec2diag

import (
	"context"

	"github.com/awsdiag/awsdiag/diag"
)

// Beside makes a network look into others for VPCs that it does not see itself: those of other accounts and Regions,
// behind a peering connection, and those that another account shares. Call it before the network is used.
func (n *Network) Beside(others ...*Network) {
	for _, o := range others {
		if o != n {
			n.others = append(n.others, o)
		}
	}
}

// home returns the network that sees a VPC, by its route tables: every VPC has one. The network itself, if none does.
// What the others refuse is as if they did not see it: the question was not theirs.
func (n *Network) home(ctx context.Context, vpc string) *Network {
	if len(n.others) == 0 || vpc == "" {
		return n
	}
	found, err := n.homes.Get(ctx, vpc, func(ctx context.Context) (*Network, error) {
		own, err := n.tablesHere(ctx, vpc)
		if err != nil || len(own) > 0 {
			return n, nil
		}
		for _, o := range n.others {
			if seen, _ := o.tablesHere(ctx, vpc); len(seen) > 0 {
				return o, nil
			}
		}
		return n, ctx.Err()
	})
	if err != nil {
		return n
	}
	return found
}

// homes are the networks by the VPCs that they see.
type homes = diag.MemoMap[string, *Network]
