package ssmdiag_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

var key = []byte("a key of the test")

// newStore has three parameters below /shop/prod and their twins below /shop/test.
func newStore() *ssmfake.Client {
	c := &ssmfake.Client{Values: map[string]string{}}
	for _, path := range []string{"/shop/prod", "/shop/test"} {
		c.Parameters = append(c.Parameters,
			ssmfake.Parameter(path+"/db/url", types.ParameterTypeString),
			ssmfake.Parameter(path+"/db/password", types.ParameterTypeSecureString),
			ssmfake.Parameter(path+"/flags", types.ParameterTypeStringList))
		c.Values[path+"/db/url"] = "postgres://db"
		c.Values[path+"/db/password"] = "hunter2"
		c.Values[path+"/flags"] = "a,b"
	}
	return c
}

func parameterWorlds[S diag.Subject](subject func(*ssmfake.Client) S, spoil func(*ssmfake.Client)) diagtest.Worlds[S] {
	at := func(spoil func(*ssmfake.Client)) diagtest.World[S] {
		return func() (S, []diagfake.Fake) {
			c := newStore()
			spoil(c)
			return subject(c), []diagfake.Fake{c}
		}
	}
	return diagtest.Worlds[S]{Healthy: at(func(*ssmfake.Client) {}), Broken: at(spoil)}
}

var brokenParameters = map[diag.Code]func(*ssmfake.Client){
	"ssm.parameter-missing": func(c *ssmfake.Client) { c.Parameters = c.Parameters[1:] },
	"ssm.parameter-changed-after-start": func(c *ssmfake.Client) {
		c.Parameters[0].LastModifiedDate, c.Parameters[0].Version = aws.Time(ssmfake.Now.Add(-10*time.Minute)), 4
	},
	"ssm.parameter-expiring": func(c *ssmfake.Client) {
		c.Parameters[2].Policies = []types.ParameterInlinePolicy{
			{PolicyType: aws.String("Expiration"), PolicyStatus: aws.String("Pending"),
				PolicyText: aws.String(
					`{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2026-03-04T10:00:00.000Z"}}`,
				)},
		}
	},
}

func TestConformParameters(t *testing.T) {
	subject := func(c *ssmfake.Client) *ssmdiag.Parameters {
		return ssmdiag.NewParameterPath(c, "/shop/prod/", window, ssmdiag.ConsumersStarted(ssmfake.Now.Add(-time.Hour)),
			ssmdiag.Expect(ssmdiag.Expected{Name: "/shop/prod/db/url"}))
	}
	for _, check := range ssmdiag.ParameterChecks() {
		spoil, ok := brokenParameters[check.Code]
		require.True(t, ok, "no broken world for %s", check.Code)
		diagtest.Conform(t, check, parameterWorlds(subject, spoil))
	}
}

func TestConformDrift(t *testing.T) {
	drift := func(make func(ssmdiag.ParameterAPI, string, diag.Window, ...ssmdiag.ParameterOption) *ssmdiag.Parameters, end string) func(*ssmfake.Client) *ssmdiag.Drift {
		return func(c *ssmfake.Client) *ssmdiag.Drift {
			with := ssmdiag.WithFingerprints(c, key)
			return ssmdiag.NewDrift(make(c, "/shop/prod"+end, window, with), make(c, "/shop/test"+end, window, with))
		}
	}
	diagtest.Conform(t, ssmdiag.ParametersDrifted, parameterWorlds(drift(ssmdiag.NewParameterPath, ""),
		func(c *ssmfake.Client) { c.Parameters[0].Type = types.ParameterTypeSecureString }))
	healthy := parameterWorlds(drift(ssmdiag.NewParameterPath, ""), func(*ssmfake.Client) {})
	broken := parameterWorlds(
		drift(ssmdiag.NewParameter, "/db/url"),
		func(c *ssmfake.Client) { c.Values["/shop/test/db/url"] = "other" },
	)
	diagtest.Conform(
		t,
		ssmdiag.ParameterValuesDrifted,
		diagtest.Worlds[*ssmdiag.Drift]{Healthy: healthy.Healthy, Broken: broken.Broken},
	)
}

