package ec2fake

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// maxPage is the largest page of the describe operations.
const maxPage = 1000

// find picks items and cuts a page of them.
func find[T any](
	c *Client,
	action string,
	k kind[T],
	items []T,
	ids []string,
	by []types.Filter,
	token *string,
	limit *int32,
) ([]T, *string, error) {
	found, err := k.pick(items, ids, by)
	if err != nil {
		return nil, nil, err
	}
	size := maxPage
	if limit != nil {
		size = min(size, int(*limit))
	}
	return diagfake.Page(&c.Recorder, action, found, token, size)
}

// DescribeVpcs answers ec2:DescribeVpcs.
func (c *Client) DescribeVpcs(
	ctx context.Context,
	in *ec2.DescribeVpcsInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeVpcsOutput, error) {
	const action = "ec2:DescribeVpcs"
	return diagfake.Serve(ctx, &c.Recorder, action, in, func(in *ec2.DescribeVpcsInput) (*ec2.DescribeVpcsOutput, error) {
		list, next, err := find(c, action, vpcs, c.VPCs, in.VpcIds, in.Filters, in.NextToken, in.MaxResults)
		return &ec2.DescribeVpcsOutput{Vpcs: list, NextToken: next}, err
	})
}

// DescribeDhcpOptions answers ec2:DescribeDhcpOptions.
func (c *Client) DescribeDhcpOptions(
	ctx context.Context,
	in *ec2.DescribeDhcpOptionsInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeDhcpOptionsOutput, error) {
	const action = "ec2:DescribeDhcpOptions"
	return diagfake.Serve(ctx, &c.Recorder, action, in,
		func(in *ec2.DescribeDhcpOptionsInput) (*ec2.DescribeDhcpOptionsOutput, error) {
			list, next, err := find(c, action, dhcpOptions, c.DHCPOptions, in.DhcpOptionsIds, in.Filters, in.NextToken,
				in.MaxResults)
			return &ec2.DescribeDhcpOptionsOutput{DhcpOptions: list, NextToken: next}, err
		})
}

// DescribeSubnets answers ec2:DescribeSubnets.
func (c *Client) DescribeSubnets(
	ctx context.Context,
	in *ec2.DescribeSubnetsInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeSubnetsOutput, error) {
	const action = "ec2:DescribeSubnets"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *ec2.DescribeSubnetsInput) (*ec2.DescribeSubnetsOutput, error) {
			list, next, err := find(c, action, subnets, c.Subnets, in.SubnetIds, in.Filters, in.NextToken, in.MaxResults)
			return &ec2.DescribeSubnetsOutput{Subnets: list, NextToken: next}, err
		},
	)
}

// DescribeSecurityGroups answers ec2:DescribeSecurityGroups.
func (c *Client) DescribeSecurityGroups(
	ctx context.Context,
	in *ec2.DescribeSecurityGroupsInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeSecurityGroupsOutput, error) {
	const action = "ec2:DescribeSecurityGroups"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *ec2.DescribeSecurityGroupsInput) (*ec2.DescribeSecurityGroupsOutput, error) {
			list, next, err := find(
				c,
				action,
				securityGroups,
				c.SecurityGroups,
				in.GroupIds,
				in.Filters,
				in.NextToken,
				in.MaxResults,
			)
			return &ec2.DescribeSecurityGroupsOutput{SecurityGroups: list, NextToken: next}, err
		},
	)
}

// DescribeNetworkInterfaces answers ec2:DescribeNetworkInterfaces.
func (c *Client) DescribeNetworkInterfaces(
	ctx context.Context,
	in *ec2.DescribeNetworkInterfacesInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeNetworkInterfacesOutput, error) {
	const action = "ec2:DescribeNetworkInterfaces"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *ec2.DescribeNetworkInterfacesInput) (*ec2.DescribeNetworkInterfacesOutput, error) {
			list, next, err := find(
				c,
				action,
				networkInterfaces,
				c.NetworkInterfaces,
				in.NetworkInterfaceIds,
				in.Filters,
				in.NextToken,
				in.MaxResults,
			)
			return &ec2.DescribeNetworkInterfacesOutput{NetworkInterfaces: list, NextToken: next}, err
		},
	)
}

// DescribeNetworkAcls answers ec2:DescribeNetworkAcls.
func (c *Client) DescribeNetworkAcls(
	ctx context.Context,
	in *ec2.DescribeNetworkAclsInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeNetworkAclsOutput, error) {
	const action = "ec2:DescribeNetworkAcls"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *ec2.DescribeNetworkAclsInput) (*ec2.DescribeNetworkAclsOutput, error) {
			list, next, err := find(
				c,
				action,
				networkACLs,
				c.NetworkACLs,
				in.NetworkAclIds,
				in.Filters,
				in.NextToken,
				in.MaxResults,
			)
			return &ec2.DescribeNetworkAclsOutput{NetworkAcls: list, NextToken: next}, err
		},
	)
}

