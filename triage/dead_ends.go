package triage

import (
	"context"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/ec2diag"
)

// deadEnd is the way of a service to the internet, examined for routes that lead nowhere and for nothing else: where a
// program may go is its owner's will, but a route whose target is gone is nobody's.
type deadEnd struct{ *ec2diag.Path }

func (d deadEnd) plan() diag.Plan {
	return diag.Join(diag.On(d.Path, ec2diag.RouteBlackhole, ec2diag.NATGatewayUnusable),
		diag.Observe(d.Path, ec2diag.PathSurvey))
}

// outward are the causes of log entries about calls to somebody who may sit outside.
var outward = []string{"upstream-timeout", "upstream-unreachable"}

// deadEnds asks whether the way out of a service leads nowhere, where its log tells that others do not answer. It costs
// nothing where the log does not.
func (s *Scene) deadEnds(from diag.Resource) *diag.Survey[*logs.Group] {
	return &diag.Survey[*logs.Group]{
		Name: "triage.dead-ends",
		Actions: []string{"ecs:DescribeContainerInstances", "ecs:DescribeServices", "ecs:ListContainerInstances",
			"logs:FilterLogEvents"},
		Links: func(ctx context.Context, group *logs.Group) ([]diag.Link, error) {
			breakdown, _ := group.Breakdown(ctx) // an incomplete one is told by the group's own checks
			if !tellsOf(breakdown, outward) {
				return nil, nil
			}
			service := s.Service(from)
			if at, err := locationOf(ctx, service); nowhere(at) {
				return nil, err
			}
			way := ec2diag.NewPath(s.network, ec2diag.EndAt(service.Resource(),
				func(ctx context.Context) (ec2diag.Location, error) {
					return locationOf(ctx, service)
				}), ec2diag.Internet(), ec2diag.TCP, httpsPort)
			r := way.Resource()
			r.ID += " by its routes"
			subject(s, typePath, r.ID, func() deadEnd { return deadEnd{way} })
			return []diag.Link{{From: service.Resource(), To: r, Role: "calls others over"}}, nil
		},
	}
}

const httpsPort = 443

// tellsOf reports a log with entries of any of the causes.
func tellsOf(b *logs.Breakdown, stems []string) bool {
	return b != nil && slices.ContainsFunc(b.Tallies, func(t logs.Tally) bool {
		return t.Cause != nil && len(t.Hits) > 0 && slices.Contains(stems, t.Cause.Stem)
	})
}