func TestReadOnlyParameters(t *testing.T) {
	diagtest.ReadOnly[ssmdiag.ParameterAPI](t)
	diagtest.ReadOnly[ssmdiag.ValueAPI](t)
}

func TestMissingParameter(t *testing.T) {
	report := diagtest.Run(
		t,
		ssmdiag.NewParameter(newStore(), "/shop/prod/nothing", window),
		ssmdiag.ParameterChecks()...)
	f := diagtest.Only(t, report, "ssm.parameter-missing")
	assert.Equal(t, diag.Resource{Type: "AWS::SSM::Parameter", ID: "/shop/prod/nothing"}, f.Resource)
}

func TestChangedAfterStartTellsWhoAndWhen(t *testing.T) {
	c := newStore()
	brokenParameters["ssm.parameter-changed-after-start"](c)
	report := diagtest.Run(
		t,
		ssmdiag.NewParameterPath(c, "/shop/prod", window, ssmdiag.ConsumersStarted(ssmfake.Now.Add(-time.Hour))),
		ssmdiag.ParameterChecks()...)
	f := diagtest.Only(t, report, "ssm.parameter-changed-after-start")
	assert.Contains(t, f.Summary, "version 4 at 2026-03-02T09:50:00Z by arn:aws:iam::111122223333:user/release")
	assert.Equal(t, ssmfake.Now.Add(-10*time.Minute), f.Since)
}

func TestExpirationByPolicy(t *testing.T) {
	tests := []struct {
		name, policy string
		found        bool
	}{
		{"in a month", `{"Type":"Expiration","Attributes":{"Timestamp":"2026-04-02T10:00:00Z"}}`, false},
		{"in six days", `{"Type":"Expiration","Attributes":{"Timestamp":"2026-03-08T09:00:00Z"}}`, true},
		{"passed", `{"Type":"Expiration","Attributes":{"Timestamp":"2026-03-01T09:00:00Z"}}`, true},
		{"a notification", `{"Type":"ExpirationNotification","Attributes":{"Before":"15","Unit":"Days"}}`, false},
		{"not JSON", `{`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newStore()
			c.Parameters[0].Policies = []types.ParameterInlinePolicy{{PolicyText: aws.String(tt.policy)}}
			report := diagtest.Run(t, ssmdiag.NewParameter(c, "/shop/prod/db/url", window), ssmdiag.ParameterExpiring)
			assert.Equal(t, tt.found, len(report.Findings) == 1)
		})
	}
}

// TestValuesStayWithinUnlessAskedFor is what a tool that reads Parameter Store with --with-decryption by default fails.
func TestValuesStayWithinUnlessAskedFor(t *testing.T) {
	c := newStore()
	p := ssmdiag.NewParameterPath(c, "/shop/prod", window)
	_, err := p.Values(t.Context())
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
	_, err = p.Fingerprints(t.Context())
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
	_, err = p.History(t.Context(), "/shop/prod/db/url")
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
	report := diag.Run(
		t.Context(),
		diag.Join(diag.On(p, ssmdiag.ParameterChecks()...), diag.Observe(p, ssmdiag.ParameterSurvey)),
	)
	require.NoError(t, report.Err())
	assert.Equal(t, []string{"ssm:DescribeParameters"}, c.Actions())
}

func TestSecureStringsAreNotDecryptedUnlessAskedFor(t *testing.T) {
	c := newStore()
	prints, err := ssmdiag.NewParameterPath(c, "/shop/prod", window, ssmdiag.WithFingerprints(c, key)).
		Fingerprints(t.Context())
	require.NoError(t, err)
	assert.NotContains(t, prints, "/shop/prod/db/password", "ciphertext says nothing")
	assert.NotContains(t, prints["/shop/prod/db/url"], "postgres")
	for _, call := range c.Calls() {
		assert.False(t, aws.ToBool(call.Input.(*ssm.GetParametersByPathInput).WithDecryption))
	}
	values, err := ssmdiag.NewParameterPath(c, "/shop/prod", window, ssmdiag.WithPlainValues(c), ssmdiag.WithDecryption()).
		Values(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "hunter2", values["/shop/prod/db/password"])
}

