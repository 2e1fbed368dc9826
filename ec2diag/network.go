package ec2diag

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Network gathers the network of one account and region, VPC by VPC, each list once. All paths that share a Network
// share its calls. Safe for concurrent use.
type Network struct {
	api    NetworkAPI
	window diag.Window

	interfaces diag.MemoMap[string, []types.NetworkInterface] // by query
	subnets    diag.MemoMap[string, []types.Subnet]           // by query
	groups     diag.MemoMap[string, map[string]*securityGroup]
	lists      diag.MemoMap[string, []netip.Prefix]
	acls       diag.MemoMap[string, []*networkACL]
	tables     diag.MemoMap[string, []*routeTable]
	nats       diag.MemoMap[string, []types.NatGateway]
	endpoints  diag.MemoMap[string, []types.VpcEndpoint]

	others []*Network
	homes  homes
}

// NewNetwork makes a gatherer. The end of the window is the time to judge at.
func NewNetwork(api NetworkAPI, window diag.Window) *Network {
	return &Network{api: api, window: window}
}

// filter makes one filter.
func filter(name string, values ...string) types.Filter {
	return types.Filter{Name: aws.String(name), Values: values}
}

// inVPC narrows to VPCs.
func inVPC(vpcs ...string) []types.Filter { return []types.Filter{filter("vpc-id", vpcs...)} }

// pages is what the SDK's paginators have in common.
type pages[Out any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*ec2.Options)) (*Out, error)
}

// collect reads all pages. It returns what it got also when a page fails.
func collect[Out, Item any](ctx context.Context, p pages[Out], items func(*Out) []Item) ([]Item, error) {
	var all []Item
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return all, err
		}
		all = append(all, items(page)...)
	}
	return all, nil
}

// securityGroups returns the security groups of a VPC by id, ready to evaluate.
func (n *Network) securityGroups(ctx context.Context, vpc string) (map[string]*securityGroup, error) {
	n = n.home(ctx, vpc)
	return n.groups.Get(ctx, vpc, func(ctx context.Context) (map[string]*securityGroup, error) {
		p := ec2.NewDescribeSecurityGroupsPaginator(n.api, &ec2.DescribeSecurityGroupsInput{Filters: inVPC(vpc)})
		list, err := collect(
			ctx,
			p,
			func(o *ec2.DescribeSecurityGroupsOutput) []types.SecurityGroup { return o.SecurityGroups },
		)
		groups := map[string]*securityGroup{}
		for _, g := range list {
			groups[aws.ToString(g.GroupId)] = newSecurityGroup(g)
		}
		if err != nil {
			return groups, fmt.Errorf("describing the security groups of %s: %w", vpc, err)
		}
		return groups, nil
	})
}

// prefixList returns the entries of a prefix list, customer-managed or AWS-managed.
func (n *Network) prefixList(ctx context.Context, id string) ([]netip.Prefix, error) {
	return n.lists.Get(ctx, id, func(ctx context.Context) ([]netip.Prefix, error) {
		in := &ec2.GetManagedPrefixListEntriesInput{PrefixListId: aws.String(id)}
		entries, err := collect(ctx, ec2.NewGetManagedPrefixListEntriesPaginator(n.api, in),
			func(o *ec2.GetManagedPrefixListEntriesOutput) []types.PrefixListEntry { return o.Entries })
		var prefixes []netip.Prefix
		for _, e := range entries {
			if p, err := netip.ParsePrefix(aws.ToString(e.Cidr)); err == nil {
				prefixes = append(prefixes, p.Masked())
			}
		}
		if err != nil {
			return prefixes, fmt.Errorf("getting the entries of prefix list %s: %w", id, err)
		}
		return prefixes, nil
	})
}

// subnetsOf returns the subnets of a VPC, or, if the VPC is not known, the named ones.
func (n *Network) subnetsOf(ctx context.Context, vpc string, ids []string) ([]types.Subnet, error) {
	n = n.home(ctx, vpc)
	in, key := &ec2.DescribeSubnetsInput{Filters: inVPC(vpc)}, vpc
	if vpc == "" {
		in, key = &ec2.DescribeSubnetsInput{SubnetIds: ids}, fmt.Sprint(ids)
	}
	return n.subnets.Get(ctx, key, func(ctx context.Context) ([]types.Subnet, error) {
		list, err := collect(ctx, ec2.NewDescribeSubnetsPaginator(n.api, in),
			func(o *ec2.DescribeSubnetsOutput) []types.Subnet { return o.Subnets })
		if err != nil {
			return list, fmt.Errorf("describing the subnets %s: %w", key, err)
		}
		return list, nil
	})
}
