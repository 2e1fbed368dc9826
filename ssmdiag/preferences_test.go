package ssmdiag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

func TestPreferencesThatNobodySetAreNoError(t *testing.T) {
	p := preferences(&ssmfake.Client{})
	s, err := p.Sessions(t.Context())
	require.NoError(t, err)
	assert.Nil(t, s)
	role, err := p.DefaultHostManagement(t.Context())
	require.NoError(t, err)
	assert.Empty(t, role)
	diagtest.Want(t, diagtest.Run(t, p, ssmdiag.PreferencesChecks()...))
}

func TestPreferencesAreRead(t *testing.T) {
	c := &ssmfake.Client{Documents: ssmfake.Preferences(`{"kmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1234",
		"cloudWatchLogGroupName": "/sessions", "cloudWatchStreamingEnabled": true, "idleSessionTimeout": 20,
		"runAsEnabled": true, "runAsDefaultUser": "ops", "shellProfile": {"linux": "exec bash", "windows": ""}}`),
		Settings: map[string]string{"/ssm/managed-instance/default-ec2-instance-management-role": "service-role/dhmc"}}
	p := preferences(c)
	s, err := p.Sessions(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "/sessions", s.LogGroup)
	assert.True(t, s.LogStreaming)
	assert.Equal(t, "ops", s.RunAsUser)
	assert.EqualValues(t, "20", s.IdleTimeoutMinutes, "also when it is a number")
	assert.Equal(t, "exec bash", s.ShellProfile.Linux)

	report := diag.Run(t.Context(), diag.Observe(p, ssmdiag.PreferencesSurvey))
	require.NoError(t, report.Err())
	assert.Contains(t, report.Links, diag.Link{From: p.Resource(), Role: "encrypts with", To: diag.ResourceOf(
		"AWS::KMS::Key", "1234", "arn:aws:kms:eu-west-1:111122223333:key/1234")})
	assert.Contains(
		t,
		report.Settings,
		diag.Setting{Resource: p.Resource(), Name: "defaultHostManagementRole", Value: "service-role/dhmc"},
	)
}

func TestPreferencesThatCannotBeReadAreOfKindInvalid(t *testing.T) {
	for name, content := range map[string]string{"no JSON": "schemaVersion: 1", "empty": "",
		"wrong type": `{"inputs": {"s3BucketName": {}}}`} {
		t.Run(name, func(t *testing.T) {
			p := preferences(&ssmfake.Client{Documents: map[string]string{"SSM-SessionManagerRunShell": content}})
			_, err := p.Sessions(t.Context())
			assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
			diagtest.Only(t, diagtest.Run(t, p, ssmdiag.PreferencesChecks()...), "ssm.session-preferences-invalid")
		})
	}
}
