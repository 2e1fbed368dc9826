package ec2diag

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// LoadBalancersAt returns the load balancers whose nodes have any of the addresses, public or private, each as the tail of
// its ARN ("app/web/50dc6c495c0c9188"), sorted. It goes by the description that Elastic Load Balancing gives its network
// interfaces ("Update the security groups for your Application Load Balancer").
func (n *Network) LoadBalancersAt(ctx context.Context, addresses ...netip.Addr) ([]string, error) {
	asked := map[string][]string{}
	for _, a := range addresses {
		switch {
		case a.Is6():
			asked["ipv6-addresses.ipv6-address"] = append(asked["ipv6-addresses.ipv6-address"], a.String())
		case a.IsPrivate():
			asked["addresses.private-ip-address"] = append(asked["addresses.private-ip-address"], a.String())
		default:
			asked["association.public-ip"] = append(asked["association.public-ip"], a.String())
		}
	}
	var tails []string
	var errs []error
	for name, values := range asked {
		slices.Sort(values)
		for part := range slices.Chunk(values, maxFilterValues) {
			list, err := n.networkInterfaces(ctx, "", name, part)
			errs = append(errs, err)
			for _, i := range list {
				if tail, ok := strings.CutPrefix(aws.ToString(i.Description), "ELB "); ok && strings.Count(tail, "/") == 2 {
					tails = append(tails, tail)
				}
			}
		}
	}
	slices.Sort(tails)
	return slices.Compact(tails), join(errs...)
}
