package triage_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// shop is an account with parameters below /shop/ENV.
func shop(env string, values map[string]string) *triagefake.Account {
	a := &triagefake.Account{ID: "111122223333", Region: "eu-west-1"}
	a.SSM.Values = map[string]string{}
	for _, name := range []string{"db-url", "pool-size", "token", "flag"} {
		value, ok := values[name]
		if !ok {
			continue
		}
		kind := types.ParameterTypeString
		if name == "token" {
			kind = types.ParameterTypeSecureString
		}
		p := ssmfake.Parameter("/shop/"+env+"/"+name, kind)
		p.Version = 1
		a.SSM.Parameters = append(a.SSM.Parameters, p)
		a.SSM.Values["/shop/"+env+"/"+name] = value
	}
	return a
}

func parameters(t *testing.T, a *triagefake.Account, target string, values triage.ParameterValues) *diag.Report {
	report, err := triage.Investigate(t.Context(), []triage.Scope{a.Scope()},
		triage.Symptom{Kind: triage.Unknown, Target: target},
		triage.Options{Now: at("2026-03-10T12:00:00Z"), Parameters: values})
	require.NoError(t, err)
	require.NoError(t, report.Err())
	return report
}

// TestCompareParameterPaths compares two paths by what is said about their parameters, and with a key by their values
// too, which stand nowhere.
func TestCompareParameterPaths(t *testing.T) {
	prod := shop("prod", map[string]string{"db-url": "postgres://db.prod", "pool-size": "20", "token": "s3cret-one",
		"flag": "on"})
	uat := shop("uat", map[string]string{"db-url": "postgres://db.uat", "pool-size": "20", "token": "s3cret-two"})
	uat.SSM.Parameters[1].Tier = types.ParameterTierAdvanced

	plain := triage.Compare(parameters(t, prod, "/shop/prod/*", triage.ParameterValues{}),
		parameters(t, uat, "/shop/uat/*", triage.ParameterValues{}), triage.CompareOptions{})
	assert.Equal(t, []string{"Tier: Standard | Advanced"}, names(plain.Differences))
	require.Len(t, plain.OnlyA, 1)
	assert.Equal(t, "/shop/prod/flag", plain.OnlyA[0].ID)
	assert.Empty(t, plain.OnlyB)

	key := triage.ParameterValues{Key: []byte("one key"), Decrypt: true}
	a, b := parameters(t, prod, "/shop/prod/*", key), parameters(t, uat, "/shop/uat/*", key)
	hashed := triage.Compare(a, b, triage.CompareOptions{})
	var differ []string
	for _, d := range hashed.Differences {
		if d.Name == "Value, hashed" {
			differ = append(differ, d.A.ID)
		}
	}
	assert.Equal(t, []string{"/shop/prod/db-url", "/shop/prod/token"}, differ)
	for _, secret := range []string{"s3cret", "postgres://"} {
		assert.NotContains(t, lower(t, a), secret)
		assert.NotContains(t, lower(t, hashed), secret)
	}
}

// TestParameterValuesStayUnread makes no call that brings values unless it was asked for.
func TestParameterValuesStayUnread(t *testing.T) {
	a := shop("prod", map[string]string{"db-url": "x"})
	parameters(t, a, "/shop/prod/*", triage.ParameterValues{})
	for _, c := range a.SSM.Calls() {
		assert.Equal(t, "ssm:DescribeParameters", c.Action)
	}
	report := parameters(t, a, "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/prod/db-url",
		triage.ParameterValues{Key: []byte("k")})
	assert.Equal(t, aws.String("/shop/prod/db-url"), aws.String(report.Focus.ID))
}
