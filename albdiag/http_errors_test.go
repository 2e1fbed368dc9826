package albdiag_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// look runs all checks of the load balancer.
func (w *world) look(t *testing.T) *diag.Report {
	t.Helper()
	return diagtest.Run(t, w.loadBalancer(), albdiag.LoadBalancerChecks()...)
}

func (w *world) p99(last ...float64) {
	w.set(metrics.LoadBalancerMetric(lbARN, "TargetResponseTime", "p99"), 0.3, last...)
}

func (w *world) groupCounts(arn, name string, last ...float64) {
	w.set(metrics.TargetGroupMetric(lbARN, arn, name, "Sum"), 0, last...)
}

// TestAttribution has a world for each documented cause of the errors that a load balancer makes, and what the finding
// must say; alone says what it must not say.
func TestAttribution(t *testing.T) {
	tests := []struct {
		name        string
		spoil       func(*world)
		code        diag.Code
		says, alone string
	}{
		{"502: connection refused", func(w *world) {
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
			w.counts("TargetConnectionErrorCount", 620, 660)
		}, "alb.http-502", "refuse or reset connections", "keep"},
		{"502: targets died", func(w *world) {
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
			w.hosts(1, 1)
		}, "alb.http-502", "went away while they had requests in flight", "cannot tell"},
		{"502: all targets died, too fast for the host count", func(w *world) {
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
			w.counts("HTTPCode_ELB_503_Count", 900, 850)
		}, "alb.http-502", "went away while they had requests in flight", "cannot tell"},
		{"502: TLS to targets", func(w *world) {
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
			w.counts("TargetTLSNegotiationErrorCount", 600, 650)
		}, "alb.http-502", "TLS handshakes with targets fail", "cannot tell"},
		{"502: keep-alive or malformed, which metrics cannot tell", func(w *world) {
			w.counts("HTTPCode_ELB_502_Count", 100, 110)
		}, "alb.http-502",
			"the metrics cannot tell whether targets close idle connections sooner than the load balancer does or targets " +
				"answer what is no valid HTTP", "went away"},
		{"502: Lambda", func(w *world) {
			w.elb.TargetGroups[1].TargetType = types.TargetTypeEnumLambda
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
		}, "alb.http-502", "a Lambda function failed", ""},
		{"502: Lambda threw", func(w *world) {
			w.elb.TargetGroups[1].TargetType = types.TargetTypeEnumLambda
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
			w.groupCounts(apiARN, "LambdaUserError", 600, 650)
		}, "alb.http-502", "a Lambda function threw an error", "cannot tell"},
		{"502: Lambda itself down", func(w *world) {
			w.elb.TargetGroups[1].TargetType = types.TargetTypeEnumLambda
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
			w.groupCounts(apiARN, "LambdaInternalError", 600, 650)
		}, "alb.http-502", "Lambda itself failed", "cannot tell"},
		{"502: Lambda alone, without its figures", func(w *world) {
			for i := range w.elb.TargetGroups {
				w.elb.TargetGroups[i].TargetType = types.TargetTypeEnumLambda
			}
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
		}, "alb.http-502", "probably a Lambda function failed", "idle connections"},
		{"502: drained too shortly", func(w *world) {
			w.elb.TargetGroupAttributes = map[string]map[string]string{apiARN: {"deregistration_delay.timeout_seconds": "5"}}
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
			w.hosts(1, 1)
			w.p99(12, 12)
		}, "alb.http-502", "requests took longer than deregistered targets were given to drain", "cannot tell"},
		{"502: drained for long enough", func(w *world) {
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
			w.hosts(1, 1)
			w.p99(12, 12)
		}, "alb.http-502", "went away while they had requests in flight", "to drain"},
		{"502: in bursts, and little time to drain", threeBursts, "alb.http-502",
			"the metrics cannot tell whether requests took longer than deregistered targets were given to drain, targets close idle", "went away"},
		{"502: in bursts, and time enough to drain", func(w *world) {
			threeBursts(w)
			w.delay("120")
		}, "alb.http-502", "the metrics cannot tell whether targets close idle", "to drain"},
		{"503: group empty now", func(w *world) {
			w.counts("HTTPCode_ELB_503_Count", 600, 650)
			w.elb.TargetHealth[apiARN] = nil
		}, "alb.http-503", "left without targets", "cannot tell"},
		{"503: group was empty", func(w *world) {
			w.counts("HTTPCode_ELB_503_Count", 600, 0)
			w.hosts(0, 2)
		}, "alb.http-503", "left without targets", "cannot tell"},
		{"503: died together between two readings", func(w *world) {
			w.counts("HTTPCode_ELB_503_Count", 600, 0, 650)
			w.counts("HTTPCode_ELB_502_Count", 90, 0, 80)
		}, "alb.http-503", "targets died together", "left without"},
		{"503: at the limit", func(w *world) {
			w.counts("HTTPCode_ELB_503_Count", 600, 650)
			w.counts("RejectedConnectionCount", 600, 650)
		}, "alb.http-503", "limit of its capacity", "registered"},
		{"503: nothing to see", func(w *world) { w.counts("HTTPCode_ELB_503_Count", 600, 650) }, "alb.http-503",
			"probably the target group of a rule had no target", "cannot tell"},
		{"504: cannot connect", func(w *world) {
			w.counts("HTTPCode_ELB_504_Count", 600, 650)
			w.counts("TargetConnectionErrorCount", 620, 660)
		}, "alb.http-504", "connections to targets time out", "idle timeout"},
		{"504: too slow", func(w *world) {
			w.counts("HTTPCode_ELB_504_Count", 600, 650)
			w.p99(60, 60)
			w.times(15, 18)
		}, "alb.http-504", "longer to answer than the idle timeout", "connections"},
		{"504: slow for a raised idle timeout", func(w *world) {
			w.elb.LoadBalancerAttributes = map[string]map[string]string{lbARN: {"idle_timeout.timeout_seconds": "600"}}
			w.counts("HTTPCode_ELB_504_Count", 600, 650)
			w.p99(60, 60)
		}, "alb.http-504", "the metrics cannot tell", "connections"},
		{"504: TLS handshakes too slow", func(w *world) {
			w.counts("HTTPCode_ELB_504_Count", 600, 650)
			w.counts("TargetTLSNegotiationErrorCount", 600, 650)
		}, "alb.http-504", "TLS handshakes with targets do not end within 10 seconds", "idle timeout"},
		{"500: the identity provider is not reached", func(w *world) {
			w.counts("HTTPCode_ELB_500_Count", 600)
			w.counts("ELBAuthError", 600)
		}, "alb.http-500", "token or user info endpoint", "WAF"},
		{"500: a web ACL, but it fails open", func(w *world) {
			w.elb.LoadBalancerAttributes = map[string]map[string]string{lbARN: {"waf.fail_open.enabled": "true"}}
			w.counts("HTTPCode_ELB_500_Count", 600)
		}, "alb.http-500", "answered 500 to 600 of", "WAF"},
		{"500: web ACL", func(w *world) { w.counts("HTTPCode_ELB_500_Count", 600) }, "alb.http-500", "AWS WAF", "login"},
		{"561: identity provider", func(w *world) {
			w.counts("HTTPCode_ELB_5XX_Count", 600, 650)
			w.counts("ELBAuthError", 600, 650)
		}, "alb.http-5xx-other", "561", "Transfer-Encoding"},
		{"501 or 505", func(w *world) { w.counts("HTTPCode_ELB_5XX_Count", 600, 650) }, "alb.http-5xx-other", "501", ""},
		{"targets answer 5xx", func(w *world) {
			w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_5XX_Count", "Sum"), 1, 600, 650)
		}, "alb.http-5xx-from-targets", "the targets made these errors", "cannot tell"},
		{"connections time out", func(w *world) {
			w.counts("TargetConnectionErrorCount", 600, 650)
			w.counts("HTTPCode_ELB_504_Count", 600, 650)
		}, "alb.target-connection-errors", "packets are dropped", "listens"},
		{"connections are refused", func(w *world) {
			w.counts("TargetConnectionErrorCount", 600, 650)
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
		}, "alb.target-connection-errors", "nothing listens", "dropped"},
		{"desync, refused", func(w *world) {
			w.elb.LoadBalancerAttributes = map[string]map[string]string{lbARN: {"routing.http.desync_mitigation_mode": "strictest"}}
			w.counts("HTTPCode_ELB_4XX_Count", 3000, 3100)
			w.counts("DesyncMitigationMode_NonCompliant_Request_Count", 3000, 3100)
		}, "alb.desync-requests", "refuses them", "cannot tell"},
		{"4xx: desync", func(w *world) {
			w.counts("HTTPCode_ELB_4XX_Count", 3000, 3100)
			w.counts("DesyncMitigationMode_NonCompliant_Request_Count", 3000, 3100)
		}, "alb.http-4xx", "desync mitigation", "malformed"},
		{"401: the identity provider says no", func(w *world) {
			w.counts("HTTPCode_ELB_4XX_Count", 3000, 3100)
			w.counts("ELBAuthFailure", 3000, 3100)
		}, "alb.http-4xx", "(401)", "malformed"},
		{"464: perhaps", func(w *world) {
			w.elb.TargetGroups[1].ProtocolVersion = aws.String("GRPC")
			w.counts("HTTPCode_ELB_4XX_Count", 3000, 3100)
		}, "alb.http-4xx",
			"the metrics cannot tell whether clients of another HTTP version ask a gRPC or HTTP/2 target group (464) or", ""},
		{"clients give up", func(w *world) {
			w.counts("HTTPCode_ELB_4XX_Count", 3000, 3100)
			w.p99(58, 59)
		}, "alb.http-4xx", "460", "malformed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			f := diagtest.Only(t, w.look(t), tt.code)
			assert.Contains(t, f.Summary, tt.says)
			if tt.alone != "" {
				assert.NotContains(t, f.Summary, tt.alone)
			}
			assert.NotEmpty(t, f.NextSteps)
		})
	}
}

