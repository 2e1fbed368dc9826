package ec2diag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// SubnetSet are the subnets that something may run in, such as those of an ECS service. They share one call.
type SubnetSet struct {
	network *Network
	of      diag.Resource
	ids     []string
}

// NewSubnetSet makes the subnets, "subnet-…", of a resource.
func NewSubnetSet(network *Network, of diag.Resource, ids ...string) *SubnetSet {
	return &SubnetSet{network, of, slices.Compact(slices.Sorted(slices.Values(ids)))}
}

// Resource is what runs in the subnets.
func (s *SubnetSet) Resource() diag.Resource { return s.of }

// Subnets returns each of the subnets.
func (s *SubnetSet) Subnets() []*Subnet {
	var out []*Subnet
	for _, id := range s.ids {
		out = append(out, &Subnet{network: s.network, id: id, beside: s.ids})
	}
	return out
}

// Describe returns the subnets, by id.
func (s *SubnetSet) Describe(ctx context.Context) ([]types.Subnet, error) {
	return s.network.subnetsOf(ctx, "", s.ids)
}

// SubnetSetChecks returns all checks of a [SubnetSet].
func SubnetSetChecks() []*diag.Check[*SubnetSet] { return []*diag.Check[*SubnetSet]{SubnetsInOneZone} }

// SubnetsInOneZone says of something that all its subnets lie in one Availability Zone.
var SubnetsInOneZone = &diag.Check[*SubnetSet]{
	Info: diag.Info{
		Code: "ec2.subnets-in-one-zone", Title: "All subnets lie in one Availability Zone",
		Doc: "Everything that runs in the subnets runs in one Availability Zone: it fails with the zone, and finds no " +
			"capacity or addresses elsewhere.",
		Severity: diag.SeverityInfo, Actions: []string{"ec2:DescribeSubnets"},
		Source: "Amazon VPC user guide, Subnet basics",
	},
	Run: func(ctx context.Context, s *SubnetSet) ([]diag.Finding, error) {
		list, err := s.Describe(ctx)
		zones := map[string]bool{}
		for _, x := range list {
			zones[aws.ToString(x.AvailabilityZone)] = true
		}
		if err != nil || len(zones) != 1 || zones[""] {
			return nil, err
		}
		zone := aws.ToString(list[0].AvailabilityZone)
		return []diag.Finding{{
			Summary:  fmt.Sprintf("all subnets of %s lie in %s: %s", label(s.of), zone, strings.Join(s.ids, ", ")),
			Evidence: []diag.Evidence{{Source: "ec2:DescribeSubnets", Field: s.ids[0] + ".AvailabilityZone", Value: zone}},
			NextSteps: []diag.Step{{Text: "Add a subnet of another zone, so that not everything fails with this one.",
				Changes: true, Doc: "https://docs.aws.amazon.com/vpc/latest/userguide/create-subnets.html"}},
		}}, nil
	},
}
