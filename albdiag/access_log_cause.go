package albdiag

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// connectTimeout is how long the load balancer waits for a connection to a target ("Troubleshoot your Application Load
// Balancers", HTTP 504). A line that took about so long has met it.
const connectTimeout = 10 * time.Second

// Cause says why a request was answered as it was, as far as its line tells; empty if the target answered, or nothing
// went wrong. What the fields mean is documented ("Access logs for your Application Load Balancer", access log entries,
// actions taken, error reason codes; "Troubleshoot your Application Load Balancers", HTTP errors).
func (e AccessLogEntry) Cause() string {
	if says := errorReasons[e.ErrorReason]; says != "" && e.TargetStatus == 0 {
		return says
	}
	last := ""
	if len(e.Actions) > 0 {
		last = e.Actions[len(e.Actions)-1]
	}
	switch {
	case e.TargetStatus != 0 || e.Status < 400:
		return ""
	case last == "waf":
		return "a web ACL of AWS WAF rejected the request"
	case last == "waf-failed":
		return "AWS WAF could not be asked"
	case last == "fixed-response":
		return "a rule of the listener answers so by itself"
	case e.Status == 502:
		return e.badGateway()
	case e.Status == 504:
		return e.timedOut()
	case e.Status == 400 && e.ClassificationReason != "":
		return fmt.Sprintf("the request breaks HTTP (%s) and was refused", e.ClassificationReason)
	}
	return statusCauses[e.Status]
}

// badGateway tells by the times how far a request got: none is there if no connection was made.
func (e AccessLogEntry) badGateway() string {
	switch {
	case e.Target == "":
		return "the target gave no answer that could be passed on"
	case e.RequestTime < 0 && e.TargetTime < 0:
		return "the target refused the connection, or is unreachable"
	case e.ResponseTime < 0:
		return "the target closed the connection before it had answered: it died, or its keep-alive is shorter than " +
			"the idle timeout"
	}
	return "the target closed the connection within its answer, or the answer is no valid HTTP"
}

func (e AccessLogEntry) timedOut() string {
	took := e.took()
	switch {
	case e.RequestTime < 0 && took >= connectTimeout-500*time.Millisecond && took <= connectTimeout+2*time.Second:
		return "no connection to the target within 10 seconds: packets are dropped"
	case took > 0:
		return "the target did not answer within the idle timeout"
	}
	return "the target was not reached, or did not answer within the idle timeout"
}

// took is how long the request took in all, zero if the line does not tell.
func (e AccessLogEntry) took() time.Duration {
	if e.Time.IsZero() || e.Created.IsZero() {
		return 0
	}
	return max(0, e.Time.Sub(e.Created))
}

// Failed reports a request that was not served: an error of the target, or anything that the load balancer refused or
// gave up.
func (e AccessLogEntry) Failed() bool {
	return e.Status >= 500 || (e.Status >= 400 && e.TargetStatus == 0)
}

// Path returns the path of the request without its query, with parts that look like ids as "*", so that requests of one
// kind have one path. It is empty for a request that could not be read.
func (e AccessLogEntry) Path() string {
	parts := strings.Split(e.Request, " ")
	if len(parts) < 2 {
		return ""
	}
	_, rest, ok := strings.Cut(parts[1], "://")
	if !ok {
		return ""
	}
	_, rest, _ = strings.Cut(rest, "/")
	rest, _, _ = strings.Cut(rest, "?")
	segments := strings.Split(rest, "/")
	for i, s := range segments {
		if looksLikeID(s) {
			segments[i] = "*"
		}
	}
	const longest = 120
	path := "/" + strings.Join(segments, "/")
	return path[:min(len(path), longest)]
}

// looksLikeID reports a part of a path that names one thing: a number, or a long word with digits among its letters.
func looksLikeID(s string) bool {
	digits := strings.Count(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, s), "0")
	return digits > 0 && (digits == len(s) || (len(s) >= 12 && digits >= 2))
}

