package access_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// TestAllowedUntil is that a statement which allowed a call until a date is named once that is over, and that one
// which ends later is no finding, though IAM's simulator, which is not given the time, does not allow it.
func TestAllowedUntil(t *testing.T) {
	over, ahead := accessfake.Now.Add(-time.Hour).Format(time.RFC3339), accessfake.Now.Add(time.Hour).Format(time.RFC3339)
	until := func(date string) string {
		return `{"Statement":[{"Sid":"Trial","Effect":"Allow","Action":"dynamodb:PutItem","Resource":"*","Condition":` +
			`{"DateLessThan":{"aws:CurrentTime":"` + date + `"}}}]}`
	}
	run := func(date string) *diag.Report {
		grant, _ := world(without("dynamodb:*"), inline("trial", until(date)))()
		for _, c := range access.GrantChecks() {
			if c.Code == "access.program-permission-missing" {
				return diagtest.Run(t, grant, c)
			}
		}
		return nil
	}
	f := diagtest.Only(t, run(over), "access.program-permission-missing")
	said := "statement Trial of policy trial allowed it until " + over + " only (aws:CurrentTime), and that is over"
	require.True(t, strings.HasSuffix(f.Summary, said), f.Summary)
	require.Empty(t, run(ahead).Findings)
}
