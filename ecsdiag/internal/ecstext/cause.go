package ecstext

// Cause is what a text gives as the reason, in our own names. The values are stable.
type Cause string

// Unrecognised says that no rule knows the text.
const Unrecognised Cause = "unrecognised"

// Images: pulling what the task definition names (CannotPullContainer task errors).
const (
	// ImageNotFound: the repository, tag, digest or manifest does not exist in the registry.
	ImageNotFound Cause = "image-not-found"
	// ImagePullDenied: the registry refused: 401, 403, pull access denied or a missing ecr permission. Docker
	// registries also answer so for an image that does not exist.
	ImagePullDenied Cause = "image-pull-denied"
	// ImagePullNetwork: the registry, or the S3 bucket behind ECR, was not reached.
	ImagePullNetwork Cause = "image-pull-network"
	// ImagePullDNS: the registry's host name does not resolve.
	ImagePullDNS Cause = "image-pull-dns"
	// ImagePullTLS: the registry's certificate was not trusted.
	ImagePullTLS Cause = "image-pull-tls"
	// ImagePullOther: the image could not be pulled and the text names no known reason.
	ImagePullOther Cause = "image-pull-other"
	// ImagePlatform: the image has no manifest for the platform of the task.
	ImagePlatform Cause = "image-platform-mismatch"
	// ImageDiskFull: no space was left while pulling or unpacking.
	ImageDiskFull Cause = "image-disk-full"
	// ImageRateLimited: the registry's pull rate limit was reached.
	ImageRateLimited Cause = "image-rate-limited"
	// ImageReference: the image is not a valid reference.
	ImageReference Cause = "image-reference-invalid"
	// RegistryAuthNetwork: the ECR authorization token could not be fetched: no network path.
	RegistryAuthNetwork Cause = "registry-auth-network"
	// RegistryAuthDenied: the ECR authorization token was denied by IAM or by an endpoint policy.
	RegistryAuthDenied Cause = "registry-auth-denied"
	// RegistryAuthExpired: the registry's authorization token has expired.
	RegistryAuthExpired Cause = "registry-auth-expired"
	// RegistryAuthOther: the ECR authorization token could not be fetched and the text names no known reason.
	RegistryAuthOther Cause = "registry-auth-other"
)

// Secrets, parameters and environment files.
const (
	// SecretAccessDenied: Secrets Manager, Systems Manager or KMS denied the secret or parameter to the role.
	SecretAccessDenied Cause = "secret-access-denied"
	// SecretNotFound: the secret, its version or the parameter does not exist, or is marked for deletion.
	SecretNotFound Cause = "secret-not-found"
	// SecretJSONKeyMissing: the secret exists, the JSON key does not.
	SecretJSONKeyMissing Cause = "secret-json-key-missing"
	// SecretInvalid: the secret's value or its reference cannot be parsed.
	SecretInvalid Cause = "secret-invalid"
	// SecretThrottled: Secrets Manager or Systems Manager refuses a read because there are too many.
	SecretThrottled Cause = "secret-throttled"
	// SecretNetwork: Secrets Manager or Systems Manager was not reached.
	SecretNetwork Cause = "secret-network"
	// SecretOther: a secret or parameter could not be read and the text names no known reason.
	SecretOther Cause = "secret-other"
	// EnvFileDenied: S3 denied the environment file.
	EnvFileDenied Cause = "env-file-denied"
	// EnvFileNotFound: the environment file or its bucket does not exist.
	EnvFileNotFound Cause = "env-file-not-found"
	// EnvFileNetwork: S3 was not reached for the environment file.
	EnvFileNetwork Cause = "env-file-network"
	// EnvFileOther: the environment file could not be read and the text names no known reason.
	EnvFileOther Cause = "env-file-other"
)

