package albdiag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// told is how far metrics tell a cause.
type told int

const (
	alone  told = iota // it is named, and none other
	orElse             // it is named among others, with what would decide
)

// documented are the causes that "Troubleshoot your Application Load Balancers" gives for each error which the load
// balancer makes, in its order, with series that show them.
var documented = []struct {
	error, cause string
	told         told
	spoil        func(*world)
	code         diag.Code
	says         string
}{
	{"460", "the client closed the connection before the idle timeout", alone,
		func(w *world) { errors4xx(w); w.p99(58, 59) },
		"alb.http-4xx", "460"},
	{"463", "X-Forwarded-For with more than 30 addresses", orElse, errors4xx, "alb.http-4xx", "463"},
	{"464", "HTTP/1.1 to a target group of gRPC or HTTP/2", orElse, speaking("HTTP2"), "alb.http-4xx", "464"},
	{"464", "gRPC to a target group of HTTP/1.1", orElse, errors4xx, "alb.http-4xx", "(464)"},
	{"464", "HTTP/2 without POST to a target group of gRPC", orElse, speaking("GRPC"), "alb.http-4xx", "464"},

	{"500", "the rules of a web ACL failed", alone, made("500"), "alb.http-500", "web ACL"},
	{"500", "the identity provider's endpoints are not reached", alone, made("500", "ELBAuthError"), "alb.http-500",
		"cannot be reached"},
	{"500", "claims of more than 11 KB", alone, made("500", "ELBAuthUserClaimsSizeExceeded"), "alb.http-500", "11 KB"},
	{"500", "the identity provider takes longer than 5 seconds", alone, made("500", "ELBAuthError"), "alb.http-500",
		"5 seconds"},
	{"501", "a Transfer-Encoding that is not supported", orElse, made("5XX"), "alb.http-5xx-other", "501"},

	{"502", "TCP RST when connecting", alone, made("502", "TargetConnectionErrorCount"), "alb.http-502",
		"refuse or reset"},
	{"502", "ICMP host unreachable when connecting", alone, made("502", "TargetConnectionErrorCount"), "alb.http-502",
		"unreachable"},
	{"502", "the target closed the connection with a request outstanding", orElse, made("502"), "alb.http-502",
		"close idle connections"},
	{"502", "a malformed answer or header", orElse, made("502"), "alb.http-502", "no valid HTTP"},
	{"502", "response headers of more than 32 KB", orElse, made("502"), "alb.http-502", "32 KB"},
	{"502", "the deregistration delay passed", alone, func(w *world) {
		made("502")(w)
		w.delay("5")
		w.hosts(1, 1)
		w.p99(12, 12)
	}, "alb.http-502", "given to drain"},
	{"502", "a Lambda answer of more than 1 MB", alone, function("502", "LambdaUserError"), "alb.http-502", "cannot read"},
	{"502", "a Lambda function timed out", alone, function("502", "LambdaUserError"), "alb.http-502", "timed out"},
	{"502", "a Lambda function failed or was throttled", alone, function("502", "LambdaUserError"), "alb.http-502",
		"throttled"},
	{"502", "a failed TLS handshake with a target", alone, made("502", "TargetTLSNegotiationErrorCount"), "alb.http-502",
		"TLS handshakes"},

	{"503", "no registered targets", alone, func(w *world) { made("503")(w); w.elb.TargetHealth[apiARN] = nil },
		"alb.http-503", "left without targets"},
	{"503", "all registered targets are unused", alone, func(w *world) {
		made("503")(w)
		for i := range 2 {
			w.elb.Spoil("shop-api", i, types.TargetHealthStateEnumUnused, types.TargetHealthReasonEnumInvalidState,
				"Target is in the stopped state")
		}
	}, "alb.http-503", "all registered targets are unused"},

	{"504", "no connection within 10 seconds", alone, made("504", "TargetConnectionErrorCount"), "alb.http-504",
		"10 seconds"},
	{"504", "no answer within the idle timeout", alone, func(w *world) { made("504")(w); w.p99(60, 60) }, "alb.http-504",
		"longer to answer than the idle timeout"},
	{"504", "answers to ephemeral ports are dropped", alone, made("504", "TargetConnectionErrorCount"), "alb.http-504",
		"time out"},
	{"504", "Content-Length larger than the body", orElse, made("504"), "alb.http-504", "fewer bytes than their Content-Length"},
	{"504", "Lambda did not respond to the connection", alone, function("504", "LambdaInternalError"), "alb.http-504",
		"Lambda does not take"},
	{"504", "a TLS handshake of more than 10 seconds", alone, made("504", "TargetTLSNegotiationErrorCount"),
		"alb.http-504", "TLS handshakes"},

	{"505", "an HTTP version that was not expected", orElse, made("5XX"), "alb.http-5xx-other", "505"},
	{"507", "the redirect URL is too long", alone, made("5XX", "HTTP_Redirect_Url_Limit_Exceeded_Count"),
		"alb.http-5xx-other", "507"},
	{"561", "the identity provider returned an error", alone, made("5XX", "ELBAuthError"), "alb.http-5xx-other", "561"},
}

