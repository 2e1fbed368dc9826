package ec2diag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// InstanceDepthChecks returns the checks of an [Instance] that the question is about. Of a host among many they are not
// worth their calls, or their advice.
func InstanceDepthChecks() []*diag.Check[*Instance] {
	return []*diag.Check[*Instance]{VolumeImpaired, InstanceProfileLeaving, InstanceWithoutProfile}
}

// VolumeImpaired reports volumes whose status checks fail, where the check of the instance does not tell of it.
var VolumeImpaired = &diag.Check[*Instance]{
	Info: diag.Info{
		Code: "ec2.volume-impaired", Title: "Volume is impaired",
		Doc: "The status check of a volume fails: EBS turned its I/O off because its data may be inconsistent, or the volume " +
			"does not perform. Told with the attached EBS status check where that fails.",
		Severity: diag.SeverityError, Breaks: []diag.Mechanism{diag.HostRun},
		Actions: []string{"ec2:DescribeInstances", "ec2:DescribeInstanceStatus", sourceVolumeStatus},
		Source:  "Amazon EBS user guide, Amazon EBS volume status checks; EBS volume events",
	},
	Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
		d, err := i.Describe(ctx)
		if err != nil || !runs(d) {
			return nil, err
		}
		status, err := i.Status(ctx)
		if failed, _ := failedEBS(status); failed || err != nil {
			return nil, err
		}
		list, err := i.VolumeStatuses(ctx)
		var findings []diag.Finding
		for _, v := range impairedVolumes(list) {
			findings = append(findings, diag.Finding{
				Summary:  fmt.Sprintf("volume %s of %s %s", v.id, i.label(), v.text),
				Evidence: v.evidence, NextSteps: v.steps,
				Related: []diag.Related{{Resource: resource(typeVolume, v.id), Role: "volume"}},
			})
		}
		return findings, err
	},
}

const (
	sourceAssociations = "ec2:DescribeIamInstanceProfileAssociations"
	sourceProfiles     = "IAM user guide, Use an IAM role to grant permissions to applications running on EC2 instances"
)

// InstanceProfileLeaving reports instances whose instance profile is being taken from them.
var InstanceProfileLeaving = &diag.Check[*Instance]{
	Info: diag.Info{
		Code: "ec2.instance-profile-leaving", Title: "Instance profile is being taken away",
		Doc: "The association of the instance with its instance profile is ending and none takes its place. Agents and " +
			"programs on it keep their credentials for up to some hours, and get no new ones.",
		Severity: diag.SeverityWarning, Breaks: []diag.Mechanism{diag.Permission},
		Actions: []string{"ec2:DescribeInstances", sourceAssociations}, Source: sourceProfiles,
	},
	Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
		d, err := i.Describe(ctx)
		if err != nil || !runs(d) {
			return nil, err
		}
		list, err := i.ProfileAssociations(ctx)
		at := slices.IndexFunc(list, func(a types.IamInstanceProfileAssociation) bool {
			return a.State == types.IamInstanceProfileAssociationStateDisassociating
		})
		stays := slices.ContainsFunc(list, func(a types.IamInstanceProfileAssociation) bool {
			return a.State == types.IamInstanceProfileAssociationStateAssociated ||
				a.State == types.IamInstanceProfileAssociationStateAssociating
		})
		if at < 0 || stays {
			return nil, err
		}
		a := list[at]
		name := "its instance profile"
		if a.IamInstanceProfile != nil {
			arn := aws.ToString(a.IamInstanceProfile.Arn)
			name = "instance profile " + arn[strings.LastIndexByte(arn, '/')+1:]
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("%s is being taken from %s", name, i.label()), Since: aws.ToTime(a.Timestamp),
			Evidence: []diag.Evidence{{Source: sourceAssociations, Field: aws.ToString(a.AssociationId) + ".State",
				Value: string(a.State), At: aws.ToTime(a.Timestamp)}},
			NextSteps: []diag.Step{{Text: "If the instance is to act as a role, associate an instance profile.", Changes: true,
				Command: "aws ec2 associate-iam-instance-profile --iam-instance-profile Name=<name> --instance-id " + i.id}},
		}}, err
	},
}

