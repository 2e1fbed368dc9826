package albdiag_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
)

// request makes an entry that is parsed from a line, with what the load balancer and the target answered and the times.
func request(t testing.TB, target, times, statuses, actions, reason string, took time.Duration) albdiag.AccessLogEntry {
	t.Helper()
	ended := time.Date(2026, 2, 11, 14, 5, 31, 0, time.UTC)
	e, err := albdiag.ParseAccessLogLine(fmt.Sprintf(`https %s app/shop/1 198.51.100.7:2817 %s %s %s 34 366 `+
		`"GET https://shop.example.com:443/api/orders/8001?x=1 HTTP/2.0" "curl" - - `+
		`arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop-api/1 "Root=1" "-" "-" 10 %s "%s" "-" "%s" "-" "-" "-" "-"`,
		ended.Format(time.RFC3339), target, times, statuses, ended.Add(-took).Format(time.RFC3339), actions, reason))
	require.NoError(t, err)
	return e
}

func TestCause(t *testing.T) {
	const at = "10.0.1.17:8080"
	tests := []struct {
		name, target, times, statuses, actions, reason string
		took                                           time.Duration
		want                                           string
	}{
		{"served", at, "0.001 0.020 0.000", "200 200", "forward", "-", time.Second, ""},
		{"the target's own error", at, "0.001 0.020 0.000", "500 500", "forward", "-", time.Second, ""},
		{"the target's own error behind a web ACL", at, "0.001 0.020 0.000", "502 502", "waf,forward", "-", time.Second, ""},
		{"reset when connecting", at, "-1 -1 -1", "502 -", "forward", "-", 0,
			"the target refused the connection, or is unreachable"},
		{"closed with a request outstanding", at, "0.000 0.000 -1", "502 -", "forward", "-", 0,
			"the target closed the connection before it had answered"},
		{"closed before a byte of the answer", at, "0.001 -1 -1", "502 -", "forward", "-", 0, "before it had answered"},
		{"malformed", at, "0.001 0.030 0.000", "502 -", "forward", "-", 0, "the answer is no valid HTTP"},
		{"502 without a target", "-", "0.000 0.030 0.000", "502 -", "forward", "-", 0,
			"gave no answer that could be passed on"},
		{"no connection", at, "-1 -1 -1", "504 -", "forward", "-", 10 * time.Second,
			"no connection to the target within 10 seconds"},
		{"idle timeout", at, "-1 -1 -1", "504 -", "forward", "-", time.Minute, "within the idle timeout"},
		{"idle timeout of ten seconds", at, "0.001 -1 -1", "504 -", "forward", "-", 10 * time.Second,
			"within the idle timeout"},
		{"nowhere to go", "-", "-1 -1 -1", "503 -", "forward", "-", 0, "no target was registered and in use"},
		{"maintenance page", "-", "-1 -1 -1", "503 -", "fixed-response", "-", 0,
			"a rule of the listener answers so by itself"},
		{"web ACL", "-", "-1 -1 -1", "403 -", "waf", "-", 0, "a web ACL of AWS WAF rejected the request"},
		{"web ACL that could not be asked", "-", "-1 -1 -1", "500 -", "waf-failed", "WAFConnectionTimeout", 0,
			"AWS WAF could not be asked (WAFConnectionTimeout)"},
		{"Lambda throttled", "-", "0.000 0.001 0.000", "502 -", "forward", "LambdaThrottling", 0, "throttled"},
		{"key of a Lambda function", "-", "0.000 0.001 0.000", "502 -", "forward", "LambdaKMSDisabledException", 0,
			"the key of its environment"},
		{"identity provider", "-", "-1 -1 -1", "561 -", "authenticate", "AuthTokenEpRequestFailed", 0,
			"identity provider answered with an error"},
		{"claims too large", "-", "-1 -1 -1", "500 -", "authenticate", "AuthUserinfoResponseSizeExceeded", 0, "11 KB"},
		{"client gave up", at, "0.001 -1 -1", "460 -", "forward", "-", 5 * time.Second, "the client closed the connection"},
		{"a code that is new", "-", "-1 -1 -1", "499 -", "-", "BrandNew", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := request(t, tt.target, tt.times, tt.statuses, tt.actions, tt.reason, tt.took).Cause()
			if tt.want == "" {
				assert.Empty(t, got)
			}
			assert.Contains(t, got, tt.want)
		})
	}
}

