package metrics

// Container Insights publishes these series for clusters that have it turned on, and CloudWatch has no points for
// others ("Amazon ECS Container Insights metrics", Amazon CloudWatch User Guide). Memory is in MB, storage in GB.
const insightsNamespace = "ECS/ContainerInsights"

var insightsStats = []stat{
	{"MemoryUtilized", "Maximum"}, {"MemoryReserved", "Maximum"}, {"EphemeralStorageUtilized", "Maximum"},
	{"EphemeralStorageReserved", "Maximum"}, {"RunningTaskCount", "Minimum"}, {"DesiredTaskCount", "Minimum"},
	{"TaskMemoryUtilization", "Maximum"},
}

// ECSInsights are the series of Container Insights of a service. TaskMemoryUtilization, in percent, is there with
// enhanced observability only.
func ECSInsights(cluster, service string) []Metric {
	return each(insightsStats, func(name, stat string) Metric {
		return metric(insightsNamespace, name, stat, "ClusterName", cluster, "ServiceName", service)
	})
}

// ECSContainerMemory is the memory of the tasks' containers of a name, in percent of what they may use. Container
// Insights publishes it with enhanced observability only.
func ECSContainerMemory(cluster, service, container string) Metric {
	return metric(insightsNamespace, "ContainerMemoryUtilization", "Maximum", "ClusterName", cluster, "ServiceName",
		service,
		"ContainerName", container)
}
