package albdiag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

func TestRedirectsToNoListener(t *testing.T) {
	for _, tt := range []struct {
		name   string
		config *types.RedirectActionConfig
		both   bool
		found  bool
	}{
		{"the HTTPS listener is gone", &types.RedirectActionConfig{Protocol: aws.String("HTTPS"), Port: aws.String("443")},
			false, true},
		{"it is there", &types.RedirectActionConfig{Protocol: aws.String("HTTPS"), Port: aws.String("443")}, true, false},
		{"to another host", &types.RedirectActionConfig{Host: aws.String("www.example.com"), Port: aws.String("443")}, false,
			false},
		{"the HTTPS listener has another port", &types.RedirectActionConfig{Protocol: aws.String("HTTPS"),
			Port: aws.String("8443")}, true, true},
		{"to another port, while HTTPS serves", &types.RedirectActionConfig{Port: aws.String("8443")}, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.elb.Listeners[0].DefaultActions[0].RedirectConfig = tt.config
			if !tt.both {
				w.elb.Listeners = w.elb.Listeners[:1]
			}
			if tt.found {
				f := diagtest.Only(t, w.look(t), "alb.redirect-to-no-listener")
				assert.Equal(t, tt.both, f.Severity == diag.SeverityWarning)
			} else {
				diagtest.Want(t, w.look(t))
			}
		})
	}
}