// TestDecoys are worlds in which figures move and nothing is wrong.
func TestDecoys(t *testing.T) {
	requests := metrics.LoadBalancerMetric(lbARN, "RequestCount", "Sum")
	tests := []struct {
		name  string
		spoil func(*world)
	}{
		{"traffic drops", func(w *world) { w.set(requests, 12000, 900, 800, 700) }},
		{"traffic stops", func(w *world) { w.set(requests, 12000, 0, 0, 0) }},
		{"traffic triples", func(w *world) { w.set(requests, 12000, 36000, 36000) }},
		{"a few 502 of a deployment", func(w *world) { w.counts("HTTPCode_ELB_502_Count", 12, 9, 0) }},
		{"scale-in", func(w *world) { w.hosts(1, 1, 1) }},
		{"a steady background", func(w *world) {
			w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_5XX_Count", "Sum"), 12, 14, 11, 13)
		}},
		{"a steady background of one percent", func(w *world) {
			w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_5XX_Count", "Sum"), 120, 140, 110, 130)
		}},
		{"one failure of a quiet site", func(w *world) {
			w.set(requests, 2)
			w.set(metrics.LoadBalancerMetric(lbARN, "HTTPCode_Target_5XX_Count", "Sum"), 0, 1, 0)
		}},
		{"scanners", func(w *world) {
			w.set(metrics.LoadBalancerMetric(lbARN, "ClientTLSNegotiationErrorCount", "Sum"), 3, 150, 3)
		}},
		{"errors long before the window", func(w *world) {
			w.counts("HTTPCode_ELB_503_Count", append([]float64{900, 900}, make([]float64, 20)...)...)
		}},
		{"a slow p99", func(w *world) { w.p99(1.5, 2) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			diagtest.Want(t, w.look(t))
		})
	}
}