// TestErrorReasonCodes holds the codes of "Access logs for your Application Load Balancer", error reason codes.
func TestErrorReasonCodes(t *testing.T) {
	codes := albdiag.ErrorReasonCodes()
	for _, code := range strings.Fields(`AuthInvalidCookie AuthInvalidGrantError AuthInvalidIdToken AuthInvalidStateParam
		AuthInvalidTokenResponse AuthInvalidUserinfoResponse AuthMissingCodeParam AuthMissingHostHeader AuthMissingStateParam
		AuthTokenEpRequestFailed AuthTokenEpRequestTimeout AuthUnhandledException AuthUserinfoEpRequestFailed
		AuthUserinfoEpRequestTimeout AuthUserinfoResponseSizeExceeded AWSALBTGCookieInvalid WeightedTargetGroupsUnhandledException
		LambdaAccessDenied LambdaBadRequest LambdaConnectionTimeout LambdaEC2AccessDeniedException LambdaEC2ThrottledException
		LambdaEC2UnexpectedException LambdaENILimitReachedException LambdaInvalidResponse LambdaInvalidRuntimeException
		LambdaInvalidSecurityGroupIDException LambdaInvalidSubnetIDException LambdaInvalidZipFileException
		LambdaKMSAccessDeniedException LambdaKMSDisabledException LambdaKMSInvalidStateException LambdaKMSNotFoundException
		LambdaRequestTooLarge LambdaResourceNotFound LambdaResponseTooLarge LambdaServiceException
		LambdaSubnetIPAddressLimitReachedException LambdaThrottling LambdaUnhandled LambdaUnhandledException WAFConnectionError
		WAFConnectionTimeout WAFResponseReadTimeout WAFServiceError WAFUnhandledException`) {
		assert.Contains(t, codes, code)
	}
}

func TestPaths(t *testing.T) {
	for line, want := range map[string]string{
		"GET https://a.example:443/api/orders/8001?x=1 HTTP/2.0":                             "/api/orders/*",
		"GET https://a.example:443/users/5f0c1e5a-9b2d-4b6f-8a53-0e9d0f6f7a11/edit HTTP/1.1": "/users/*/edit",
		"GET https://a.example:443/v2/items HTTP/1.1":                                        "/v2/items",
		"GET https://a.example:443 HTTP/1.1":                                                 "/",
		"- http://a.example:80- -":                                                           "/",
		"":                                                                                   "",
		"- - -":                                                                              "",
		"GET https://a.example:443/" + strings.Repeat("long-word/", 40) + " HTTP/1.1": "/" +
			strings.Repeat("long-word/", 40)[:119],
	} {
		assert.Equal(t, want, albdiag.AccessLogEntry{Request: line}.Path(), line)
	}
}

func TestAccessLogFiles(t *testing.T) {
	var packed bytes.Buffer
	for range 2 { // files may be put together: gzip allows several members
		z := gzip.NewWriter(&packed)
		_, err := z.Write([]byte(line + "\n\n" + lambdaLine + "\nno entry\n"))
		require.NoError(t, err)
		require.NoError(t, z.Close())
	}
	var log albdiag.AccessLog
	require.NoError(t, log.Read(bytes.NewReader(packed.Bytes())))
	require.NoError(t, log.Read(strings.NewReader(line)))
	assert.Equal(t, 7, log.Lines)
	assert.Equal(t, 2, log.Unread)
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(log.Err()))
	assert.ErrorContains(t, log.Err(), "2 of 7 lines")
	assert.Equal(t, []int{3, 2}, counts(log.Errors()))
	assert.Contains(t, log.String(),
		"5 requests from 2026-02-11 14:05:31 to 2026-02-11 14:05:31\n2 lines could not be read")

	torn := log
	assert.Equal(t, diag.KindInvalid, diag.KindOf(torn.Read(bytes.NewReader(packed.Bytes()[:60]))))
	assert.Equal(t, diag.KindInvalid, diag.KindOf(torn.Read(strings.NewReader("\x1f\x8bno gzip"))))
	assert.Equal(t, diag.KindInvalid, diag.KindOf(torn.Read(strings.NewReader(strings.Repeat("x", 2<<20)))))

	var empty albdiag.AccessLog
	require.NoError(t, empty.Read(strings.NewReader("")))
	require.NoError(t, empty.Err())
	assert.Empty(t, empty.Errors())
	assert.Empty(t, empty.HotTargets())
	assert.Contains(t, empty.String(), "0 requests")
}

