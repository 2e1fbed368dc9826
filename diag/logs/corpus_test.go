package logs

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// labelOf maps the stems of this package to the labels of the corpus.
var labelOf = map[string]string{
	"access-denied": "access_denied", "app-crashed": "app_crash", "aws-endpoint-timeout": "aws_endpoint_timeout",
	"aws-invalid-request": "aws_validation", "aws-no-credentials": "aws_no_credentials", "aws-no-region": "aws_no_region",
	"aws-quota": "aws_quota", "aws-throttled": "aws_throttled", "aws-token-expired": "aws_token_expired",
	"bad-api-key": "bad_api_key", "bad-configuration": "bad_config", "broker-unavailable": "broker_unavailable",
	"cache-auth-failed": "cache_auth_failed", "cache-connection-refused": "cache_connection_refused",
	"class-not-found": "missing_class",
	"clock-wrong":     "clock_wrong", "connection-reset": "connection_reset",
	"database-auth-failed": "db_auth_failed", "database-connection-closed": "db_connection_closed",
	"database-connection-failed": "db_connection_failed", "database-connection-refused": "db_connection_refused",
	"database-constraint": "db_constraint", "database-crashed": "db_crash_restart", "database-deadlock": "db_deadlock",
	"database-lock-wait": "db_timeout",
	"database-locked":    "db_locked", "database-object-exists": "db_object_exists",
	"database-pool-exhausted": "db_pool_exhausted",
	"database-recovering":     "db_recovery", "database-socket-denied": "db_permission_denied_os",
	"database-starting": "db_starting",
	"database-syntax":   "db_sql_syntax", "database-timeout": "db_timeout",
	"database-too-many-connections": "db_too_many_connections",
	"dependency-version":            "dependency_version", "disk-full": "disk_full", "dns-failure": "dns_failure",
	"exec-format":           "exec_format",
	"database-tls-required": "db_auth_failed", "database-read-only": "db_read_only",
	"executable-not-found": "exec_not_found", "file-not-found": "file_not_found", "files-exhausted": "fd_exhausted",
	"http-client-error": "http_4xx", "http-server-error": "http_5xx", "image-pull-denied": "image_pull_auth",
	"image-pull-rate-limited": "image_rate_limited", "import-failed": "import_error", "job-failed": "job_failed",
	"missing-build": "missing_build", "missing-column": "missing_column",
	"missing-environment-variable": "missing_env_var",
	"missing-table":                "missing_table", "module-not-found": "module_not_found",
	"out-of-memory": "out_of_memory",
	"panic":         "panic",
	"port-in-use":   "port_in_use", "port-permission": "port_permission", "process-limit": "process_limit",
	"segmentation-fault": "segfault", "smtp-auth-failed": "smtp_auth_failed", "ssh-auth-failed": "ssh_auth_failure",
	"tls-expired": "tls_expired", "tls-handshake": "tls_handshake", "tls-hostname-mismatch": "tls_hostname_mismatch",
	"tls-verify-failed": "tls_verify_failed", "unhandled-exception": "unhandled_exception",
	"upstream-denied": "upstream_permission_denied", "upstream-refused": "upstream_connection_refused",
	"upstream-timeout": "upstream_timeout", "upstream-unreachable": "upstream_unreachable",
	"worker-boot-failed": "worker_boot_failed", "worker-timeout": "worker_timeout",
}

type sample struct{ ID, Text, Label string }

func corpus(t testing.TB) []sample {
	file, err := os.Open("testdata/app_log_error.jsonl")
	require.NoError(t, err)
	defer file.Close()
	var samples []sample
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s sample
		require.NoError(t, json.Unmarshal(lines.Bytes(), &s))
		samples = append(samples, s)
	}
	require.NoError(t, lines.Err())
	return samples
}

// developed tells the half of the corpus that the rules were written on from the half that they were measured on.
func developed(id string) bool {
	h := sha256.Sum256([]byte(id))
	return h[len(h)-1]%2 == 0
}

func label(text string) string {
	class, ok := Classify(text)
	if !ok {
		return "none"
	}
	return labelOf[class.Cause.Stem]
}

func TestCorpus(t *testing.T) {
	for _, half := range []struct {
		name string
		dev  bool
	}{{"developed on", true}, {"held out", false}} {
		t.Run(half.name, func(t *testing.T) {
			var errors, right, harmless, false_ int
			for _, s := range corpus(t) {
				if developed(s.ID) != half.dev {
					continue
				}
				got := label(s.Text)
				if s.Label == "none" {
					harmless++
				} else {
					errors++
				}
				switch {
				case got == s.Label && s.Label != "none":
					right++
				case got != s.Label && s.Label == "none":
					false_++
					t.Logf("harmless %s taken for %s: %s", s.ID, got, s.Text)
				case got != s.Label:
					t.Logf("%s is %s, taken for %s: %s", s.ID, s.Label, got, s.Text)
				}
			}
			t.Logf("%d of %d errors right, %d of %d harmless lines taken for errors", right, errors, false_, harmless)
			assert.GreaterOrEqual(t, float64(right), 0.97*float64(errors))
			assert.LessOrEqual(t, float64(false_), 0.01*float64(harmless))
		})
	}
}

func TestEveryCauseHasALabel(t *testing.T) {
	for _, c := range Causes() {
		assert.NotEmpty(t, labelOf[c.Stem], c.Stem)
	}
	assert.Len(t, labelOf, len(Causes()))
}

func TestRulesFitThePrefilter(t *testing.T) {
	assert.LessOrEqual(t, len(rules()), maxRules)
	for _, r := range rules() {
		assert.NotNil(t, causeOf(r.cause), r.cause)
		for _, literal := range r.any {
			assert.GreaterOrEqual(t, len(literal), windowLen, "%s %q", r.cause, literal)
		}
	}
}
