package logs_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/logs"
)

// TestClassifyReadsEscapedQuotes: a message within JSON says the same as by itself.
func TestClassifyReadsEscapedQuotes(t *testing.T) {
	for _, test := range []struct{ text, stem, name, value string }{
		{`{"level":"error","msg":"pq: password authentication failed for user \"app\""}`, "database-auth-failed", "user", "app"},
		{`level=error msg="pq: password authentication failed for user \"app\"" try=1`, "database-auth-failed", "user", "app"},
		{`{"log":"{\"msg\":\"pq: password authentication failed for user \\\"app\\\"\"}"}`, "database-auth-failed", "user",
			"app"},
		{`{"error": "FATAL:  database \"orders\" does not exist"}`, "database-connection-failed", "database", "orders"},
	} {
		class, ok := logs.Classify(test.text)
		require.True(t, ok, test.text)
		assert.Equal(t, test.stem, class.Cause.Stem, test.text)
		assert.Contains(t, class.Fields, logs.Field{Name: test.name, Value: test.value}, test.text)
	}
}
