package ec2fake

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// The error codes are those of "Error codes for the Amazon EC2 API".
var (
	securityGroups = kind[types.SecurityGroup]{
		func(g types.SecurityGroup) *string { return g.GroupId }, "InvalidGroup.NotFound",
		filters[types.SecurityGroup]{
			"vpc-id":     one(func(g types.SecurityGroup) *string { return g.VpcId }),
			"group-id":   one(func(g types.SecurityGroup) *string { return g.GroupId }),
			"group-name": one(func(g types.SecurityGroup) *string { return g.GroupName }),
		},
	}
	subnets = kind[types.Subnet]{
		func(s types.Subnet) *string { return s.SubnetId }, "InvalidSubnetID.NotFound",
		filters[types.Subnet]{
			"vpc-id":    one(func(s types.Subnet) *string { return s.VpcId }),
			"subnet-id": one(func(s types.Subnet) *string { return s.SubnetId }),
		},
	}
	networkACLs = kind[types.NetworkAcl]{
		func(a types.NetworkAcl) *string { return a.NetworkAclId }, "InvalidNetworkAclID.NotFound",
		filters[types.NetworkAcl]{
			"vpc-id": one(func(a types.NetworkAcl) *string { return a.VpcId }),
			"association.subnet-id": func(a types.NetworkAcl) (out []string) {
				for _, x := range a.Associations {
					out = append(out, some(x.SubnetId)...)
				}
				return out
			},
		},
	}
	routeTables = kind[types.RouteTable]{
		func(t types.RouteTable) *string { return t.RouteTableId }, "InvalidRouteTableID.NotFound",
		filters[types.RouteTable]{
			"vpc-id": one(func(t types.RouteTable) *string { return t.VpcId }),
			"association.subnet-id": func(t types.RouteTable) (out []string) {
				for _, x := range t.Associations {
					out = append(out, some(x.SubnetId)...)
				}
				return out
			},
			"association.main": func(t types.RouteTable) (out []string) {
				for _, x := range t.Associations {
					out = append(out, strconv.FormatBool(aws.ToBool(x.Main)))
				}
				return out
			},
		},
	}
	natGateways = kind[types.NatGateway]{
		func(g types.NatGateway) *string { return g.NatGatewayId }, "NatGatewayNotFound",
		filters[types.NatGateway]{
			"vpc-id":         one(func(g types.NatGateway) *string { return g.VpcId }),
			"nat-gateway-id": one(func(g types.NatGateway) *string { return g.NatGatewayId }),
			"subnet-id":      one(func(g types.NatGateway) *string { return g.SubnetId }),
			"state":          func(g types.NatGateway) []string { return []string{string(g.State)} },
		},
	}
	vpcEndpoints = kind[types.VpcEndpoint]{
		func(e types.VpcEndpoint) *string { return e.VpcEndpointId }, "InvalidVpcEndpointId.NotFound",
		filters[types.VpcEndpoint]{
			"vpc-id":          one(func(e types.VpcEndpoint) *string { return e.VpcId }),
			"service-name":    one(func(e types.VpcEndpoint) *string { return e.ServiceName }),
			"vpc-endpoint-id": one(func(e types.VpcEndpoint) *string { return e.VpcEndpointId }),
		},
	}
	networkInterfaces = kind[types.NetworkInterface]{
		func(n types.NetworkInterface) *string { return n.NetworkInterfaceId }, "InvalidNetworkInterfaceID.NotFound",
		filters[types.NetworkInterface]{
			"vpc-id":               one(func(n types.NetworkInterface) *string { return n.VpcId }),
			"subnet-id":            one(func(n types.NetworkInterface) *string { return n.SubnetId }),
			"network-interface-id": one(func(n types.NetworkInterface) *string { return n.NetworkInterfaceId }),
			"description":          one(func(n types.NetworkInterface) *string { return n.Description }),
			"group-id": func(n types.NetworkInterface) (out []string) {
				for _, g := range n.Groups {
					out = append(out, some(g.GroupId)...)
				}
				return out
			},
			"addresses.private-ip-address": func(n types.NetworkInterface) []string {
				out := some(n.PrivateIpAddress)
				for _, a := range n.PrivateIpAddresses {
					out = append(out, some(a.PrivateIpAddress)...)
				}
				return out
			},
			"association.public-ip": func(n types.NetworkInterface) []string {
				if n.Association == nil {
					return nil
				}
				return some(n.Association.PublicIp)
			},
			"ipv6-addresses.ipv6-address": func(n types.NetworkInterface) (out []string) {
				for _, a := range n.Ipv6Addresses {
					out = append(out, some(a.Ipv6Address)...)
				}
				return out
			},
			"attachment.instance-id": func(n types.NetworkInterface) []string {
				if n.Attachment == nil {
					return nil
				}
				return some(n.Attachment.InstanceId)
			},
		},
	}
	vpcs = kind[types.Vpc]{
		func(v types.Vpc) *string { return v.VpcId }, "InvalidVpcID.NotFound",
		filters[types.Vpc]{"vpc-id": one(func(v types.Vpc) *string { return v.VpcId })},
	}
	dhcpOptions = kind[types.DhcpOptions]{
		func(o types.DhcpOptions) *string { return o.DhcpOptionsId }, "InvalidDhcpOptionID.NotFound",
		filters[types.DhcpOptions]{"dhcp-options-id": one(func(o types.DhcpOptions) *string { return o.DhcpOptionsId })},
	}
	instances = kind[types.Instance]{
		func(i types.Instance) *string { return i.InstanceId }, "InvalidInstanceID.NotFound",
		filters[types.Instance]{
			"vpc-id":      one(func(i types.Instance) *string { return i.VpcId }),
			"subnet-id":   one(func(i types.Instance) *string { return i.SubnetId }),
			"instance-id": one(func(i types.Instance) *string { return i.InstanceId }),
			"tag:Name": func(i types.Instance) (out []string) {
				for _, t := range i.Tags {
					if aws.ToString(t.Key) == "Name" {
						out = append(out, some(t.Value)...)
					}
				}
				return out
			},
		},
	}
	instanceStatuses = kind[types.InstanceStatus]{
		func(s types.InstanceStatus) *string { return s.InstanceId }, "InvalidInstanceID.NotFound",
		filters[types.InstanceStatus]{},
	}
)
