package albdiag

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// TargetGroup is a target group and its facts. Make one with [NewTargetGroup], [LoadBalancer.TargetGroups] or a
// [Directory].
type TargetGroup struct {
	api       TargetGroupAPI
	ref       ref
	window    diag.Window
	source    *metrics.Source
	directory *Directory // nil for a group that stands alone

	described  diag.Memo[*types.TargetGroup]
	attributes diag.Memo[map[string]string]
	health     diag.Memo[[]types.TargetHealthDescription]
	series     diag.Memo[metrics.Set]
}

var _ diag.Subject = (*TargetGroup)(nil)

// NewTargetGroup makes a target group, given by name or ARN; an ARN saves a round trip. Metrics come from the source,
// which subjects of one run share. The window's End is "now".
func NewTargetGroup(api TargetGroupAPI, nameOrARN string, source *metrics.Source, window diag.Window) *TargetGroup {
	return &TargetGroup{api: api, ref: targetGroupRef(nameOrARN), source: source, window: window}
}

// Resource names the target group; the ARN is there if it was given.
func (tg *TargetGroup) Resource() diag.Resource { return tg.ref.resource(typeTargetGroup) }

// Window returns what the target group looks back on.
func (tg *TargetGroup) Window() diag.Window { return tg.window }

// Describe returns what DescribeTargetGroups says. A target group that does not exist is an error of
// [diag.KindNotFound].
func (tg *TargetGroup) Describe(ctx context.Context) (*types.TargetGroup, error) {
	return tg.described.Get(ctx, func(ctx context.Context) (*types.TargetGroup, error) {
		in := &elbv2.DescribeTargetGroupsInput{Names: []string{tg.ref.name}}
		if tg.ref.arn != "" {
			in = &elbv2.DescribeTargetGroupsInput{TargetGroupArns: []string{tg.ref.arn}}
		}
		found, err := listTargetGroups(ctx, tg.api, in)
		switch {
		case len(found) > 0:
			return &found[0], nil
		case err != nil:
			return nil, fmt.Errorf("describing target group %s: %w", tg.ref.name, err)
		default:
			return nil, diag.Errorf(diag.KindNotFound, "target group %s does not exist in this account and region", tg.ref.name)
		}
	})
}

// ARN returns the ARN. It makes no call if the target group was given by ARN.
func (tg *TargetGroup) ARN(ctx context.Context) (string, error) {
	if tg.ref.arn != "" {
		return tg.ref.arn, nil
	}
	described, err := tg.Describe(ctx)
	if err != nil {
		return "", err
	}
	if described.TargetGroupArn == nil {
		return "", diag.Errorf(diag.KindIncomplete, "target group %s: its description holds no ARN", tg.ref.name)
	}
	return *described.TargetGroupArn, nil
}

// Attributes returns the attributes by key, such as "deregistration_delay.timeout_seconds" ("TargetGroupAttribute",
// Elastic Load Balancing API Reference).
func (tg *TargetGroup) Attributes(ctx context.Context) (map[string]string, error) {
	return tg.attributes.Get(ctx, func(ctx context.Context) (map[string]string, error) {
		arn, err := tg.ARN(ctx)
		if err != nil {
			return nil, err
		}
		out, err := tg.api.DescribeTargetGroupAttributes(ctx, &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: &arn})
		if err != nil {
			return nil, fmt.Errorf("describing the attributes of target group %s: %w", tg.ref.name, err)
		}
		attributes := map[string]string{}
		for _, a := range out.Attributes {
			attributes[aws.ToString(a.Key)] = aws.ToString(a.Value)
		}
		return attributes, nil
	})
}

// Health returns the registered targets with their health, as DescribeTargetHealth tells it, anomalies included.
func (tg *TargetGroup) Health(ctx context.Context) ([]types.TargetHealthDescription, error) {
	return tg.health.Get(ctx, func(ctx context.Context) ([]types.TargetHealthDescription, error) {
		arn, err := tg.ARN(ctx)
		if err != nil {
			return nil, err
		}
		out, err := tg.api.DescribeTargetHealth(ctx, &elbv2.DescribeTargetHealthInput{TargetGroupArn: &arn,
			Include: []types.DescribeTargetHealthInputIncludeEnum{types.DescribeTargetHealthInputIncludeEnumAnomaly}})
		if err != nil {
			return nil, fmt.Errorf("describing the target health of target group %s: %w", tg.ref.name, err)
		}
		return out.TargetHealthDescriptions, nil
	})
}

// Metrics returns the series of the target group behind each of its load balancers, and how many requests these took
// and answered with 503. A group behind no load balancer has none.
func (tg *TargetGroup) Metrics(ctx context.Context) (metrics.Set, error) {
	return tg.series.Get(ctx, func(ctx context.Context) (metrics.Set, error) {
		arn, err := tg.ARN(ctx)
		if err != nil {
			return metrics.Set{}, err
		}
		described, err := tg.Describe(ctx)
		if err != nil {
			return metrics.Set{}, err
		}
		var wanted []metrics.Metric
		for _, lb := range described.LoadBalancerArns {
			tg.readTogether(ctx, lb)
			wanted = append(wanted, metrics.TargetGroupMetrics(lb, arn)...)
			if isApplication(lb) {
				wanted = append(wanted, requestsOf(lb), unavailableOf(lb))
			}
		}
		if len(wanted) == 0 {
			return metrics.Set{}, nil
		}
		set, err := tg.source.Fetch(ctx, wanted...)
		if err != nil {
			return set, fmt.Errorf("reading the metrics of target group %s: %w", tg.ref.name, err)
		}
		return set, nil
	})
}

// readTogether lets the load balancer read its series and those of all its target groups in one call, where both are
// subjects of one directory. If that fails, the group's own read tells why.
func (tg *TargetGroup) readTogether(ctx context.Context, loadBalancerARN string) {
	if tg.directory != nil {
		_, _ = tg.directory.LoadBalancer(loadBalancerARN).Metrics(ctx)
	}
}

func requestsOf(loadBalancerARN string) metrics.Metric {
	return metrics.LoadBalancerMetric(loadBalancerARN, "RequestCount", "Sum")
}

func unavailableOf(loadBalancerARN string) metrics.Metric {
	return metrics.LoadBalancerMetric(loadBalancerARN, "HTTPCode_ELB_503_Count", "Sum")
}
