package albdiag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// TestHealthChecksInTheWrongProtocol: the port hints at which protocol a program speaks.
func TestHealthChecksInTheWrongProtocol(t *testing.T) {
	tests := []struct {
		name, reason, says string
		protocol           types.ProtocolEnum
		port               int32
		odd                string
	}{
		{"HTTPS to a plain port", "Target.FailedHealthChecks", "Health checks failed", types.ProtocolEnumHttps, 3000,
			"; HTTPS goes to port 3000, where programs usually speak plain HTTP"},
		{"HTTP to a port of TLS", "Target.FailedHealthChecks", "Health checks failed", types.ProtocolEnumHttp, 8443,
			"; plain HTTP goes to port 8443, where programs usually speak HTTPS"},
		{"HTTP to a port of TLS that answers so", "Target.ResponseCodeMismatch",
			"Health checks failed with these codes: [400]",
			types.ProtocolEnumHttp, 443, "; plain HTTP goes to port 443"},
		{"another code", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]",
			types.ProtocolEnumHttp, 443, ""},
		{"HTTP to a plain port", "Target.FailedHealthChecks", "Health checks failed", types.ProtocolEnumHttp, 3000, ""},
		{"HTTPS to a port of TLS", "Target.FailedHealthChecks", "Health checks failed", types.ProtocolEnumHttps, 8443, ""},
		{"HTTPS to a port of no custom", "Target.FailedHealthChecks", "Health checks failed", types.ProtocolEnumHttps, 17443,
			""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.group().HealthCheckProtocol = tt.protocol
			w.elb.Spoil("shop-api", 0, types.TargetHealthStateEnumUnhealthy, types.TargetHealthReasonEnum(tt.reason), tt.says)
			target := &w.elb.TargetHealth[apiARN][0]
			target.Target.Port, target.HealthCheckPort = aws.Int32(tt.port), aws.String("")
			report := diagtest.Run(t, w.targetGroup(), albdiag.TargetTroubles()...)
			if assert.Len(t, report.Findings, 1) {
				f := report.Findings[0]
				if tt.odd == "" {
					assert.NotContains(t, f.Summary, "usually")
					return
				}
				assert.Contains(t, f.Summary, tt.odd)
				assert.Contains(t, f.NextSteps[1].Command, "https://")
			}
		})
	}
}

func TestTLSWithTargets(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*world)
		says  string
		group string
	}{
		{"a plain port", func(w *world) {
			w.group().Protocol, w.group().Port = types.ProtocolEnumHttps, aws.Int32(3000)
		}, ": the target group speaks HTTPS to a port where programs usually speak plain HTTP", "shop-api"},
		{"a port of TLS", func(w *world) {
			w.group().Protocol, w.group().Port = types.ProtocolEnumHttps, aws.Int32(8443)
		},
			": the metrics cannot tell whether targets speak plain HTTP, to which HTTPS is spoken or no TLS version or cipher " +
				"is common to both", "shop-api"},
		{"two groups of TLS, of which one fails", func(w *world) {
			for i := range w.elb.TargetGroups {
				w.elb.TargetGroups[i].Protocol, w.elb.TargetGroups[i].Port = types.ProtocolEnumHttps, aws.Int32(8443)
			}
			w.counts("TargetTLSNegotiationErrorCount", 600, 650)
			w.set(metrics.TargetGroupMetric(lbARN, webARN, "TargetTLSNegotiationErrorCount", "Sum"), 0, 600, 650)
		}, "cannot tell", "shop-web"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.counts("TargetTLSNegotiationErrorCount", 600, 650)
			tt.spoil(w)
			f := diagtest.Only(t, w.look(t), "alb.target-tls-errors")
			assert.Contains(t, f.Summary, tt.says)
			if assert.NotEmpty(t, f.Related) {
				assert.Equal(t, tt.group, f.Related[0].Resource.ID)
				assert.Len(t, f.Related, 1)
			}
		})
	}
}
