package triage

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// typeStrays is what instances that should be hosts of a cluster, and are none, are filed under.
const typeStrays = "AWS::EC2::LaunchTemplate"

// joining is how long a host may take from its launch to its registration.
const joining = 10 * time.Minute

// straysPlan examines instances that a bridge filed.
func straysPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if h, ok := s.filed(r).(*ec2diag.ContainerHosts); ok {
		return diag.On(h, ec2diag.ContainerHostChecks()...)
	}
	return diag.Plan{}
}

// strayHosts looks for the hosts of a service whose tasks find no place: instances that run and are not registered in
// its cluster. Where they are to join it and have not, their state and their ways to ECS are examined.
func (s *Scene) strayHosts() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name: "triage.stray-hosts",
		Actions: append([]string{"ec2:DescribeInstanceAttribute", "ec2:DescribeInstances", "ecs:DescribeContainerInstances",
			"ecs:ListClusters", "ecs:ListContainerInstances"}, ecsdiag.ServiceSurvey.Actions...),
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			lacks, err := service.LacksHosts(ctx)
			if !lacks || s.Scope.Clients.EC2 == nil {
				return nil, err
			}
			cluster := diag.Resource{Type: typeCluster, ID: service.Cluster()}
			r := diag.Resource{Type: typeStrays, ID: "strays of " + cluster.ID}
			hosts := subject(s, typeStrays, r.ID, func() *ec2diag.ContainerHosts {
				return ec2diag.NewContainerHosts(s.Scope.Clients.EC2, cluster, s.Window,
					func(ctx context.Context) ([]string, error) {
						return registered(ctx, service)
					}, s.services.Clusters)
			})
			links := []diag.Link{{From: service.Resource(), To: r, Role: "needs hosts of"},
				{From: service.Resource(), To: cluster, Role: "runs in"}}
			strays, straysErr := hosts.Strays(ctx)
			var late []string
			for _, stray := range strays {
				if stray.Cluster == cluster.ID && s.Window.End.Sub(stray.LaunchedAt) > joining {
					late = append(late, stray.ID)
				}
			}
			found, fetchErr := s.fetch(ctx, late)
			for _, h := range found {
				needs, needsErr := s.agentNeeds(ctx, h, service.Cluster())
				links = append(append(links, diag.Link{From: cluster, To: h, Role: "to be joined by"}), needs...)
				fetchErr = errors.Join(fetchErr, needsErr)
			}
			return links, errors.Join(err, straysErr, fetchErr)
		},
	}
}

// registered are the instances that are registered in the cluster of a service.
func registered(ctx context.Context, service *ecsdiag.Service) ([]string, error) {
	hosts, err := service.ContainerInstances(ctx)
	var ids []string
	for _, h := range hosts {
		ids = append(ids, aws.ToString(h.Ec2InstanceId))
	}
	return ids, err
}
