package ssmdiag

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const (
	sourcePing        = "Systems Manager API reference, InstanceInformation, PingStatus"
	sourceAvailable   = "Systems Manager user guide, Troubleshooting managed node availability"
	sourceConnections = "Systems Manager API reference, GetConnectionStatus"
	docAvailability   = "https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-troubleshooting-managed-nodes.html"
)

// below is what must work below an agent: one of these, broken on the machine or on what it depends on, explains why
// the agent is away. AgentConnect is neither broken nor needed here: the agent of Systems Manager starts no tasks, and
// that of ECS keeps nobody's session.
var below = []diag.Mechanism{diag.Permission, diag.NetworkPath, diag.NameResolution, diag.HostRun}

// longLost is after how long a lost connection is no incident any more.
const longLost = 24 * time.Hour

// NodeConnectionLost reports nodes whose agent does not call in any more.
var NodeConnectionLost = &diag.Check[*ManagedNode]{
	Info: diag.Info{
		Code: "ssm.node-connection-lost", Title: "Agent lost its connection", Severity: diag.SeverityError,
		Doc: "SSM Agent has not called in for five minutes or longer: no commands, no sessions. The machine does not " +
			"run, the agent does not, or the agent does not reach Systems Manager or may not use it. A connection that " +
			"was lost more than a day ago is a warning.",
		Actions: []string{callInformation},
		Breaks:  []diag.Mechanism{diag.Session}, Needs: below,
		Limits: "Systems Manager does not tell why: a stopped instance looks the same.",
		Source: sourcePing,
	},
	Run: func(ctx context.Context, n *ManagedNode) ([]diag.Finding, error) {
		info, err := n.Information(ctx)
		if err != nil || info == nil || !isLost(info.PingStatus) {
			return nil, err
		}
		f := diag.Finding{Since: aws.ToTime(info.LastPingDateTime), NextSteps: lostSteps(n)}
		f.Evidence = []diag.Evidence{{Source: callInformation, Field: "PingStatus", Value: string(info.PingStatus)}}
		f.Summary = fmt.Sprintf("the SSM agent of %s is %s", n.id, info.PingStatus)
		if since := f.Since; !since.IsZero() {
			ago := n.directory.window.End.Sub(since)
			f.Summary += fmt.Sprintf(": it last called in at %s, %s ago", stamp(since), words.Span(ago))
			f.Evidence = append(f.Evidence, diag.Evidence{Source: callInformation, Field: "LastPingDateTime",
				Value: stamp(since), At: since})
			if ago > longLost {
				f.Severity = diag.SeverityWarning
			}
		}
		f.Evidence = append(f.Evidence, agentEvidence(info)...)
		return []diag.Finding{f}, nil
	},
}

// NodeNotManaged reports machines that Systems Manager does not know.
var NodeNotManaged = &diag.Check[*ManagedNode]{
	Info: diag.Info{
		Code: "ssm.node-not-managed", Title: "Not registered with Systems Manager", Severity: diag.SeverityWarning,
		Doc: "Systems Manager does not know the machine, so that it takes neither commands nor sessions. The agent is " +
			"not installed or does not run, has no permissions by an instance profile or by default host management, or " +
			"does not reach Systems Manager. Where nobody wants it managed, nothing is wrong.",
		Actions: []string{callInformation},
		Breaks:  []diag.Mechanism{diag.Session}, Needs: below,
		Limits: "It does not see whether the machine runs, or exists; the checks of EC2 instances do.",
		Source: sourceAvailable,
	},
	Run: func(ctx context.Context, n *ManagedNode) ([]diag.Finding, error) {
		info, err := n.Information(ctx)
		if err != nil || info != nil {
			return nil, err
		}
		return []diag.Finding{{
			Summary: n.id + " is not registered with Systems Manager: its agent has never called in, or was deregistered",
			Evidence: []diag.Evidence{{Source: callInformation, Field: "InstanceInformationList",
				Value: "no entry for " + n.id}},
			NextSteps: append(profileSteps(n), diag.Step{
				Text: "See which of the reasons for an absent node it is.", Doc: docAvailability,
			}),
		}}, nil
	},
}

// NodeNotConnected reports nodes whose agent calls in, but takes no sessions.
var NodeNotConnected = &diag.Check[*ManagedNode]{
	Info: diag.Info{
		Code: "ssm.node-not-connected", Title: "Node takes no sessions", Severity: diag.SeverityError,
		Doc: "The agent calls in to Systems Manager, but holds no connection to Session Manager: StartSession fails " +
			"with TargetNotConnected. Mostly the agent does not reach the service ssmmessages, or its role does not allow " +
			"the actions of ssmmessages. Nodes that do not call in at all are left to the checks for those.",
		Actions: []string{callConnection, callInformation},
		Breaks:  []diag.Mechanism{diag.Session}, Needs: below,
		Source: sourceConnections,
	},
	Run: func(ctx context.Context, n *ManagedNode) ([]diag.Finding, error) {
		p, err := n.picture(ctx)
		if err != nil || p.information == nil || isLost(p.information.PingStatus) ||
			p.connection != types.ConnectionStatusNotConnected {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf(
				"%s calls in to Systems Manager but is not connected to Session Manager (ssmmessages): "+
					"no session can start",
				n.id,
			),
			Evidence: append([]diag.Evidence{
				{Source: callConnection, Field: "Status", Value: string(p.connection)},
				{Source: callInformation, Field: "PingStatus", Value: string(p.information.PingStatus),
					At: aws.ToTime(p.information.LastPingDateTime)},
			}, agentEvidence(p.information)...),
			NextSteps: append(lostSteps(n), profileSteps(n)...),
		}}, nil
	},
}

// isLost reports a status of an agent that does not call in. "Inactive" is an old word for it.
func isLost(s types.PingStatus) bool {
	return s == types.PingStatusConnectionLost || s == types.PingStatusInactive
}

func lostSteps(n *ManagedNode) []diag.Step {
	return []diag.Step{
		{
			Text:    "See whether the agent calls in again.",
			Command: "aws ssm describe-instance-information --filters Key=InstanceIds,Values=" + n.id,
		},
		{
			Text: "See whether the subnet has a way to ssm and ssmmessages: endpoints with private DNS, or a NAT gateway.",
			Command: "aws ec2 describe-vpc-endpoints --query " +
				"'VpcEndpoints[].[ServiceName,State,PrivateDnsEnabled,VpcId]' --output table",
		},
	}
}

func profileSteps(n *ManagedNode) []diag.Step {
	if nodeType(n.id) == typeHybrid {
		return nil
	}
	return []diag.Step{{
		Text: "See which instance profile the instance has.",
		Command: "aws ec2 describe-iam-instance-profile-associations --filters Name=instance-id,Values=" +
			n.id,
	}}
}

func agentEvidence(info *types.InstanceInformation) []diag.Evidence {
	if info.AgentVersion == nil {
		return nil
	}
	return []diag.Evidence{{Source: callInformation, Field: "AgentVersion", Value: *info.AgentVersion}}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
