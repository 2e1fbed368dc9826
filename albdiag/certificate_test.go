package albdiag_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	acm "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

const certARN = "arn:aws:acm:eu-west-1:111122223333:certificate/0e1b4b4c-2f5d-4a0a-9d38-0b6a4a2f7c11"

func certificates(spoil func(*acm.CertificateDetail), names ...string) (*albdiag.Certificate, *albfake.Certificates) {
	c := albfake.Certificate(certARN, "shop.example.com", now)
	spoil(&c)
	fake := &albfake.Certificates{Certificates: []acm.CertificateDetail{c}}
	return albdiag.NewCertificate(fake, certARN, window, names...), fake
}

func sound(*acm.CertificateDetail) {}

func endsIn(d time.Duration) func(*acm.CertificateDetail) {
	return func(c *acm.CertificateDetail) { c.NotAfter = aws.Time(now.Add(d)) }
}

func imported(c *acm.CertificateDetail) {
	endsIn(5 * 24 * time.Hour)(c)
	c.Type, c.RenewalEligibility = acm.CertificateTypeImported, acm.RenewalEligibilityIneligible
}

func renewal(status acm.RenewalStatus, left time.Duration) func(*acm.CertificateDetail) {
	return func(c *acm.CertificateDetail) {
		endsIn(left)(c)
		c.RenewalSummary = &acm.RenewalSummary{RenewalStatus: status, RenewalStatusReason: acm.FailureReasonCaaError}
	}
}

func status(s acm.CertificateStatus) func(*acm.CertificateDetail) {
	return func(c *acm.CertificateDetail) { c.Status = s }
}

func TestConformCertificates(t *testing.T) {
	broken := map[diag.Code]func(*acm.CertificateDetail){
		"alb.certificate-expired": endsIn(-time.Hour), "alb.certificate-not-issued": status(acm.CertificateStatusRevoked),
		"alb.certificate-renewal-failed": renewal(acm.RenewalStatusFailed, 20*24*time.Hour),
		"alb.certificate-expiring":       imported,
		"alb.certificate-wrong-name": func(c *acm.CertificateDetail) {
			c.SubjectAlternativeNames = []string{"*.other.example"}
			c.DomainName = nil
		},
	}
	for _, check := range albdiag.CertificateChecks() {
		spoil, ok := broken[check.Code]
		require.True(t, ok, check.Code)
		at := func(spoil func(*acm.CertificateDetail)) diagtest.World[*albdiag.Certificate] {
			return func() (*albdiag.Certificate, []diagfake.Fake) {
				c, fake := certificates(spoil, "shop.example.com")
				return c, []diagfake.Fake{fake}
			}
		}
		diagtest.Conform(t, check, diagtest.Worlds[*albdiag.Certificate]{Healthy: at(sound), Broken: at(spoil)})
	}
	diagtest.ReadOnly[albdiag.CertificateAPI](t)
}

func TestCertificates(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		name  string
		spoil func(*acm.CertificateDetail)
		names []string
		want  diag.Code
		says  string
	}{
		{"sound", sound, []string{"shop.example.com", "api.shop.example.com"}, "", ""},
		{"expired", endsIn(-3 * day), nil, "alb.certificate-expired",
			"the certificate of shop.example.com expired 3 days ago"},
		{"expired an hour ago", endsIn(-70 * time.Minute), nil, "alb.certificate-expired", "expired 1 h 10 min ago"},
		{"waiting", status(acm.CertificateStatusPendingValidation), nil, "alb.certificate-not-issued",
			"its names are not proved"},
		{"runs out, renewed by AWS", endsIn(10 * day), nil, "", ""},
		{"imported, runs out", imported, nil, "alb.certificate-expiring", "runs out in 5 days, and AWS does not renew it"},
		{"renewal failed", renewal(acm.RenewalStatusFailed, 20*day), nil, "alb.certificate-renewal-failed",
			"cannot be renewed (CAA_ERROR), and runs out in 20 days"},
		{"renewed", renewal(acm.RenewalStatusSuccess, 20*day), nil, "", ""},
		{"renewal due", renewal(acm.RenewalStatusPendingAutoRenewal, 20*day), nil, "", ""},
		{"a name two labels down", sound, []string{"a.b.shop.example.com"}, "alb.certificate-wrong-name",
			"does not hold a.b.shop.example.com"},
		{"another name", sound, []string{"shop.example.com", "admin.example.com"}, "alb.certificate-wrong-name",
			"does not hold admin.example.com, which"},
		{"nothing known", func(c *acm.CertificateDetail) { *c = acm.CertificateDetail{CertificateArn: c.CertificateArn} },
			[]string{"x.example"}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := certificates(tt.spoil, tt.names...)
			report := diagtest.Run(t, c, albdiag.CertificateChecks()...)
			if tt.want == "" {
				diagtest.Want(t, report)
				return
			}
			assert.Contains(t, diagtest.Only(t, report, tt.want).Summary, tt.says)
		})
	}
	for _, s := range acm.CertificateStatus("").Values() {
		c, _ := certificates(status(s))
		found := diagtest.Run(t, c, albdiag.CertificateChecks()...).Findings
		assert.Equal(t, s != acm.CertificateStatusIssued, len(found) > 0, "status %s", s)
	}
}

func TestShownCertificates(t *testing.T) {
	w := newWorld()
	host := func(name string) types.RuleCondition {
		return types.RuleCondition{Field: aws.String("host-header"),
			HostHeaderConfig: &types.HostHeaderConditionConfig{Values: []string{name}}}
	}
	w.elb.Listeners[1].Certificates = []types.Certificate{{CertificateArn: aws.String(certARN)}}
	w.rules()[0].Conditions = append(w.rules()[0].Conditions, host("shop.example.com"), host("*.example.com"))
	shown, err := w.loadBalancer().Certificates(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []albdiag.ShownCertificate{{ARN: certARN, Default: true, Hosts: []string{"shop.example.com"}}}, shown)

	const second = certARN + "2"
	w.elb.ListenerCertificates = map[string][]types.Certificate{albfake.ListenerARN("shop", 443): {
		{CertificateArn: aws.String(second)},
		{CertificateArn: aws.String("arn:aws:iam::111122223333:server-certificate/old")}}}
	shown, err = w.loadBalancer().Certificates(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []albdiag.ShownCertificate{{ARN: certARN, Default: true}, {ARN: second},
		{ARN: "arn:aws:iam::111122223333:server-certificate/old"}}, shown, "which of several clients get, nobody can tell")
}

func TestTLSFails(t *testing.T) {
	w := newWorld()
	fails, err := w.loadBalancer().TLSFails(t.Context())
	require.NoError(t, err)
	assert.False(t, fails)
	w.set(metrics.LoadBalancerMetric(lbARN, "ClientTLSNegotiationErrorCount", "Sum"), 3, 9000, 9000)
	fails, err = w.loadBalancer().TLSFails(t.Context())
	require.NoError(t, err)
	assert.True(t, fails)
}