// DescribeRouteTables answers ec2:DescribeRouteTables.
func (c *Client) DescribeRouteTables(
	ctx context.Context,
	in *ec2.DescribeRouteTablesInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeRouteTablesOutput, error) {
	const action = "ec2:DescribeRouteTables"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *ec2.DescribeRouteTablesInput) (*ec2.DescribeRouteTablesOutput, error) {
			list, next, err := find(
				c,
				action,
				routeTables,
				c.RouteTables,
				in.RouteTableIds,
				in.Filters,
				in.NextToken,
				in.MaxResults,
			)
			return &ec2.DescribeRouteTablesOutput{RouteTables: list, NextToken: next}, err
		},
	)
}

// DescribeNatGateways answers ec2:DescribeNatGateways.
func (c *Client) DescribeNatGateways(
	ctx context.Context,
	in *ec2.DescribeNatGatewaysInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeNatGatewaysOutput, error) {
	const action = "ec2:DescribeNatGateways"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *ec2.DescribeNatGatewaysInput) (*ec2.DescribeNatGatewaysOutput, error) {
			list, next, err := find(
				c,
				action,
				natGateways,
				c.NATGateways,
				in.NatGatewayIds,
				in.Filter,
				in.NextToken,
				in.MaxResults,
			)
			return &ec2.DescribeNatGatewaysOutput{NatGateways: list, NextToken: next}, err
		},
	)
}

// DescribeVpcEndpoints answers ec2:DescribeVpcEndpoints.
func (c *Client) DescribeVpcEndpoints(
	ctx context.Context,
	in *ec2.DescribeVpcEndpointsInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeVpcEndpointsOutput, error) {
	const action = "ec2:DescribeVpcEndpoints"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *ec2.DescribeVpcEndpointsInput) (*ec2.DescribeVpcEndpointsOutput, error) {
			list, next, err := find(
				c,
				action,
				vpcEndpoints,
				c.VPCEndpoints,
				in.VpcEndpointIds,
				in.Filters,
				in.NextToken,
				in.MaxResults,
			)
			return &ec2.DescribeVpcEndpointsOutput{VpcEndpoints: list, NextToken: next}, err
		},
	)
}

// GetManagedPrefixListEntries answers ec2:GetManagedPrefixListEntries.
func (c *Client) GetManagedPrefixListEntries(
	ctx context.Context,
	in *ec2.GetManagedPrefixListEntriesInput,
	_ ...func(*ec2.Options),
) (*ec2.GetManagedPrefixListEntriesOutput, error) {
	const action = "ec2:GetManagedPrefixListEntries"
	return diagfake.Serve(
		ctx,
		&c.Recorder,
		action,
		in,
		func(in *ec2.GetManagedPrefixListEntriesInput) (*ec2.GetManagedPrefixListEntriesOutput, error) {
			for _, l := range c.PrefixLists {
				if l.ID == aws.ToString(in.PrefixListId) {
					entries, next, err := diagfake.Page(&c.Recorder, action, l.Entries, in.NextToken, 100)
					return &ec2.GetManagedPrefixListEntriesOutput{Entries: entries, NextToken: next}, err
				}
			}
			return nil, diagfake.APIError("InvalidPrefixListID.NotFound",
				fmt.Sprintf("The prefix list ID '%s' does not exist", aws.ToString(in.PrefixListId)))
		},
	)
}

// DescribeVpcAttribute answers ec2:DescribeVpcAttribute.
func (c *Client) DescribeVpcAttribute(
	ctx context.Context,
	in *ec2.DescribeVpcAttributeInput,
	_ ...func(*ec2.Options),
) (*ec2.DescribeVpcAttributeOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "ec2:DescribeVpcAttribute", in, c.describeVpcAttribute)
}

func (c *Client) describeVpcAttribute(in *ec2.DescribeVpcAttributeInput) (*ec2.DescribeVpcAttributeOutput, error) {
	if _, err := vpcs.pick(c.VPCs, []string{aws.ToString(in.VpcId)}, nil); err != nil {
		return nil, err
	}
	attributes := VPCAttributes{DNSSupport: true}
	for _, a := range c.VPCAttributes {
		if a.VPC == aws.ToString(in.VpcId) {
			attributes = a
		}
	}
	out := &ec2.DescribeVpcAttributeOutput{VpcId: in.VpcId}
	switch in.Attribute {
	case types.VpcAttributeNameEnableDnsSupport:
		out.EnableDnsSupport = &types.AttributeBooleanValue{Value: aws.Bool(attributes.DNSSupport)}
	case types.VpcAttributeNameEnableDnsHostnames:
		out.EnableDnsHostnames = &types.AttributeBooleanValue{Value: aws.Bool(attributes.DNSHostnames)}
	default:
		return nil, diagfake.APIError(
			"InvalidParameterValue",
			fmt.Sprintf("Value (%s) for parameter attribute is invalid", in.Attribute),
		)
	}
	return out, nil
}