func TestHistoryHasNoValues(t *testing.T) {
	c := newStore()
	p := ssmdiag.NewParameter(c, "/shop/prod/db/url", window, ssmdiag.WithFingerprints(c, key))
	versions, err := p.History(t.Context(), "/shop/prod/db/url")
	require.NoError(t, err)
	require.Len(t, versions, 1)
	assert.Nil(t, versions[0].Value)
	assert.NotNil(t, versions[0].LastModifiedUser)
	_, err = p.History(t.Context(), "/nothing")
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
}

func TestDriftAcrossPlaces(t *testing.T) {
	here, there := newStore(), newStore()
	there.Parameters = there.Parameters[1:]
	there.Parameters[1].Version = 7
	there.Values["/shop/prod/flags"] = "a"
	path := func(c *ssmfake.Client, options ...ssmdiag.ParameterOption) *ssmdiag.Parameters {
		return ssmdiag.NewParameterPath(c, "/shop/prod", window, options...)
	}
	t.Run("by what is said of them", func(t *testing.T) {
		got, err := ssmdiag.NewDrift(path(here), path(there)).Differences(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []ssmdiag.Difference{
			{Name: "/shop/prod/db/url", Field: "exists", Left: "true", Right: "false"},
			{Name: "/shop/prod/flags", Field: "version", Left: "1", Right: "7"},
		}, got)
	})
	t.Run("by value", func(t *testing.T) {
		d := ssmdiag.NewDrift(
			path(here, ssmdiag.WithFingerprints(here, key)),
			path(there, ssmdiag.WithFingerprints(there, key)),
		)
		report := diagtest.Run(t, d, ssmdiag.DriftChecks()...)
		diagtest.Want(t, report, "ssm.parameters-drifted", "ssm.parameter-values-drifted")
		text, err := json.Marshal(report)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "a,b", "no value leaves")
		got, err := d.Differences(t.Context())
		require.NoError(t, err)
		assert.Len(t, got, 1, "the version is no difference where values are compared")
	})
}

func TestDriftFromWhatIsExpected(t *testing.T) {
	c := newStore()
	p := ssmdiag.NewParameterPath(c, "/shop/prod", window, ssmdiag.Expect(
		ssmdiag.Expected{Name: "/shop/prod/db/url", Type: types.ParameterTypeString, Version: 1},
		ssmdiag.Expected{Name: "/shop/prod/flags", Version: 2},
		ssmdiag.Expected{Name: "/shop/prod/new"}))
	got, err := ssmdiag.NewDrift(p, nil).Differences(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []ssmdiag.Difference{
		{Name: "/shop/prod/flags", Field: "version", Left: "1", Right: "2"},
		{Name: "/shop/prod/new", Field: "exists", Left: "false", Right: "true"},
	}, got)
}

func TestDriftMakesNothingOfAListThatWasCutShort(t *testing.T) {
	here, there := newStore(), newStore()
	there.Truncate("ssm:DescribeParameters")
	report := diagtest.Run(t, ssmdiag.NewDrift(ssmdiag.NewParameterPath(here, "/shop/prod", window),
		ssmdiag.NewParameterPath(there, "/shop/prod", window)), ssmdiag.ParametersDrifted)
	assert.Empty(t, report.Findings)
	require.Len(t, report.Inconclusive, 1)
	assert.Equal(t, diag.KindThrottled, report.Inconclusive[0].Kind)
}

func TestParameterSurvey(t *testing.T) {
	c := newStore()
	brokenParameters["ssm.parameter-changed-after-start"](c)
	p := ssmdiag.NewParameterPath(c, "/", window)
	report := diag.Runner{Window: window}.Run(t.Context(), diag.Observe(p, ssmdiag.ParameterSurvey))
	require.NoError(t, report.Err())
	require.Len(t, report.Events, 1)
	assert.Equal(
		t,
		"parameter /shop/prod/db/url was changed to version 4 by arn:aws:iam::111122223333:user/release",
		report.Events[0].Text,
	)
	assert.Len(t, report.Links, 2, "the keys of the SecureStrings")
}
