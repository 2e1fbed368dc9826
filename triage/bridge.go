package triage

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// The bridges are surveys that join subjects of packages which do not know each other.

// servingGroups turns round what a service does for others: a target group works only as long as the service's tasks
// do, and what its log says comes of what the service suffers.
var servingGroups = &diag.Survey[*ecsdiag.Service]{
	Name:    "triage.serving-groups",
	Actions: ecsdiag.ServiceSurvey.Actions,
	Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
		links, err := ecsdiag.ServiceSurvey.Links(ctx, service)
		roles := map[string]string{typeTargetGroup: "served by", typeLogGroup: "written by"}
		var back []diag.Link
		for _, l := range links {
			if role, ok := roles[l.To.Type]; ok {
				back = append(back, diag.Link{From: l.To, To: l.From, Role: role})
			}
		}
		return back, err
	},
}

// servedBy finds the services that register their tasks in a target group. No AWS call answers that, so all services
// are listed, once for all target groups.
func (s *Scene) servedBy() *diag.Survey[*albdiag.TargetGroup] {
	return &diag.Survey[*albdiag.TargetGroup]{
		Name: "triage.served-by",
		Actions: []string{"ecs:DescribeServices", "ecs:ListClusters", "ecs:ListServices",
			"elasticloadbalancing:DescribeTargetGroups"},
		Links: func(ctx context.Context, tg *albdiag.TargetGroup) ([]diag.Link, error) {
			arn, err := tg.ARN(ctx)
			if err != nil {
				return nil, err
			}
			services, err := s.services.ServicesOf(ctx, arn)
			var links []diag.Link
			for _, service := range services {
				links = append(links, diag.Link{From: tg.Resource(), To: service.Resource(), Role: "served by"})
			}
			return links, err
		},
	}
}

// servicesAhead lists the services before anybody asks. What it could not list is left to be told by who needs it.
func (s *Scene) servicesAhead() *diag.Survey[*albdiag.LoadBalancer] {
	return &diag.Survey[*albdiag.LoadBalancer]{
		Name:    "triage.services",
		Actions: []string{"ecs:DescribeServices", "ecs:ListClusters", "ecs:ListServices"},
		Links: func(ctx context.Context, _ *albdiag.LoadBalancer) ([]diag.Link, error) {
			_, _ = s.services.Services(ctx)
			return nil, nil
		},
	}
}

// maxPorts bounds the ports of one target group that ways are examined for. In bridge mode every task has a port of its
// own, and one security group lets all of them in or none.
const maxPorts = 16

// waysIn finds the ways from the load balancers of a target group to its targets, for each port that these take
// requests or health checks on, and files them for the walk to go on with.
func (s *Scene) waysIn() *diag.Survey[*albdiag.TargetGroup] {
	return &diag.Survey[*albdiag.TargetGroup]{
		Name: "triage.ways-in",
		Actions: []string{"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetGroupAttributes",
			"elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"},
		Links: func(ctx context.Context, tg *albdiag.TargetGroup) ([]diag.Link, error) {
			described, err := tg.Describe(ctx)
			if err != nil {
				return nil, err
			}
			ports, err := portsOf(ctx, tg)
			var links []diag.Link
			for _, arn := range described.LoadBalancerArns {
				lb := s.balancers.LoadBalancer(arn)
				client, clientErr := s.clientWays(ctx, arn, tg)
				links, err = append(links, client...), errors.Join(err, clientErr)
				for _, port := range ports {
					way := ec2diag.NewPath(s.network, balancerEnd(lb), targetsEnd(tg), ec2diag.TCP, int32(port))
					s.file(way)
					links = append(links, diag.Link{From: tg.Resource(), To: way.Resource(), Role: "reached over"})
				}
			}
			return links, err
		},
	}
}

// portsOf returns the ports on which a group's targets in the network take requests and health checks, sorted.
func portsOf(ctx context.Context, tg *albdiag.TargetGroup) ([]int, error) {
	targets, err := tg.Targets(ctx)
	var ports []int
	for _, t := range targets {
		ports = append(ports, t.Port, t.HealthPort)
	}
	slices.Sort(ports)
	ports = slices.DeleteFunc(slices.Compact(ports), func(p int) bool { return p == 0 }) // Lambda functions have none
	if len(ports) > maxPorts {
		ports, err = ports[:maxPorts], errors.Join(err, diag.Errorf(diag.KindIncomplete,
			"target group %s: the ways to %d of its %d ports were not examined", tg.Resource().ID, len(ports)-maxPorts,
			len(ports)))
	}
	return ports, err
}

func balancerEnd(lb *albdiag.LoadBalancer) ec2diag.End {
	return ec2diag.EndAt(lb.Resource(),
		func(ctx context.Context) (ec2diag.Location, error) { return locationOfBalancer(ctx, lb) })
}

func locationOfBalancer(ctx context.Context, lb *albdiag.LoadBalancer) (ec2diag.Location, error) {
	described, err := lb.Describe(ctx)
	if err != nil {
		return ec2diag.Location{}, err
	}
	subnets, err := lb.Subnets(ctx)
	_, tail, _ := strings.Cut(aws.ToString(described.LoadBalancerArn), ":loadbalancer/")
	return ec2diag.Location{VPC: aws.ToString(described.VpcId), LoadBalancer: tail, Subnets: subnets,
		Groups: described.SecurityGroups}, err
}

func targetsEnd(tg *albdiag.TargetGroup) ec2diag.End {
	return ec2diag.EndAt(tg.Resource(),
		func(ctx context.Context) (ec2diag.Location, error) { return locationOfTargets(ctx, tg) })
}

func locationOfTargets(ctx context.Context, tg *albdiag.TargetGroup) (ec2diag.Location, error) {
	described, err := tg.Describe(ctx)
	if err != nil {
		return ec2diag.Location{}, err
	}
	targets, err := tg.Targets(ctx)
	at := ec2diag.Location{VPC: aws.ToString(described.VpcId)}
	for _, t := range targets {
		if address, notAnAddress := netip.ParseAddr(t.ID); notAnAddress == nil {
			at.Addresses = append(at.Addresses, address)
		} else if strings.HasPrefix(t.ID, "i-") {
			at.Instances = append(at.Instances, t.ID)
		}
	}
	return at, err
}
