package albdiag

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/acm"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

// LoadBalancerAPI is what a [LoadBalancer] and a [Directory] read from.
type LoadBalancerAPI interface {
	elbv2.DescribeLoadBalancersAPIClient
	elbv2.DescribeListenersAPIClient
	elbv2.DescribeRulesAPIClient
	DescribeLoadBalancerAttributes(context.Context, *elbv2.DescribeLoadBalancerAttributesInput, ...func(*elbv2.Options)) (
		*elbv2.DescribeLoadBalancerAttributesOutput, error)
	// DescribeListenerCertificates is in no interface of the SDK, and has no paginator.
	DescribeListenerCertificates(context.Context, *elbv2.DescribeListenerCertificatesInput, ...func(*elbv2.Options)) (
		*elbv2.DescribeListenerCertificatesOutput, error)
	TargetGroupAPI
}

// CertificateAPI is what a [Certificate] reads from.
type CertificateAPI interface {
	DescribeCertificate(context.Context, *acm.DescribeCertificateInput, ...func(*acm.Options)) (
		*acm.DescribeCertificateOutput, error)
}

// TargetGroupAPI is what a [TargetGroup] reads from.
type TargetGroupAPI interface {
	elbv2.DescribeTargetGroupsAPIClient
	elbv2.DescribeTargetHealthAPIClient
	DescribeTargetGroupAttributes(context.Context, *elbv2.DescribeTargetGroupAttributesInput, ...func(*elbv2.Options)) (
		*elbv2.DescribeTargetGroupAttributesOutput, error)
}

var (
	_ LoadBalancerAPI = (*elbv2.Client)(nil)
	_ TargetGroupAPI  = (*elbv2.Client)(nil)
	_ CertificateAPI  = (*acm.Client)(nil)
)

// The calls that facts come from, as IAM actions.
const (
	callLoadBalancers          = "elasticloadbalancing:DescribeLoadBalancers"
	callLoadBalancerAttributes = "elasticloadbalancing:DescribeLoadBalancerAttributes"
	callListeners              = "elasticloadbalancing:DescribeListeners"
	callRules                  = "elasticloadbalancing:DescribeRules"
	callTargetGroups           = "elasticloadbalancing:DescribeTargetGroups"
	callTargetGroupAttributes  = "elasticloadbalancing:DescribeTargetGroupAttributes"
	callTargetHealth           = "elasticloadbalancing:DescribeTargetHealth"
	callListenerCertificates   = "elasticloadbalancing:DescribeListenerCertificates"
	callCertificate            = "acm:DescribeCertificate"
	callServerCertificate      = "iam:GetServerCertificate"
	callMetrics                = "cloudwatch:GetMetricData"
)