// Log drivers.
const (
	// LogGroupMissing: the log group of the awslogs driver does not exist.
	LogGroupMissing Cause = "log-group-missing"
	// LogDriverDenied: the log driver was denied by IAM.
	LogDriverDenied Cause = "log-driver-denied"
	// LogDriverNetwork: the log driver did not reach CloudWatch Logs.
	LogDriverNetwork Cause = "log-driver-network"
	// LogDriverOther: the log driver could not start and the text names no known reason.
	LogDriverOther Cause = "log-driver-other"
)

// Volumes and storage.
const (
	// EFSTimeout: the EFS mount timed out.
	EFSTimeout Cause = "efs-mount-timeout"
	// EFSDNS: the EFS host name does not resolve.
	EFSDNS Cause = "efs-mount-dns"
	// EFSDenied: the EFS server denied the mount.
	EFSDenied Cause = "efs-mount-denied"
	// EFSPathMissing: the root directory does not exist on the file system.
	EFSPathMissing Cause = "efs-path-missing"
	// EFSOther: the EFS mount failed and the text names no known reason.
	EFSOther Cause = "efs-mount-other"
	// EphemeralStorageTimeout: provisioning the ephemeral storage timed out.
	EphemeralStorageTimeout Cause = "ephemeral-storage-timeout"
	// VolumeFailed: another volume (EBS, FSx, Docker) could not be created, attached or mounted.
	VolumeFailed Cause = "volume-failed"
)

// Network interfaces of awsvpc tasks.
const (
	// ENITimeout: provisioning the network interface timed out.
	ENITimeout Cause = "eni-timeout"
	// ENIAddresses: the subnet has no free address.
	ENIAddresses Cause = "eni-ip-exhausted"
	// ENITagPolicy: a tag policy blocks the network interface.
	ENITagPolicy Cause = "eni-tag-policy"
	// ENIFailed: the network interface could not be created, attached or configured.
	ENIFailed Cause = "eni-attach-failed"
)

// Containers.
const (
	// OutOfMemory: the container was killed for its memory use.
	OutOfMemory Cause = "oom"
	// DockerTimeout: the container runtime did not finish a transition in time.
	DockerTimeout Cause = "docker-timeout"
	// InspectFailed: the container could not be inspected.
	InspectFailed Cause = "inspect-failed"
	// StopFailed: the container could not be stopped or removed.
	StopFailed Cause = "stop-failed"
	// CreateFailedDisk: no storage was left to create the container.
	CreateFailedDisk Cause = "create-failed-disk"
	// CreateFailedVolumePermission: the ownership or mode of a volume could not be set.
	CreateFailedVolumePermission Cause = "create-failed-volume-permission"
	// CreateFailedOther: the container could not be created and the text names no known reason.
	CreateFailedOther Cause = "create-failed-other"
	// StartFailedDevice: a host device of the task definition does not exist.
	StartFailedDevice Cause = "start-failed-device"
	// StartFailedExecMissing: the entry point or command does not exist in the image.
	StartFailedExecMissing Cause = "start-failed-exec-missing"
	// StartFailedExecPermission: the entry point may not be executed.
	StartFailedExecPermission Cause = "start-failed-exec-permission"
	// StartFailedExecFormat: the entry point was built for another processor.
	StartFailedExecFormat Cause = "start-failed-exec-format"
	// StartFailedPort: the host port is already bound.
	StartFailedPort Cause = "start-failed-port"
	// StartFailedMount: a mount point could not be prepared.
	StartFailedMount Cause = "start-failed-mount"
	// StartFailedGPUHook: a hook of the runtime (as a rule the GPU's) failed.
	StartFailedGPUHook Cause = "start-failed-gpu-hook"
	// StartFailedOther: the container could not be started and the text names no known reason.
	StartFailedOther Cause = "start-failed-other"
	// DependencyFailed: a container that this one depends on did not reach its condition.
	DependencyFailed Cause = "dependency-failed"
	// AgentError: the agent named an error of its own that says nothing about the task.
	AgentError Cause = "agent-error"
	// EssentialContainerExited: an essential container exited: its exit code and reason decide whether that is
	// trouble.
	EssentialContainerExited Cause = "essential-container-exited"
	// ContainerExited: a container exited with the code in the text.
	ContainerExited Cause = "container-exited"
)

