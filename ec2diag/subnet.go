package ec2diag

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// Subnet is a subnet of a [Network].
type Subnet struct {
	network *Network
	id      string
	beside  []string // those that it is described together with, itself included
	vpc     string   // if it is described with all those of its VPC
}

// NewSubnet makes a subnet, "subnet-…".
func NewSubnet(network *Network, id string) *Subnet {
	return &Subnet{network: network, id: id, beside: []string{id}}
}

// Resource names the subnet.
func (s *Subnet) Resource() diag.Resource { return resource(typeSubnet, s.id) }

// Describe returns the subnet.
func (s *Subnet) Describe(ctx context.Context) (types.Subnet, error) {
	list, err := s.network.subnetsOf(ctx, s.vpc, s.beside)
	i := slices.IndexFunc(list, func(x types.Subnet) bool { return aws.ToString(x.SubnetId) == s.id })
	switch {
	case i >= 0:
		return list[i], nil
	case err != nil:
		return types.Subnet{}, err
	}
	return types.Subnet{}, diag.Errorf(diag.KindNotFound, "subnet %s does not exist", s.id)
}

// SubnetSurvey links a subnet to its network ACL and route table.
var SubnetSurvey = &diag.Survey[*Subnet]{
	Name:    "ec2.subnet",
	Actions: []string{"ec2:DescribeNetworkAcls", "ec2:DescribeRouteTables", "ec2:DescribeSubnets"},
	Links: func(ctx context.Context, s *Subnet) ([]diag.Link, error) {
		d, err := s.Describe(ctx)
		if err != nil || d.VpcId == nil {
			return nil, err
		}
		links, err := s.network.SubnetLinks(ctx, *d.VpcId, s.id)
		return append(links, diag.Link{From: s.Resource(), To: resource(typeVPC, *d.VpcId), Role: "part of"}), err
	},
}

// fewAddresses is how many free addresses are few: a rolling deployment or a load balancer needs that many at once. An
// Application Load Balancer asks for eight ("Subnets for your load balancer").
const fewAddresses = 8

// SubnetOutOfAddresses reports subnets without free IPv4 addresses, or with so few that the next deployment may fail.
var SubnetOutOfAddresses = &diag.Check[*Subnet]{
	Info: diag.Info{
		Code: "ec2.subnet-out-of-addresses", Title: "Subnet has no free addresses",
		Doc: "The subnet has no free IPv4 addresses, so that no network interface can be made in it: no task, no " +
			"instance, no load balancer node. With fewer than eight it is a warning.",
		Severity: diag.SeverityError, Breaks: []diag.Mechanism{diag.Placement}, Actions: []string{"ec2:DescribeSubnets"},
		Limits: "Reserved blocks and fragments, which matter to prefix delegation, are not seen.",
		Source: "Amazon EC2 API reference, Subnet, availableIpAddressCount",
	},
	Run: func(ctx context.Context, s *Subnet) ([]diag.Finding, error) {
		d, err := s.Describe(ctx)
		if s.vpc != "" && diag.KindOf(err) == diag.KindNotFound { // SubnetsGone tells
			return nil, nil
		}
		if err != nil || d.AvailableIpAddressCount == nil || aws.ToBool(d.Ipv6Native) ||
			*d.AvailableIpAddressCount >= fewAddresses {
			return nil, err
		}
		free := *d.AvailableIpAddressCount
		f := diag.Finding{
			Summary: fmt.Sprintf("%s (%s) has %s%s", s.id, aws.ToString(d.CidrBlock), words.Count(int(free), "free address"),
				ofAll(d)),
			Evidence: []diag.Evidence{
				{Source: "ec2:DescribeSubnets", Field: "AvailableIpAddressCount", Value: fmt.Sprint(free)},
			},
			NextSteps: []diag.Step{
				{
					Text:    "See who uses the addresses.",
					Command: "aws ec2 describe-network-interfaces --filters Name=subnet-id,Values=" + s.id,
				},
				{Text: "Add a larger subnet to the service or group; a subnet cannot grow.", Changes: true,
					Command: "aws ec2 create-subnet --vpc-id " + aws.ToString(
						d.VpcId,
					) + " --cidr-block <cidr> --availability-zone " + aws.ToString(
						d.AvailabilityZone,
					)},
			},
		}
		if free > 0 {
			f.Severity = diag.SeverityWarning
		}
		return []diag.Finding{f}, nil
	},
}

// reservedAddresses is how many addresses of every subnet AWS keeps ("Subnet CIDR blocks").
const reservedAddresses = 5

func ofAll(d types.Subnet) string {
	p, err := netip.ParsePrefix(aws.ToString(d.CidrBlock))
	if err != nil || !p.Addr().Is4() || p.Bits() > 28 {
		return ""
	}
	return fmt.Sprintf(" of %d", 1<<(32-p.Bits())-reservedAddresses)
}
