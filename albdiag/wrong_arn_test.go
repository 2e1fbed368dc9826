package albdiag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

// TestErrorsOfNoLoadBalancer: who asks about the errors of something that is no load balancer gets no all-clear.
func TestErrorsOfNoLoadBalancer(t *testing.T) {
	for _, name := range []string{"", "arn:aws:ecs:eu-west-1:111122223333:service/prod/api", albfake.TargetGroupARN("shop"),
		"arn:broken"} {
		elb := albfake.Healthy("shop")
		lb := albdiag.NewLoadBalancer(elb, name, metrics.NewSource(&metricsfake.Client{}, window), window)
		report := diag.Run(t.Context(), diag.On(lb, albdiag.HTTPErrors()...))
		assert.Equal(t, diag.KindInvalid, diag.KindOf(report.Err()), name)
		assert.Empty(t, elb.Calls(), name)
	}
}
