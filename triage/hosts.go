package triage

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// instancePlan examines an EC2 instance. Instances come in crowds: on the way, only those are examined that a bridge
// has fetched together and filed. One that was asked about is examined as a managed node too.
func instancePlan(s *Scene, r, from diag.Resource) diag.Plan {
	if !from.IsZero() && s.filed(r) == nil {
		return diag.Plan{}
	}
	instance := s.Instance(r)
	if from.IsZero() {
		instance.CountInterfaces().ReadConsole(s.consoleAge())
	}
	plan := diag.Join(diag.On(instance, ec2diag.InstanceChecks()...), diag.Observe(instance, ec2diag.InstanceSurvey))
	if s.Scope.Clients.CloudWatch != nil && (from.IsZero() || s.asks(Slow, HTTP504)) {
		plan = diag.Join(plan, diag.On(instance, ec2diag.InstanceMetricChecks()...))
	}
	if !from.IsZero() {
		return plan
	}
	plan = diag.Join(plan, diag.On(instance, ec2diag.InstanceDepthChecks()...))
	if s.asks(Unreachable) {
		plan = diag.Join(plan, diag.Observe(instance, s.instanceWays()))
	}
	if s.Scope.Clients.CloudTrail != nil && s.asks(Unreachable, InstanceUnreachable) {
		plan = diag.Join(plan, diag.On(ec2diag.NewAdmission(instance, s.rulesRemoved), ec2diag.AdmissionChecks()...))
	}
	if s.Scope.Clients.SSM == nil {
		return plan
	}
	return diag.Join(plan, managedPlan(s, instance))
}

// natGatewayPlan examines a NAT gateway where calls to elsewhere may be what fails or takes long.
func natGatewayPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if s.Scope.Clients.CloudWatch == nil || !s.asks(Slow, HTTP5xx, HTTP502, HTTP504, Errors, Unknown) {
		return diag.Plan{}
	}
	gateway := subject(s, typeNATGateway, r.ID, func() *ec2diag.NATGateway {
		return ec2diag.NewNATGateway(s.source, r.ID, s.Window)
	})
	return diag.On(gateway, ec2diag.NATGatewayChecks()...)
}

// consoleAge is how long ago an instance that was asked about may have been launched for its console to be read
// although its status checks pass: whenever, where what its user data sets up is what fails.
func (s *Scene) consoleAge() time.Duration {
	if s.asks(InstanceUnreachable, SSMUnreachable) {
		return math.MaxInt64
	}
	return 2 * time.Hour
}

// egress files the ways of an end to AWS services for the walk to come to, and returns the resource they are filed
// under.
func (s *Scene) egress(of diag.Resource, end ec2diag.End, needs []ec2diag.Service) diag.Resource {
	r := diag.Resource{Type: typePath, ID: of.String() + " to the AWS services that it needs"}
	subject(s, typePath, r.ID, func() *ec2diag.Egress {
		return ec2diag.NewEgress(s.network, s.Scope.Clients.EC2, end, s.Scope.Region, needs...)
	})
	return r
}

// fetch describes instances together and files them.
func (s *Scene) fetch(ctx context.Context, ids []string) ([]diag.Resource, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := ec2diag.Instances(ctx, s.Scope.Clients.EC2, s.Window, ids...)
	var resources []diag.Resource
	for _, i := range found {
		r := i.Resource()
		subject(s, typeInstance, r.ID, func() *ec2diag.Instance { return s.equip(i) })
		resources = append(resources, r)
	}
	return resources, err
}

// targetHosts fetches the instances that are the targets of a group.
func (s *Scene) targetHosts() *diag.Survey[*albdiag.TargetGroup] {
	return &diag.Survey[*albdiag.TargetGroup]{
		Name: "triage.target-hosts",
		Actions: []string{"ec2:DescribeInstances", "elasticloadbalancing:DescribeTargetGroups",
			"elasticloadbalancing:DescribeTargetHealth"},
		Links: func(ctx context.Context, tg *albdiag.TargetGroup) ([]diag.Link, error) {
			targets, err := tg.Targets(ctx)
			var ids []string
			for _, t := range targets {
				if strings.HasPrefix(t.ID, "i-") {
					ids = append(ids, t.ID)
				}
			}
			hosts, fetchErr := s.fetch(ctx, ids)
			return linksTo(tg.Resource(), hosts, "sends requests to"), errors.Join(err, fetchErr)
		},
	}
}

// hostsOf leads from a service that runs on container instances to those of its cluster.
var hostsOf = &diag.Survey[*ecsdiag.Service]{
	Name:    "triage.hosts",
	Actions: []string{"ecs:DescribeServices"},
	Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
		onHosts, err := service.OnHosts(ctx)
		if err != nil || !onHosts {
			return nil, err
		}
		return linksTo(service.Resource(), []diag.Resource{{Type: typeHosts, ID: service.Cluster()}}, "runs on"), nil
	},
}

// silentHosts fetches the container instances of a service whose ECS agents are not connected, and asks for their ways
// to ECS.
func (s *Scene) silentHosts() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name: "triage.silent-hosts",
		Actions: []string{"ec2:DescribeInstances", "ecs:DescribeContainerInstances", "ecs:DescribeServices",
			"ecs:ListContainerInstances"},
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			ids, err := silent(ctx, service)
			hosts, fetchErr := s.fetch(ctx, ids)
			links := linksTo(service.Resource(), hosts, "placed on")
			for _, h := range hosts {
				needs, needsErr := s.agentNeeds(ctx, h, service.Cluster())
				links, fetchErr = append(links, needs...), errors.Join(fetchErr, needsErr)
			}
			full, fullErr := s.fullHosts(ctx, service)
			return append(links, full...), errors.Join(err, fetchErr, fullErr)
		},
	}
}

// fullHosts fetches the container instances of a service whose tasks get no network interface any more, to count
// theirs.
func (s *Scene) fullHosts(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
	full, err := service.NoInterfaceLeft(ctx)
	if !full {
		return nil, err
	}
	hosts, err := service.ContainerInstances(ctx)
	var ids []string
	for _, h := range hosts {
		if h.Ec2InstanceId != nil {
			ids = append(ids, *h.Ec2InstanceId)
		}
	}
	found, fetchErr := s.fetch(ctx, ids)
	for _, r := range found {
		s.Instance(r).CountInterfaces()
	}
	return linksTo(service.Resource(), found, "placed on"), errors.Join(err, fetchErr)
}

// silent returns the instances of a service's hosts whose agents are not connected. Hosts are only asked for where the
// service has some.
func silent(ctx context.Context, service *ecsdiag.Service) ([]string, error) {
	onHosts, err := service.OnHosts(ctx)
	if err != nil || !onHosts {
		return nil, err
	}
	hosts, err := service.ContainerInstances(ctx)
	var ids []string
	for _, h := range hosts {
		if !h.AgentConnected && h.Ec2InstanceId != nil {
			ids = append(ids, *h.Ec2InstanceId)
		}
	}
	return ids, err
}

func linksTo(from diag.Resource, to []diag.Resource, role string) []diag.Link {
	var links []diag.Link
	for _, r := range to {
		links = append(links, diag.Link{From: from, To: r, Role: role})
	}
	return links
}