// InstanceWithoutProfile says of an instance that it acts as no role.
var InstanceWithoutProfile = &diag.Check[*Instance]{
	Info: diag.Info{
		Code: "ec2.instance-without-profile", Title: "Instance has no instance profile",
		Doc: "The instance has no instance profile, so that agents and programs on it get no credentials from it: neither " +
			"the ECS agent nor, without default host management, SSM Agent works. Other programs may bring their own.",
		Severity: diag.SeverityInfo, Actions: []string{"ec2:DescribeInstances"}, Source: sourceProfiles,
	},
	Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
		d, err := i.Describe(ctx)
		if err != nil || !runs(d) || d.IamInstanceProfile != nil {
			return nil, err
		}
		return []diag.Finding{{
			Summary:  i.label() + " has no instance profile",
			Evidence: []diag.Evidence{{Source: "ec2:DescribeInstances", Field: "IamInstanceProfile", Value: "none"}},
			NextSteps: []diag.Step{{Text: "If something on the instance needs a role, associate an instance profile.",
				Changes: true,
				Command: "aws ec2 associate-iam-instance-profile --iam-instance-profile Name=<name> --instance-id " + i.id}},
		}}, nil
	},
}

// InterfacesUsedUp says of an instance that no further network interface can be attached to it: see
// [Instance.CountInterfaces].
var InterfacesUsedUp = &diag.Check[*Instance]{
	Info: diag.Info{
		Code: "ec2.instance-interfaces-used-up", Title: "Instance has all its network interfaces",
		Doc: "As many network interfaces are attached to the instance as its type allows. A task of the network mode awsvpc " +
			"needs one of its own, unless the instance has a trunk, which the account setting awsvpcTrunking gives to new " +
			"container instances of types that can have one.",
		Severity: diag.SeverityInfo, Breaks: []diag.Mechanism{diag.Placement},
		Actions: []string{"ec2:DescribeInstances", "ec2:DescribeInstanceTypes"},
		Limits:  "How many interfaces a trunk carries is known to ECS only.",
		Source:  "Amazon ECS developer guide, Increasing Amazon ECS Linux container instance network interfaces",
	},
	Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
		d, err := i.Describe(ctx)
		if err != nil || !i.counts.Load() || !runs(d) || len(d.NetworkInterfaces) < 2 { // no type has fewer than two
			return nil, err
		}
		t, err := i.Type(ctx)
		if err != nil || t.NetworkInfo == nil || t.NetworkInfo.MaximumNetworkInterfaces == nil {
			return nil, err
		}
		most, have := int(*t.NetworkInfo.MaximumNetworkInterfaces), len(d.NetworkInterfaces)
		trunk := slices.ContainsFunc(d.NetworkInterfaces, func(n types.InstanceNetworkInterface) bool {
			return aws.ToString(n.InterfaceType) == string(types.NetworkInterfaceTypeTrunk)
		})
		if have < most || trunk {
			return nil, nil
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("%s (%s) has %d network interfaces attached, all that its type allows, and no trunk", i.label(),
				d.InstanceType, have),
			Evidence: []diag.Evidence{
				{Source: "ec2:DescribeInstanceTypes", Field: "NetworkInfo.MaximumNetworkInterfaces", Value: fmt.Sprint(most)},
				{Source: "ec2:DescribeInstances", Field: "NetworkInterfaces", Value: fmt.Sprint(have)},
			},
			NextSteps: []diag.Step{{Text: "For more tasks with interfaces of their own, turn awsvpcTrunking on and replace the " +
				"container instances, or take a larger type.", Changes: true,
				Command: "aws ecs put-account-setting-default --name awsvpcTrunking --value enabled",
				Doc:     "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html"}},
		}}, nil
	},
}
