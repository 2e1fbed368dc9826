package triage_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/triage"
)

// TestServerCertificates is about certificates in IAM, which nobody renews.
func TestServerCertificates(t *testing.T) {
	const name = "web-2025"
	for _, c := range []struct {
		name  string
		left  time.Duration
		there bool
		want  string
	}{
		{"run out", -34 * time.Minute, true, "certificate web-2025 expired 34 min ago"},
		{"runs out next week", 7 * 24 * time.Hour, true, ""},
		{"not there", 0, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite("app")
			for i := range s.ELB.Listeners {
				if len(s.ELB.Listeners[i].Certificates) > 0 {
					s.ELB.Listeners[i].Certificates = []elb.Certificate{
						{CertificateArn: aws.String("arn:aws:iam::111122223333:server-certificate/" + name)}}
				}
			}
			if c.there {
				s.IAM.ServerCertificates = []iamtypes.ServerCertificateMetadata{
					{ServerCertificateName: aws.String(name), Expiration: aws.Time(s.now.Add(c.left))}}
			}
			report, err := triage.Investigate(t.Context(), []triage.Scope{s.Scope()}, triage.Symptom{Kind: triage.Unreachable,
				Target: s.lb, Since: s.ago(25 * time.Minute)}, triage.Options{Now: s.now})
			if c.there {
				require.NoError(t, err)
			}
			var got []string
			for _, f := range report.Findings {
				if f.Code == "alb.certificate-expired" || f.Code == "alb.certificate-expiring" {
					got = append(got, f.Summary)
					require.NotEmpty(t, f.Evidence)
					assert.Equal(t, "iam:GetServerCertificate", f.Evidence[0].Source)
				}
			}
			if c.want == "" {
				assert.Empty(t, got)
			} else {
				assert.Equal(t, []string{c.want}, got)
			}
		})
	}
}