func TestFigures(t *testing.T) {
	const code = "alb.http-503"
	requests := metrics.LoadBalancerMetric(lbARN, "RequestCount", "Sum")
	at := func(i int) time.Time { return newest.Add(-time.Duration(i) * 5 * time.Minute) }
	tests := []struct {
		name     string
		spoil    func(*world)
		severity diag.Severity
		since    time.Time
		atLeast  bool
		says     string
	}{
		{"going on", func(w *world) { w.counts("HTTPCode_ELB_503_Count", 1200, 1200) }, diag.SeverityError, at(1), false,
			"2400 of 26400 requests (9.1 %) since 14:25, still going on"},
		{"over", func(w *world) { w.counts("HTTPCode_ELB_503_Count", 1200, 1200, 0, 0) }, diag.SeverityWarning, at(3), false,
			"2400 of 26400 requests (9.1 %) between 14:15 and 14:25, not any more"},
		{"comes and goes, in a pause", func(w *world) { w.counts("HTTPCode_ELB_503_Count", 1200, 0, 0, 1200, 0, 0) },
			diag.SeverityError, at(5), false, "since 14:05, still going on"},
		{"a little", func(w *world) { w.counts("HTTPCode_ELB_503_Count", 90, 95) }, diag.SeverityWarning, at(1), false,
			"(0.8 %)"},
		{"everything: no request has a target", func(w *world) {
			w.set(requests, 12000, 0, 0)
			w.counts("HTTPCode_ELB_503_Count", 12000, 12000)
		}, diag.SeverityError, at(1), false, "24000 of 24000 requests (100 %)"},
		{"a quiet site, everything", func(w *world) {
			w.set(requests, 3, 0, 0, 0)
			w.counts("HTTPCode_ELB_503_Count", 3, 3, 3)
		}, diag.SeverityError, at(2), false, "9 of 9 requests (100 %)"},
		{"as long as metrics go back", func(w *world) { w.set(metrics.LoadBalancerMetric(lbARN, code503, "Sum"), 1200) },
			diag.SeverityError, at(periods - 1), true, "or earlier"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			f := diagtest.Only(t, w.look(t), code)
			assert.Equal(t, tt.severity, f.Severity)
			assert.Equal(t, tt.since, f.Since)
			assert.Equal(t, tt.atLeast, f.SinceAtLeast)
			assert.Contains(t, f.Summary, tt.says)
		})
	}
}

