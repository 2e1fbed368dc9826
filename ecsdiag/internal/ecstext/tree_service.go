package ecstext

// healthRules follow "Amazon ECS service unhealthy event messages".
var healthRules = []rule{
	{cause: TargetGroupMissing, when: terms{"target group is not found|targetgroupnotfound|target group not found|" +
		"target-group is not found"}},
	{cause: TargetMissing, when: terms{"target is not found|target not found|target is not registered"}},
	{cause: TargetChangeFailed, when: terms{"failed to register|failed to deregister|unable to register|unable to " +
		"deregister",
		"target"}, more: []rule{
		{cause: InfraRoleDenied, when: terms{denied}},
		{cause: Throttled, when: terms{"throttl|rate exceeded"}},
		{cause: TargetGroupMissing, when: terms{missing}},
	}},
	{cause: TasksReplacedUnhealthy, when: terms{"unhealthy", "replac|started"}, not: "=replacement strategy"},
	{cause: ContainerHealthCheckFailed, when: terms{"container health check"}},
	{cause: ELBHealthCheckFailed, when: terms{"failed", "elb health check|load balancer health check|target group " +
		"health check|health checks in|health check in"}, not: "is unhealthy|deployment"},
	{cause: UnhealthyTarget, when: terms{"is unhealthy|is not healthy|unhealthy in"}},
}

var deploymentRules = []rule{
	{cause: DeploymentConfigBlocked, when: terms{"minimumhealthypercent|maximumpercent|service deployment configuration"}},
	{cause: StartImpaired, when: terms{"unable to consistently start|consistently start tasks"}},
	{cause: Throttled, when: terms{"throttled|throttling|rate exceeded|requestlimitexceeded"}},
	{cause: DesiredCountSet, when: terms{"desired count to|set desired count"}},
	{cause: TaskProtection, when: terms{"=protected|=protection", "task|scale"}},
	{cause: AZRebalance, when: terms{"service_rebalancing|rebalancing tasks|az balanced|az " +
		"rebalanc|az-rebalanc|availability zone rebalanc|availability zone balanc"}},
	{cause: CircuitBreakerFailed, when: terms{"circuit breaker"}, more: []rule{
		{cause: CircuitBreakerRollback, when: terms{"rolling back|rolled back|rollback|roll back"}},
	}},
	{cause: DeploymentAlarm, when: terms{"=alarm|=alarms|alarm detected|alarm state|in alarm"}},
	{cause: DeploymentRollback, when: terms{"rolling back|rolled back|rollback|roll back"}},
	{cause: DeploymentFailed, when: terms{"deployment failed|tasks failed to start|deployment has failed"}},
	{cause: DeploymentFailed, when: terms{"=deployment", "=failed"}, not: "failed task|could not launch|failed to launch"},
	{cause: DeploymentCompleted, when: terms{"=deployment", "=completed|=complete|successful"}},
	{cause: DeploymentInProgress, when: terms{"=deployment", "in progress|in_progress|pending|=started|has begun"},
		not: "=tasks"},
}

var schedulerRules = []rule{
	{cause: ScalingOrDeployment, when: terms{"scaling activity|initiated by deployment|serviceschedulerinitiated"}},
	{cause: UserStopped, when: terms{"stopped by user|user initiated|userinitiated|stopped by the user|manually stopped"}},
	{cause: EssentialContainerExited, when: terms{"essential container|essentialcontainerexited"}},
	{cause: TargetsDeregistered, when: terms{"deregistered", "target|=elb|load balancer"}},
	{cause: TargetsRegistered, when: terms{"registered", "target|=elb|load balancer"}},
	{cause: Draining, when: terms{"draining"}},
	{cause: LaunchFailed, when: terms{"could not launch|failed to launch|unable to launch|unable to start"}},
	{cause: NotSteady, when: terms{"unable to reach steady state|unable to reach a steady state|not reached a " +
		"steady state"}},
	{cause: SteadyState, when: terms{"steady state|steady_state"}},
	{cause: TasksStarted, when: terms{"=started", "=task|=tasks"}},
	{cause: TasksStopped, when: terms{"=stopped", "=task|=tasks"}, not: "stopped before"},
	{cause: PlacementOther, when: terms{"unable to place|could not place|failed to place"}},
}

// lastRules take what names a failure and nothing that was attempted.
var lastRules = []rule{
	{cause: ContainerExited, when: terms{"exited with code|exit code|exitcode|exited with status"}},
	{cause: AccessDenied, when: terms{"accessdenied|not authorized to perform|unauthorizedoperation"}},
	{cause: DeploymentInProgress, when: terms{"$in progress"}},
	{cause: DeploymentCompleted, when: terms{"$completed"}},
}