// statusCauses are the documented causes of what the load balancer answers by itself, where the line tells no more.
var statusCauses = map[int]string{
	400: "the request is malformed, too large, or broke off",
	401: "the login was denied or not finished",
	403: "a web ACL of AWS WAF rejected the request",
	405: "the method is not served",
	408: "the client sent nothing for as long as the idle timeout",
	413: "the request is too large",
	414: "the address is too long",
	460: "the client closed the connection before the answer came",
	463: "X-Forwarded-For holds more than 30 addresses",
	464: "the client's HTTP version does not fit the target group's",
	500: "the load balancer failed: AWS WAF or the identity provider",
	501: "Transfer-Encoding is none that is supported",
	503: "no target was registered and in use",
	505: "the HTTP version was not expected",
	507: "the address to redirect to is too long",
	561: "the identity provider answered with an error",
}

// errorReasons are the documented error reason codes.
var errorReasons = joined(map[string]string{
	"AWSALBTGCookieInvalid":                  "the cookie of weighted target groups is not valid",
	"WeightedTargetGroupsUnhandledException": "the load balancer failed at weighted target groups",
	"LambdaAccessDenied":                     "the load balancer may not invoke the Lambda function: its policy does not say so",
	"LambdaBadRequest":                       "the request is not UTF-8, which a Lambda function must get",
	"LambdaConnectionTimeout":                "Lambda did not take the connection in time",
	"LambdaConnectionError":                  "Lambda could not be connected to",
	"LambdaInvalidResponse":                  "the Lambda function's answer is malformed or lacks fields",
	"LambdaInvalidRuntimeException":          "the Lambda function's runtime is not supported",
	"LambdaInvalidZipFileException":          "the Lambda function's package cannot be unzipped",
	"LambdaRequestTooLarge":                  "the request is larger than the 1 MB that a Lambda function may get",
	"LambdaResourceNotFound":                 "the Lambda function does not exist",
	"LambdaResponseTooLarge":                 "the Lambda function's answer is larger than 1 MB",
	"LambdaThrottling":                       "the Lambda function is throttled: too many at once",
	"LambdaUnhandled":                        "the Lambda function threw an error or timed out",
	"LambdaServiceException":                 "Lambda failed",
	"LambdaUnhandledException":               "the load balancer failed at invoking a Lambda function",
}, alike("the Lambda function could not begin: its network (%s)", "LambdaENILimitReachedException",
	"LambdaInvalidSecurityGroupIDException", "LambdaInvalidSubnetIDException",
	"LambdaSubnetIPAddressLimitReachedException",
	"LambdaEC2AccessDeniedException", "LambdaEC2ThrottledException", "LambdaEC2UnexpectedException"),
	alike("the Lambda function could not begin: the key of its environment (%s)", "LambdaKMSAccessDeniedException",
		"LambdaKMSDisabledException", "LambdaKMSInvalidStateException", "LambdaKMSNotFoundException"),
	alike("AWS WAF could not be asked (%s)", "WAFConnectionError", "WAFConnectionTimeout", "WAFResponseReadTimeout",
		"WAFServiceError", "WAFUnhandledException"),
	alike("the identity provider cannot be reached (%s)", "AuthTokenEpRequestTimeout", "AuthUserinfoEpRequestTimeout"),
	alike("the identity provider answered with an error (%s)", "AuthTokenEpRequestFailed", "AuthUserinfoEpRequestFailed",
		"AuthInvalidTokenResponse", "AuthInvalidUserinfoResponse", "AuthInvalidIdToken", "AuthInvalidGrantError"),
	alike("the login is incomplete or out of date (%s)", "AuthInvalidCookie", "AuthInvalidStateParam",
		"AuthMissingCodeParam",
		"AuthMissingHostHeader", "AuthMissingStateParam", "AuthInvalidAWSALBAuthNonce", "AuthMissingAWSALBAuthNonce"),
	alike("the login failed at the load balancer (%s)", "AuthUnhandledException"),
	alike("the identity provider tells more of a user than fits into 11 KB (%s)", "AuthUserinfoResponseSizeExceeded"),
)

// alike gives codes one text that holds each.
func alike(format string, codes ...string) map[string]string {
	texts := map[string]string{}
	for _, code := range codes {
		texts[code] = fmt.Sprintf(format, code)
	}
	return texts
}

func joined(all ...map[string]string) map[string]string {
	texts := map[string]string{}
	for _, m := range all {
		for code, text := range m {
			texts[code] = text
		}
	}
	return texts
}

// ErrorReasonCodes are the values of error_reason that [AccessLogEntry.Cause] explains, sorted.
func ErrorReasonCodes() []string {
	var codes []string
	for code := range errorReasons {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}
