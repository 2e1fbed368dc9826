package logs_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
)

// TestBoundOnEvents: a group keeps the newest events up to its bound, and says what it left out.
func TestBoundOnEvents(t *testing.T) {
	fake := client(minutes("ERROR boom", 50, 40, 30, 20, 10)...)
	fake.PageSize(1)
	g := group(fake, logs.WithMaxEvents(2))
	r, err := g.Reading(t.Context())
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.False(t, r.Complete)
	assert.Len(t, r.Lines, 2)
	assert.Equal(t, window, g.Window())
}

// TestRunnerAsks: a term with characters that the query language knows is looked for as it stands.
func TestRunnerAsks(t *testing.T) {
	fake := client()
	var asked []string
	fake.Query = func(in *cloudwatchlogs.StartQueryInput) logsfake.QueryResult {
		asked = append(asked, *in.QueryString)
		return logsfake.QueryResult{}
	}
	runner := logs.NewRunner(fake)
	runner.Poll = time.Nanosecond
	for _, q := range []string{logs.QueryFor(`path "C:\tmp"`), logs.CountQuery("boom", 90*time.Second),
		logs.CountQuery("boom", 0)} {
		_, err := runner.Run(t.Context(), q, []string{groupName}, window)
		require.NoError(t, err)
	}
	assert.Equal(t, []string{
		`fields @timestamp, @logStream, @message | filter @message like "path \"C:\\tmp\"" | sort @timestamp asc`,
		`filter @message like "boom" | stats count(*) as lines by bin(90s)`,
		`filter @message like "boom" | stats count(*) as lines by bin(1s)`,
	}, asked)
}

func ExampleQueryFor() {
	fmt.Println(logs.QueryFor("req-8f31"))
	// Output: fields @timestamp, @logStream, @message | filter @message like "req-8f31" | sort @timestamp asc
}
