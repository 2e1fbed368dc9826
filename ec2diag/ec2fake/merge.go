package ec2fake

import (
	"encoding/base64"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Merge adds a recorded answer to the world and reports whether it knows what to do with it. What is merged twice
// stands once, the latest form of it. In is the SDK's input, out its output.
func (c *Client) Merge(in, out any) bool {
	switch o := out.(type) {
	case *ec2.DescribeVpcsOutput:
		vpcs.merge(&c.VPCs, o.Vpcs)
	case *ec2.DescribeSubnetsOutput:
		subnets.merge(&c.Subnets, o.Subnets)
	case *ec2.DescribeSecurityGroupsOutput:
		securityGroups.merge(&c.SecurityGroups, o.SecurityGroups)
	case *ec2.DescribeNetworkInterfacesOutput:
		networkInterfaces.merge(&c.NetworkInterfaces, o.NetworkInterfaces)
	case *ec2.DescribeRouteTablesOutput:
		routeTables.merge(&c.RouteTables, o.RouteTables)
	case *ec2.DescribeNetworkAclsOutput:
		networkACLs.merge(&c.NetworkACLs, o.NetworkAcls)
	case *ec2.DescribeNatGatewaysOutput:
		natGateways.merge(&c.NATGateways, o.NatGateways)
	case *ec2.DescribeVpcEndpointsOutput:
		vpcEndpoints.merge(&c.VPCEndpoints, o.VpcEndpoints)
	case *ec2.DescribeDhcpOptionsOutput:
		dhcpOptions.merge(&c.DHCPOptions, o.DhcpOptions)
	case *ec2.DescribePrefixListsOutput:
		c.mergePrefixLists(o.PrefixLists)
	case *ec2.DescribeVpcAttributeOutput:
		c.mergeAttribute(o)
	case *ec2.DescribeInstanceStatusOutput:
		instanceStatuses.merge(&c.InstanceStatuses, o.InstanceStatuses)
	case *ec2.DescribeVolumeStatusOutput:
		volumeStatuses.merge(&c.VolumeStatuses, o.VolumeStatuses)
	case *ec2.DescribeInstanceTypesOutput:
		instanceTypes.merge(&c.InstanceTypes, o.InstanceTypes)
	case *ec2.DescribeIamInstanceProfileAssociationsOutput:
		profileAssociations.merge(&c.ProfileAssociations, o.IamInstanceProfileAssociations)
	case *ec2.DescribeInstancesOutput:
		for _, r := range o.Reservations {
			instances.merge(&c.Instances, r.Instances)
		}
	default:
		return c.mergeByInput(in, out)
	}
	return true
}

// mergeByInput merges answers that do not say what was asked for.
func (c *Client) mergeByInput(in, out any) bool {
	switch o := out.(type) {
	case *ec2.GetManagedPrefixListEntriesOutput:
		if i, ok := in.(*ec2.GetManagedPrefixListEntriesInput); ok {
			c.mergeList(PrefixList{ID: aws.ToString(i.PrefixListId), Entries: o.Entries})
			return true
		}
	case *ec2.GetConsoleOutputOutput:
		c.mergeConsole(o)
		return true
	case *ec2.DescribeInstanceAttributeOutput:
		return c.mergeUserData(o)
	}
	return false
}

// merge replaces items of the same id in place and appends the others.
func (k kind[T]) merge(world *[]T, items []T) {
	for _, item := range items {
		placed := false
		for i := range *world {
			if aws.ToString(k.id((*world)[i])) == aws.ToString(k.id(item)) {
				(*world)[i], placed = item, true
			}
		}
		if !placed {
			*world = append(*world, item)
		}
	}
}

func (c *Client) mergePrefixLists(lists []types.PrefixList) {
	for _, l := range lists {
		merged := PrefixList{ID: aws.ToString(l.PrefixListId), Name: aws.ToString(l.PrefixListName)}
		for _, cidr := range l.Cidrs {
			merged.Entries = append(merged.Entries, types.PrefixListEntry{Cidr: aws.String(cidr)})
		}
		c.mergeList(merged)
	}
}

func (c *Client) mergeList(l PrefixList) {
	for i := range c.PrefixLists {
		if c.PrefixLists[i].ID == l.ID {
			c.PrefixLists[i] = l
			return
		}
	}
	c.PrefixLists = append(c.PrefixLists, l)
}

func (c *Client) mergeAttribute(o *ec2.DescribeVpcAttributeOutput) {
	a := &VPCAttributes{}
	for i := range c.VPCAttributes {
		if c.VPCAttributes[i].VPC == aws.ToString(o.VpcId) {
			a = &c.VPCAttributes[i]
		}
	}
	if a.VPC == "" {
		c.VPCAttributes = append(c.VPCAttributes, VPCAttributes{VPC: aws.ToString(o.VpcId), DNSSupport: true})
		a = &c.VPCAttributes[len(c.VPCAttributes)-1]
	}
	if o.EnableDnsSupport != nil {
		a.DNSSupport = aws.ToBool(o.EnableDnsSupport.Value)
	}
	if o.EnableDnsHostnames != nil {
		a.DNSHostnames = aws.ToBool(o.EnableDnsHostnames.Value)
	}
}

// mergeConsole takes text as EC2 encodes it or as the AWS CLI prints it.
func (c *Client) mergeConsole(o *ec2.GetConsoleOutputOutput) {
	text := aws.ToString(o.Output)
	if decoded, err := base64.StdEncoding.DecodeString(text); err == nil {
		text = string(decoded)
	}
	if c.ConsoleOutputs == nil {
		c.ConsoleOutputs = map[string]ConsoleOutput{}
	}
	c.ConsoleOutputs[aws.ToString(o.InstanceId)] = ConsoleOutput{text, aws.ToTime(o.Timestamp)}
}

// mergeUserData takes user data as EC2 encodes it.
func (c *Client) mergeUserData(o *ec2.DescribeInstanceAttributeOutput) bool {
	if o.UserData == nil {
		return false
	}
	text, err := base64.StdEncoding.DecodeString(aws.ToString(o.UserData.Value))
	if err != nil {
		return false
	}
	if c.UserData == nil {
		c.UserData = map[string]string{}
	}
	c.UserData[aws.ToString(o.InstanceId)] = string(text)
	return true
}
