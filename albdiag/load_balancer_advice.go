package albdiag

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// OneZone reports a load balancer that has a node in one zone only.
var OneZone = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.one-zone", Title: "Load balancer in one zone",
		Doc:      "The load balancer serves one Availability Zone only: if that zone fails, it is not reached at all.",
		Severity: diag.SeverityInfo, Actions: []string{callLoadBalancers},
		Source: "Availability Zones and load balancer nodes, Elastic Load Balancing User Guide",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		described, err := lb.Describe(ctx)
		if err != nil || len(described.AvailabilityZones) != 1 || described.Type == types.LoadBalancerTypeEnumGateway {
			return nil, err
		}
		return []diag.Finding{{
			Resource: lb.resource(ctx), Summary: fmt.Sprintf("load balancer %s serves %s only", lb.ref.name, zonesOf(described)),
			Evidence: []diag.Evidence{evidence(callLoadBalancers, "loadBalancers[0].availabilityZones", zonesOf(described))},
			NextSteps: []diag.Step{{Text: "Give it a subnet of each zone, the present ones included.", Changes: true,
				Command: "aws elbv2 set-subnets --load-balancer-arn " +
					defaultTo(described.LoadBalancerArn, "<load-balancer-arn>") +
					" --subnets <subnet-ids>"}},
		}}, nil
	},
}

// CapacityUsedUp reports a load balancer that works at the end of its capacity for a while.
var CapacityUsedUp = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.capacity-used-up", Title: "Load balancer at the end of its capacity",
		Doc: "The load balancer uses all of its capacity for a quarter of an hour and more. It grows by itself, but not at once: a " +
			"rush that is known beforehand wants reserved capacity. A few minutes at the limit are usual in a rush.",
		Severity: diag.SeverityWarning, Actions: []string{callLoadBalancers, callTargetGroups, callMetrics},
		Breaks: []diag.Mechanism{diag.Request},
		Source: "CloudWatch metrics for your Application Load Balancer, CapacityUtilization; capacity reservations",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		const full, periods = 95, 3
		arn, err := lb.ARN(ctx)
		if err != nil || !isApplication(arn) {
			return nil, err
		}
		set, err := lb.Metrics(ctx)
		series := set.Series(metrics.LoadBalancerMetric(arn, "CapacityUtilization", "Maximum"))
		e, ok := series.AtLimit(full, periods)
		last, _ := series.Last()
		now := last.Value >= full && lb.window.End.Sub(last.At) <= lately
		if !ok || !now || (!e.Ongoing() && !e.End.After(last.At)) {
			return nil, err
		}
		return []diag.Finding{{
			Resource: lb.resource(ctx), Since: e.Start,
			Summary: fmt.Sprintf("load balancer %s uses up to %.0f %% of its capacity since %s", lb.ref.name, e.Peak.Value,
				clock(e.Start)),
			Evidence: []diag.Evidence{{Source: callMetrics, Field: "CapacityUtilization", At: e.Peak.At,
				Value: fmt.Sprintf("%.0f %% at the most, %d %% and more since %s", e.Peak.Value, full, clock(e.Start))}},
			NextSteps: []diag.Step{
				{Text: "See what is reserved.", Command: "aws elbv2 describe-capacity-reservation --load-balancer-arn " + arn},
				{Text: "Reserve capacity for the time of the rush.", Changes: true,
					Command: "aws elbv2 modify-capacity-reservation " +
						"--load-balancer-arn " + arn + " --minimum-load-balancer-capacity CapacityUnits=<units>"},
			},
		}}, err
	},
}
