package ec2diag

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// networkACLs returns the network ACLs of a VPC, ready to evaluate.
func (n *Network) networkACLs(ctx context.Context, vpc string) ([]*networkACL, error) {
	n = n.home(ctx, vpc)
	return n.acls.Get(ctx, vpc, func(ctx context.Context) ([]*networkACL, error) {
		p := ec2.NewDescribeNetworkAclsPaginator(n.api, &ec2.DescribeNetworkAclsInput{Filters: inVPC(vpc)})
		list, err := collect(ctx, p, func(o *ec2.DescribeNetworkAclsOutput) []types.NetworkAcl { return o.NetworkAcls })
		var acls []*networkACL
		for _, a := range list {
			acls = append(acls, newNetworkACL(a))
		}
		if err != nil {
			return acls, fmt.Errorf("describing the network ACLs of %s: %w", vpc, err)
		}
		return acls, nil
	})
}

// routeTables returns the route tables of a VPC.
func (n *Network) routeTables(ctx context.Context, vpc string) ([]*routeTable, error) {
	return n.home(ctx, vpc).tablesHere(ctx, vpc)
}

// tablesHere returns the route tables of a VPC as this account shows them.
func (n *Network) tablesHere(ctx context.Context, vpc string) ([]*routeTable, error) {
	return n.tables.Get(ctx, vpc, func(ctx context.Context) ([]*routeTable, error) {
		p := ec2.NewDescribeRouteTablesPaginator(n.api, &ec2.DescribeRouteTablesInput{Filters: inVPC(vpc)})
		list, err := collect(ctx, p, func(o *ec2.DescribeRouteTablesOutput) []types.RouteTable { return o.RouteTables })
		var tables []*routeTable
		for _, t := range list {
			tables = append(tables, newRouteTable(t))
		}
		if err != nil {
			return tables, fmt.Errorf("describing the route tables of %s: %w", vpc, err)
		}
		return tables, nil
	})
}

// NATGateways returns the NAT gateways of a VPC. Deleted ones stay visible for about an hour ("Delete a NAT gateway").
func (n *Network) NATGateways(ctx context.Context, vpc string) ([]types.NatGateway, error) {
	n = n.home(ctx, vpc)
	return n.nats.Get(ctx, vpc, func(ctx context.Context) ([]types.NatGateway, error) {
		p := ec2.NewDescribeNatGatewaysPaginator(n.api, &ec2.DescribeNatGatewaysInput{Filter: inVPC(vpc)})
		list, err := collect(ctx, p, func(o *ec2.DescribeNatGatewaysOutput) []types.NatGateway { return o.NatGateways })
		if err != nil {
			return list, fmt.Errorf("describing the NAT gateways of %s: %w", vpc, err)
		}
		return list, nil
	})
}

// VPCEndpoints returns the VPC endpoints of a VPC.
func (n *Network) VPCEndpoints(ctx context.Context, vpc string) ([]types.VpcEndpoint, error) {
	n = n.home(ctx, vpc)
	return n.endpoints.Get(ctx, vpc, func(ctx context.Context) ([]types.VpcEndpoint, error) {
		p := ec2.NewDescribeVpcEndpointsPaginator(n.api, &ec2.DescribeVpcEndpointsInput{Filters: inVPC(vpc)})
		list, err := collect(ctx, p, func(o *ec2.DescribeVpcEndpointsOutput) []types.VpcEndpoint { return o.VpcEndpoints })
		if err != nil {
			return list, fmt.Errorf("describing the VPC endpoints of %s: %w", vpc, err)
		}
		return list, nil
	})
}

// aclOf returns the network ACL of a subnet. Every subnet has one, so a missing one is one that cannot be seen: that of
// a subnet which another account shares.
func (n *Network) aclOf(ctx context.Context, vpc, subnet string) (*networkACL, error) {
	acls, err := n.networkACLs(ctx, vpc)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(acls, func(a *networkACL) bool { return slices.Contains(a.subnets, subnet) })
	if i < 0 {
		return nil, diag.Errorf(
			diag.KindIncomplete,
			"the network ACL of %s is not visible: its account may share the subnet",
			subnet,
		)
	}
	return acls[i], nil
}

// tableOf returns the route table of a subnet: its own, or else the main one of the VPC ("Subnet route tables").
func (n *Network) tableOf(ctx context.Context, vpc, subnet string) (*routeTable, error) {
	tables, err := n.routeTables(ctx, vpc)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(tables, func(t *routeTable) bool { return slices.Contains(t.subnets, subnet) })
	if i < 0 {
		i = slices.IndexFunc(tables, func(t *routeTable) bool { return t.main })
	}
	if i < 0 {
		return nil, diag.Errorf(
			diag.KindIncomplete,
			"the route table of %s is not visible: its account may share the subnet",
			subnet,
		)
	}
	return tables[i], nil
}

// natGateway returns a NAT gateway; false if the account does not show it.
func (n *Network) natGateway(ctx context.Context, vpc, id string) (types.NatGateway, bool, error) {
	list, err := n.NATGateways(ctx, vpc)
	i := slices.IndexFunc(list, func(g types.NatGateway) bool { return aws.ToString(g.NatGatewayId) == id })
	if i < 0 {
		return types.NatGateway{}, false, err
	}
	return list[i], true, nil
}

// subnet returns a subnet of a VPC.
func (n *Network) subnet(ctx context.Context, vpc, id string) (types.Subnet, error) {
	list, err := n.subnetsOf(ctx, vpc, []string{id})
	i := slices.IndexFunc(list, func(s types.Subnet) bool { return aws.ToString(s.SubnetId) == id })
	switch {
	case i >= 0:
		return list[i], nil
	case err != nil:
		return types.Subnet{}, err
	}
	return types.Subnet{}, diag.Errorf(diag.KindNotFound, "subnet %s does not exist in %s", id, vpc)
}
