package triage

import (
	"context"
	"errors"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

const typeScalingGroup = "AWS::AutoScaling::AutoScalingGroup"

// scalingGroupPlan examines an Auto Scaling group: one that was asked about, that of an instance that is gone, or one
// that is to bring hosts for tasks that find no place.
func scalingGroupPlan(s *Scene, r, from diag.Resource) diag.Plan {
	if s.Scope.Clients.AutoScaling == nil {
		return diag.Plan{}
	}
	group := s.ScalingGroup(r.ID)
	plan := diag.Join(diag.On(group, ec2diag.ScalingGroupChecks()...), diag.Observe(group, ec2diag.ScalingGroupSurvey))
	if from.Type == typeService || from.Type == typeCluster {
		plan = diag.Join(plan, diag.On(group, ec2diag.ScalingGroupPlacementChecks()...))
	}
	return plan
}

// hostGroups leads from a service whose tasks find no place to the Auto Scaling groups that are to bring hosts. Its
// cluster depends on them too, and may have no host at all.
func (s *Scene) hostGroups() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name:    "triage.host-groups",
		Actions: append([]string{"ecs:DescribeCapacityProviders"}, ecsdiag.ServiceSurvey.Actions...),
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			lacks, err := service.LacksHosts(ctx)
			if !lacks || s.Scope.Clients.AutoScaling == nil {
				return nil, err
			}
			names, groupErr := service.ScalingGroups(ctx, s.Scope.Clients.ECS)
			var links []diag.Link
			for _, name := range names {
				group := s.ScalingGroup(name).Resource()
				links = append(links, diag.Link{From: service.Resource(), To: group, Role: "gets hosts from"},
					diag.Link{From: diag.Resource{Type: typeCluster, ID: service.Cluster()}, To: group, Role: "gets hosts from"})
			}
			return links, errors.Join(err, groupErr)
		},
	}
}

// ScalingGroup returns the Auto Scaling group of a name.
func (s *Scene) ScalingGroup(name string) *ec2diag.ScalingGroup {
	return subject(s, typeScalingGroup, name, func() *ec2diag.ScalingGroup {
		return ec2diag.NewScalingGroup(s.Scope.Clients.AutoScaling, name, s.Window)
	})
}

// equip gives an instance what else of the scene it may ask.
func (s *Scene) equip(i *ec2diag.Instance) *ec2diag.Instance {
	if s.Scope.Clients.AutoScaling != nil {
		i.WithScalingGroups(s.ScalingGroup)
	}
	if s.Scope.Clients.CloudWatch != nil {
		i.WithMetrics(s.source)
	}
	return i
}
