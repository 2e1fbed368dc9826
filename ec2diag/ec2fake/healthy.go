package ec2fake

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// The ids of the world that [Healthy] makes.
const (
	VPC           = "vpc-0a1"
	PublicA       = "subnet-0a1pub"
	PublicB       = "subnet-0b1pub"
	PrivateA      = "subnet-0a1priv"
	PrivateB      = "subnet-0b1priv"
	MainTable     = "rtb-0main"
	PublicTable   = "rtb-0public"
	PrivateTable  = "rtb-0private"
	ACL           = "acl-0default"
	NATGateway    = "nat-0a1"
	Internet      = "igw-0a1"
	BalancerGroup = "sg-0alb"
	TaskGroup     = "sg-0task"
	DatabaseGroup = "sg-0db"
	EndpointGroup = "sg-0vpce"
	OfficeList    = "pl-0office"
	StorageList   = "pl-0s3"
	BalancerA     = "eni-0albA"
	BalancerB     = "eni-0albB"
	TaskA         = "eni-0taskA"
	TaskB         = "eni-0taskB"
	Database      = "eni-0db"
	NATInterface  = "eni-0nat"
	DHCPOptions   = "dopt-0a1"
	InstanceA     = "i-0hostA"
	InstanceFace  = "eni-0hostA"
	S3Endpoint    = "vpce-0s3"
	BalancerARN   = "app/web/50dc6c495c0c9188"
	TaskPort      = 8080
	DatabasePort  = 5432
)

// Healthy makes an account in which everything works: a VPC 10.0.0.0/16 with IPv6, two public and two private subnets,
// an internet and a NAT gateway, an S3 gateway endpoint, a load balancer, two tasks on port 8080, an instance, and a
// database on port 5432. A test takes it and breaks something.
func Healthy() *Client {
	return &Client{
		VPCs: []types.Vpc{{VpcId: aws.String(VPC), CidrBlock: aws.String("10.0.0.0/16"), OwnerId: aws.String("111122223333"),
			DhcpOptionsId:               aws.String(DHCPOptions),
			Ipv6CidrBlockAssociationSet: []types.VpcIpv6CidrBlockAssociation{{Ipv6CidrBlock: aws.String("2001:db8:1::/56")}}}},
		DHCPOptions:       []types.DhcpOptions{DHCP(DHCPOptions, "AmazonProvidedDNS")},
		VPCAttributes:     []VPCAttributes{{VPC: VPC, DNSSupport: true, DNSHostnames: true}},
		Subnets:           healthySubnets(),
		SecurityGroups:    healthyGroups(),
		NetworkInterfaces: healthyInterfaces(),
		RouteTables:       healthyTables(),
		NetworkACLs: []types.NetworkAcl{{
			NetworkAclId: aws.String(ACL), VpcId: aws.String(VPC), IsDefault: aws.Bool(true), Entries: OpenACL(),
			Associations: associations(PublicA, PublicB, PrivateA, PrivateB),
		}},
		NATGateways: []types.NatGateway{{
			NatGatewayId: aws.String(NATGateway), VpcId: aws.String(VPC), SubnetId: aws.String(PublicA),
			State: types.NatGatewayStateAvailable, ConnectivityType: types.ConnectivityTypePublic,
			NatGatewayAddresses: []types.NatGatewayAddress{{
				NetworkInterfaceId: aws.String(
					NATInterface,
				), PrivateIp: aws.String("10.0.0.5"), PublicIp: aws.String("203.0.113.5"),
				AllocationId: aws.String(
					"eipalloc-0nat",
				), IsPrimary: aws.Bool(true), Status: types.NatGatewayAddressStatusSucceeded,
			}},
		}},
		VPCEndpoints: []types.VpcEndpoint{{
			VpcEndpointId: aws.String(S3Endpoint), VpcId: aws.String(VPC), VpcEndpointType: types.VpcEndpointTypeGateway,
			ServiceName: aws.String("com.amazonaws.eu-west-1.s3"), State: "available", RouteTableIds: []string{PrivateTable},
		}},
		PrefixLists: []PrefixList{
			{ID: OfficeList, Name: "office", Entries: []types.PrefixListEntry{{Cidr: aws.String("198.51.100.0/24")}}},
			{
				ID:      StorageList,
				Name:    "com.amazonaws.eu-west-1.s3",
				Entries: []types.PrefixListEntry{{Cidr: aws.String("52.218.0.0/17")}},
			},
		},
		Instances: []types.Instance{{
			InstanceId: aws.String(InstanceA), VpcId: aws.String(VPC), SubnetId: aws.String(PrivateA),
			PrivateIpAddress: aws.String("10.0.10.40"), State: &types.InstanceState{Name: types.InstanceStateNameRunning},
			SecurityGroups: []types.GroupIdentifier{{GroupId: aws.String(TaskGroup)}},
		}},
		InstanceStatuses: []types.InstanceStatus{healthyStatus()},
	}
}

func healthySubnets() []types.Subnet {
	subnet := func(id, zone, v4, v6 string) types.Subnet {
		return types.Subnet{
			SubnetId: aws.String(id), VpcId: aws.String(VPC), AvailabilityZone: aws.String(zone), CidrBlock: aws.String(v4),
			OwnerId: aws.String("111122223333"), State: types.SubnetStateAvailable, AvailableIpAddressCount: aws.Int32(200),
			Ipv6CidrBlockAssociationSet: []types.SubnetIpv6CidrBlockAssociation{{Ipv6CidrBlock: aws.String(v6)}},
		}
	}
	return []types.Subnet{
		subnet(PublicA, "eu-west-1a", "10.0.0.0/24", "2001:db8:1::/64"),
		subnet(PublicB, "eu-west-1b", "10.0.1.0/24", "2001:db8:1:1::/64"),
		subnet(PrivateA, "eu-west-1a", "10.0.10.0/24", "2001:db8:1:10::/64"),
		subnet(PrivateB, "eu-west-1b", "10.0.11.0/24", "2001:db8:1:11::/64"),
	}
}

