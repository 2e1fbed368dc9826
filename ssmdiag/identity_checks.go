package ssmdiag

import (
	"context"
	"fmt"
	"strconv"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	callInstances  = "ec2:DescribeInstances"
	callProfile    = "iam:GetInstanceProfile"
	sourceIdentity = "Systems Manager user guide, Configure instance permissions required for Systems Manager"
	sourceManaged  = "Systems Manager user guide, Managing EC2 instances automatically with Default Host Management " +
		"Configuration"
	docIdentity         = "https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html"
	docManaged          = "https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html"
	hostManagementFloor = "3.2.582.0"
)

// identityActions are what it takes to know that an agent is absent and how its instance is set up; two checks also
// read a setting.
var (
	identityActions = []string{callInstances, callProfile, callInformation, callConnection}
	managedActions  = append([]string{callSetting}, identityActions...)
)

// NodeWithoutRole reports instances whose agent has no role to act as.
var NodeWithoutRole = &diag.Check[*Identity]{
	Info: diag.Info{
		Code: "ssm.node-without-role", Title: "Instance has no role for Systems Manager", Severity: diag.SeverityError,
		Doc: "The instance runs, its agent is not connected, and there is nothing that the agent could act as: no " +
			"instance profile, or one without a role, and no default host management in the region.",
		Actions: managedActions,
		Breaks:  []diag.Mechanism{diag.Permission, diag.Session}, Source: sourceIdentity,
		Limits: "Credentials that somebody put on the machine itself are not seen.",
	},
	Run: func(ctx context.Context, i *Identity) ([]diag.Finding, error) {
		s, absent, err := i.absent(ctx)
		if err != nil || !absent || s.Profile != "" && !s.Roleless {
			return nil, err
		}
		managed, err := i.HostManagement(ctx)
		if managed != "" {
			return nil, err
		}
		id := i.node.id
		lacks := "it has no instance profile"
		e := diag.Evidence{Source: callInstances, Field: "IamInstanceProfile", Value: "(none)"}
		if s.Roleless {
			lacks = "its instance profile " + roleName(s.Profile) + " holds no role"
			e = diag.Evidence{Source: callProfile, Field: "InstanceProfile.Roles", Value: "(none)"}
		}
		f := diag.Finding{Evidence: []diag.Evidence{e}, NextSteps: append(profileSteps(i.node), diag.Step{
			Text: "Attach an instance profile whose role has the policy AmazonSSMManagedInstanceCore.", Changes: true,
			Doc:     docIdentity,
			Command: "aws ec2 associate-iam-instance-profile --instance-id " + id + " --iam-instance-profile Name=PROFILE",
		})}
		if err != nil { // whether default host management stands in is not known
			f.Confidence = diag.Likely
			f.Summary = fmt.Sprintf("the SSM agent of %s has no role to act as: %s", id, lacks)
			return []diag.Finding{f}, err
		}
		f.Summary = fmt.Sprintf("the SSM agent of %s has no role to act as: %s, and default host management is off", id,
			lacks)
		f.Evidence = append(f.Evidence, diag.Evidence{Source: callSetting, Field: hostManagementSetting, Value: noRole})
		return []diag.Finding{f}, nil
	},
}

// NodeMetadataOff reports instances whose agent cannot get at the credentials of its role.
var NodeMetadataOff = &diag.Check[*Identity]{
	Info: diag.Info{
		Code: "ssm.node-metadata-off", Title: "Agent gets no credentials: metadata service off", Severity: diag.SeverityError,
		Doc: "The instance runs, its agent is not connected, and the instance metadata service is off. From it the agent " +
			"learns the instance and takes the credentials of the instance profile or of default host management.",
		Actions: identityActions,
		Breaks:  []diag.Mechanism{diag.Permission, diag.Session}, Source: sourceAvailable,
	},
	Run: func(ctx context.Context, i *Identity) ([]diag.Finding, error) {
		s, absent, err := i.absent(ctx)
		if err != nil || !absent || !s.MetadataOff {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("the SSM agent of %s gets no credentials: the instance metadata service is off", i.node.id),
			Evidence: []diag.Evidence{{Source: callInstances, Field: "MetadataOptions.HttpEndpoint",
				Value: "disabled"}},
			NextSteps: []diag.Step{{Text: "Turn the metadata service on, with tokens.", Changes: true, Command: "aws ec2 " +
				"modify-instance-metadata-options --http-endpoint enabled --http-tokens required --instance-id " + i.node.id}},
		}}, nil
	},
}

// HostManagementAgentTooOld reports instances that only default host management could manage, with an agent that does
// not know it.
var HostManagementAgentTooOld = &diag.Check[*Identity]{
	Info: diag.Info{
		Code: "ssm.host-management-agent-too-old", Title: "Agent too old for default host management",
		Severity: diag.SeverityError,
		Doc: "The instance has no instance profile. Default host management would give it a role, but takes SSM Agent " +
			hostManagementFloor + " or later.",
		Actions: managedActions,
		Breaks:  []diag.Mechanism{diag.Permission, diag.Session}, Source: sourceManaged,
	},
	Run: func(ctx context.Context, i *Identity) ([]diag.Finding, error) {
		s, absent, err := i.absent(ctx)
		if err != nil || !absent || s.Profile != "" {
			return nil, err
		}
		info, version, err := i.node.agent(ctx)
		if err != nil || version == "" || !olderThan(version, hostManagementFloor) {
			return nil, err
		}
		managed, err := i.HostManagement(ctx)
		if err != nil || managed == "" {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("%s has no instance profile, and its SSM agent %s is too old for default host management, "+
				"which takes %s", i.node.id, version, hostManagementFloor),
			Evidence: append(agentEvidence(info), diag.Evidence{Source: callInstances, Field: "IamInstanceProfile",
				Value: "(none)"}, diag.Evidence{Source: callSetting, Field: hostManagementSetting, Value: managed}),
			NextSteps: []diag.Step{{Text: "Attach an instance profile for Systems Manager, or update the agent on the machine.",
				Doc: docManaged, Changes: true}},
		}}, nil
	},
}

// MetadataHopLimit tells of instances whose metadata service does not answer containers.
var MetadataHopLimit = &diag.Check[*Identity]{
	Info: diag.Info{
		Code: "ssm.metadata-hop-limit", Title: "Metadata service does not reach containers", Severity: diag.SeverityInfo,
		Doc: "The agent is not connected, and answers of the metadata service go one hop only: to the instance, and not " +
			"into a container with a network of its own. An agent that runs in such a container gets no credentials.",
		Actions: identityActions,
		Limits:  "Where the agent runs is not seen.",
		Source:  "Amazon EC2 user guide, Instance metadata options, HttpPutResponseHopLimit",
	},
	Run: func(ctx context.Context, i *Identity) ([]diag.Finding, error) {
		s, absent, err := i.absent(ctx)
		if err != nil || !absent || s.MetadataOff || s.HopLimit != 1 {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("if the SSM agent of %s runs in a container, the metadata service does not reach it: "+
				"its answers go 1 hop", i.node.id),
			Evidence: []diag.Evidence{{Source: callInstances, Field: "MetadataOptions.HttpPutResponseHopLimit",
				Value: strconv.Itoa(int(s.HopLimit))}},
			NextSteps: []diag.Step{{Text: "If it does, let answers go 2 hops.", Changes: true, Command: "aws ec2 " +
				"modify-instance-metadata-options --http-put-response-hop-limit 2 --instance-id " + i.node.id}},
		}}, nil
	},
}
