package ssmdiag_test

import (
	"testing"

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

// TestNothingIsDecryptedUnasked: other tools let "ssm get-parameter --with-decryption" pass for a read. Here nothing
// reads a value unless an option gives the client for it, and nothing decrypts unless a second option says so.
func TestNothingIsDecryptedUnasked(t *testing.T) {
	world := func() *ssmfake.Client {
		return &ssmfake.Client{
			Parameters: []types.ParameterMetadata{ssmfake.Parameter("/shop/prod/db-password", types.ParameterTypeSecureString),
				ssmfake.Parameter("/shop/prod/db-url", types.ParameterTypeString)},
			Values: map[string]string{"/shop/prod/db-password": "hunter2", "/shop/prod/db-url": "postgres://db"},
		}
	}
	decrypts := func(c *ssmfake.Client) (asked int) {
		for _, call := range c.Calls() {
			var flag *bool
			switch in := call.Input.(type) {
			case *ssm.GetParametersInput:
				flag = in.WithDecryption
			case *ssm.GetParametersByPathInput:
				flag = in.WithDecryption
			case *ssm.GetParameterHistoryInput:
				flag = in.WithDecryption
			}
			if aws.ToBool(flag) {
				asked++
			}
		}
		return asked
	}
	t.Run("metadata reads no value", func(t *testing.T) {
		c := world()
		p := ssmdiag.NewParameterPath(c, "/shop/prod", window, ssmdiag.Expect(ssmdiag.Expected{Name: "/shop/prod/db-url"}))
		diagtest.Want(t, diagtest.Run(t, p, ssmdiag.ParameterChecks()...))
		assert.Equal(t, []string{"ssm:DescribeParameters"}, c.Actions())
		_, err := p.Values(t.Context())
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
	})
	t.Run("values without decryption leave secrets out", func(t *testing.T) {
		c := world()
		p := ssmdiag.NewParameterPath(c, "/shop/prod", window, ssmdiag.WithPlainValues(c))
		values, err := p.Values(t.Context())
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"/shop/prod/db-url": "postgres://db"}, values)
		_, err = p.History(t.Context(), "/shop/prod/db-password")
		require.NoError(t, err)
		assert.Zero(t, decrypts(c))
	})
	t.Run("decryption is a choice of its own", func(t *testing.T) {
		c := world()
		p := ssmdiag.NewParameterPath(c, "/shop/prod", window, ssmdiag.WithPlainValues(c), ssmdiag.WithDecryption())
		values, err := p.Values(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "hunter2", values["/shop/prod/db-password"])
		assert.Equal(t, 1, decrypts(c))
	})
}

// TestDriftAgainstAnotherAccount compares parameters of the same path through clients of two accounts or regions.
func TestDriftAgainstAnotherAccount(t *testing.T) {
	here, there := &ssmfake.Client{}, &ssmfake.Client{}
	here.Parameters = []types.ParameterMetadata{ssmfake.Parameter("/shop/prod/a", types.ParameterTypeString),
		ssmfake.Parameter("/shop/prod/b", types.ParameterTypeString)}
	there.Parameters = []types.ParameterMetadata{ssmfake.Parameter("/shop/prod/a", types.ParameterTypeString),
		ssmfake.Parameter("/shop/prod/c", types.ParameterTypeSecureString)}
	here.Values, there.Values = map[string]string{"/shop/prod/a": "1", "/shop/prod/b": "2"},
		map[string]string{"/shop/prod/a": "9"}
	key := []byte("key of both sides")
	drift := ssmdiag.NewDrift(ssmdiag.NewParameterPath(here, "/shop/prod", window, ssmdiag.WithFingerprints(here, key)),
		ssmdiag.NewParameterPath(there, "/shop/prod", window, ssmdiag.WithFingerprints(there, key)))
	report := diagtest.Run(t, drift, ssmdiag.DriftChecks()...)
	diagtest.Want(t, report, "ssm.parameters-drifted", "ssm.parameter-values-drifted")
	for _, f := range report.Findings {
		for _, e := range f.Evidence {
			assert.NotContains(t, []string{"1 here, 9 there"}, e.Value, "values never leave")
		}
	}
	differences, err := drift.Differences(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []ssmdiag.Difference{{Name: "/shop/prod/b", Field: "exists", Left: "true", Right: "false"},
		{Name: "/shop/prod/c", Field: "exists", Left: "false", Right: "true"}}, differences)
}
