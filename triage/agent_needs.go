package triage

import (
	"context"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/ec2diag"
)

// agentNeeds leads from a host whose ECS agent does not get through to its way to ECS, and to what its role is
// needed for.
func (s *Scene) agentNeeds(ctx context.Context, host diag.Resource, cluster string) ([]diag.Link, error) {
	out := s.egress(host, ec2diag.InstanceEnd(host.ID), ec2diag.AgentServices())
	links := []diag.Link{{From: host, To: out, Role: "talks to ECS over"}}
	if s.roles == nil {
		return links, nil
	}
	described, err := s.Instance(host).Describe(ctx)
	if err != nil || described.IamInstanceProfile == nil || described.IamInstanceProfile.Arn == nil {
		return links, err
	}
	role, err := access.RoleOfProfile(ctx, s.Scope.Clients.IAM, *described.IamInstanceProfile.Arn)
	if role == "" {
		if diag.KindOf(err) == diag.KindNotFound {
			err = nil
		}
		return links, err
	}
	arn := named(placeOf(role, s.Scope.Region), "ecs", "cluster/"+cluster)
	return append(links, s.grant(host, role, "is a container instance as", access.ContainerHost(arn))...), nil
}
