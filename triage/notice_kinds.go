package triage

import (
	"regexp"
	"slices"

	"github.com/awsdiag/awsdiag/diag/logs"
)

// kindWords are the words by which texts speak of a symptom, the most telling first: what stands earlier says more
// about what to look at. They go by how AWS, databases and container engines put their messages, not by whole messages.
var kindWords = []struct {
	kind  SymptomKind
	words *regexp.Regexp
}{
	// ECS Exec (its checker and API names), before Systems Manager, on which it runs.
	{ExecFails,
		regexp.MustCompile(`(?i)execute-?command|ExecuteCommandAgent|\becs exec\b|TargetNotConnected.{0,200}\becs:|execute command (?:was not|is not|failed)`)},
	{SSMUnreachable,
		regexp.MustCompile(`(?i)TargetNotConnected|\bConnectionLost\b|ssm[- ]agent|PingStatus|session manager|SessionManagerPlugin|InvalidInstanceId.{0,200}valid state|start-?session`)},
	// Databases, before permissions: "Access denied for user" is MySQL's.
	{DBUnreachable,
		regexp.MustCompile(`(?i)too many (?:connections|clients)|remaining connection slots|Access denied for user|password authentication failed|` +
			`no pg_hba\.conf entry|Can't connect to (?:local )?MySQL|Communications link failure|could not connect to server|connection to server at|` +
			`database system is (?:starting up|shutting down|in recovery)|SQLSTATE\[(?:HY000|08\w{3})\]|\bORA-12\d{3}|Login failed for user|` +
			`(?:refused|timed? ?out|ECONNREFUSED|ETIMEDOUT|unreachable|no route).{0,80}(?::|port )(?:5432|3306|1433|1521)\b|` +
			`(?::|port )(?:5432|3306|1433|1521)\b.{0,80}(?:refused|timed? ?out|unreachable|no route)|DatabaseConnections`)},
	{DBSlow,
		regexp.MustCompile(`(?i)slow quer|statement timeout|Lock wait timeout|canceling statement due to|deadlock detected|BurstBalance|DiskQueueDepth|` +
			`\b(?:Read|Write|Commit|Select)Latency|FreeStorageSpace`)},
	{AccessDenied,
		regexp.MustCompile(`(?i)not authorized to|AccessDenied|(?-i:Access Denied)|UnauthorizedOperation|explicit deny|no [a-z-]+ policy allows|AuthFailure|` +
			`ExpiredToken|InvalidClientTokenId|UnrecognizedClient|unable to assume the role|AuthorizationError`)},
	{DeploymentStuck,
		regexp.MustCompile(`(?i)circuit breaker|unable to consistently start|rolling back to|did not (?:stabilize|reach a steady state)|` +
			`ServicesStable|deployment[^.]{0,80}\b(?:failed|stuck|timed out|hangs|never)|rolloutState|failed deployment`)},
	{TasksPending,
		regexp.MustCompile(`(?i)unable to place a task|no container instance met|insufficient (?:memory|cpu)|Capacity is unavailable|` +
			`RESOURCE:(?:MEMORY|CPU|PORTS|ENI|GPU)|tasks? (?:stuck|stays?|remain\w*) (?:in )?(?:PENDING|PROVISIONING)|reached the limit on the number of tasks`)},
	{TasksStopping,
		regexp.MustCompile(`(?i)OutOfMemory(?:Error)?: Container|OOM[- ]?kill|\bexit(?:ed)?(?: with)?(?: non-zero)?[ _-]?(?:code|status)\\?["']?[ :=]*\(?[1-9]\d{0,2}\b|` +
			`exited \([1-9]\d*\)|essential container|Cannot(?:Pull|Start|Create|Stop|Inspect)(?:ECR)?Container|ResourceInitializationError|DockerTimeoutError|` +
			`task failed (?:ELB|container) health checks|StoppedReason|unable to start a task|failed to launch a task|tasks? (?:keeps?|are) (?:stopping|restarting|dying)`)},
	{InstanceUnreachable,
		regexp.MustCompile(`(?i)status ?checks? ?failed|StatusCheckFailed|reachability check|system status|kernel panic|Server\.(?:Scheduled|Internal|Spot)\w*|` +
			`Client\.(?:InstanceInitiatedShutdown|VolumeLimitExceeded)\w*|ssh: connect to host|\bImpairedSince\b`)},
	{HTTP502, regexp.MustCompile(`(?i)\bbad gateway\b|ELB_502`)},
	{HTTP503, regexp.MustCompile(`(?i)\bservice (?:temporarily )?unavailable\b|ELB_503`)},
	{HTTP504, regexp.MustCompile(`(?i)\bgateway time-?out\b|ELB_504`)},
	{HTTP5xx, regexp.MustCompile(`(?i)\b5xx\b|_5XX_|internal server error|ELB_500|upstream prematurely closed`)},
	{Unreachable,
		regexp.MustCompile(`(?i)Target\.(?:Timeout|FailedHealthChecks|ResponseCodeMismatch|InvalidState|NotRegistered)|UnHealthyHost|HealthyHostCount|unhealthy|` +
			`connection (?:timed out|refused|reset)|ERR_CONNECTION|i/o timeout|no route to host|ECONNREFUSED|ETIMEDOUT|health checks? failed|TargetConnectionError|unreachable`)},
	{Slow,
		regexp.MustCompile(`(?i)TargetResponseTime|\blatency\b|\bslow(?:ness|er)?\b|\btook (?:more than )?\d+ ?(?:s|sec|seconds)\b`)},
	{Errors,
		regexp.MustCompile(`\bERROR\b|\bFATAL\b|\bCRITICAL\b|Exception\b|Traceback|\bpanic:|(?i:uncaught|unhandled)`)},
}

// kindsIn returns the symptoms that a text, on one line, speaks of, the most telling first. Status codes of 500 and
// more count where no other words say what lies behind them: an AWS API answers a denied call with one of 400.
func kindsIn(text string, statuses []int) []SymptomKind {
	var kinds []SymptomKind
	add := func(k SymptomKind) {
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	for _, w := range kindWords {
		if w.kind == HTTP502 {
			for _, s := range statuses {
				if kind, ok := statusKind(s); ok {
					add(kind)
				}
			}
		}
		if w.words.MatchString(text) {
			add(w.kind)
		}
	}
	if class, ok := logs.Classify(text); ok && class.Cause.Weight == logs.Fails {
		add(Errors)
	}
	return kinds
}

func statusKind(status int) (SymptomKind, bool) {
	switch status {
	case 502:
		return HTTP502, true
	case 503:
		return HTTP503, true
	case 504:
		return HTTP504, true
	}
	return HTTP5xx, status >= 500 && status < 600
}