func counts(kinds []albdiag.LogError) []int {
	var n []int
	for _, k := range kinds {
		n = append(n, k.Count)
	}
	return n
}

func TestHotTargets(t *testing.T) {
	const good, bad = "200 200", "502 -"
	type had struct {
		requests, errors int
		times            string
	}
	quick := "0.001 0.040 0.000"
	tests := []struct {
		name    string
		targets []had
		want    []string
	}{
		{"all alike", []had{{200, 3, quick}, {210, 2, quick}, {190, 4, quick}}, nil},
		{"sticky sessions on one", []had{{900, 0, quick}, {120, 0, quick}, {110, 0, quick}, {130, 0, quick}},
			[]string{"takes 71 % of the requests of 4 targets"}},
		{"one makes the errors", []had{{200, 60, quick}, {200, 1, quick}, {200, 0, quick}},
			[]string{"has 60 of the 61 errors of 3 targets"}},
		{"one is slow", []had{{200, 0, "0.001 2.100 0.000"}, {200, 0, quick}, {200, 0, quick}},
			[]string{"takes 2.1 s to answer on average, the others 0.04 s"}},
		{"one of two takes all", []had{{900, 0, quick}, {100, 0, quick}},
			[]string{"takes 90 % of the requests of 2 targets"}},
		{"one of two takes more", []had{{700, 0, quick}, {300, 0, quick}}, nil},
		{"too few to tell", []had{{20, 12, quick}, {15, 0, quick}}, nil},
		{"all fail", []had{{200, 90, quick}, {200, 80, quick}}, nil},
		{"alone", []had{{200, 90, quick}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log albdiag.AccessLog
			for i, h := range tt.targets {
				target := fmt.Sprintf("10.0.%d.5:80", i)
				served := request(t, target, h.times, good, "forward", "-", time.Second)
				failed := request(t, target, "0.000 0.000 -1", bad, "forward", "-", time.Second)
				for _, e := range slices.Concat(slices.Repeat([]albdiag.AccessLogEntry{served}, h.requests-h.errors),
					slices.Repeat([]albdiag.AccessLogEntry{failed}, h.errors)) {
					log.Add(e)
				}
			}
			var got []string
			for _, h := range log.HotTargets() {
				assert.Equal(t, "10.0.0.5:80", h.Name)
				assert.Equal(t, len(tt.targets), h.Of)
				got = append(got, h.Why)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestNamesAreBounded: a scanner that asks for a new path each time does not fill the memory.
func TestNamesAreBounded(t *testing.T) {
	var log albdiag.AccessLog
	for i := range 10500 {
		log.Add(albdiag.AccessLogEntry{Status: 404, TargetStatus: 404, Client: "198.51.100.7:1",
			Request: "GET https://a.example:443/" + string([]byte{'a' + byte(i%26), 'a' + byte(i/26%26), 'a' + byte(i/676)}) +
				" HTTP/1.1"})
	}
	assert.Equal(t, 10001, len(log.Paths()))
	assert.Equal(t, 1, len(log.Clients()))
}

func BenchmarkAccessLog(b *testing.B) {
	text := strings.Repeat(line+"\n", 1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		var log albdiag.AccessLog
		if err := log.Read(strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