const code503 = "HTTPCode_ELB_503_Count"

func TestGroupsThatMadeTheErrorsAreNamed(t *testing.T) {
	w := newWorld()
	w.counts("HTTPCode_Target_5XX_Count", 600, 650)
	w.groupCounts(apiARN, "HTTPCode_Target_5XX_Count", 599, 649)
	w.groupCounts(webARN, "HTTPCode_Target_5XX_Count", 1, 1)
	f := diagtest.Only(t, w.look(t), "alb.http-5xx-from-targets")
	if assert.Len(t, f.Related, 1) {
		assert.Equal(t, apiARN, f.Related[0].Resource.ARN)
	}
	assert.Equal(t, "1248 of 12000 requests to it", f.Evidence[1].Value)
}

func TestOldMetricsAreNotNow(t *testing.T) {
	w := newWorld()
	w.counts(code503, 1200, 1200)
	for i := range w.cw.Series { // nothing was reported for half an hour
		for j := range w.cw.Series[i].Points {
			w.cw.Series[i].Points[j].At = w.cw.Series[i].Points[j].At.Add(-30 * time.Minute)
		}
	}
	assert.Equal(t, diag.SeverityWarning, diagtest.Only(t, w.look(t), "alb.http-503").Severity)
}

func TestNetworkLoadBalancersHaveNoHTTP(t *testing.T) {
	w := newWorld()
	asNetwork(w)
	w.counts(code503, 1200, 1200)
	w.set(metrics.LoadBalancerMetric(netARN, code503, "Sum"), 0, 1200, 1200)
	diagtest.Want(t, w.look(t))
}

func TestSlowResponses(t *testing.T) {
	w := newWorld()
	w.times(4, 5, 4.5)
	w.set(metrics.TargetGroupMetric(lbARN, apiARN, "TargetResponseTime", "Average"), 0.05, 8, 9, 9)
	f := diagtest.Only(t, w.look(t), "alb.slow-responses")
	assert.Equal(t,
		"targets of shop take up to 5.0 s on average to answer since 14:20, against 0.05 s before; still going on", f.Summary)
	if assert.Len(t, f.Related, 1) {
		assert.Equal(t, "shop-api", f.Related[0].Resource.ID)
	}
}
