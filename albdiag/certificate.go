package albdiag

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	typeCertificate       = "AWS::CertificateManager::Certificate"
	typeServerCertificate = "AWS::IAM::ServerCertificate"
)

// Certificate is a certificate that listeners show, and its facts: one of AWS Certificate Manager, or one that was
// uploaded to IAM. Make one with [NewCertificate].
type Certificate struct {
	api    CertificateAPI
	arn    string
	window diag.Window
	names  []string

	described diag.Memo[*acmtypes.CertificateDetail]
}

var _ diag.Subject = (*Certificate)(nil)

// NewCertificate makes a certificate, given by ARN. names are the host names that clients ask it for, as far as known.
// The window's End is "now". A certificate of IAM needs an api that answers from iam:GetServerCertificate.
func NewCertificate(api CertificateAPI, arn string, window diag.Window, names ...string) *Certificate {
	return &Certificate{api: api, arn: arn, window: window, names: names}
}

// Resource names the certificate.
func (c *Certificate) Resource() diag.Resource {
	if InIAM(c.arn) {
		return diag.ResourceOf(typeServerCertificate, c.arn[strings.LastIndex(c.arn, "/")+1:], c.arn)
	}
	_, id, _ := strings.Cut(c.arn, ":certificate/")
	return diag.ResourceOf(typeCertificate, cmp.Or(id, c.arn), c.arn)
}

// InIAM reports that the ARN is that of a certificate which was uploaded to IAM.
func InIAM(arn string) bool {
	return strings.Contains(arn, ":iam:") && strings.Contains(arn, ":server-certificate/")
}

// Describe returns what DescribeCertificate says. A certificate that does not exist is an error of [diag.KindNotFound].
func (c *Certificate) Describe(ctx context.Context) (*acmtypes.CertificateDetail, error) {
	return c.described.Get(ctx, func(ctx context.Context) (*acmtypes.CertificateDetail, error) {
		out, err := c.api.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &c.arn})
		if err != nil {
			return nil, fmt.Errorf("describing certificate %s: %w", c.Resource().ID, err)
		}
		if out.Certificate == nil {
			return nil, diag.Errorf(diag.KindIncomplete, "certificate %s: the answer holds no description", c.Resource().ID)
		}
		return out.Certificate, nil
	})
}

// ShownCertificate is a certificate that listeners of a load balancer show to clients.
type ShownCertificate struct {
	ARN string
	// Default tells that a listener shows it to clients that ask for no name it has another certificate for.
	Default bool
	// Hosts are the names in the host conditions of rules, where it is the only certificate of their listener: clients
	// of these names get it.
	Hosts []string
}

// Certificates returns the certificates of all TLS listeners, each once, by ARN.
// What was read before an error is returned with it.
func (lb *LoadBalancer) Certificates(ctx context.Context) ([]ShownCertificate, error) {
	return lb.certificates.Get(ctx, func(ctx context.Context) ([]ShownCertificate, error) {
		listeners, listErr := lb.Listeners(ctx)
		listeners = slices.DeleteFunc(slices.Clone(listeners), func(l types.Listener) bool {
			return len(l.Certificates) == 0 || l.ListenerArn == nil
		})
		extra := make([][]types.Certificate, len(listeners))
		err := together(len(listeners), func(i int) (err error) {
			extra[i], err = lb.certificatesOf(ctx, listeners[i])
			return err
		})
		rules, rulesErr := lb.Rules(ctx)
		shown := map[string]ShownCertificate{}
		for i, l := range listeners {
			arns := arnsOf(slices.Concat(l.Certificates, extra[i]))
			for _, arn := range arns {
				s := shown[arn]
				s.ARN, s.Default = arn, s.Default || aws.ToString(l.Certificates[0].CertificateArn) == arn
				if len(arns) == 1 && err == nil {
					s.Hosts = append(s.Hosts, hostsOf(rules, l)...)
				}
				shown[arn] = s
			}
		}
		var list []ShownCertificate
		for _, s := range shown {
			if strings.Contains(s.ARN, ":acm:") || InIAM(s.ARN) {
				slices.Sort(s.Hosts)
				s.Hosts = slices.Compact(s.Hosts)
				list = append(list, s)
			}
		}
		slices.SortFunc(list, func(a, b ShownCertificate) int { return cmp.Compare(a.ARN, b.ARN) })
		return list, errors.Join(listErr, err, rulesErr)
	})
}

func (lb *LoadBalancer) certificatesOf(ctx context.Context, l types.Listener) ([]types.Certificate, error) {
	var all []types.Certificate
	in := &elbv2.DescribeListenerCertificatesInput{ListenerArn: l.ListenerArn}
	for {
		out, err := lb.api.DescribeListenerCertificates(ctx, in)
		if err != nil {
			return all, fmt.Errorf("describing the certificates of listener %s of load balancer %s: %w", listenerName(l),
				lb.ref.name, err)
		}
		all = append(all, out.Certificates...)
		if aws.ToString(out.NextMarker) == "" {
			return all, nil
		}
		in.Marker = out.NextMarker
	}
}

func arnsOf(certificates []types.Certificate) []string {
	var arns []string
	for _, c := range certificates {
		if c.CertificateArn != nil {
			arns = append(arns, *c.CertificateArn)
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

// hostsOf returns the host names in the conditions of a listener's rules, those without wildcards.
func hostsOf(rules []ListenerRule, l types.Listener) []string {
	var hosts []string
	for _, r := range rules {
		if aws.ToString(r.Listener.ListenerArn) != aws.ToString(l.ListenerArn) {
			continue
		}
		for _, c := range r.Rule.Conditions {
			if aws.ToString(c.Field) != "host-header" || len(c.RegexValues) > 0 ||
				(c.HostHeaderConfig != nil && len(c.HostHeaderConfig.RegexValues) > 0) {
				continue
			}
			for _, host := range conditionValues(c) {
				if !strings.ContainsAny(host, "*?") {
					hosts = append(hosts, strings.ToLower(host))
				}
			}
		}
	}
	return hosts
}

// TLSFails reports from the metrics that handshakes with clients fail more often than they used to: then certificates
// are worth a call each.
func (lb *LoadBalancer) TLSFails(ctx context.Context) (bool, error) {
	for _, row := range httpTroubles() {
		if row.info.Code != codeClientTLS {
			continue
		}
		p, ok, err := lb.pictureIf(ctx, row.on)
		if !ok {
			return false, err
		}
		_, fails := p.outbreak(row.series(p), row.bounds)
		return fails, err
	}
	return false, nil
}
