package albdiag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

func attributes(pairs map[string]string) func(*world) {
	return func(w *world) { w.elb.TargetGroupAttributes = map[string]map[string]string{apiARN: pairs} }
}

func TestConformAttributes(t *testing.T) {
	broken := map[diag.Code]func(*world){
		"alb.stickiness-long": attributes(map[string]string{"stickiness.enabled": "true", "stickiness.type": "lb_cookie",
			"stickiness.lb_cookie.duration_seconds": "604800"}),
		"alb.deregistration-delay-short": attributes(map[string]string{"deregistration_delay.timeout_seconds": "5"}),
		"alb.slow-start-long":            attributes(map[string]string{"slow_start.duration_seconds": "900"}),
		"alb.client-ip-hairpin": func(w *world) {
			asNetwork(w)
			attributes(map[string]string{"preserve_client_ip.enabled": "true"})(w)
		},
	}
	for _, check := range albdiag.TargetGroupAttributeChecks() {
		spoil, ok := broken[check.Code]
		require.True(t, ok, check.Code)
		diagtest.Conform(t, check, targetGroups(spoil))
	}
}

func TestAttributes(t *testing.T) {
	tests := []struct {
		name  string
		pairs map[string]string
		says  string
	}{
		{"a day", map[string]string{"stickiness.enabled": "true", "stickiness.type": "app_cookie",
			"stickiness.app_cookie.duration_seconds": "172800"},
			"shop-api: sticky sessions keep clients on one target for 2 days"},
		{"off", map[string]string{"stickiness.enabled": "false", "stickiness.type": "lb_cookie",
			"stickiness.lb_cookie.duration_seconds": "172800"}, ""},
		{"some minutes", map[string]string{"stickiness.enabled": "true", "stickiness.type": "lb_cookie",
			"stickiness.lb_cookie.duration_seconds": "600"}, ""},
		{"no time to drain", map[string]string{"deregistration_delay.timeout_seconds": "0"},
			"shop-api: targets that are deregistered have 0 s to finish their requests"},
		{"time to drain", map[string]string{"deregistration_delay.timeout_seconds": "30"}, ""},
		{"slow start of 15 minutes", map[string]string{"slow_start.duration_seconds": "900"},
			"shop-api: new targets get their full share of requests only after 15 min"},
		{"slow start of 2 minutes", map[string]string{"slow_start.duration_seconds": "120"}, ""},
		{"no slow start", map[string]string{"slow_start.duration_seconds": "0"}, ""},
		{"an Application Load Balancer", map[string]string{"preserve_client_ip.enabled": "true"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			attributes(tt.pairs)(w)
			found := diagtest.Run(t, w.targetGroup(), albdiag.TargetGroupAttributeChecks()...).Findings
			if tt.says == "" {
				assert.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			assert.Equal(t, tt.says, found[0].Summary)
			assert.Equal(t, diag.SeverityInfo, found[0].Severity)
		})
	}
}
