package triage

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2 "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ssmdiag"
)

// The CloudFormation types that Systems Manager has its own subjects for.
const (
	typeHybridNode = "AWS::SSM::ManagedInstance"
	typeDocument   = "AWS::SSM::Document"
	typeParameter  = "AWS::SSM::Parameter"
)

// managed is an EC2 instance as a managed node, and what its agent needs.
type managed struct {
	*Scene
	instance *ec2diag.Instance
	node     *ssmdiag.ManagedNode
	role     diag.Memo[string] // of its instance profile, "" where that holds none
}

// managedPlan examines an instance that was asked about as a managed node. What its agent acts as is asked for where
// the question is about it, and so is who was refused a session.
func managedPlan(s *Scene, instance *ec2diag.Instance) diag.Plan {
	m := &managed{Scene: s, instance: instance,
		node: ssmdiag.NewManagedNode(s.Scope.Clients.SSM, instance.Resource().ID, s.Window)}
	plan := diag.Join(diag.On(m.node, ssmdiag.NodeChecks()...), diag.Observe(m.node, ssmdiag.NodeSurvey, m.ways()),
		m.commandsPlan())
	if s.Scope.Clients.Logs != nil {
		plan = diag.Join(plan, diag.Observe(instance, m.hostLogs()))
	}
	if s.asks(SSMUnreachable, InstanceUnreachable) {
		identity := ssmdiag.NewIdentity(m.node, s.preferences(), m.setup)
		plan = diag.Join(plan, diag.On(identity, ssmdiag.IdentityChecks()...))
	}
	if s.roles != nil && s.asks(SSMUnreachable) {
		plan = diag.Join(plan, diag.Observe(m.node, m.needs()))
	}
	if s.Scope.Clients.CloudTrail != nil && s.asks(SSMUnreachable, AccessDenied) {
		plan = diag.Join(plan, diag.On(ssmdiag.NewAttempts(m.node, m.refused), ssmdiag.AttemptsChecks()...))
	}
	return plan
}

// hybridPlan examines a machine elsewhere that Systems Manager manages.
func hybridPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if s.Scope.Clients.SSM == nil {
		return diag.Plan{}
	}
	node := ssmdiag.NewManagedNode(s.Scope.Clients.SSM, r.ID, s.Window)
	return diag.Join(diag.On(node, ssmdiag.NodeChecks()...), diag.Observe(node, ssmdiag.NodeSurvey))
}

// documentPlan examines the session preferences, where the question is about sessions.
func documentPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	p := s.preferences()
	if s.Scope.Clients.SSM == nil || r.ID != p.Resource().ID || !s.asks(SSMUnreachable) {
		return diag.Plan{}
	}
	return diag.Join(diag.On(p, ssmdiag.PreferencesChecks()...), diag.Observe(p, ssmdiag.PreferencesSurvey))
}

// preferences are the session preferences of the scope.
func (s *Scene) preferences() *ssmdiag.Preferences {
	made := ssmdiag.NewPreferences(s.Scope.Clients.SSM, s.Window)
	return subject(s, typeDocument, made.Resource().ID, func() *ssmdiag.Preferences { return made })
}

// setup tells what EC2 and IAM know of how the instance gets credentials.
func (m *managed) setup(ctx context.Context) (ssmdiag.Setup, error) {
	described, err := m.instance.Describe(ctx)
	if err != nil {
		return ssmdiag.Setup{}, err
	}
	made := ssmdiag.Setup{Running: described.State != nil && described.State.Name == ec2.InstanceStateNameRunning}
	if o := described.MetadataOptions; o != nil {
		made.MetadataOff = o.HttpEndpoint == ec2.InstanceMetadataEndpointStateDisabled
		made.HopLimit = aws.ToInt32(o.HttpPutResponseHopLimit)
	}
	if described.IamInstanceProfile == nil {
		return made, nil
	}
	made.Profile = aws.ToString(described.IamInstanceProfile.Arn)
	if m.roles != nil && m.asks(SSMUnreachable) {
		role, err := m.profileRole(ctx)
		made.Roleless = err == nil && role == ""
		return made, err
	}
	return made, nil
}

// profileRole returns the role of the instance profile, "" for none of either. A profile that was deleted holds none.
func (m *managed) profileRole(ctx context.Context) (string, error) {
	return m.role.Get(ctx, func(ctx context.Context) (string, error) {
		described, err := m.instance.Describe(ctx)
		if err != nil || described.IamInstanceProfile == nil || described.IamInstanceProfile.Arn == nil {
			return "", err
		}
		role, err := access.RoleOfProfile(ctx, m.Scope.Clients.IAM, *described.IamInstanceProfile.Arn)
		if diag.KindOf(err) == diag.KindNotFound {
			return "", nil
		}
		return role, err
	})
}

// principalHosts is who assumes the role of default host management ("Managing EC2 instances automatically with Default
// Host Management Configuration").
const principalHosts = "ssm.amazonaws.com"

// actsAs returns the role that the agent acts as: that of the instance profile, or, where there is none, that of
// default host management, which another service than usual assumes.
func (m *managed) actsAs(ctx context.Context) (role, principal string, err error) {
	role, err = m.profileRole(ctx)
	if err != nil || role != "" {
		return role, "", err
	}
	name, err := m.preferences().DefaultHostManagement(ctx)
	if name == "" || strings.HasPrefix(name, "arn:") || m.Scope.Account == "" {
		return name, principalHosts, err
	}
	return "arn:" + partitionOf(m.Scope.Region) + ":iam::" + m.Scope.Account + ":role/" + name, principalHosts, err
}

