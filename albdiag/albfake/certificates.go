package albfake

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Certificates is a fake of AWS Certificate Manager. Its zero value is an empty account.
type Certificates struct {
	diagfake.Recorder

	Certificates []acmtypes.CertificateDetail
}

var _ albdiag.CertificateAPI = (*Certificates)(nil)

// DescribeCertificate answers for a certificate by ARN.
func (c *Certificates) DescribeCertificate(
	ctx context.Context, in *acm.DescribeCertificateInput, _ ...func(*acm.Options),
) (*acm.DescribeCertificateOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "acm:DescribeCertificate", in,
		func(in *acm.DescribeCertificateInput) (*acm.DescribeCertificateOutput, error) {
			for _, d := range c.Certificates {
				if in.CertificateArn != nil && aws.ToString(d.CertificateArn) == *in.CertificateArn {
					return &acm.DescribeCertificateOutput{Certificate: &d}, nil
				}
			}
			return nil, diagfake.APIError("ResourceNotFoundException",
				"Could not find certificate "+aws.ToString(in.CertificateArn))
		})
}

// Merge adds a recorded answer, as [Client.Merge] does.
func (c *Certificates) Merge(_, out any) bool {
	o, ok := out.(*acm.DescribeCertificateOutput)
	if !ok || o.Certificate == nil {
		return false
	}
	c.Certificates = put(c.Certificates, *o.Certificate,
		func(d acmtypes.CertificateDetail) *string { return d.CertificateArn })
	return true
}

// Certificate makes an issued certificate of Amazon with 200 days left, which AWS renews.
func Certificate(arn, domain string, now time.Time) acmtypes.CertificateDetail {
	return acmtypes.CertificateDetail{
		CertificateArn: aws.String(arn), DomainName: aws.String(domain),
		SubjectAlternativeNames: []string{domain, "*." + domain},
		Status:                  acmtypes.CertificateStatusIssued, Type: acmtypes.CertificateTypeAmazonIssued,
		NotBefore: aws.Time(now.AddDate(0, 0, -198)), NotAfter: aws.Time(now.AddDate(0, 0, 200)),
		RenewalEligibility: acmtypes.RenewalEligibilityEligible,
	}
}

// DescribeListenerCertificates answers with the default certificate of a listener and those that it has besides.
func (c *Client) DescribeListenerCertificates(
	ctx context.Context, in *elbv2.DescribeListenerCertificatesInput, _ ...func(*elbv2.Options),
) (*elbv2.DescribeListenerCertificatesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "elasticloadbalancing:DescribeListenerCertificates", in,
		c.describeListenerCertificates)
}

func (c *Client) describeListenerCertificates(
	in *elbv2.DescribeListenerCertificatesInput,
) (*elbv2.DescribeListenerCertificatesOutput, error) {
	for _, l := range c.Listeners {
		if in.ListenerArn == nil || aws.ToString(l.ListenerArn) != *in.ListenerArn {
			continue
		}
		var all []types.Certificate
		for i, d := range l.Certificates {
			all = append(all, types.Certificate{CertificateArn: d.CertificateArn, IsDefault: aws.Bool(i == 0)})
		}
		all = append(all, c.ListenerCertificates[*in.ListenerArn]...)
		page, marker, err := diagfake.Page(&c.Recorder, "elasticloadbalancing:DescribeListenerCertificates", all, in.Marker,
			limit(in.PageSize))
		return &elbv2.DescribeListenerCertificatesOutput{Certificates: page, NextMarker: marker}, err
	}
	return nil, diagfake.APIError("ListenerNotFound", "One or more listeners not found")
}
