package metrics

import "strings"

// stat is one row of a metric set.
type stat struct{ name, stat string }

// LoadBalancerMetrics are the series of an Application Load Balancer that AWS reports under its LoadBalancer dimension
// alone ("CloudWatch metrics for your Application Load Balancer").
func LoadBalancerMetrics(arn string) []Metric {
	return each(loadBalancerStats, func(name, stat string) Metric { return LoadBalancerMetric(arn, name, stat) })
}

var loadBalancerStats = []stat{
	{"RequestCount", "Sum"},
	{"HTTPCode_ELB_4XX_Count", "Sum"}, {"HTTPCode_ELB_5XX_Count", "Sum"}, {"HTTPCode_ELB_500_Count", "Sum"},
	{"HTTPCode_ELB_502_Count", "Sum"}, {"HTTPCode_ELB_503_Count", "Sum"}, {"HTTPCode_ELB_504_Count", "Sum"},
	{"HTTPCode_Target_2XX_Count", "Sum"}, {"HTTPCode_Target_4XX_Count", "Sum"}, {"HTTPCode_Target_5XX_Count", "Sum"},
	{"TargetResponseTime", "Average"}, {"TargetResponseTime", "p99"},
	{"TargetConnectionErrorCount", "Sum"}, {"TargetTLSNegotiationErrorCount", "Sum"},
	{"RejectedConnectionCount", "Sum"}, {"ClientTLSNegotiationErrorCount", "Sum"}, {"ELBAuthError", "Sum"},
	{"ELBAuthFailure", "Sum"}, {"ELBAuthUserClaimsSizeExceeded", "Sum"},
	{"DesyncMitigationMode_NonCompliant_Request_Count", "Sum"}, {"HTTP_Redirect_Url_Limit_Exceeded_Count", "Sum"},
	{"LowReputationRequestsDenied", "Sum"}, {"CapacityUtilization", "Maximum"},
}

// NetworkLoadBalancerMetrics are the series of a Network Load Balancer under its LoadBalancer dimension alone
// ("CloudWatch metrics for your Network Load Balancer").
func NetworkLoadBalancerMetrics(arn string) []Metric {
	return each(networkStats, func(name, stat string) Metric { return LoadBalancerMetric(arn, name, stat) })
}

var networkStats = []stat{
	{"NewFlowCount", "Sum"}, {"TCP_Target_Reset_Count", "Sum"}, {"TCP_ELB_Reset_Count", "Sum"},
	{"PortAllocationErrorCount", "Sum"}, {"RejectedFlowCount", "Sum"}, {"ClientTLSNegotiationErrorCount", "Sum"},
	{"TargetTLSNegotiationErrorCount", "Sum"}, {"SecurityGroupBlockedFlowCount_Inbound_TCP", "Sum"},
}

// LambdaTargetMetrics are the series that a target group has besides where its target is a Lambda function ("CloudWatch
// metrics for your Application Load Balancer", target metrics).
func LambdaTargetMetrics(loadBalancerARN, targetGroupARN string) []Metric {
	return each([]stat{{"LambdaUserError", "Sum"}, {"LambdaInternalError", "Sum"}}, func(name, stat string) Metric {
		return TargetGroupMetric(loadBalancerARN, targetGroupARN, name, stat)
	})
}

// TargetGroupMetrics are the series of a target group behind a load balancer. Health is reported under TargetGroup and
// LoadBalancer together only (same source).
func TargetGroupMetrics(loadBalancerARN, targetGroupARN string) []Metric {
	return each(targetGroupStats, func(name, stat string) Metric {
		return TargetGroupMetric(loadBalancerARN, targetGroupARN, name, stat)
	})
}

var targetGroupStats = []stat{
	{"HealthyHostCount", "Minimum"}, {"UnHealthyHostCount", "Maximum"}, {"RequestCount", "Sum"},
	{"HTTPCode_Target_5XX_Count", "Sum"}, {"TargetResponseTime", "Average"}, {"TargetConnectionErrorCount", "Sum"},
	{"TargetTLSNegotiationErrorCount", "Sum"},
}

// LoadBalancerMetric is one metric of a load balancer, summed over all its zones.
func LoadBalancerMetric(arn, name, stat string) Metric {
	return metric(loadBalancerNamespace(arn), name, stat, "LoadBalancer", LoadBalancerDimension(arn))
}

