package ecstext

var hostRules = []rule{
	{cause: HostDraining, when: terms{"instance", "draining state|is draining|being drained|set to draining"}},
	{cause: InstanceDeregistered, when: terms{"container instance|container-instance", "deregist"}},
	{cause: HostTerminated, when: terms{"host|ec2 instance|=instance", "terminated|stopped"},
		not: "=tasks|spot|retire|maintenance|closest|unhealthy"},
	{cause: SpotInterrupted, when: terms{"=spot", "interrupt|reclaim|terminat"}, not: "reached the limit"},
	{cause: HostMaintenance, when: terms{"maintenance|task retirement|retired|retirement|underlying host|" +
		"underlying infrastructure|underlying hardware|terminationnotice"}},
	{cause: AgentDisconnected, when: terms{"error agent|$agent|waiting for amazon ecs agent|waiting for ecs agent|" +
		"agent to start"}},
	{cause: AgentDisconnected, when: terms{"=agent", "connected", "disconnected|=not|doesnt|isnt|wasnt|hasnt|no " +
		"longer|lost"}},
}

// placementRules follow "API failure reasons" (RESOURCE:*, ATTRIBUTE, LOCATION …) and the causes listed under "was
// unable to place a task". What the closest instance lacks comes before the sentence that quotes it.
var placementRules = []rule{
	{cause: ProvisioningLimit, when: terms{"provisioning capacity limit"}},
	{cause: PlacementPortLimit, when: terms{"reserved port|too many ports|maximum allowed port"}},
	{cause: QuotaExceeded, when: terms{"reached the limit|above your limit|above the limit|exceeds your limit|quota|" +
		"maxspotinstancecount|max spot instance count|spot instance count|vcpulimit|limitexceeded|instance limit"},
		not: "throttl"},
	{cause: PlacementCPU, when: terms{"resource:cpu|insufficient cpu|not enough cpu|enough cpu"}},
	{cause: PlacementMemory, when: terms{"resource:memory|insufficient memory|not enough memory|enough memory"}},
	{cause: PlacementGPU, when: terms{"resource:gpu|insufficient gpu|not enough gpu|enough gpu|gpus available"}},
	{cause: PlacementPort, when: terms{"resource:port|port required|port already in|ports already in|not enough ports|" +
		"port is already|insufficient ports"}},
	{cause: PlacementENI, when: terms{"resource:eni|eni attachment|network interface attachment|attachment point|" +
		"enough eni|insufficient eni|network adapters"}},
	{cause: PlacementAttribute, when: terms{"attribute required|required attribute|$attribute|error attribute|" +
		"missing an attribute|missing attribute"}},
	{cause: PlacementConstraint, when: terms{"placement constraint|memberof|distinctinstance|error location|$location"}},
	{cause: LaunchFailed, when: terms{"launch instance"}, more: []rule{
		{cause: InfraRoleDenied, when: terms{denied}},
		{cause: ManagedInstanceCapacity, when: terms{noEC2Capacity}},
	}},
	{cause: ManagedInstanceCapacity, when: terms{noEC2Capacity, "instance|=ec2|capacity in the"}},
	{cause: FargateCapacity, when: terms{"capacity is unavailable|resource:fargate|capacity unavailable|fargate " +
		"capacity|" +
		"fargate_spot capacity|spot capacity|no capacity|not have capacity|insufficient capacity|capacity is not available"}},
	{cause: PlacementNoInstances, when: terms{"no container instances|no active instances|empty capacity provider|" +
		"no container instance was|no container instance is|no instances were found"}},
	{cause: PlacementUnmet, when: terms{"no container instance met|no container instance that met|resources could " +
		"not be found"}},
	{cause: PlacementZone, when: terms{"unable to place a task in|unable to place task in|unable to place tasks " +
		"in"}, not: "=cluster"},
	{cause: ComputeIncompatible, when: terms{"not compatible with|incompatible", "compute|launch type|launchtype|" +
		"capacity provider|task definition|platform"}},
	{cause: InternalError, when: terms{"internal error|internalerror|internal server error|internal failure"}},
}

// noEC2Capacity are the words of EC2 for a launch that it cannot serve at present.
const noEC2Capacity = "insufficientinstancecapacity|insufficient instance capacity|unfulfillablecapacity|" +
	"fulfill capacity|fulfill your request|sufficient capacity|not have sufficient|not have enough|no spot capacity|" +
	"insufficient capacity|capacity is unavailable|capacity unavailable|capacity-not-available"