// TestDocumentedCauses: each documented cause is named, alone where the metrics can tell it, and else among those that
// remain, with the access log as what decides.
func TestDocumentedCauses(t *testing.T) {
	for _, d := range documented {
		t.Run(d.error+": "+d.cause, func(t *testing.T) {
			w := newWorld()
			d.spoil(w)
			f := diagtest.Only(t, w.look(t), d.code)
			assert.Contains(t, f.Summary, d.says)
			if d.told == alone {
				assert.NotContains(t, f.Summary, "cannot tell")
			}
			last := f.NextSteps[len(f.NextSteps)-1]
			assert.Contains(t, last.Text, "error_reason")
		})
	}
}

// TestEveryDocumentedCauseIsThere counts the causes that the document lists for each error.
func TestEveryDocumentedCauseIsThere(t *testing.T) {
	have := map[string]int{}
	for _, d := range documented {
		have[d.error]++
	}
	assert.Equal(t, map[string]int{"460": 1, "463": 1, "464": 3, "500": 4, "501": 1, "502": 10, "503": 2, "504": 6,
		"505": 1,
		"507": 1, "561": 1}, have)
}

// made are errors of the load balancer, with counters that rise with them.
func made(code string, alongside ...string) func(*world) {
	return func(w *world) {
		w.counts("HTTPCode_ELB_"+code+"_Count", 600, 650)
		for _, name := range alongside {
			w.counts(name, 600, 650)
		}
	}
}

func errors4xx(w *world) { w.counts("HTTPCode_ELB_4XX_Count", 3000, 3100) }

func speaking(version string) func(*world) {
	return func(w *world) {
		errors4xx(w)
		w.elb.TargetGroups[1].ProtocolVersion = aws.String(version)
	}
}

// function are errors of a group whose target is a Lambda function.
func function(code, counter string) func(*world) {
	return func(w *world) {
		made(code)(w)
		w.elb.TargetGroups[1].TargetType = types.TargetTypeEnumLambda
		w.groupCounts(apiARN, counter, 600, 650)
	}
}

// TestMoreDecoys: errors of a kind go on, and beside them something else moves that is not their cause.
func TestMoreDecoys(t *testing.T) {
	tests := []struct {
		name       string
		spoil      func(*world)
		code       diag.Code
		says, lies string
	}{
		{"502 while traffic drops by half", func(w *world) {
			made("502")(w)
			w.set(metrics.LoadBalancerMetric(lbARN, "RequestCount", "Sum"), 12000, 6000, 6000)
		}, "alb.http-502", "cannot tell", "capacity"},
		{"502 from connections, while another group is scaled in", func(w *world) {
			made("502", "TargetConnectionErrorCount")(w)
			w.groupCounts(webARN, "TargetConnectionErrorCount", 600, 650)
		}, "alb.http-502", "refuse or reset", "drain"},
		{"503 for want of capacity, while a standby group is empty", func(w *world) {
			made("503", "RejectedConnectionCount")(w)
			spare := albfake.TargetGroupARN("shop-spare")
			g := w.elb.TargetGroups[1]
			g.TargetGroupArn, g.TargetGroupName, g.LoadBalancerArns = aws.String(spare), aws.String("shop-spare"), nil
			w.elb.TargetGroups = append(w.elb.TargetGroups, g)
		}, "alb.http-503", "limit of its capacity", "without targets"},
		{"504 of one slow group, while the other is quick", func(w *world) {
			made("504")(w)
			w.p99(60, 60)
			w.set(metrics.TargetGroupMetric(lbARN, apiARN, "TargetResponseTime", "Average"), 0.05, 21, 22)
		}, "alb.http-504", "longer to answer", "connections"},
		{"a few refused connections beside many 504s", func(w *world) {
			made("504")(w)
			w.p99(60, 60)
			w.counts("TargetConnectionErrorCount", 4, 5)
		}, "alb.http-504", "longer to answer", "connections to targets"},
		{"502 after a deployment that is long over", func(w *world) {
			made("502")(w)
			w.delay("5")
			w.p99(12)
			w.hosts(1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2)
		}, "alb.http-502", "cannot tell", "drain"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			f := diagtest.Only(t, w.look(t), tt.code)
			assert.Contains(t, f.Summary, tt.says)
			assert.NotContains(t, f.Summary, tt.lies)
		})
	}
}

// TestLowTraffic: of two requests one error is half, and says nothing.
func TestLowTraffic(t *testing.T) {
	for _, name := range []string{"HTTPCode_ELB_502_Count", "HTTPCode_ELB_503_Count", "HTTPCode_ELB_504_Count",
		"HTTPCode_ELB_500_Count"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.set(metrics.LoadBalancerMetric(lbARN, "RequestCount", "Sum"), 2)
			w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_5XX_Count", "Sum"), 0)
			w.counts(name, 1)
			diagtest.Want(t, w.look(t))
		})
	}
}

// TestCountersThatComeLate: the sum of all 5xx may be ahead of its parts for a period, and that is no other error.
func TestCountersThatComeLate(t *testing.T) {
	w := newWorld()
	w.counts("HTTPCode_ELB_502_Count", 800, 800, 705)
	w.counts("HTTPCode_ELB_5XX_Count", 800, 800, 790)
	diagtest.Want(t, w.look(t), "alb.http-502")
}
