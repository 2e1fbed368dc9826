package access_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
)

const otherSecret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/mail-GhIjKl"

// TestOneRoleOfTwoServices: what two services need of one role is one finding that lists both, with one policy for
// both.
func TestOneRoleOfTwoServices(t *testing.T) {
	role := access.NewRole(role(without("secretsmanager:*")), accessfake.RoleARN("orders"), window)
	report := diag.Runner{Fold: access.Merge}.Run(t.Context(),
		diag.On(access.NewGrant(role, access.SecretRead(secret, "")...), access.GrantChecks()...),
		diag.On(access.NewGrant(role, access.SecretRead(otherSecret, "")...), access.GrantChecks()...))
	require.Len(t, report.Findings, 1)
	f := report.Findings[0]
	assert.Equal(t, "role orders may not use secretsmanager:GetSecretValue on secret shop/db-AbCdEf, needed for "+
		"secrets: none of its 2 policies allows it; nor secretsmanager:GetSecretValue on secret shop/mail-GhIjKl, "+
		"needed for secrets: none of its 2 policies allows it", f.Summary)
	require.Len(t, report.Roots(), 1)
	assert.Equal(t, f.Summary, report.Roots()[0].Summary)
	var puts []string
	for _, s := range f.NextSteps {
		if s.Changes {
			puts = append(puts, s.Command)
		}
	}
	require.Len(t, puts, 1, "a second policy of the same name would replace the first")
	assert.Equal(t, 2, strings.Count(puts[0], `"Effect":"Allow"`))
	assert.Contains(t, puts[0], secret)
	assert.Contains(t, puts[0], otherSecret)
	assert.True(t, strings.HasPrefix(puts[0],
		"aws iam put-role-policy --role-name orders --policy-name read-secrets --policy-document '{"))
}

func TestMergeLeavesOthersAlone(t *testing.T) {
	lack := diag.Finding{Code: "access.secret-permission-missing", Summary: "role a may not use x"}
	for _, other := range []diag.Finding{
		{Code: "access.log-permission-missing", Summary: "role a may not use y"},
		{Code: "access.secret-permission-missing", Summary: "role b may not use y"},
		{Code: "access.secret-permission-missing", Summary: "role a does not exist"},
	} {
		got, ok := access.Merge(lack, other)
		assert.False(t, ok)
		assert.Equal(t, lack, got)
	}
	got, ok := access.Merge(lack, lack)
	assert.True(t, ok)
	assert.Equal(t, "role a may not use x", got.Summary)
}
