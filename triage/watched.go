package triage

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// watchedPlan looks for the customer's own alarms, where the question is how something fares: for tasks that stop or
// sessions that fail there are no metrics. The alarms of the scope are listed with one call for all resources. Which of
// them cannot see is asked of what the question is about only.
func (s *Scene) watchedPlan(r, from diag.Resource) diag.Plan {
	dimensions := watchedBy(r)
	fares := s.asks(Slow, HTTP5xx, HTTP502, HTTP503, HTTP504, DBSlow, DBUnreachable, InstanceUnreachable, Errors, Unknown)
	if !fares || len(dimensions) == 0 || s.Scope.Clients.CloudWatch == nil {
		return diag.Plan{}
	}
	watched := metrics.NewWatched(s.alarms, r, dimensions...).WithMetrics(s.source).
		WithLife(func(ctx context.Context) (bool, error) { return s.lives(ctx, r) })
	checks := metrics.AlarmChecks()
	if !from.IsZero() {
		checks = []*diag.Check[*metrics.Watched]{metrics.AlarmRaised}
	}
	return diag.Join(diag.On(watched, checks...), diag.Observe(watched, metrics.AlarmSurvey))
}

// lives reports whether a resource is at work as far as its service tells, so that it has metrics. The walk asks
// that anyway.
func (s *Scene) lives(ctx context.Context, r diag.Resource) (bool, error) {
	switch r.Type {
	case typeService:
		described, err := s.Service(r).Describe(ctx)
		return described != nil && described.RunningCount > 0, err
	case typeDBInstance:
		described, err := s.DBInstance(r).Describe(ctx)
		return described != nil && aws.ToString(described.DBInstanceStatus) == "available", err
	case typeDBCluster:
		described, err := s.DBCluster(r).Describe(ctx)
		return described != nil && aws.ToString(described.Status) == "available", err
	case typeInstance:
		described, err := s.Instance(r).Describe(ctx)
		return described.State != nil && described.State.Name == ec2types.InstanceStateNameRunning, err
	case typeTargetGroup:
		targets, err := s.TargetGroup(r).Targets(ctx)
		return len(targets) > 0, err
	}
	return false, nil
}

// watchedBy returns the dimensions that AWS reports the metrics of a resource under; none where it reports none, or
// where the resource does not tell them.
func watchedBy(r diag.Resource) []metrics.Dimension {
	switch r.Type {
	case typeDBInstance:
		return []metrics.Dimension{{Name: "DBInstanceIdentifier", Value: r.ID}}
	case typeDBCluster:
		return []metrics.Dimension{{Name: "DBClusterIdentifier", Value: r.ID}}
	case typeInstance:
		return []metrics.Dimension{{Name: "InstanceId", Value: r.ID}}
	case typeService:
		if cluster, name, ok := strings.Cut(r.ID, "/"); ok {
			return []metrics.Dimension{{Name: "ClusterName", Value: cluster}, {Name: "ServiceName", Value: name}}
		}
	case typeLoadBalancer:
		if r.ARN != "" {
			return []metrics.Dimension{{Name: "LoadBalancer", Value: metrics.LoadBalancerDimension(r.ARN)}}
		}
	case typeTargetGroup:
		if r.ARN != "" {
			return []metrics.Dimension{{Name: "TargetGroup", Value: metrics.TargetGroupDimension(r.ARN)}}
		}
	}
	return nil
}
