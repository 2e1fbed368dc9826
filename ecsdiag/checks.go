package ecsdiag

import (
	"slices"

	"github.com/awsdiag/awsdiag/diag"
)

// allCauses are the tables of causes, one row for each check.
var allCauses = slices.Concat(imageCauses, secretCauses, networkCauses, containerCauses, exitCauses, placementCauses,
	serviceCauses)

var (
	fromCauses   = causeChecks(allCauses)
	fromPhases   = mapped(phases, phase.check)
	fromFaults   = mapped(slices.Concat(definitionFaults, deliveryFaults), fault.check)
	fromHosts    = mapped(hostFaults, hostFault.check)
	fromExec     = mapped(execFaults, execFault.check)
	ownOfService = []*diag.Check[*Service]{
		DeploymentStuck, DeploymentPercentDeadlock, ServiceBelowDesired, ServiceDesiredZero, ServiceNotActive,
		TaskUnhealthy, ContainerStopped,
		LoadBalancerContainerMismatch, GracePeriodShort, RevisionCPUCut, TaskStartSlow, ServiceHostsDraining,
	}
)

// ServiceChecks returns all checks on a service: one for each cause of stopped tasks and trouble events, and those on
// deployments, counts, pending tasks and the load balancer.
//
// Left out, since their facts are not ECS's own: whether images and secrets exist (packages images and secrets), roles
// allow what is asked (package access) and autoscaling works (package scaling). What takes metrics stands in
// [UsageChecks], what only matters to who wants a session in [ExecChecks].
func ServiceChecks() []*diag.Check[*Service] {
	return slices.Concat(fromCauses, fromPhases, ownOfService, fromExec)
}

// ClusterChecks returns all checks on a cluster and its container instances.
func ClusterChecks() []*diag.Check[*Cluster] {
	return append(ClusterNeighbourChecks(), JobFailed)
}

// ClusterNeighbourChecks returns those of [ClusterChecks] that matter to the cluster's services: all but those on jobs.
// They list no services and no tasks as long as the cluster has a host or runs on Fargate alone.
func ClusterNeighbourChecks() []*diag.Check[*Cluster] {
	return append([]*diag.Check[*Cluster]{ClusterNotActive}, ClusterHostChecks()...)
}

// ClusterHostChecks returns those of [ClusterChecks] that look at the container instances. Services on Fargate do
// without.
func ClusterHostChecks() []*diag.Check[*Cluster] {
	return append([]*diag.Check[*Cluster]{ClusterNoInstances}, fromHosts...)
}

// TaskChecks returns all checks on a single task.
func TaskChecks() []*diag.Check[*Task] { return []*diag.Check[*Task]{StandaloneTaskFailed} }

// TaskDefinitionChecks returns all checks on a task definition.
func TaskDefinitionChecks() []*diag.Check[*TaskDefinition] { return slices.Clone(fromFaults) }
