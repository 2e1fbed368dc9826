package triage

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// served sees a service from the target groups that it registers in.
func (s *Scene) served(service *ecsdiag.Service) *albdiag.Served {
	return albdiag.NewServed(service.Resource(), func(ctx context.Context) ([]*albdiag.TargetGroup, error) {
		described, err := service.Describe(ctx)
		if err != nil {
			return nil, err
		}
		var groups []*albdiag.TargetGroup
		for _, l := range described.LoadBalancers {
			if arn := aws.ToString(l.TargetGroupArn); arn != "" {
				groups = append(groups, s.TargetGroup(diag.Resource{Type: typeTargetGroup, ARN: arn}))
			}
		}
		return groups, nil
	})
}
