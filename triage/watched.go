package triage

import (
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// watchedPlan looks for the customer's own alarms on what was asked about, where the question is how that fares: for tasks
// that stop or sessions that fail there are no metrics. The raised ones of the scope are listed with one call.
func (s *Scene) watchedPlan(r, from diag.Resource) diag.Plan {
	dimensions := watchedBy(r)
	fares := s.asks(Slow, HTTP5xx, HTTP502, HTTP503, HTTP504, DBSlow, DBUnreachable, InstanceUnreachable, Errors, Unknown)
	if !fares || !from.IsZero() || len(dimensions) == 0 || s.Scope.Clients.CloudWatch == nil {
		return diag.Plan{}
	}
	watched := metrics.NewWatched(s.alarms, r, dimensions...)
	return diag.Join(diag.On(watched, metrics.AlarmChecks()...), diag.Observe(watched, metrics.AlarmSurvey))
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
