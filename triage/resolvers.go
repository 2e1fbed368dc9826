package triage

import (
	"context"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// How a network finds names is asked for where names are not found, and costs nothing elsewhere.

// resolvers leads from a service whose tasks do not start for a name that is not found to whom its network asks for
// names.
func (s *Scene) resolvers() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name: "triage.resolvers", Actions: ecsdiag.ServiceSurvey.Actions,
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			if missed, err := service.FindsNoNames(ctx); !missed {
				return nil, err
			}
			return s.resolverOf(ctx, service)
		},
	}
}

// namesInLogs does the same where the log of a service tells of names that are not found.
func (s *Scene) namesInLogs(from diag.Resource) *diag.Survey[*logs.Group] {
	return &diag.Survey[*logs.Group]{
		Name: "triage.names-in-logs",
		Actions: []string{"ecs:DescribeContainerInstances", "ecs:DescribeServices", "ecs:ListContainerInstances",
			"logs:FilterLogEvents"},
		Links: func(ctx context.Context, group *logs.Group) ([]diag.Link, error) {
			breakdown, _ := group.Breakdown(ctx) // an incomplete one is told by the group's own checks
			if !tellsOf(breakdown, []string{"dns-failure"}) {
				return nil, nil
			}
			return s.resolverOf(ctx, s.Service(from))
		},
	}
}

// resolverOf files whom the network of a service asks for names, and leads there.
func (s *Scene) resolverOf(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
	if at, err := locationOf(ctx, service); nowhere(at) {
		return nil, err
	}
	end := ec2diag.EndAt(service.Resource(), func(ctx context.Context) (ec2diag.Location, error) {
		return locationOf(ctx, service)
	})
	r := diag.Resource{Type: typePath, ID: service.Resource().String() + " to its DNS servers"}
	subject(s, typePath, r.ID, func() *ec2diag.Resolver {
		return ec2diag.NewResolver(s.network, s.Scope.Clients.EC2, end)
	})
	return []diag.Link{{From: service.Resource(), To: r, Role: "finds names through"}}, nil
}

// waysToDNS leads to the way to DNS servers of somebody's own, where there are any.
func (s *Scene) waysToDNS() *diag.Survey[*ec2diag.Resolver] {
	return &diag.Survey[*ec2diag.Resolver]{
		Name: "triage.ways-to-dns",
		Actions: []string{"ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
			"ec2:DescribeVpcAttribute", "ec2:DescribeVpcs"},
		Links: func(ctx context.Context, r *ec2diag.Resolver) ([]diag.Link, error) {
			vpcs, err := r.VPCs(ctx)
			if !slices.ContainsFunc(vpcs, func(n ec2diag.VPCNames) bool { return len(n.Servers) > len(n.Missing) }) {
				return nil, err
			}
			way := r.Path()
			s.file(way)
			return []diag.Link{{From: r.Resource(), To: way.Resource(), Role: "asks for names over"}}, err
		},
	}
}
