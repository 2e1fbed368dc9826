package metrics

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	lbARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1c7076e082984272"
	tgARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop-api/066fdfafa49fd317"
)

func TestDimensions(t *testing.T) {
	tests := []struct {
		name   string
		metric Metric
		want   string
	}{
		{"load balancer", LoadBalancerMetric(lbARN, "RequestCount", "Sum"),
			"AWS/ApplicationELB RequestCount Sum LoadBalancer=app/shop/1c7076e082984272"},
		{"load balancer in a zone", LoadBalancerZoneMetric(lbARN, "eu-west-1a", "RequestCount", "Sum"),
			"AWS/ApplicationELB RequestCount Sum AvailabilityZone=eu-west-1a LoadBalancer=app/shop/1c7076e082984272"},
		{"target group", TargetGroupMetric(lbARN, tgARN, "HealthyHostCount", "Minimum"),
			"AWS/ApplicationELB HealthyHostCount Minimum LoadBalancer=app/shop/1c7076e082984272 " +
				"TargetGroup=targetgroup/shop-api/066fdfafa49fd317"},
		{"target group in a zone", TargetGroupZoneMetric(lbARN, tgARN, "eu-west-1a", "HealthyHostCount", "Minimum"),
			"AWS/ApplicationELB HealthyHostCount Minimum AvailabilityZone=eu-west-1a LoadBalancer=app/shop/1c7076e082984272 " +
				"TargetGroup=targetgroup/shop-api/066fdfafa49fd317"},
		{"network load balancer", LoadBalancerMetric("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/net/n/1", "X",
			"Sum"),
			"AWS/NetworkELB X Sum LoadBalancer=net/n/1"},
		{"gateway load balancer", LoadBalancerMetric("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/gwy/n/1", "X",
			"Sum"),
			"AWS/GatewayELB X Sum LoadBalancer=gwy/n/1"},
		{"dimension values as they are", TargetGroupMetric("app/shop/1", "targetgroup/t/2", "X", "Sum"),
			"AWS/ApplicationELB X Sum LoadBalancer=app/shop/1 TargetGroup=targetgroup/t/2"},
		{"service", ECSService("prod", "api")[0], "AWS/ECS CPUUtilization Average ClusterName=prod ServiceName=api"},
		{"cluster", ECSCluster("prod")[0], "AWS/ECS CPUReservation Average ClusterName=prod"},
		{"instance", EC2Instance("i-1")[0], "AWS/EC2 CPUUtilization Average InstanceId=i-1"},
		{"database", DBInstance("db")[0], "AWS/RDS CPUUtilization Average DBInstanceIdentifier=db"},
		{"database cluster", DBCluster("c")[0], "AWS/RDS VolumeBytesUsed Average DBClusterIdentifier=c"},
		{"function", LambdaFunction("f")[0], "AWS/Lambda Invocations Sum FunctionName=f"},
		{"NAT gateway", NATGateway("nat-1")[0], "AWS/NATGateway ErrorPortAllocation Sum NatGatewayId=nat-1"},
		{"flows of a network load balancer",
			NetworkLoadBalancerMetrics("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/net/n/1")[0],
			"AWS/NetworkELB NewFlowCount Sum LoadBalancer=net/n/1"},
		{"service's containers", ECSInsights("prod", "api")[0],
			"ECS/ContainerInsights MemoryUtilized Maximum ClusterName=prod ServiceName=api"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, tt.metric.String()) })
	}
}

func TestSetsNameNoMetricTwice(t *testing.T) {
	for name, set := range map[string][]Metric{
		"load balancer": LoadBalancerMetrics(lbARN), "target group": TargetGroupMetrics(lbARN, tgARN),
		"service": ECSService("c", "s"), "cluster": ECSCluster("c"), "instance": EC2Instance("i"),
		"database": DBInstance("d"), "database cluster": DBCluster("c"), "function": LambdaFunction("f"),
		"NAT gateway": NATGateway("n"), "network load balancer": NetworkLoadBalancerMetrics("net/n/1"),
		"function behind a load balancer": LambdaTargetMetrics(lbARN, tgARN), "containers": ECSInsights("c", "s"),
	} {
		seen := map[string]bool{}
		for _, m := range set {
			assert.False(t, seen[m.String()], "%s: %s twice", name, m)
			seen[m.String()] = true
		}
		assert.NotEmpty(t, set, name)
	}
}
