package triage

import (
	"context"
	"errors"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
)

const typeCertificate = "AWS::CertificateManager::Certificate"

// maxCertificates bounds the certificates of a load balancer that are read, each at the price of a call.
const maxCertificates = 10

// shownCertificates leads from a load balancer to the certificates that it shows, where its metrics say that
// handshakes with clients fail. A client that does not trust a certificate breaks off the handshake, and is counted
// ("CloudWatch metrics for your Application Load Balancer", ClientTLSNegotiationErrorCount).
func (s *Scene) shownCertificates() *diag.Survey[*albdiag.LoadBalancer] {
	return &diag.Survey[*albdiag.LoadBalancer]{
		Name: "triage.certificates",
		Actions: []string{"cloudwatch:GetMetricData", "elasticloadbalancing:DescribeListenerCertificates",
			"elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeLoadBalancers",
			"elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetGroups"},
		Links: func(ctx context.Context, lb *albdiag.LoadBalancer) ([]diag.Link, error) {
			if fails, err := lb.TLSFails(ctx); !fails {
				return nil, err
			}
			shown, err := lb.Certificates(ctx)
			if more := len(shown) - maxCertificates; more > 0 {
				err = errors.Join(err, diag.Errorf(diag.KindIncomplete,
					"load balancer %s: %d of its %d certificates were not examined", lb.Resource().ID, more, len(shown)))
				shown = shown[:maxCertificates]
			}
			var links []diag.Link
			for _, c := range shown {
				certificate := albdiag.NewCertificate(s.Scope.Clients.ACM, c.ARN, s.Window, c.Hosts...)
				r := certificate.Resource()
				subject(s, typeCertificate, r.ID, func() *albdiag.Certificate { return certificate })
				links = append(links, diag.Link{From: lb.Resource(), To: r, Role: "shows clients"})
			}
			return links, err
		},
	}
}

// certificatePlan examines a certificate that a load balancer shows.
func certificatePlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if s.Scope.Clients.ACM == nil {
		return diag.Plan{}
	}
	arn := r.ARN
	certificate := subject(s, typeCertificate, r.ID, func() *albdiag.Certificate {
		return albdiag.NewCertificate(s.Scope.Clients.ACM, arn, s.Window)
	})
	return diag.On(certificate, albdiag.CertificateChecks()...)
}