// LoadBalancerZoneMetric is one metric of a load balancer in one Availability Zone.
func LoadBalancerZoneMetric(arn, zone, name, stat string) Metric {
	return metric(loadBalancerNamespace(arn), name, stat, "LoadBalancer", LoadBalancerDimension(arn), "AvailabilityZone",
		zone)
}

// TargetGroupMetric is one metric of a target group behind a load balancer.
func TargetGroupMetric(loadBalancerARN, targetGroupARN, name, stat string) Metric {
	return metric(loadBalancerNamespace(loadBalancerARN), name, stat, "LoadBalancer",
		LoadBalancerDimension(loadBalancerARN),
		"TargetGroup", TargetGroupDimension(targetGroupARN))
}

// TargetGroupZoneMetric is one metric of a target group behind a load balancer in one Availability Zone.
func TargetGroupZoneMetric(loadBalancerARN, targetGroupARN, zone, name, stat string) Metric {
	m := TargetGroupMetric(loadBalancerARN, targetGroupARN, name, stat)
	m.Dimensions = append(m.Dimensions, Dimension{"AvailabilityZone", zone})
	return m
}

// LoadBalancerDimension returns the value of the LoadBalancer dimension, "app/name/id": the end of the ARN. It is not
// the name. A text without "loadbalancer/" comes back as it is.
func LoadBalancerDimension(arn string) string {
	if _, dimension, ok := strings.Cut(arn, ":loadbalancer/"); ok {
		return dimension
	}
	return arn
}

// TargetGroupDimension returns the value of the TargetGroup dimension, "targetgroup/name/id": the end of the ARN.
func TargetGroupDimension(arn string) string {
	if _, dimension, ok := strings.Cut(arn, ":targetgroup/"); ok {
		return "targetgroup/" + dimension
	}
	return arn
}

func loadBalancerNamespace(arn string) string {
	switch dimension := LoadBalancerDimension(arn); {
	case strings.HasPrefix(dimension, "net/"):
		return "AWS/NetworkELB"
	case strings.HasPrefix(dimension, "gwy/"):
		return "AWS/GatewayELB"
	}
	return "AWS/ApplicationELB"
}

// ECSService are the series of a service ("Amazon ECS CloudWatch metrics"). Cluster and service are names.
func ECSService(cluster, service string) []Metric {
	return each(ecsStats, func(name, stat string) Metric {
		return metric("AWS/ECS", name, stat, "ClusterName", cluster, "ServiceName", service)
	})
}

var ecsStats = []stat{
	{"CPUUtilization", "Average"}, {"CPUUtilization", "Maximum"}, {"MemoryUtilization", "Average"},
	{"MemoryUtilization", "Maximum"},
}

// ECSCluster are the series of a cluster with container instances; Fargate reports no reservation.
func ECSCluster(cluster string) []Metric {
	return each(ecsClusterStats,
		func(name, stat string) Metric { return metric("AWS/ECS", name, stat, "ClusterName", cluster) })
}

var ecsClusterStats = []stat{
	{"CPUReservation", "Average"}, {"MemoryReservation", "Average"}, {"CPUUtilization", "Average"},
	{"MemoryUtilization", "Average"},
}

// EC2Instance are the series of an instance ("List the available CloudWatch metrics for your instances").
func EC2Instance(id string) []Metric {
	return each(ec2Stats, func(name, stat string) Metric { return metric("AWS/EC2", name, stat, "InstanceId", id) })
}

var ec2Stats = []stat{
	{"CPUUtilization", "Average"}, {"CPUUtilization", "Maximum"}, {"CPUCreditBalance", "Average"},
	{"CPUSurplusCreditBalance", "Average"}, {"StatusCheckFailed", "Maximum"},
	{"StatusCheckFailed_Instance", "Maximum"}, {"StatusCheckFailed_System", "Maximum"},
	{"StatusCheckFailed_AttachedEBS", "Maximum"},
	{"EBSIOBalance%", "Average"}, {"EBSByteBalance%", "Average"}, {"NetworkIn", "Average"}, {"NetworkOut", "Average"},
}

