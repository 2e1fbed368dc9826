package ssmdiag_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

func TestEveryPingStatusIsJudged(t *testing.T) {
	silent := map[types.PingStatus]bool{types.PingStatusOnline: true}
	for _, status := range types.PingStatus("").Values() {
		c := newWorld()
		c.Nodes[0].PingStatus = status
		report := diagtest.Run(t, node(c), ssmdiag.NodeConnectionLost)
		assert.Equal(t, silent[status], len(report.Findings) == 0, status)
	}
}

func TestEveryConnectionStatusIsJudged(t *testing.T) {
	silent := map[types.ConnectionStatus]bool{types.ConnectionStatusConnected: true}
	for _, status := range types.ConnectionStatus("").Values() {
		c := newWorld()
		c.Connections = map[string]types.ConnectionStatus{webID: status}
		report := diagtest.Run(t, node(c), ssmdiag.NodeNotConnected)
		assert.Equal(t, silent[status], len(report.Findings) == 0, status)
	}
}

func TestConnectionLostTellsSinceWhen(t *testing.T) {
	tests := []struct {
		name     string
		ago      time.Duration
		severity diag.Severity
		say      string
	}{
		{"in the window", 20 * time.Minute, diag.SeverityError, "20 min ago"},
		{"before the window", 98 * time.Minute, diag.SeverityError, "1 h 38 min ago"},
		{"long ago", 75 * time.Hour, diag.SeverityWarning, "3 days ago"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newWorld()
			c.Nodes[0].PingStatus, c.Nodes[0].LastPingDateTime = types.PingStatusConnectionLost, aws.Time(
				ssmfake.Now.Add(-tt.ago),
			)
			f := diagtest.Only(t, diagtest.Run(t, node(c), ssmdiag.NodeChecks()...), "ssm.node-connection-lost")
			assert.Equal(t, ssmfake.Now.Add(-tt.ago), f.Since)
			assert.Equal(t, tt.severity, f.Severity)
			assert.Contains(t, f.Summary, tt.say)
			assert.Equal(t, diag.Resource{Type: "AWS::EC2::Instance", ID: webID}, f.Resource)
		})
	}
}

func TestOneTroubleIsOneFinding(t *testing.T) {
	t.Run("lost and not connected", func(t *testing.T) {
		c := newWorld()
		c.Nodes[0].PingStatus = types.PingStatusConnectionLost
		c.Connections = map[string]types.ConnectionStatus{webID: types.ConnectionStatusNotConnected}
		diagtest.Want(t, diagtest.Run(t, node(c), ssmdiag.NodeChecks()...), "ssm.node-connection-lost")
	})
	t.Run("not managed and not connected", func(t *testing.T) {
		c := &ssmfake.Client{}
		diagtest.Want(t, diagtest.Run(t, node(c), ssmdiag.NodeChecks()...), "ssm.node-not-managed")
	})
}

func TestHealthyWorldIsSilent(t *testing.T) {
	c := newWorld()
	diagtest.Want(t, diagtest.Run(t, node(c), ssmdiag.NodeChecks()...))
	diagtest.Want(t, diagtest.Run(t, preferences(c), ssmdiag.PreferencesChecks()...))
	assert.Len(t, c.Calls(), 3, "information, connection, document")
}

func TestHybridNode(t *testing.T) {
	c := &ssmfake.Client{Nodes: []types.InstanceInformation{ssmfake.Node(hybridID)}}
	c.Nodes[0].IamRole = aws.String("service-role/hybrid")
	n := ssmdiag.NewManagedNode(c, hybridID, window)
	assert.Equal(t, diag.Resource{Type: "AWS::SSM::ManagedInstance", ID: hybridID}, n.Resource())
	report := diag.Run(t.Context(), diag.Observe(n, ssmdiag.NodeSurvey))
	assert.NoError(t, report.Err())
	assert.Contains(
		t,
		report.Links,
		diag.Link{From: n.Resource(), To: diag.Resource{Type: "AWS::IAM::Role", ID: "hybrid"}, Role: "acts as"},
	)
}