func healthyGroups() []types.SecurityGroup {
	all := []types.IpPermission{{
		IpProtocol: aws.String("-1"), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
		Ipv6Ranges: []types.Ipv6Range{{CidrIpv6: aws.String("::/0")}},
	}}
	group := func(id, name string, in ...types.IpPermission) types.SecurityGroup {
		return types.SecurityGroup{
			GroupId: aws.String(id), GroupName: aws.String(name), VpcId: aws.String(VPC), OwnerId: aws.String("111122223333"),
			IpPermissions: in, IpPermissionsEgress: all,
		}
	}
	web := TCP(443, FromCIDR("0.0.0.0/0"))
	web.Ipv6Ranges = []types.Ipv6Range{{CidrIpv6: aws.String("::/0")}}
	return []types.SecurityGroup{
		group(BalancerGroup, "web-alb", web),
		group(TaskGroup, "web-tasks", TCP(TaskPort, FromGroup(BalancerGroup)), TCP(22, FromList(OfficeList))),
		group(DatabaseGroup, "web-db", TCP(DatabasePort, FromGroup(TaskGroup))),
		group(EndpointGroup, "endpoints", TCP(443, FromCIDR("10.0.0.0/16"))),
	}
}

func healthyInterfaces() []types.NetworkInterface {
	face := func(id, subnet, v4, description string, groups ...string) types.NetworkInterface {
		n := types.NetworkInterface{
			NetworkInterfaceId: aws.String(id), VpcId: aws.String(VPC), SubnetId: aws.String(subnet),
			PrivateIpAddress: aws.String(v4), Description: aws.String(description), Status: types.NetworkInterfaceStatusInUse,
			InterfaceType: types.NetworkInterfaceTypeInterface,
		}
		for _, g := range groups {
			n.Groups = append(n.Groups, types.GroupIdentifier{GroupId: aws.String(g)})
		}
		return n
	}
	host := face(InstanceFace, PrivateA, "10.0.10.40", "", TaskGroup)
	host.Attachment = &types.NetworkInterfaceAttachment{InstanceId: aws.String(InstanceA)}
	nat := face(NATInterface, PublicA, "10.0.0.5", "Interface for NAT Gateway "+NATGateway)
	nat.InterfaceType = "nat_gateway"
	balancer := func(id, subnet, v4, public string) types.NetworkInterface {
		n := face(id, subnet, v4, "ELB "+BalancerARN, BalancerGroup)
		n.Association = &types.NetworkInterfaceAssociation{PublicIp: aws.String(public), IpOwnerId: aws.String("amazon-elb")}
		return n
	}
	return []types.NetworkInterface{
		balancer(BalancerA, PublicA, "10.0.0.10", "203.0.113.10"),
		balancer(BalancerB, PublicB, "10.0.1.10", "203.0.113.11"),
		face(TaskA, PrivateA, "10.0.10.20", "arn:aws:ecs:eu-west-1:111122223333:attachment/a", TaskGroup),
		face(TaskB, PrivateB, "10.0.11.20", "arn:aws:ecs:eu-west-1:111122223333:attachment/b", TaskGroup),
		face(Database, PrivateA, "10.0.10.30", "RDSNetworkInterface", DatabaseGroup),
		host, nat,
	}
}

func healthyTables() []types.RouteTable {
	table := func(id string, main bool, subnets []string, routes ...types.Route) types.RouteTable {
		t := types.RouteTable{RouteTableId: aws.String(id), VpcId: aws.String(VPC), OwnerId: aws.String("111122223333")}
		t.Routes = append([]types.Route{Route("10.0.0.0/16", "local"), RouteIPv6("2001:db8:1::/56", "local")}, routes...)
		if main {
			t.Associations = append(t.Associations, types.RouteTableAssociation{Main: aws.Bool(true)})
		}
		for _, s := range subnets {
			t.Associations = append(t.Associations, types.RouteTableAssociation{SubnetId: aws.String(s), Main: aws.Bool(false)})
		}
		return t
	}
	return []types.RouteTable{
		table(MainTable, true, nil),
		table(PublicTable, false, []string{PublicA, PublicB}, Route("0.0.0.0/0", Internet), RouteIPv6("::/0", Internet)),
		table(
			PrivateTable,
			false,
			[]string{PrivateA, PrivateB},
			Route("0.0.0.0/0", NATGateway),
			RouteIPv6("::/0", "eigw-0a1"),
			types.Route{
				DestinationPrefixListId: aws.String(StorageList),
				GatewayId:               aws.String(S3Endpoint),
				State:                   types.RouteStateActive,
			},
		),
	}
}

func healthyStatus() types.InstanceStatus {
	ok := &types.InstanceStatusSummary{Status: types.SummaryStatusOk, Details: []types.InstanceStatusDetails{
		{Name: types.StatusNameReachability, Status: types.StatusTypePassed},
	}}
	return types.InstanceStatus{
		InstanceId: aws.String(InstanceA), InstanceState: &types.InstanceState{Name: types.InstanceStateNameRunning},
		InstanceStatus: ok, SystemStatus: ok,
		AttachedEbsStatus: &types.EbsStatusSummary{Status: types.SummaryStatusOk},
	}
}
