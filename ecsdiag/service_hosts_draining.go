package ecsdiag

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// ServiceHostsDraining finds a service on container instances that lacks tasks while hosts of its cluster drain. Where
// the service has its tasks, draining is somebody's plan that works, and [ClusterChecks] tell it as information.
var ServiceHostsDraining = &diag.Check[*Service]{
	Info: diag.Info{
		Code: "ecs.service-hosts-draining", Title: "Hosts drain and tasks are missing",
		Doc: "Container instances of the cluster are draining: they take no new tasks and give up those they have. The " +
			"service on them runs fewer tasks than it wants, so that the other hosts do not take them up, or not yet.",
		Severity: diag.SeverityWarning, Confidence: diag.Likely,
		Actions: append(slices.Clone(actionsService), actionsHosts...), Breaks: []diag.Mechanism{diag.Placement},
		Source: "Amazon ECS Developer Guide: Draining Amazon ECS container instances",
	},
	Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
		svc, err := s.Describe(ctx)
		if err != nil || !onEC2(svc) || svc.RunningCount >= svc.DesiredCount || settling(svc, s.window.End) {
			return nil, err
		}
		hosts, err := s.ContainerInstances(ctx)
		var leaving []types.ContainerInstance
		for _, h := range hosts {
			if aws.ToString(h.Status) == string(types.ContainerInstanceStatusDraining) {
				leaving = append(leaving, h)
			}
		}
		if len(leaving) == 0 {
			return nil, err
		}
		home := s.resource(svc)
		f := diag.Finding{
			Resource: home,
			Summary: fmt.Sprintf("%d of %d hosts of cluster %s are draining, and %s/%s runs %d of %d tasks", len(leaving),
				len(hosts), s.cluster, s.cluster, s.name, svc.RunningCount, svc.DesiredCount),
			NextSteps: []diag.Step{{Text: "Set a host back to ACTIVE, or add hosts, unless its draining is about to be through.",
				Changes: true, Command: fmt.Sprintf("aws ecs update-container-instances-state --cluster %s --status ACTIVE "+
					"--container-instances %s", s.cluster, shortName(aws.ToString(leaving[0].ContainerInstanceArn)))}},
		}
		for _, h := range leaving[:min(len(leaving), maxSamples)] {
			id := shortName(aws.ToString(h.ContainerInstanceArn))
			f.Evidence = append(f.Evidence, evidence(sourceInstances, "containerInstances["+id+"].status",
				aws.ToString(h.Status)))
			f.Related = append(f.Related, diag.Related{Resource: hostResource(home, h), Role: "host"})
		}
		return []diag.Finding{f}, err
	},
}
