package albdiag

import (
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	typeLoadBalancer = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	typeTargetGroup  = "AWS::ElasticLoadBalancingV2::TargetGroup"
)

// ref is how a caller named a resource: by ARN or by name.
type ref struct{ arn, name string }

// loadBalancerRef reads a load balancer's ARN, its name, or the "app/name/id" of metrics and access logs.
func loadBalancerRef(s string) ref {
	arn := ""
	if strings.HasPrefix(s, "arn:") {
		arn = s
		_, s, _ = strings.Cut(s, ":loadbalancer/")
	}
	if parts := strings.Split(s, "/"); len(parts) == 3 {
		s = parts[1]
	}
	return ref{arn, s}
}

// targetGroupRef reads a target group's ARN, its name, or the "targetgroup/name/id" of metrics.
func targetGroupRef(s string) ref {
	arn := ""
	if strings.HasPrefix(s, "arn:") {
		arn = s
		_, s, _ = strings.Cut(s, ":targetgroup/")
	}
	s = strings.TrimPrefix(s, "targetgroup/")
	name, _, _ := strings.Cut(s, "/")
	return ref{arn, name}
}

func (r ref) resource(typ string) diag.Resource { return diag.ResourceOf(typ, r.name, r.arn) }

// isApplication reports an Application Load Balancer by its ARN.
func isApplication(loadBalancerARN string) bool {
	return strings.Contains(loadBalancerARN, ":loadbalancer/app/")
}

// isNetwork reports a Network Load Balancer by its ARN.
func isNetwork(loadBalancerARN string) bool {
	return strings.Contains(loadBalancerARN, ":loadbalancer/net/")
}
