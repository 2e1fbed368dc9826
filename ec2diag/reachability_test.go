package ec2diag_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
)

// TestReachabilityTable is that the table in docs/reachability.md has a row for each check of a path and for nothing
// else, with the code that the module gives for it.
func TestReachabilityTable(t *testing.T) {
	page, err := os.ReadFile("../docs/reachability.md")
	require.NoError(t, err)
	table := map[diag.Code]string{}
	rows := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(ec2\\.[a-z-]+)` \\| (ingress|egress|both) \\| `([A-Z_]+)` \\|$").FindAllStringSubmatch(string(page), -1) {
		assert.NotContains(t, table, diag.Code(m[1]), "one row for a finding")
		assert.False(t, rows[m[2]+" "+m[3]], "one finding for %s %s", m[3], m[2])
		table[diag.Code(m[1])], rows[m[2]+" "+m[3]] = m[3], true
	}
	for _, c := range ec2diag.PathChecks() {
		assert.Equal(t, table[c.Code], ec2diag.ReachabilityCode(c.Code), c.Code)
		assert.NotEmpty(t, table[c.Code], c.Code)
		delete(table, c.Code)
	}
	assert.Empty(t, table, "rows of no check")
}