func TestAnAgentOfTodayIsNotOld(t *testing.T) {
	tests := []struct {
		name, version string
		codes         []diag.Code
	}{
		{"current", "3.3.2299.0", nil},
		{"before the first with sessions", "2.3.67.9", []diag.Code{"ssm.agent-too-old", "ssm.agent-outdated"}},
		{"first with sessions", "2.3.68.0", []diag.Code{"ssm.agent-outdated"}},
		{"numbers, not text", "3.3.100.0", nil},
		{"not a version", "unknown", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newWorld()
			c.Nodes[0].AgentVersion = aws.String(tt.version)
			diagtest.Want(t, diagtest.Run(t, node(c), ssmdiag.AgentTooOld, ssmdiag.AgentOutdated), tt.codes...)
		})
	}
}

func TestNeedsGoByVersion(t *testing.T) {
	assert.Equal(t, []string{"ssm", "ssmmessages"}, ssmdiag.NodeServices("3.3.40.0"))
	assert.Equal(t, []string{"ssm", "ssmmessages", "ec2messages"}, ssmdiag.NodeServices("3.3.39.9"))
	assert.Contains(t, ssmdiag.NodeServices(""), "ec2messages", "an unknown version may be old")
	assert.Contains(t, ssmdiag.NodeActions(""), "ec2messages:GetMessages")
	assert.NotContains(t, ssmdiag.NodeActions("3.3.2299.0"), "ec2messages:GetMessages")
	assert.Contains(t, ssmdiag.NodeActions("3.3.2299.0"), "ssmmessages:CreateControlChannel")
}

func TestDirectoryAsksForManyAtOnce(t *testing.T) {
	c := &ssmfake.Client{}
	d := ssmdiag.NewDirectory(c, window)
	for i := range 120 {
		id := fmt.Sprintf("i-%017x", i)
		c.Nodes = append(c.Nodes, ssmfake.Node(id))
		d.Node(id)
	}
	for i := range 120 {
		info, err := d.Node(fmt.Sprintf("i-%017x", i)).Information(t.Context())
		require.NoError(t, err)
		require.NotNil(t, info)
	}
	assert.Len(t, c.Calls(), 3, "fifty a call")
	for _, call := range c.Calls() {
		assert.LessOrEqual(t, len(call.Input.(*ssm.DescribeInstanceInformationInput).Filters[0].Values), 50)
	}
}

func TestDirectoryListsNodesBornDescribed(t *testing.T) {
	c := newWorld()
	c.PageSize(1)
	nodes, err := ssmdiag.NewDirectory(c, window).Nodes(t.Context())
	require.NoError(t, err)
	require.Len(t, nodes, 2)
	before := len(c.Calls())
	for _, n := range nodes {
		info, err := n.Information(t.Context())
		require.NoError(t, err)
		assert.NotNil(t, info)
	}
	assert.Len(t, c.Calls(), before)
}

func TestDirectoryKeepsWhatItSawBeforeAnError(t *testing.T) {
	c := newWorld()
	c.Truncate("ssm:DescribeInstanceInformation")
	d := ssmdiag.NewDirectory(c, window)
	nodes, err := d.Nodes(t.Context())
	assert.Len(t, nodes, 1)
	assert.Equal(t, diag.KindThrottled, diag.KindOf(err))
}

func TestNodeSurvey(t *testing.T) {
	c := newWorld()
	c.Nodes[0].PingStatus, c.Nodes[0].LastPingDateTime = types.PingStatusConnectionLost, aws.Time(
		ssmfake.Now.Add(-30*time.Minute),
	)
	c.Nodes[0].RegistrationDate = aws.Time(ssmfake.Now.Add(-100 * time.Hour))
	report := diag.Runner{Window: window}.Run(t.Context(), diag.Observe(node(c), ssmdiag.NodeSurvey))
	require.NoError(t, report.Err())
	var texts []string
	for _, e := range report.Events {
		texts = append(texts, e.Text)
	}
	assert.Equal(t, []string{"the agent called in for the last time", "State Manager associations ran: Success"}, texts)
	assert.Contains(
		t,
		report.Settings,
		diag.Setting{Resource: node(c).Resource(), Name: "PlatformVersion", Value: "2023"},
	)
}
