package ec2fake

import (
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Client is a fake EC2 client. Its zero value is an empty account.
type Client struct {
	diagfake.Recorder

	VPCs              []types.Vpc
	Subnets           []types.Subnet
	SecurityGroups    []types.SecurityGroup
	NetworkInterfaces []types.NetworkInterface
	RouteTables       []types.RouteTable
	NetworkACLs       []types.NetworkAcl
	NATGateways       []types.NatGateway
	VPCEndpoints      []types.VpcEndpoint
	PrefixLists       []PrefixList
	DHCPOptions       []types.DhcpOptions
	// VPCAttributes holds the DNS attributes of VPCs that do not have the defaults of a VPC made by hand: DNS support
	// on, DNS host names off.
	VPCAttributes []VPCAttributes

	Instances        []types.Instance
	InstanceStatuses []types.InstanceStatus
	// VolumeStatuses are the statuses of volumes; a volume that stands nowhere else exists by its status.
	VolumeStatuses      []types.VolumeStatusItem
	InstanceTypes       []types.InstanceTypeInfo
	ProfileAssociations []types.IamInstanceProfileAssociation
	// ConsoleOutputs holds the console output of instances as plain text, by instance id.
	ConsoleOutputs map[string]ConsoleOutput
	// UserData holds the user data of instances as plain text, by instance id.
	UserData map[string]string
}

// PrefixList is a managed prefix list with its entries.
type PrefixList struct {
	ID, Name string
	Entries  []types.PrefixListEntry
}

// VPCAttributes are the DNS attributes of a VPC.
type VPCAttributes struct {
	VPC                      string
	DNSSupport, DNSHostnames bool
}
