package triage

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
)

// ownAddresses is how a way calls clients whose addresses targets see.
const ownAddresses = "(clients' own addresses, which the load balancer keeps)"

// clientWays leads to the ways of clients from the internet to targets that see the addresses of clients: those of a Network
// Load Balancer with client IP preservation. Health checks come from the load balancer's own addresses and pass where
// clients do not ("Target security groups", Network Load Balancers). A load balancer with security groups may be admitted by
// those and is left out. It is asked where clients are known to be kept out, at the price of the group's attributes.
func (s *Scene) clientWays(ctx context.Context, balancer string, tg *albdiag.TargetGroup) ([]diag.Link, error) {
	if !s.missesRequests() || !strings.Contains(balancer, ":loadbalancer/net/") {
		return nil, nil
	}
	lb := s.balancers.LoadBalancer(balancer)
	described, err := lb.Describe(ctx)
	if err != nil || described.Scheme != elb.LoadBalancerSchemeEnumInternetFacing || len(described.SecurityGroups) > 0 {
		return nil, err
	}
	attributes, err := tg.Attributes(ctx)
	group, groupErr := tg.Describe(ctx)
	if err != nil || groupErr != nil || attributes["preserve_client_ip.enabled"] != "true" ||
		group.Protocol == elb.ProtocolEnumUdp || group.Protocol == elb.ProtocolEnumTcpUdp {
		return nil, errors.Join(err, groupErr)
	}
	subnets, subnetsErr := lb.Subnets(ctx)
	targets, targetsErr := tg.Targets(ctx)
	var ports []int
	for _, t := range targets {
		ports = append(ports, t.Port)
	}
	slices.Sort(ports)
	ports = slices.Compact(ports)
	end := ec2diag.EndAt(tg.Resource(), func(ctx context.Context) (ec2diag.Location, error) {
		groups, err := s.guardsOf(ctx, tg)
		return ec2diag.Location{VPC: aws.ToString(group.VpcId), Subnets: subnets, Groups: groups}, err
	})
	var links []diag.Link
	for _, port := range ports[:min(len(ports), maxPorts)] {
		if port == 0 {
			continue
		}
		way := ec2diag.NewPath(s.network, ec2diag.Clients(ownAddresses), end, ec2diag.TCP, int32(port))
		s.file(way)
		links = append(links, diag.Link{From: tg.Resource(), To: way.Resource(), Role: "reached by clients over"})
	}
	return links, errors.Join(subnetsErr, targetsErr)
}

// guardsOf returns the security groups that guard the targets of a group, where all have the same: those of the first that
// was found, and none where they differ, as one way cannot stand for all.
func (s *Scene) guardsOf(ctx context.Context, tg *albdiag.TargetGroup) ([]string, error) {
	at, err := locationOfTargets(ctx, tg)
	if err != nil {
		return nil, err
	}
	found, err := s.network.Locate(ctx, at)
	var groups []string
	for _, i := range found {
		if i.Subnet == "" || len(i.Groups) == 0 {
			return nil, err
		}
		if groups != nil && !slices.Equal(groups, i.Groups) {
			return nil, err
		}
		groups = i.Groups
	}
	return groups, err
}
