package ec2diag

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// maxFilterValues is how many values a filter may have ("Resource filtering using the API", EC2 developer guide).
const maxFilterValues = 200

// Locate returns the interfaces of a location, sorted. It returns what it found along with an error for the rest.
func (n *Network) Locate(ctx context.Context, at Location) ([]Interface, error) {
	var found []Interface
	var errs []error
	for _, look := range []func(context.Context, Location) ([]Interface, error){
		n.byID, n.byInstance, n.byAddress, n.loadBalancer, n.inSubnets,
	} {
		interfaces, err := look(ctx, at)
		found, errs = append(found, interfaces...), append(errs, err)
	}
	if len(at.CIDRs) > 0 {
		found = append(found, Interface{Addresses: at.CIDRs})
	}
	slices.SortFunc(found, compareInterfaces)
	return found, join(errs...)
}

// Interfaces returns all network interfaces of a VPC, sorted. Ends made of them by [EndOf] need no call of their own.
func (n *Network) Interfaces(ctx context.Context, vpc string) ([]Interface, error) {
	return n.lookUp(ctx, "", "vpc-id", []string{vpc})
}

func (n *Network) byID(ctx context.Context, at Location) ([]Interface, error) {
	found, err := n.lookUp(ctx, at.VPC, "network-interface-id", at.Interfaces)
	for _, id := range at.Interfaces {
		if err == nil && !slices.ContainsFunc(found, func(i Interface) bool { return i.ID == id }) {
			err = diag.Errorf(diag.KindNotFound, "network interface %s does not exist", id)
		}
	}
	return found, err
}

func (n *Network) byInstance(ctx context.Context, at Location) ([]Interface, error) {
	found, err := n.lookUp(ctx, at.VPC, "attachment.instance-id", at.Instances)
	if err == nil && len(at.Instances) > 0 && len(found) == 0 {
		err = diag.Errorf(diag.KindNotFound, "no network interface of %s exists", strings.Join(at.Instances, ", "))
	}
	return found, err
}

// byAddress finds the interfaces that have the addresses. The others lie outside: on premises, in a peered network.
func (n *Network) byAddress(ctx context.Context, at Location) ([]Interface, error) {
	var v4, v6 []string
	for _, a := range at.Addresses {
		if a.Is4() {
			v4 = append(v4, a.String())
		} else {
			v6 = append(v6, a.String())
		}
	}
	found, err4 := n.lookUp(ctx, at.VPC, "addresses.private-ip-address", v4)
	more, err6 := n.lookUp(ctx, at.VPC, "ipv6-addresses.ipv6-address", v6)
	found = distinct(append(found, more...))
	missing := map[netip.Addr]bool{}
	for _, a := range at.Addresses {
		missing[a] = true
	}
	for i := range found {
		found[i].keep(missing)
	}
	if err := join(err4, err6); err != nil {
		return found, err
	}
	for _, a := range at.Addresses {
		if missing[a] {
			missing[a] = false
			found = append(found, Interface{Addresses: []netip.Prefix{netip.PrefixFrom(a, a.BitLen())}})
		}
	}
	return found, nil
}

// keep drops the addresses that nobody asked for and ticks the others off.
func (i *Interface) keep(asked map[netip.Addr]bool) {
	i.Addresses = slices.DeleteFunc(i.Addresses, func(p netip.Prefix) bool {
		_, wanted := asked[p.Addr()]
		return !wanted
	})
	for _, p := range i.Addresses {
		asked[p.Addr()] = false
	}
}

// loadBalancer finds the interfaces of a load balancer by the description that Elastic Load Balancing gives them
// ("Application Load Balancers", network interfaces of your load balancer).
func (n *Network) loadBalancer(ctx context.Context, at Location) ([]Interface, error) {
	if at.LoadBalancer == "" {
		return nil, nil
	}
	return n.lookUp(ctx, at.VPC, "description", []string{"ELB " + at.LoadBalancer})
}

// inSubnets makes a stand-in for each subnet, unless the load balancer's own interfaces were found.
func (n *Network) inSubnets(ctx context.Context, at Location) ([]Interface, error) {
	if len(at.Subnets) == 0 {
		return nil, nil
	}
	if known, err := n.loadBalancer(ctx, at); err != nil || len(known) > 0 {
		return nil, nil //nolint:nilerr // reported where it was looked up
	}
	subnets, err := n.subnetsOf(ctx, at.VPC, at.Subnets)
	if err != nil {
		return nil, err
	}
	groups := slices.Sorted(slices.Values(at.Groups))
	var found []Interface
	for _, id := range at.Subnets {
		i := slices.IndexFunc(subnets, func(s types.Subnet) bool { return aws.ToString(s.SubnetId) == id })
		if i < 0 {
			return found, diag.Errorf(diag.KindNotFound, "subnet %s does not exist", id)
		}
		found = append(found, Interface{
			VPC: aws.ToString(subnets[i].VpcId), Subnet: id, Groups: groups, Addresses: subnetPrefixes(subnets[i]),
			private: at.Private,
		})
	}
	return found, nil
}

func subnetPrefixes(s types.Subnet) []netip.Prefix {
	texts := []*string{s.CidrBlock}
	for _, a := range s.Ipv6CidrBlockAssociationSet {
		if a.Ipv6CidrBlockState == nil || a.Ipv6CidrBlockState.State == types.SubnetCidrBlockStateCodeAssociated {
			texts = append(texts, a.Ipv6CidrBlock)
		}
	}
	var out []netip.Prefix
	for _, t := range texts {
		if p, err := netip.ParsePrefix(aws.ToString(t)); err == nil {
			out = append(out, p.Masked())
		}
	}
	return out
}

// lookUp finds network interfaces by one filter, 200 values a call.
func (n *Network) lookUp(ctx context.Context, vpc, name string, values []string) ([]Interface, error) {
	var found []Interface
	for part := range slices.Chunk(values, maxFilterValues) {
		list, err := n.networkInterfaces(ctx, vpc, name, part)
		for _, i := range list {
			found = append(found, interfaceOf(i))
		}
		if err != nil {
			return found, err
		}
	}
	return distinct(found), nil
}

func (n *Network) networkInterfaces(
	ctx context.Context,
	vpc, name string,
	values []string,
) ([]types.NetworkInterface, error) {
	filters := []types.Filter{filter(name, values...)}
	if vpc != "" {
		filters = append(filters, filter("vpc-id", vpc))
	}
	key := fmt.Sprint(vpc, name, values)
	return n.interfaces.Get(ctx, key, func(ctx context.Context) ([]types.NetworkInterface, error) {
		p := ec2.NewDescribeNetworkInterfacesPaginator(n.api, &ec2.DescribeNetworkInterfacesInput{Filters: filters})
		list, err := collect(
			ctx,
			p,
			func(o *ec2.DescribeNetworkInterfacesOutput) []types.NetworkInterface { return o.NetworkInterfaces },
		)
		if err != nil {
			return list, fmt.Errorf("describing the network interfaces with %s %s: %w", name, strings.Join(values, ", "), err)
		}
		return list, nil
	})
}

// distinct sorts interfaces and keeps each once.
func distinct(list []Interface) []Interface {
	slices.SortFunc(list, compareInterfaces)
	return slices.CompactFunc(list, func(a, b Interface) bool { return compareInterfaces(a, b) == 0 })
}
