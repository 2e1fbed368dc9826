package ssmdiag_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

const (
	profile    = "arn:aws:iam::111122223333:instance-profile/web"
	management = "/ssm/managed-instance/default-ec2-instance-management-role"
)

var sound = ssmdiag.Setup{Running: true, Profile: profile, HopLimit: 2}

func lose(c *ssmfake.Client) { c.Nodes[0].PingStatus = types.PingStatusConnectionLost }

func identity(s ssmdiag.Setup) func(*ssmfake.Client) *ssmdiag.Identity {
	return func(c *ssmfake.Client) *ssmdiag.Identity {
		return ssmdiag.NewIdentity(node(c), preferences(c), func(ctx context.Context) (ssmdiag.Setup, error) {
			if err := elsewhere(ctx, c, "ec2:DescribeInstances"); err != nil || s.Profile == "" {
				return s, err
			}
			return s, elsewhere(ctx, c, "iam:GetInstanceProfile")
		})
	}
}

// elsewhere is a call to another service, which the world records and lets fail like its own.
func elsewhere(ctx context.Context, c *ssmfake.Client, action string) error {
	_, err := diagfake.Serve(ctx, &c.Recorder, action, new(struct{}),
		func(*struct{}) (*struct{}, error) { return new(struct{}), nil })
	return err
}

// brokenIdentities say for each check of identities what is wrong with the instance, and with the world.
var brokenIdentities = map[diag.Code]struct {
	setup ssmdiag.Setup
	spoil func(*ssmfake.Client)
}{
	"ssm.node-without-role": {ssmdiag.Setup{Running: true}, lose},
	"ssm.node-metadata-off": {ssmdiag.Setup{Running: true, Profile: profile, MetadataOff: true}, lose},
	"ssm.host-management-agent-too-old": {ssmdiag.Setup{Running: true}, func(c *ssmfake.Client) {
		lose(c)
		c.Nodes[0].AgentVersion = aws.String("3.1.1374.0")
		c.Settings = map[string]string{management: "service-role/managed"}
	}},
	"ssm.metadata-hop-limit": {ssmdiag.Setup{Running: true, Profile: profile, HopLimit: 1}, lose},
}

func TestIdentityConforms(t *testing.T) {
	for _, check := range ssmdiag.IdentityChecks() {
		broken, ok := brokenIdentities[check.Code]
		require.True(t, ok, "no broken world for %s", check.Code)
		diagtest.Conform(t, check, diagtest.Worlds[*ssmdiag.Identity]{
			Healthy: worlds(identity(sound), lose).Broken, // lost for another reason
			Broken:  worlds(identity(broken.setup), broken.spoil).Broken,
		})
	}
	assert.NoError(t, diag.Validate(infosOf(ssmdiag.IdentityChecks())...))
}

func TestAttemptsConform(t *testing.T) {
	at := func(refused ...ssmdiag.RefusedSession) diagtest.World[*ssmdiag.Attempts] {
		return func() (*ssmdiag.Attempts, []diagfake.Fake) {
			c := newWorld()
			return ssmdiag.NewAttempts(node(c), func(ctx context.Context) ([]ssmdiag.RefusedSession, error) {
				if err := elsewhere(ctx, c, "cloudtrail:LookupEvents"); err != nil {
					return nil, err
				}
				return refused, nil
			}), []diagfake.Fake{c}
		}
	}
	diagtest.Conform(t, ssmdiag.SessionRefused, diagtest.Worlds[*ssmdiag.Attempts]{Healthy: at(),
		Broken: at(ssmdiag.RefusedSession{At: ssmfake.Now.Add(-time.Minute), Who: "user ann",
			Message: "not authorized to perform: ssm:StartSession"})})
	assert.NoError(t, diag.Validate(ssmdiag.SessionRefused.Info))
}

func infosOf[S diag.Subject](checks []*diag.Check[S]) []diag.Info {
	var infos []diag.Info
	for _, c := range checks {
		infos = append(infos, c.Info)
	}
	return infos
}

// TestIdentity tells which of the ways to credentials is the one that is missing.
func TestIdentity(t *testing.T) {
	managed := func(c *ssmfake.Client) { lose(c); c.Settings = map[string]string{management: "service-role/managed"} }
	tests := []struct {
		name  string
		setup ssmdiag.Setup
		spoil func(*ssmfake.Client)
		want  []diag.Code
	}{
		{"connected without a profile: credentials come from elsewhere", ssmdiag.Setup{Running: true},
			func(*ssmfake.Client) {}, nil},
		{"stopped without a profile", ssmdiag.Setup{}, lose, nil},
		{"lost without a profile", ssmdiag.Setup{Running: true}, lose, []diag.Code{"ssm.node-without-role"}},
		{"never registered without a profile", ssmdiag.Setup{Running: true},
			func(c *ssmfake.Client) { c.Nodes = c.Nodes[1:] },
			[]diag.Code{"ssm.node-without-role"}},
		{"online without a session connection, without a profile", ssmdiag.Setup{Running: true}, func(c *ssmfake.Client) {
			c.Connections = map[string]types.ConnectionStatus{webID: types.ConnectionStatusNotConnected}
		}, []diag.Code{"ssm.node-without-role"}},
		{"a profile without a role", ssmdiag.Setup{Running: true, Profile: profile, Roleless: true}, lose,
			[]diag.Code{"ssm.node-without-role"}},
		{"default host management stands in", ssmdiag.Setup{Running: true}, managed, nil},
		{"a profile goes before default host management", sound, managed, nil},
		{"an agent of unknown version", ssmdiag.Setup{Running: true}, func(c *ssmfake.Client) {
			managed(c)
			c.Nodes[0].AgentVersion = nil
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newWorld()
			tt.spoil(c)
			diagtest.Want(t, diagtest.Run(t, identity(tt.setup)(c), ssmdiag.IdentityChecks()...), tt.want...)
		})
	}
}

func TestIdentityOfWhichHostManagementIsNotKnown(t *testing.T) {
	c := newWorld()
	lose(c)
	c.Deny("ssm:GetServiceSetting")
	report := diagtest.Run(t, identity(ssmdiag.Setup{Running: true})(c), ssmdiag.NodeWithoutRole)
	require.Len(t, report.Findings, 1)
	assert.Equal(t, diag.Likely, report.Findings[0].Confidence)
	assert.NotContains(t, report.Findings[0].Summary, "default host management")
	require.Len(t, report.Inconclusive, 1)
	assert.Equal(t, diag.KindDenied, report.Inconclusive[0].Kind)
}

func TestIdentityOfWhichTheSetupIsNotKnown(t *testing.T) {
	c := newWorld()
	lose(c)
	id := ssmdiag.NewIdentity(node(c), preferences(c), func(context.Context) (ssmdiag.Setup, error) {
		return ssmdiag.Setup{}, errors.New("no view of EC2")
	})
	report := diagtest.Run(t, id, ssmdiag.IdentityChecks()...)
	assert.Empty(t, report.Findings)
	assert.Len(t, report.Inconclusive, len(ssmdiag.IdentityChecks()))
}
