package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

const (
	sourceFailedToStart = "Amazon ECS Developer Guide: TaskFailedToStart errors"
	sourceStopped       = "Amazon ECS Developer Guide: Amazon ECS stopped tasks error messages"
)

var breaksStart = []diag.Mechanism{diag.TaskStart}

// networkCauses are the troubles with network interfaces, volumes and storage.
var networkCauses = []cause{
	{
		code:   "ecs.task-eni-timeout",
		title:  "Network interface not provisioned in time",
		causes: []ecstext.Cause{ecstext.ENITimeout},
		doc:    "The network interface of the task was not provisioned in time.",
		say:    "cannot start: provisioning their network interface times out",
		breaks: breaksStart,
		source: sourceFailedToStart,
		steps:  []diag.Step{stepTask},
	},
	{
		code:   "ecs.task-eni-no-addresses",
		title:  "Subnet out of addresses",
		causes: []ecstext.Cause{ecstext.ENIAddresses},
		doc:    "The subnet has no free address for the network interface of the task.",
		say:    "cannot start: {subnet} has no free address",
		breaks: breaksStart,
		needs:  []diag.Mechanism{diag.Placement},
		add:    addSubnets,
		source: sourceFailedToStart,
		steps: []diag.Step{
			{
				Text:    "Count the free addresses.",
				Command: "aws ec2 describe-subnets --subnet-ids {subnet} --query 'Subnets[].AvailableIpAddressCount'",
			},
			stepNetwork,
		},
	},
	{
		code:   "ecs.task-eni-tag-policy",
		title:  "Tag policy blocks network interface",
		causes: []ecstext.Cause{ecstext.ENITagPolicy},
		doc:    "A tag policy of the organisation does not allow the tags that ECS puts on the network interface.",
		say:    "cannot start: a tag policy forbids the tags of their network interface",
		breaks: breaksStart,
		source: sourceFailedToStart,
		steps:  []diag.Step{stepTask},
	},
	{
		code:   "ecs.task-eni-failed",
		title:  "Network interface could not be attached",
		causes: []ecstext.Cause{ecstext.ENIFailed},
		doc:    "The network interface of the task could not be created, attached or configured.",
		say:    "cannot start: their network interface could not be set up",
		breaks: breaksStart,
		needs:  []diag.Mechanism{diag.HostRun, diag.AgentConnect},
		source: sourceFailedToStart,
		steps:  []diag.Step{stepTask},
	},
	{
		code:   "ecs.task-efs-timeout",
		title:  "EFS mount timed out",
		causes: []ecstext.Cause{ecstext.EFSTimeout},
		doc:    "The mount of an EFS file system timed out: the task does not reach a mount target on port 2049.",
		say:    "cannot start: mounting {file system} times out",
		breaks: breaksStart,
		needs:  []diag.Mechanism{diag.NetworkPath},
		source: sourceInit,
		steps: []diag.Step{
			{
				Text:    "List the mount targets and their security groups: port 2049 must be open from the tasks.",
				Command: "aws efs describe-mount-targets --file-system-id {file system}",
			},
		},
	},
	{
		code:   "ecs.task-efs-dns",
		title:  "EFS host name does not resolve",
		causes: []ecstext.Cause{ecstext.EFSDNS},
		doc: "The host name of an EFS file system does not resolve: there is no mount target in the zone, or the VPC " +
			"has no DNS.",
		say:    "cannot start: the host name of {file system} does not resolve",
		breaks: breaksStart,
		needs:  []diag.Mechanism{diag.NameResolution},
		source: sourceInit,
		steps: []diag.Step{
			{
				Text:    "List the mount targets: the zone of the task needs one.",
				Command: "aws efs describe-mount-targets --file-system-id {file system}",
			},
		},
	},
	{
		code:   "ecs.task-efs-denied",
		title:  "EFS mount denied",
		causes: []ecstext.Cause{ecstext.EFSDenied},
		doc:    "The EFS server denies the mount: the file-system policy or the task role does not allow it.",
		say:    "cannot start: mounting {file system} is denied",
		breaks: breaksStart,
		needs:  []diag.Mechanism{diag.Permission},
		source: sourceInit,
		steps: []diag.Step{
			{
				Text:    "Read the policy of the file system.",
				Command: "aws efs describe-file-system-policy --file-system-id {file system}",
			},
			stepDefinition,
		},
	},
	{
		code:   "ecs.task-efs-path-missing",
		title:  "EFS root directory does not exist",
		causes: []ecstext.Cause{ecstext.EFSPathMissing},
		doc:    "The root directory that the volume names does not exist on the file system.",
		say:    "cannot start: the root directory does not exist on {file system}",
		breaks: breaksStart,
		source: sourceInit,
		steps:  []diag.Step{stepDefinition},
	},
	{
		code:   "ecs.task-efs-failed",
		title:  "EFS mount failed",
		causes: []ecstext.Cause{ecstext.EFSOther},
		doc:    "The mount of an EFS file system failed; the text does not say more exactly why.",
		say:    "cannot start: mounting {file system} fails",
		breaks: breaksStart,
		needs:  []diag.Mechanism{diag.NetworkPath, diag.Permission},
		source: sourceInit,
		steps:  []diag.Step{stepTask, stepDefinition},
	},
	{
		code:   "ecs.task-ephemeral-storage-timeout",
		title:  "Ephemeral storage not provisioned in time",
		causes: []ecstext.Cause{ecstext.EphemeralStorageTimeout},
		doc:    "The ephemeral storage of the task was not provisioned in time.",
		say:    "cannot start: provisioning their ephemeral storage times out",
		breaks: breaksStart,
		source: sourceFailedToStart,
		steps:  []diag.Step{stepTask},
	},
	{
		code:   "ecs.task-volume-failed",
		title:  "Volume could not be attached",
		causes: []ecstext.Cause{ecstext.VolumeFailed},
		doc:    "A volume (EBS, FSx, Docker) could not be created, attached or mounted.",
		say:    "cannot start: a volume could not be set up",
		breaks: breaksStart,
		needs:  []diag.Mechanism{diag.Permission},
		source: sourceStopped,
		steps:  []diag.Step{stepTask, stepDefinition},
	},
}

// addSubnets names all subnets that the texts tell of.
func addSubnets(_ context.Context, _ *Service, g *group) error {
	var named []string
	for _, s := range g.signs {
		if id := s.match.Fields.Subnet; id != "" && !slices.Contains(named, id) {
			named = append(named, id)
		}
	}
	if len(named) > 1 {
		slices.Sort(named)
		g.tail = fmt.Sprintf(" (nor has %s)", strings.Join(slices.DeleteFunc(named, func(id string) bool {
			return id == g.named("subnet")
		}), ", "))
	}
	return nil
}