// Health checks.
const (
	// ELBHealthCheckFailed: the task was stopped because it failed load balancer health checks.
	ELBHealthCheckFailed Cause = "elb-health-check-failed"
	// ContainerHealthCheckFailed: the task failed its container health check.
	ContainerHealthCheckFailed Cause = "container-health-check-failed"
	// UnhealthyTarget: a target is unhealthy in a target group, classic load balancer or registry.
	UnhealthyTarget Cause = "unhealthy-target"
	// TargetGroupMissing: the target group does not exist any more.
	TargetGroupMissing Cause = "target-group-missing"
	// TargetMissing: the target is not registered in the target group.
	TargetMissing Cause = "target-missing"
	// TargetChangeFailed: targets could not be registered or deregistered.
	TargetChangeFailed Cause = "target-change-failed"
)

// Hosts.
const (
	// HostTerminated: the EC2 host was stopped or terminated.
	HostTerminated Cause = "host-terminated"
	// HostMaintenance: AWS retires the task or maintains its host.
	HostMaintenance Cause = "host-maintenance"
	// InstanceDeregistered: the container instance was deregistered.
	InstanceDeregistered Cause = "instance-deregistered"
	// HostDraining: the container instance drains: the scheduler stops its tasks.
	HostDraining Cause = "host-draining"
	// SpotInterrupted: Spot capacity was reclaimed.
	SpotInterrupted Cause = "spot-interruption"
	// AgentDisconnected: the container agent is not connected or did not start.
	AgentDisconnected Cause = "agent-disconnected"
)

// Placement and capacity.
const (
	// PlacementCPU: no instance has enough CPU units left.
	PlacementCPU Cause = "placement-cpu"
	// PlacementMemory: no instance has enough memory left.
	PlacementMemory Cause = "placement-memory"
	// PlacementGPU: no instance has enough GPUs left.
	PlacementGPU Cause = "placement-gpu"
	// PlacementPort: the host port is taken on every instance.
	PlacementPort Cause = "placement-port-in-use"
	// PlacementPortLimit: the instance has reserved its 100 host ports.
	PlacementPortLimit Cause = "placement-port-limit"
	// PlacementENI: no instance can attach another network interface.
	PlacementENI Cause = "placement-eni"
	// PlacementAttribute: no instance has an attribute that the task requires.
	PlacementAttribute Cause = "placement-attribute"
	// PlacementConstraint: a placement constraint is not satisfied.
	PlacementConstraint Cause = "placement-constraint"
	// PlacementNoInstances: the cluster or capacity provider has no container instance.
	PlacementNoInstances Cause = "placement-no-instances"
	// PlacementUnmet: no container instance met all requirements and the text does not say which.
	PlacementUnmet Cause = "placement-unmet"
	// PlacementZone: a task could not be placed in one zone. On Fargate the zone has no capacity at present.
	PlacementZone Cause = "placement-zone"
	// PlacementOther: a task could not be placed and the text names no known reason.
	PlacementOther Cause = "placement-other"
	// ProvisioningLimit: the cluster has as many tasks in PROVISIONING as it may.
	ProvisioningLimit Cause = "provisioning-capacity-limit"
	// FargateCapacity: Fargate has no capacity in the zone at present.
	FargateCapacity Cause = "fargate-capacity"
	// ManagedInstanceCapacity: EC2 has no capacity for the instances that ECS would launch.
	ManagedInstanceCapacity Cause = "managed-instance-capacity"
	// QuotaExceeded: a quota of the account is reached.
	QuotaExceeded Cause = "quota-exceeded"
	// ComputeIncompatible: the task definition does not fit the launch type or capacity provider.
	ComputeIncompatible Cause = "compute-incompatible"
	// InternalError: ECS reports an internal error. For Fargate that may be a subnet in an unsupported zone.
	InternalError Cause = "internal-error"
	// Throttled: calls that ECS makes for the service are throttled.
	Throttled Cause = "api-throttled"
)

