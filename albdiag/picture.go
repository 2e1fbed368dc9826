package albdiag

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// picture is what the metrics of a load balancer and its target groups show. It makes no call.
type picture struct {
	name   string
	arn    string
	window diag.Window
	set    metrics.Set
	groups []groupPicture
	// idle is the idle timeout, zero if it is not known.
	idle time.Duration
	// empty names the target groups that hold no target now; it is nil if nobody asked.
	empty map[string]bool
}

// groupPicture is one target group in a picture.
type groupPicture struct {
	name, arn string
	resource  diag.Resource
	kind      types.TargetTypeEnum
	protocol  types.ProtocolEnum
}

// picture takes the load balancer's picture. ok is false where there is none to take: not an Application Load Balancer,
// or nothing known at all.
func (lb *LoadBalancer) picture(ctx context.Context) (p *picture, ok bool, err error) {
	arn, err := lb.ARN(ctx)
	if err != nil || !isApplication(arn) {
		return nil, false, err
	}
	set, err := lb.Metrics(ctx)
	p = &picture{name: lb.ref.name, arn: arn, window: lb.window, set: set}
	groups, _ := lb.TargetGroups(ctx) // its error is part of that of Metrics
	for _, tg := range groups {
		g := groupPicture{name: tg.ref.name, arn: tg.ref.arn, resource: tg.resource(ctx)}
		if described, describeErr := tg.Describe(ctx); describeErr == nil {
			g.kind, g.protocol = described.TargetType, described.Protocol
		}
		p.groups = append(p.groups, g)
	}
	return p, true, err
}

// timeouts adds the idle timeout to a picture.
func (lb *LoadBalancer) timeouts(ctx context.Context, p *picture) error {
	attributes, err := lb.Attributes(ctx)
	if n, parseErr := strconv.Atoi(attributes["idle_timeout.timeout_seconds"]); parseErr == nil {
		p.idle = time.Duration(n) * time.Second
	}
	return err
}

// emptiness adds which target groups hold no target to a picture.
func (lb *LoadBalancer) emptiness(ctx context.Context, p *picture) error {
	empty, err := lb.emptyGroups(ctx)
	p.empty = map[string]bool{}
	for arn := range empty {
		p.empty[arn] = true
	}
	return err
}

func (p *picture) series(name, stat string) metrics.Series {
	return p.set.Series(metrics.LoadBalancerMetric(p.arn, name, stat))
}

func (p *picture) counter(name string) metrics.Series { return p.series(name, "Sum") }

func (p *picture) group(g groupPicture, name, stat string) metrics.Series {
	return p.set.Series(metrics.TargetGroupMetric(p.arn, g.arn, name, stat))
}

// totals returns the number of requests in each period of the series. RequestCount holds only requests for which a
// target was chosen, so that those which were answered 503 for lack of one come on top ("CloudWatch metrics for your
// Application Load Balancer").
func (p *picture) totals(like metrics.Series) []float64 {
	totals := make([]float64, like.Len())
	for _, name := range []string{"RequestCount", "HTTPCode_ELB_503_Count"} {
		for i, v := range p.counter(name).Values() {
			if i < len(totals) {
				totals[i] += v
			}
		}
	}
	for i, v := range like.Values() {
		if i < len(totals) && v > totals[i] {
			totals[i] = v
		}
	}
	return totals
}

// periods returns how many periods of the series there are up to the newest point of any counter.
func (p *picture) periods(s metrics.Series) int {
	newest, ok := p.set.Latest(metrics.LoadBalancerMetrics(p.arn)...)
	if !ok || s.Period <= 0 {
		return 0
	}
	return int(newest.Sub(s.Span.Start)/s.Period) + 1
}

// during sums a counter up over an outbreak.
func (p *picture) during(name string, o outbreak) float64 {
	return p.counter(name).Between(o.window()).Sum()
}
