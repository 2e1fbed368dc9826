package logs

import (
	"fmt"
	"strings"
	"time"
)

// Query is an entry of the library of Logs Insights queries ("CloudWatch Logs Insights query syntax").
type Query struct {
	Name string
	// For says what it answers.
	For  string
	Text string
}

// Queries returns the library. Each is a query for [Runner.Run] as it stands.
func Queries() []Query {
	return []Query{
		{"errors-over-time", "How many lines that look like errors in each five minutes.",
			"filter @message like /(?i)(error|exception|fatal|panic|refused|timed out)/ | stats count(*) as errors by bin(5m)"},
		{"error-patterns", "Which shapes of error lines, the most frequent first.",
			"filter @message like /(?i)(error|exception|fatal|panic)/ | pattern @message"},
		{"errors-by-stream", "Which streams (tasks) log errors.",
			"filter @message like /(?i)(error|exception|fatal|panic)/ | stats count(*) as errors, min(@timestamp) as first, " +
				"max(@timestamp) as last by @logStream | sort errors desc"},
		{"last-lines-of-streams", "When each stream last wrote, to find tasks that fell silent.",
			"stats count(*) as lines, max(@timestamp) as last by @logStream | sort last asc"},
		{"volume", "How much each stream writes.",
			"stats sum(strlen(@message)) as bytes, count(*) as lines by @logStream | sort bytes desc | limit 50"},
		{"status-codes", "HTTP statuses in access logs of the common format.",
			`parse @message /" (?<status>\d{3}) / | filter ispresent(status) | stats count(*) as requests by status |` +
				` sort requests desc`},
		{"slow-json-requests", "Slowest requests of structured logs with a field ms or duration.",
			"fields @timestamp, @logStream, coalesce(ms, duration, latency) as took | filter ispresent(took) | sort took " +
				"desc | limit 50"},
		{"health-checks", "Health-check requests of load balancers in each minute.",
			"filter @message like /ELB-HealthChecker/ | stats count(*) as checks by bin(1m)"},
		{"lambda-slowest", "Slowest invocations of a function.",
			`filter @type = "REPORT" | fields @requestId, @duration, @maxMemoryUsed / 1000 / 1000 as usedMB |` +
				` sort @duration desc | limit 25`},
		{"lambda-memory", "Memory of a function against its limit.",
			`filter @type = "REPORT" |` +
				` stats max(@memorySize / 1000 / 1000) as limitMB, max(@maxMemoryUsed / 1000 / 1000) as usedMB, count(*) as invocations by bin(5m)`},
		{"lambda-timeouts", "Invocations that the time limit ended.",
			`filter @message like /Task timed out after/ | stats count(*) as timeouts by bin(5m)`},
		{"lambda-cold-starts", "Cold starts and how long they took.",
			`filter @type = "REPORT" and ispresent(@initDuration) |` +
				` stats count(*) as coldStarts, avg(@initDuration) as averageMs, max(@initDuration) as longestMs by bin(5m)`},
	}
}

// QueryFor returns a query of the lines that hold a term, with a field for each; quotes and backslashes in it are taken
// literally.
func QueryFor(term string) string {
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(term)
	return fmt.Sprintf(`fields @timestamp, @logStream, @message | filter @message like "%s" | sort @timestamp asc`,
		escaped)
}

// CountQuery returns a query that counts the lines which hold a term, in steps of at least a second.
func CountQuery(term string, step time.Duration) string {
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(term)
	return fmt.Sprintf(`filter @message like "%s" | stats count(*) as lines by bin(%ds)`, escaped, max(1,
		int(step.Seconds())))
}
