package ssmdiag_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

// brokenNodes say for each check of nodes how to spoil the world.
var brokenNodes = map[diag.Code]func(*ssmfake.Client){
	"ssm.node-connection-lost": func(c *ssmfake.Client) {
		c.Nodes[0].PingStatus = types.PingStatusConnectionLost
		c.Nodes[0].LastPingDateTime = aws.Time(ssmfake.Now.Add(-98 * time.Minute))
	},
	"ssm.node-not-managed": func(c *ssmfake.Client) { c.Nodes = c.Nodes[1:] },
	"ssm.node-not-connected": func(c *ssmfake.Client) {
		c.Connections = map[string]types.ConnectionStatus{webID: types.ConnectionStatusNotConnected}
	},
	"ssm.agent-too-old":  func(c *ssmfake.Client) { c.Nodes[0].AgentVersion = aws.String("2.2.800.0") },
	"ssm.agent-outdated": func(c *ssmfake.Client) { c.Nodes[0].IsLatestVersion = aws.Bool(false) },
	"ssm.association-failed": func(c *ssmfake.Client) {
		c.Nodes[0].AssociationStatus = aws.String("Failed")
		c.Associations = map[string][]types.InstanceAssociationStatusInfo{webID: {
			{AssociationId: aws.String("a-1"), AssociationName: aws.String("inventory"), Status: aws.String("Success")},
			{AssociationId: aws.String("a-2"), Name: aws.String("AWS-UpdateSSMAgent"), Status: aws.String("Failed"),
				ExecutionSummary: aws.String("1 out of 1 plugin processed, 0 success, 1 failed")},
		}}
	},
}

// brokenPreferences say the same for checks of preferences.
var brokenPreferences = map[diag.Code]func(*ssmfake.Client){
	"ssm.session-preferences-invalid": func(c *ssmfake.Client) {
		c.Documents["SSM-SessionManagerRunShell"] = `{"schemaVersion": "1.0", "sessionType": "Port"}`
	},
	"ssm.session-run-as-without-user": func(c *ssmfake.Client) {
		c.Documents = ssmfake.Preferences(`{"runAsEnabled": true, "runAsDefaultUser": ""}`)
	},
	"ssm.session-logs-require-encryption": func(c *ssmfake.Client) {
		c.Documents = ssmfake.Preferences(`{"s3BucketName": "logs", "s3EncryptionEnabled": true,
			"cloudWatchLogGroupName": "/sessions", "cloudWatchEncryptionEnabled": true}`)
	},
}

func TestConform(t *testing.T) {
	for _, check := range ssmdiag.NodeChecks() {
		spoil, ok := brokenNodes[check.Code]
		require.True(t, ok, "no broken world for %s", check.Code)
		diagtest.Conform(t, check, worlds(node, spoil))
	}
	for _, check := range ssmdiag.PreferencesChecks() {
		spoil, ok := brokenPreferences[check.Code]
		require.True(t, ok, "no broken world for %s", check.Code)
		diagtest.Conform(t, check, worlds(preferences, spoil))
	}
}

func TestReadOnly(t *testing.T) {
	diagtest.ReadOnly[ssmdiag.NodeAPI](t)
	diagtest.ReadOnly[ssmdiag.PreferencesAPI](t)
}

func TestCatalogue(t *testing.T) {
	var infos []diag.Info
	for _, c := range ssmdiag.NodeChecks() {
		infos = append(infos, c.Info)
	}
	for _, c := range ssmdiag.PreferencesChecks() {
		infos = append(infos, c.Info)
	}
	assert.NoError(t, diag.Validate(infos...))
	for _, info := range infos {
		assert.NotEmpty(t, info.Source, info.Code)
	}
}
