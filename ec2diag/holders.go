package ec2diag

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Holder is the network interface that has an address.
type Holder struct {
	Address netip.Addr
	// Interface is "eni-…".
	Interface string
	// Instance is the instance that it is attached to, "i-…"; "" for what AWS runs, such as tasks, load balancers and
	// databases.
	Instance string
	// Description is what the service that made the interface says of it.
	Description string
	VPC         string
}

// LoadBalancer returns the tail of the ARN of the load balancer whose node has the address
// ("app/web/50dc6c495c0c9188"); "" if it is none. It goes by the description that Elastic Load Balancing gives its
// network interfaces ("Update the security groups for your Application Load Balancer").
func (h Holder) LoadBalancer() string {
	if tail, ok := strings.CutPrefix(h.Description, "ELB "); ok && strings.Count(tail, "/") == 2 {
		return tail
	}
	return ""
}

// Holders returns who has any of the addresses, public or private, sorted by address and interface: private addresses
// repeat between VPCs. A public address counts that belongs to the primary address of its interface
// ("association.public-ip", API_DescribeNetworkInterfaces).
func (n *Network) Holders(ctx context.Context, addresses ...netip.Addr) ([]Holder, error) {
	asked, plain := map[string][]string{}, make([]netip.Addr, len(addresses))
	ask := func(name string, a netip.Addr) { asked[name] = append(asked[name], a.String()) }
	for i, a := range addresses {
		a = a.Unmap()
		plain[i] = a
		if a.Is6() {
			ask("ipv6-addresses.ipv6-address", a)
			continue
		}
		ask("addresses.private-ip-address", a) // a VPC may have public ranges too
		if !a.IsPrivate() {
			ask("association.public-ip", a)
		}
	}
	var found []Holder
	var errs []error
	for name, values := range asked {
		slices.Sort(values)
		for part := range slices.Chunk(slices.Compact(values), maxFilterValues) {
			list, err := n.networkInterfaces(ctx, "", name, part)
			errs = append(errs, err)
			for _, i := range list {
				found = append(found, held(i, plain)...)
			}
		}
	}
	slices.SortFunc(found, func(a, b Holder) int {
		return cmp.Or(a.Address.Compare(b.Address), cmp.Compare(a.Interface, b.Interface))
	})
	return slices.Compact(found), join(errs...)
}

// held makes a holder of each of the addresses that a network interface has.
func held(i types.NetworkInterface, asked []netip.Addr) []Holder {
	h := Holder{Interface: aws.ToString(i.NetworkInterfaceId), Description: aws.ToString(i.Description),
		VPC: aws.ToString(i.VpcId)}
	if i.Attachment != nil {
		h.Instance = aws.ToString(i.Attachment.InstanceId)
	}
	has := []*string{i.PrivateIpAddress}
	if i.Association != nil {
		has = append(has, i.Association.PublicIp)
	}
	for _, a := range i.PrivateIpAddresses {
		if has = append(has, a.PrivateIpAddress); a.Association != nil {
			has = append(has, a.Association.PublicIp)
		}
	}
	for _, a := range i.Ipv6Addresses {
		has = append(has, a.Ipv6Address)
	}
	var found []Holder
	for _, text := range has {
		if address, err := netip.ParseAddr(aws.ToString(text)); err == nil && slices.Contains(asked, address) {
			h.Address = address
			found = append(found, h)
		}
	}
	return found
}
