package ec2diag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// NetworkAPI is what a [Network] calls.
type NetworkAPI interface {
	ec2.DescribeNetworkInterfacesAPIClient
	ec2.DescribeSecurityGroupsAPIClient
	ec2.DescribeSubnetsAPIClient
	ec2.DescribeNetworkAclsAPIClient
	ec2.DescribeRouteTablesAPIClient
	ec2.DescribeNatGatewaysAPIClient
	ec2.DescribeVpcEndpointsAPIClient
	ec2.GetManagedPrefixListEntriesAPIClient
}

// VPCAttributeAPI is what an [Egress] calls beside its network.
type VPCAttributeAPI interface {
	DescribeVpcAttribute(
		context.Context,
		*ec2.DescribeVpcAttributeInput,
		...func(*ec2.Options),
	) (*ec2.DescribeVpcAttributeOutput, error)
}

// ResolverAPI is what a [Resolver] calls beside its network.
type ResolverAPI interface {
	VPCAttributeAPI
	ec2.DescribeVpcsAPIClient
	ec2.DescribeDhcpOptionsAPIClient
}

// InstanceAPI is what an [Instance] calls. Console output is what the operating system wrote, and so data of the
// customer.
type InstanceAPI interface {
	ec2.DescribeInstancesAPIClient
	ec2.DescribeInstanceStatusAPIClient
	ec2.DescribeVolumeStatusAPIClient
	ec2.DescribeInstanceTypesAPIClient
	ec2.DescribeIamInstanceProfileAssociationsAPIClient
	GetConsoleOutput(
		context.Context,
		*ec2.GetConsoleOutputInput,
		...func(*ec2.Options),
	) (*ec2.GetConsoleOutputOutput, error)
}

// ContainerHostAPI is what [ContainerHosts] call. User data is the customer's; of it, the name of a cluster is kept.
type ContainerHostAPI interface {
	InstanceAPI
	DescribeInstanceAttribute(
		context.Context,
		*ec2.DescribeInstanceAttributeInput,
		...func(*ec2.Options),
	) (*ec2.DescribeInstanceAttributeOutput, error)
}

// ScalingGroupAPI is what a [ScalingGroup] calls, of EC2 Auto Scaling.
type ScalingGroupAPI interface {
	autoscaling.DescribeAutoScalingGroupsAPIClient
	autoscaling.DescribeScalingActivitiesAPIClient
}

var (
	_ ScalingGroupAPI = (*autoscaling.Client)(nil)
	_ InstanceAPI     = (*ec2.Client)(nil)

	_ ContainerHostAPI = (*ec2.Client)(nil)
	_ NetworkAPI       = (*ec2.Client)(nil)
	_ VPCAttributeAPI  = (*ec2.Client)(nil)
	_ ResolverAPI      = (*ec2.Client)(nil)
)