// DBInstance are the series of a database instance ("Amazon CloudWatch metrics for Amazon RDS"). Series that its
// engine, class or storage does not have are empty.
func DBInstance(id string) []Metric {
	return each(rdsStats,
		func(name, stat string) Metric { return metric("AWS/RDS", name, stat, "DBInstanceIdentifier", id) })
}

var rdsStats = []stat{
	{"CPUUtilization", "Average"}, {"CPUCreditBalance", "Average"}, {"DatabaseConnections", "Average"},
	{"DatabaseConnections", "Maximum"}, {"FreeableMemory", "Average"}, {"SwapUsage", "Average"},
	{"FreeStorageSpace", "Average"}, {"FreeLocalStorage", "Average"}, {"BurstBalance", "Average"},
	{"EBSIOBalance%", "Average"}, {"EBSByteBalance%", "Average"}, {"DiskQueueDepth", "Average"},
	{"ReadIOPS", "Average"}, {"WriteIOPS", "Average"}, {"ReadLatency", "Average"}, {"WriteLatency", "Average"},
	{"ReplicaLag", "Maximum"}, {"AuroraReplicaLag", "Maximum"}, {"Deadlocks", "Average"},
	{"MaximumUsedTransactionIDs", "Maximum"}, {"OldestReplicationSlotLag", "Maximum"},
	{"TransactionLogsDiskUsage", "Average"},
	{"ReadThroughput", "Average"}, {"WriteThroughput", "Average"}, {"DBLoad", "Average"}, {"DBLoadCPU", "Average"},
	{"DBLoadNonCPU", "Average"}, {"DBLoadRelativeToNumVCPUs", "Average"}, {"ACUUtilization", "Average"},
	{"ServerlessDatabaseCapacity", "Average"},
}

// DBCluster are the series that Aurora reports for a cluster as a whole ("Amazon CloudWatch metrics for Amazon Aurora",
// cluster-level metrics). Series that its engine or capacity type does not have are empty.
func DBCluster(id string) []Metric {
	return each(clusterStats,
		func(name, stat string) Metric { return metric("AWS/RDS", name, stat, "DBClusterIdentifier", id) })
}

var clusterStats = []stat{
	{"VolumeBytesUsed", "Average"}, {"AuroraVolumeBytesLeftTotal", "Minimum"}, {"AuroraReplicaLag", "Maximum"},
	{"AuroraReplicaLagMaximum", "Maximum"}, {"AuroraGlobalDBReplicationLag", "Maximum"},
	{"ServerlessDatabaseCapacity", "Average"}, {"ACUUtilization", "Average"}, {"DatabaseConnections", "Maximum"},
	{"VolumeReadIOPs", "Sum"}, {"VolumeWriteIOPs", "Sum"},
}

// NATGateway are the series of a NAT gateway ("NAT gateway metrics and dimensions", Amazon VPC User Guide).
func NATGateway(id string) []Metric {
	return each(natStats,
		func(name, stat string) Metric { return metric("AWS/NATGateway", name, stat, "NatGatewayId", id) })
}

var natStats = []stat{
	{"ErrorPortAllocation", "Sum"}, {"ActiveConnectionCount", "Maximum"}, {"IdleTimeoutCount", "Sum"},
	{"PacketsDropCount", "Sum"}, {"ConnectionAttemptCount", "Sum"}, {"ConnectionEstablishedCount", "Sum"},
	{"BytesOutToDestination", "Sum"},
}

// LambdaFunction are the series of a function ("Types of metrics for Lambda functions").
func LambdaFunction(name string) []Metric {
	return each(lambdaStats, func(metricName, stat string) Metric {
		return metric("AWS/Lambda", metricName, stat, "FunctionName", name)
	})
}

var lambdaStats = []stat{
	{"Invocations", "Sum"}, {"Errors", "Sum"}, {"Throttles", "Sum"}, {"Duration", "Average"}, {"Duration", "p99"},
	{"ConcurrentExecutions", "Maximum"}, {"Duration", "Maximum"}, {"IteratorAge", "Maximum"}, {"AsyncEventAge", "Maximum"},
	{"AsyncEventsDropped", "Sum"}, {"DeadLetterErrors", "Sum"},
}

func each(stats []stat, of func(name, stat string) Metric) []Metric {
	out := make([]Metric, len(stats))
	for i, s := range stats {
		out[i] = of(s.name, s.stat)
	}
	return out
}
