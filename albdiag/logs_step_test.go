package albdiag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// TestWhereAccessLogsAre: the step says where the logs are, or that there are none.
func TestWhereAccessLogsAre(t *testing.T) {
	tests := []struct {
		name       string
		attributes map[string]string
		command    string
		changes    bool
	}{
		{"on", map[string]string{"access_logs.s3.enabled": "true", "access_logs.s3.bucket": "shop-logs",
			"access_logs.s3.prefix": "alb"},
			"aws s3 ls --recursive s3://shop-logs/alb/AWSLogs/", false},
		{"off", nil, "aws elbv2 modify-load-balancer-attributes --load-balancer-arn " + lbARN +
			" --attributes Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.bucket,Value=<bucket>", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.elb.LoadBalancerAttributes = map[string]map[string]string{lbARN: tt.attributes}
			w.counts("HTTPCode_ELB_502_Count", 600, 650)
			f := diagtest.Only(t, w.look(t), "alb.http-502")
			last := f.NextSteps[len(f.NextSteps)-1]
			assert.Equal(t, tt.command, last.Command)
			assert.Equal(t, tt.changes, last.Changes)
		})
	}
}