// Roles.
const (
	// RoleAssumeFailed: ECS cannot assume the task or execution role.
	RoleAssumeFailed Cause = "role-assume-failed"
	// IAMMisconfigured: permissions or trust were changed: ECS can no longer maintain the service.
	IAMMisconfigured Cause = "iam-misconfigured"
	// InfraRoleDenied: the infrastructure role lacks a permission.
	InfraRoleDenied Cause = "infra-role-denied"
	// AccessDenied: IAM denied an action and the text does not say what for.
	AccessDenied Cause = "access-denied"
)

// Deployments.
const (
	// DeploymentInProgress: the deployment is under way.
	DeploymentInProgress Cause = "deployment-in-progress"
	// DeploymentCompleted: the deployment completed.
	DeploymentCompleted Cause = "deployment-completed"
	// DeploymentFailed: the deployment failed, as a rule because tasks did not start.
	DeploymentFailed Cause = "deployment-failed"
	// DeploymentRollback: the service goes back to an earlier deployment.
	DeploymentRollback Cause = "deployment-rollback"
	// CircuitBreakerFailed: the circuit breaker ended the deployment.
	CircuitBreakerFailed Cause = "circuit-breaker-failed"
	// CircuitBreakerRollback: the circuit breaker goes back to an earlier deployment.
	CircuitBreakerRollback Cause = "circuit-breaker-rollback"
	// DeploymentAlarm: a CloudWatch alarm ended the deployment.
	DeploymentAlarm Cause = "deployment-alarm"
	// DeploymentConfigBlocked: minimumHealthyPercent and maximumPercent leave no task to stop or start.
	DeploymentConfigBlocked Cause = "deployment-config-blocked"
	// StartImpaired: tasks fail to start again and again: ECS slows the launches.
	StartImpaired Cause = "start-impaired"
	// LaunchFailed: tasks could not be launched and the text names no known reason.
	LaunchFailed Cause = "launch-failed"
	// TaskStartFailed: a task or its resources did not start and the text names no known reason.
	TaskStartFailed Cause = "task-start-failed"
)

// The scheduler at work.
const (
	// SteadyState: the service is steady.
	SteadyState Cause = "steady-state"
	// NotSteady: the service does not become steady and the text names no known reason.
	NotSteady Cause = "not-steady"
	// TasksStarted: tasks were started.
	TasksStarted Cause = "tasks-started"
	// TasksStopped: tasks were stopped.
	TasksStopped Cause = "tasks-stopped"
	// TasksReplacedUnhealthy: tasks were replaced because they were unhealthy.
	TasksReplacedUnhealthy Cause = "tasks-replaced-unhealthy"
	// TargetsRegistered: targets were registered.
	TargetsRegistered Cause = "targets-registered"
	// TargetsDeregistered: targets were deregistered.
	TargetsDeregistered Cause = "targets-deregistered"
	// Draining: connections are being drained.
	Draining Cause = "draining"
	// ScalingOrDeployment: the scheduler stopped the task: scaling or a deployment.
	ScalingOrDeployment Cause = "scaling-or-deployment"
	// DesiredCountSet: the desired count was changed.
	DesiredCountSet Cause = "desired-count-set"
	// UserStopped: a person or program stopped the task.
	UserStopped Cause = "user-stopped"
	// AZRebalance: the scheduler watches or restores the balance of zones.
	AZRebalance Cause = "az-rebalance"
	// TaskProtection: scale-in protection keeps tasks from being stopped.
	TaskProtection Cause = "task-protection"
)