// partitionOf returns the partition of a region ("Amazon Resource Names", partitions).
func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// needs asks whether the role that the agent acts as allows what a managed node needs, and what its sessions do.
func (m *managed) needs() *diag.Survey[*ssmdiag.ManagedNode] {
	return &diag.Survey[*ssmdiag.ManagedNode]{
		Name: "triage.node-role",
		Actions: []string{"ec2:DescribeInstances", "iam:GetInstanceProfile", "kms:DescribeKey",
			"ssm:DescribeInstanceInformation",
			"ssm:GetDocument", "ssm:GetServiceSetting"},
		Links: func(ctx context.Context, node *ssmdiag.ManagedNode) ([]diag.Link, error) {
			role, principal, err := m.actsAs(ctx)
			if err != nil || role == "" {
				return nil, err
			}
			version, err := agentVersion(ctx, node)
			set, setErr := m.sessions(ctx)
			needs := access.ManagedNode(ssmdiag.NodeActions(version))
			key, keyErr := m.keyARN(ctx, set.KMSKey, placeOf(role, m.Scope.Region))
			if key != "" {
				needs = append(needs, access.Need{Purpose: access.ForNode, Actions: []string{"kms:Decrypt"},
					Resources: []string{key}})
			}
			for i := range needs {
				needs[i].Principal = principal
			}
			return m.grant(node.Resource(), role, "is managed as", needs), errors.Join(err, setErr, keyErr)
		},
	}
}

// sessions returns the session preferences, zero where nobody set any or where they cannot be read, which their own
// check tells.
func (m *managed) sessions(ctx context.Context) (ssmdiag.SessionPreferences, error) {
	set, err := m.preferences().Sessions(ctx)
	if set == nil || err != nil {
		if diag.KindOf(err) == diag.KindInvalid {
			err = nil
		}
		return ssmdiag.SessionPreferences{}, err
	}
	return *set, nil
}

func agentVersion(ctx context.Context, node *ssmdiag.ManagedNode) (string, error) {
	known, err := node.Information(ctx)
	if known == nil {
		return "", err
	}
	return aws.ToString(known.AgentVersion), err
}

// ways asks for the ways from a node to Systems Manager, where it is not connected, and to what its sessions are set to
// use, where the question is about sessions.
func (m *managed) ways() *diag.Survey[*ssmdiag.ManagedNode] {
	return &diag.Survey[*ssmdiag.ManagedNode]{
		Name:    "triage.node-ways",
		Actions: []string{"ssm:DescribeInstanceInformation", "ssm:GetConnectionStatus", "ssm:GetDocument"},
		Links: func(ctx context.Context, node *ssmdiag.ManagedNode) ([]diag.Link, error) {
			needed, err := m.services(ctx, node)
			if len(needed) == 0 {
				return nil, err
			}
			out := m.egress(node.Resource(), ec2diag.InstanceEnd(node.Resource().ID), needed)
			return []diag.Link{{From: node.Resource(), To: out, Role: "is managed over"}}, err
		},
	}
}

// services are those whose ways are in question.
func (m *managed) services(ctx context.Context, node *ssmdiag.ManagedNode) ([]ec2diag.Service, error) {
	known, err := node.Information(ctx)
	if err != nil {
		return nil, err
	}
	connection, err := node.Connection(ctx)
	if known == nil || known.PingStatus != types.PingStatusOnline || err == nil &&
		connection != types.ConnectionStatusConnected {
		version, _ := agentVersion(ctx, node) // known already
		return services(ssmdiag.NodeServices(version)), err
	}
	if !m.asks(SSMUnreachable) {
		return nil, err
	}
	set, setErr := m.sessions(ctx)
	var needed []ec2diag.Service
	for service, used := range map[ec2diag.Service]bool{ec2diag.KMS: set.KMSKey != "", ec2diag.S3: set.S3Bucket != "",
		ec2diag.Logs: set.LogGroup != ""} {
		if used {
			needed = append(needed, service)
		}
	}
	return needed, errors.Join(err, setErr)
}

func services(names []string) []ec2diag.Service {
	list := make([]ec2diag.Service, len(names))
	for i, n := range names {
		list[i] = ec2diag.Service(n)
	}
	return list
}

// refused returns the sessions on the node that IAM refused, as CloudTrail has them: the node stands in the request,
// or, where CloudTrail left that out, in the message.
func (m *managed) refused(ctx context.Context) ([]ssmdiag.RefusedSession, error) {
	sweep, err := m.trail.Sweep(ctx)
	if sweep == nil {
		return nil, err
	}
	r := m.node.Resource()
	var found []ssmdiag.RefusedSession
	for _, c := range sweep.Refused {
		if c.EventName == "StartSession" && m.Window.Contains(c.At) &&
			(c.Touches(r) || strings.Contains(c.ErrorMessage, r.ID)) {
			found = append(found, ssmdiag.RefusedSession{At: c.At, Who: c.Actor.String(), Message: c.ErrorMessage})
		}
	}
	return found, err
}
