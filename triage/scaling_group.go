package triage

import (
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
)

const typeScalingGroup = "AWS::AutoScaling::AutoScalingGroup"

// scalingGroupPlan examines an Auto Scaling group: one that was asked about, or that of an instance that is gone.
func scalingGroupPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if s.Scope.Clients.AutoScaling == nil {
		return diag.Plan{}
	}
	group := s.ScalingGroup(r.ID)
	return diag.Join(diag.On(group, ec2diag.ScalingGroupChecks()...), diag.Observe(group, ec2diag.ScalingGroupSurvey))
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
