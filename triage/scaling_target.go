package triage

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/scaling"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// scaledBy leads from a service to the scalable target that it is, if it is one.
var scaledBy = &diag.Survey[*ecsdiag.Service]{
	Name: "triage.scaled-by",
	Links: func(_ context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
		target := diag.Resource{Type: scaling.TypeTarget, ID: scaling.ServiceID(service.Cluster(), service.Name())}
		return []diag.Link{{From: service.Resource(), To: target, Role: "scaled by"}}, nil
	},
}

// scalingTargetPlan examines a scalable target, and what makes it grow where its service is short of capacity.
func scalingTargetPlan(s *Scene, r, from diag.Resource) diag.Plan {
	target := scaling.NewTarget(s.Scope.Clients.Scaling, types.ServiceNamespaceEcs, r.ID, s.Window)
	plan := diag.Join(diag.On(target, scaling.TargetChecks()...), diag.Observe(target, scaling.TargetSurvey))
	if from.Type != typeService || s.Scope.Clients.CloudWatch == nil {
		return plan
	}
	service := s.Service(diag.Resource{Type: typeService, ID: strings.TrimPrefix(r.ID, "service/")})
	return diag.Join(plan, diag.On(s.drive(target, service), scaling.DriveChecks()...))
}

func (s *Scene) drive(target *scaling.Target, service *ecsdiag.Service) *scaling.Drive {
	return scaling.NewDrive(target, s.Scope.Clients.Scaling, scaling.Need{
		Short: service.Saturated,
		Count: func(ctx context.Context) (int32, error) {
			described, err := service.Describe(ctx)
			if err != nil {
				return 0, err
			}
			return described.DesiredCount, nil
		},
		Acting: func(ctx context.Context, names []string) (map[string]bool, error) {
			alarms, err := s.alarms.Named(ctx, names...)
			acting := map[string]bool{}
			for _, a := range alarms {
				acting[a.Name] = !a.Muted
			}
			return acting, err
		},
	})
}
