package ssmdiag

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
)

const sourcePrerequisites = "Systems Manager user guide, Step 1: Complete Session Manager prerequisites"

// AgentTooOld reports agents that cannot do sessions.
var AgentTooOld = &diag.Check[*ManagedNode]{
	Info: diag.Info{
		Code: "ssm.agent-too-old", Title: "Agent too old for sessions", Severity: diag.SeverityWarning,
		Doc: "Session Manager needs SSM Agent " + sessionFloor +
			" or later. Sessions of older ones end at once or never start.",
		Actions: []string{callInformation},
		Breaks:  []diag.Mechanism{diag.Session},
		Source:  sourcePrerequisites,
	},
	Run: func(ctx context.Context, n *ManagedNode) ([]diag.Finding, error) {
		info, version, err := n.agent(ctx)
		if err != nil || version == "" || !olderThan(version, sessionFloor) {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("the SSM agent of %s has version %s: sessions need %s or later",
				n.id, version, sessionFloor),
			Evidence: agentEvidence(info), NextSteps: []diag.Step{updateAgent(n)},
		}}, nil
	},
}

// AgentOutdated reports agents that are not the latest version.
var AgentOutdated = &diag.Check[*ManagedNode]{
	Info: diag.Info{
		Code: "ssm.agent-outdated", Title: "Agent outdated", Severity: diag.SeverityInfo,
		Doc: "A later version of SSM Agent is out. The finding names what this one cannot do yet, as far as the user " +
			"guide gives a version for it.",
		Actions: []string{callInformation},
		Limits:  "Systems Manager says for Linux only whether the agent is the latest.",
		Source:  "Systems Manager API reference, InstanceInformation, IsLatestVersion; " + sourcePrerequisites,
	},
	Run: func(ctx context.Context, n *ManagedNode) ([]diag.Finding, error) {
		info, version, err := n.agent(ctx)
		if err != nil || version == "" {
			return nil, err
		}
		old := info.IsLatestVersion != nil && !*info.IsLatestVersion && info.PlatformType != types.PlatformTypeWindows
		lacks := lacking(version)
		if !old && len(lacks) == 0 {
			return nil, nil
		}
		f := diag.Finding{
			Summary:  fmt.Sprintf("the SSM agent of %s has version %s, not the latest", n.id, version),
			Evidence: agentEvidence(info), NextSteps: []diag.Step{updateAgent(n)},
		}
		if old {
			f.Evidence = append(f.Evidence,
				diag.Evidence{Source: callInformation, Field: "IsLatestVersion", Value: "false"})
		}
		if len(lacks) > 0 {
			f.Summary = fmt.Sprintf("the SSM agent of %s has version %s, which is too old for: %s",
				n.id, version, strings.Join(lacks, ", "))
		}
		return []diag.Finding{f}, nil
	},
}

// agent returns the version of the agent, "" if it is not known or not a version.
func (n *ManagedNode) agent(ctx context.Context) (*types.InstanceInformation, string, error) {
	info, err := n.Information(ctx)
	if err != nil || info == nil {
		return nil, "", err
	}
	if _, ok := ParseVersion(aws.ToString(info.AgentVersion)); !ok {
		return info, "", nil
	}
	return info, *info.AgentVersion, nil
}

func updateAgent(n *ManagedNode) diag.Step {
	return diag.Step{
		Text:    "Update the agent.",
		Command: "aws ssm send-command --document-name AWS-UpdateSSMAgent --instance-ids " + n.id,
		Doc:     "https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-automatic-updates.html",
		Changes: true,
	}
}
