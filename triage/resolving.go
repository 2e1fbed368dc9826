package triage

import (
	"context"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
)

// unresolved are the causes of log entries about names that nobody knows.
var unresolved = []string{"dns-failure"}

// resolving leads from a service whose log tells of names that did not resolve to the VPC that it asks in: what is
// changed of that, its private zones, resolver rules and DNS settings, decides which names there are. It costs nothing
// where the log tells of none.
func (s *Scene) resolving(from diag.Resource) *diag.Survey[*logs.Group] {
	return &diag.Survey[*logs.Group]{
		Name: "triage.resolving",
		Actions: []string{"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ecs:DescribeServices",
			"logs:FilterLogEvents"},
		Links: func(ctx context.Context, group *logs.Group) ([]diag.Link, error) {
			breakdown, _ := group.Breakdown(ctx) // an incomplete one is told by the group's own checks
			if !tellsOf(breakdown, unresolved) || s.network == nil {
				return nil, nil
			}
			at, err := locationOf(ctx, s.Service(from))
			if err != nil || nowhere(at) {
				return nil, err
			}
			places, err := s.network.Locate(ctx, at)
			var links []diag.Link
			seen := map[string]bool{"": true}
			for _, p := range places {
				if !seen[p.VPC] {
					seen[p.VPC] = true
					vpc := diag.Resource{Type: typeVPC, ID: p.VPC}
					links = append(links, diag.Link{From: from, To: vpc, Role: "resolves names in"})
				}
			}
			return links, err
		},
	}
}
