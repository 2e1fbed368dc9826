package triage

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
)

const (
	typeCertificate       = "AWS::CertificateManager::Certificate"
	typeServerCertificate = "AWS::IAM::ServerCertificate"
)

// maxCertificates bounds the certificates of a load balancer that are read, each at the price of a call.
const maxCertificates = 10

// shownCertificates leads from a load balancer to the certificates that it shows, where its metrics say that
// handshakes with clients fail. A client that does not trust a certificate breaks off the handshake, and is counted
// ("CloudWatch metrics for your Application Load Balancer", ClientTLSNegotiationErrorCount). A certificate of IAM,
// which nobody renews, is read in any case, and led to where it has run out.
func (s *Scene) shownCertificates() *diag.Survey[*albdiag.LoadBalancer] {
	return &diag.Survey[*albdiag.LoadBalancer]{
		Name: "triage.certificates",
		Actions: []string{"cloudwatch:GetMetricData", "elasticloadbalancing:DescribeListenerCertificates",
			"elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeLoadBalancers",
			"elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetGroups", "iam:GetServerCertificate"},
		Links: func(ctx context.Context, lb *albdiag.LoadBalancer) ([]diag.Link, error) {
			fails, err := lb.TLSFails(ctx)
			if !fails {
				links, uploadedErr := s.uploadedCertificates(ctx, lb)
				return links, errors.Join(err, uploadedErr)
			}
			shown, err := lb.Certificates(ctx)
			if more := len(shown) - maxCertificates; more > 0 {
				err = errors.Join(err, diag.Errorf(diag.KindIncomplete,
					"load balancer %s: %d of its %d certificates were not examined", lb.Resource().ID, more, len(shown)))
				shown = shown[:maxCertificates]
			}
			var links []diag.Link
			for _, c := range shown {
				if certificate := s.certificate(c.ARN, c.Hosts...); certificate != nil {
					links = append(links, diag.Link{From: lb.Resource(), To: certificate.Resource(), Role: "shows clients"})
				}
			}
			return links, err
		},
	}
}

// uploadedCertificates leads to the default certificates of listeners that are of IAM and have run out.
func (s *Scene) uploadedCertificates(ctx context.Context, lb *albdiag.LoadBalancer) ([]diag.Link, error) {
	listeners, err := lb.Listeners(ctx)
	errs := []error{err}
	var links []diag.Link
	for _, l := range listeners {
		for _, c := range l.Certificates {
			arn := aws.ToString(c.CertificateArn)
			certificate := s.certificate(arn)
			if !albdiag.InIAM(arn) || certificate == nil {
				continue
			}
			described, err := certificate.Describe(ctx)
			errs = append(errs, err)
			if err == nil && described.NotAfter != nil && !s.Window.End.Before(*described.NotAfter) {
				links = append(links, diag.Link{From: lb.Resource(), To: certificate.Resource(), Role: "shows clients"})
			}
		}
	}
	return links, errors.Join(errs...)
}

// certificate returns a certificate by ARN, nil where its service is not to be read.
func (s *Scene) certificate(arn string, hosts ...string) *albdiag.Certificate {
	kind, api := typeCertificate, s.Scope.Clients.ACM
	if albdiag.InIAM(arn) {
		kind, api = typeServerCertificate, nil
		if s.Scope.Clients.IAM != nil {
			api = serverCertificates{iam: s.Scope.Clients.IAM, now: s.Window.End}
		}
	}
	if api == nil {
		return nil
	}
	certificate := albdiag.NewCertificate(api, arn, s.Window, hosts...)
	return subject(s, kind, certificate.Resource().ID, func() *albdiag.Certificate { return certificate })
}

// certificatePlan examines a certificate that a load balancer shows.
func certificatePlan(s *Scene, r, _ diag.Resource) diag.Plan {
	certificate := s.certificate(r.ARN)
	if certificate == nil {
		return diag.Plan{}
	}
	return diag.On(certificate, albdiag.CertificateChecks()...)
}

// serverCertificates tells of certificates in IAM in the words of AWS Certificate Manager: imported ones, of which only
// the end is known. Their names stand in the certificate itself, which is not read.
type serverCertificates struct {
	iam IAM
	now time.Time
}

func (c serverCertificates) DescribeCertificate(
	ctx context.Context, in *acm.DescribeCertificateInput, _ ...func(*acm.Options),
) (*acm.DescribeCertificateOutput, error) {
	arn := aws.ToString(in.CertificateArn)
	out, err := c.iam.GetServerCertificate(ctx, &iam.GetServerCertificateInput{
		ServerCertificateName: aws.String(arn[strings.LastIndex(arn, "/")+1:])})
	if err != nil {
		return nil, err
	}
	if out.ServerCertificate == nil || out.ServerCertificate.ServerCertificateMetadata == nil {
		return &acm.DescribeCertificateOutput{}, nil
	}
	m := out.ServerCertificate.ServerCertificateMetadata
	detail := &acmtypes.CertificateDetail{CertificateArn: in.CertificateArn, NotAfter: m.Expiration,
		ImportedAt: m.UploadDate,
		Type:       acmtypes.CertificateTypeImported, Status: acmtypes.CertificateStatusIssued}
	if m.Expiration != nil && !c.now.Before(*m.Expiration) {
		detail.Status = acmtypes.CertificateStatusExpired
	}
	return &acm.DescribeCertificateOutput{Certificate: detail}, nil
}
