package ecstext

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// leastRight is the share of labels that each kind of the corpus must get right.
const leastRight = 0.97

// reader is one of the four entry points with the corpus kind that it is for.
type reader struct {
	kind string
	read func(string) Match
}

var readers = []reader{
	{"ecs_stopped_reason", StoppedReason},
	{"ecs_container_reason", ContainerReason},
	{"ecs_service_event", ServiceEvent},
	{"ecs_rollout_reason", RolloutReason},
}

type labelled struct{ ID, Text, Label string }

func corpus(t testing.TB, kind string) []labelled {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", kind+".jsonl"))
	require.NoError(t, err)
	defer f.Close()
	var lines []labelled
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var line labelled
		require.NoError(t, json.Unmarshal(scanner.Bytes(), &line))
		lines = append(lines, line)
	}
	require.NoError(t, scanner.Err())
	require.NotEmpty(t, lines)
	return lines
}

func TestCorpus(t *testing.T) {
	for _, r := range readers {
		t.Run(r.kind, func(t *testing.T) {
			lines := corpus(t, r.kind)
			right := 0
			for _, line := range lines {
				cause := r.read(line.Text).Cause
				if got := labelOf(r.kind, cause); got != line.Label {
					t.Logf("miss %s: want %s, got %s (%s)\n\t%s", line.ID, line.Label, got, cause, line.Text)
					continue
				}
				right++
			}
			ratio := float64(right) / float64(len(lines))
			t.Logf("%s: %d of %d labels right (%.1f %%)", r.kind, right, len(lines), 100*ratio)
			assert.GreaterOrEqual(t, ratio, leastRight)
		})
	}
}

// labelOf gives the corpus's label for a cause. Most causes have one label; a few are finer than the labels of a kind.
func labelOf(kind string, cause Cause) string {
	if label, ok := kindLabels[kind][cause]; ok {
		return label
	}
	return labels[cause]
}

var kindLabels = map[string]map[Cause]string{
	"ecs_stopped_reason": {
		PlacementCPU:    "resource_cpu",
		PlacementMemory: "resource_memory",
		PlacementGPU:    "resource_gpu",
		ImagePullDNS:    "image_pull_network",
	},
	"ecs_service_event": {
		AgentDisconnected: "placement_agent_disconnected",
		ImagePullDNS:      "image_pull_network",
		QuotaExceeded:     "quota_exceeded",
	},
	"ecs_rollout_reason": {
		DeploymentInProgress: "in_progress",
		DeploymentCompleted:  "completed",
	},
}

var labels = map[Cause]string{
	ImageNotFound:                "image_not_found",
	ImagePullDenied:              "image_pull_auth",
	ImagePullNetwork:             "image_pull_network",
	ImagePullDNS:                 "image_pull_dns",
	ImagePullTLS:                 "image_pull_other",
	ImagePullOther:               "image_pull_other",
	ImageReference:               "image_pull_other",
	ImagePlatform:                "image_platform_mismatch",
	ImageDiskFull:                "image_disk_full",
	ImageRateLimited:             "image_rate_limited",
	RegistryAuthNetwork:          "registry_auth_network",
	RegistryAuthDenied:           "registry_auth_denied",
	RegistryAuthExpired:          "registry_auth_expired",
	SecretAccessDenied:           "secret_access_denied",
	SecretNotFound:               "secret_not_found",
	SecretJSONKeyMissing:         "secret_json_key_missing",
	SecretInvalid:                "secret_invalid",
	SecretNetwork:                "secret_network",
	EnvFileDenied:                "env_file_denied",
	EnvFileNetwork:               "env_file_network",
	LogGroupMissing:              "log_group_missing",
	LogDriverDenied:              "log_driver_denied",
	LogDriverNetwork:             "log_driver_network",
	EFSTimeout:                   "efs_mount_timeout",
	EFSDNS:                       "efs_mount_dns",
	EFSDenied:                    "efs_mount_denied",
	EFSPathMissing:               "efs_path_missing",
	EFSOther:                     "efs_mount_other",
	EphemeralStorageTimeout:      "ephemeral_storage_timeout",
	ENITimeout:                   "eni_timeout",
	ENIAddresses:                 "eni_ip_exhausted",
	ENITagPolicy:                 "eni_tag_policy",
	ENIFailed:                    "eni_attach_failed",
	OutOfMemory:                  "oom",
	DockerTimeout:                "docker_timeout",
	InspectFailed:                "inspect_failed",
	CreateFailedDisk:             "create_failed_disk",
	CreateFailedVolumePermission: "create_failed_volume_permission",
	StartFailedDevice:            "start_failed_device",
	StartFailedExecMissing:       "start_failed_exec_missing",
	StartFailedExecPermission:    "start_failed_other",
	StartFailedExecFormat:        "start_failed_other",
	StartFailedPort:              "start_failed_other",
	StartFailedMount:             "start_failed_other",
	StartFailedGPUHook:           "start_failed_gpu_hook",
	StartFailedOther:             "start_failed_other",
	EssentialContainerExited:     "essential_container_exited",
	ELBHealthCheckFailed:         "elb_health_check_failed",
	ContainerHealthCheckFailed:   "container_health_check_failed",
	UnhealthyTarget:              "unhealthy_target",
	TargetGroupMissing:           "target_group_missing",
	TargetMissing:                "target_missing",
	HostTerminated:               "host_terminated",
	HostDraining:                 "scaling_or_deployment",
	HostMaintenance:              "host_maintenance",
	InstanceDeregistered:         "instance_deregistered",
	SpotInterrupted:              "spot_interruption",
	AgentDisconnected:            "agent_disconnected",
	PlacementCPU:                 "placement_cpu",
	PlacementMemory:              "placement_memory",
	PlacementGPU:                 "placement_gpu",
	PlacementPort:                "placement_port_in_use",
	PlacementAttribute:           "placement_attribute",
	PlacementConstraint:          "placement_constraint",
	PlacementNoInstances:         "placement_no_instance",
	PlacementUnmet:               "placement_no_instance",
	PlacementZone:                "az_rebalance",
	ProvisioningLimit:            "provisioning_capacity_limit",
	FargateCapacity:              "fargate_capacity",
	ManagedInstanceCapacity:      "managed_instance_capacity",
	QuotaExceeded:                "quota_exceeded",
	ComputeIncompatible:          "compute_incompatible",
	InternalError:                "internal_error",
	Throttled:                    "api_throttled",
	RoleAssumeFailed:             "role_assume_failed",
	IAMMisconfigured:             "iam_misconfigured",
	InfraRoleDenied:              "infra_role_denied",
	DeploymentInProgress:         "in_progress",
	DeploymentCompleted:          "deployment_completed",
	DeploymentFailed:             "deployment_failed",
	DeploymentRollback:           "deployment_rollback",
	CircuitBreakerFailed:         "circuit_breaker_failed",
	CircuitBreakerRollback:       "circuit_breaker_rollback",
	DeploymentAlarm:              "alarm_failed",
	DeploymentConfigBlocked:      "deployment_config_blocked",
	StartImpaired:                "start_impaired",
	LaunchFailed:                 "launch_failed",
	SteadyState:                  "steady_state",
	TasksStarted:                 "tasks_started",
	TasksStopped:                 "tasks_stopped",
	TasksReplacedUnhealthy:       "tasks_replaced_unhealthy",
	TargetsRegistered:            "targets_registered",
	TargetsDeregistered:          "targets_deregistered",
	Draining:                     "draining",
	ScalingOrDeployment:          "scaling_or_deployment",
	AZRebalance:                  "az_rebalance",
	TaskProtection:               "task_protection",
}
