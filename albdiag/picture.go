package albdiag

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
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
	// attributes are those of the load balancer, nil if nobody asked; delays are how long groups let targets drain.
	attributes map[string]string
	delays     map[string]time.Duration
	// blocked is what web ACLs of the Region blocked, nil if nobody asked.
	blocked []blocked
	// empty names the target groups that hold no target now, unused those of whose targets none is in use; nil if
	// nobody asked.
	empty, unused map[string]bool
}

// groupPicture is one target group in a picture.
type groupPicture struct {
	name, arn string
	resource  diag.Resource
	kind      types.TargetTypeEnum
	protocol  types.ProtocolEnum
	version   string
	port      int // that targets take requests on unless they were registered with another
}

// picture takes the picture of an Application Load Balancer. ok is false where there is none to take: another kind of
// load balancer, or nothing known at all.
func (lb *LoadBalancer) picture(ctx context.Context) (p *picture, ok bool, err error) {
	return lb.pictureIf(ctx, isApplication)
}

// pictureIf takes the picture of a load balancer of a kind.
func (lb *LoadBalancer) pictureIf(ctx context.Context, is func(arn string) bool) (p *picture, ok bool, err error) {
	arn, err := lb.ARN(ctx)
	if err != nil || !is(arn) {
		return nil, false, err
	}
	set, err := lb.Metrics(ctx)
	p = &picture{name: lb.ref.name, arn: arn, window: lb.window, set: set}
	groups, _ := lb.TargetGroups(ctx) // its error is part of that of Metrics
	for _, tg := range groups {
		g := groupPicture{name: tg.ref.name, arn: tg.ref.arn, resource: tg.resource(ctx)}
		if described, describeErr := tg.Describe(ctx); describeErr == nil {
			g.kind, g.protocol, g.version = described.TargetType, described.Protocol, aws.ToString(described.ProtocolVersion)
			g.port = int(aws.ToInt32(described.Port))
		}
		p.groups = append(p.groups, g)
	}
	return p, true, err
}

// timeouts adds the attributes to a picture, the idle timeout among them.
func (lb *LoadBalancer) timeouts(ctx context.Context, p *picture) error {
	attributes, err := lb.Attributes(ctx)
	p.attributes = attributes
	if n, parseErr := strconv.Atoi(attributes["idle_timeout.timeout_seconds"]); parseErr == nil {
		p.idle = time.Duration(n) * time.Second
	}
	return err
}

// drains adds to a picture how long groups let targets drain: those that had targets leave lately, not to fail but to
// leave; and all of them where the errors come in several short bursts, as releases make them, and no counter tells
// another cause.
func (lb *LoadBalancer) drains(ctx context.Context, p *picture) error {
	p.delays = map[string]time.Duration{}
	series := p.counter("HTTPCode_ELB_502_Count")
	o, ok := p.outbreak(series, errorBounds)
	if !ok {
		return nil
	}
	again := shortBursts(p.bursts(series, errorBounds)) && !p.counted(o)
	groups, _ := lb.TargetGroups(ctx) // its error is part of that of Metrics
	var errs []error
	for i, g := range p.groups {
		if !again && !p.hosts(g, o).left() {
			continue
		}
		attributes, err := groups[i].Attributes(ctx)
		errs = append(errs, err)
		if delay, known := secondsOf(attributes, keyDelay); known {
			p.delays[g.arn] = delay
		}
	}
	return errors.Join(errs...)
}

// emptiness adds to a picture which target groups hold no target, and which none that is in use. Groups that no
// listener uses are left out: their targets are unused for that.
func (lb *LoadBalancer) emptiness(ctx context.Context, p *picture) error {
	empty, err := lb.emptyGroups(ctx)
	p.empty, p.unused = map[string]bool{}, map[string]bool{}
	for arn := range empty {
		p.empty[arn] = true
	}
	groups, _ := lb.TargetGroups(ctx) // its error is part of that of emptyGroups, as is that of Targets
	for _, tg := range groups {
		targets, _ := tg.Targets(ctx)
		stays := standing(targets)
		p.unused[tg.ref.arn] = len(stays) > 0 && count(stays, unusedTarget) == len(stays)
	}
	return err
}

// unusedTarget reports a target that is not in use though its group is.
func unusedTarget(t Target) bool {
	return t.State == types.TargetHealthStateEnumUnused && t.Condition() != NotInUse
}

func (p *picture) series(name, stat string) metrics.Series {
	return p.set.Series(metrics.LoadBalancerMetric(p.arn, name, stat))
}

func (p *picture) counter(name string) metrics.Series { return p.series(name, "Sum") }

func (p *picture) group(g groupPicture, name, stat string) metrics.Series {
	return p.set.Series(metrics.TargetGroupMetric(p.arn, g.arn, name, stat))
}

// unit is what the totals count.
func (p *picture) unit() string {
	if isNetwork(p.arn) {
		return "connections"
	}
	return "requests"
}

// totals returns the number of requests, or of new connections, in each period of the series. RequestCount holds only
// requests for which a target was chosen, so that those which were answered 503 for lack of one come on top
// ("CloudWatch metrics for your Application Load Balancer"). So do those that the load balancer refused itself, where
// these are what is counted.
func (p *picture) totals(like metrics.Series) []float64 {
	totals := make([]float64, like.Len())
	const refused = "HTTPCode_ELB_4XX_Count"
	traffic := []string{"RequestCount", "HTTPCode_ELB_503_Count"}
	if like.Metric.Name == refused {
		traffic = append(traffic, refused)
	}
	if isNetwork(p.arn) {
		traffic = []string{"NewFlowCount"}
	}
	for _, name := range traffic {
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
	newest, ok := p.set.Latest(ownMetrics(p.arn)...)
	if !ok || s.Period <= 0 {
		return 0
	}
	return int(newest.Sub(s.Span.Start)/s.Period) + 1
}

// during sums a counter up over an outbreak.
func (p *picture) during(name string, o outbreak) float64 {
	return p.counter(name).Between(o.window()).Sum()
}

// GroupsRanDry reports whether, by the metrics, one of the target groups got requests before and gets none now while
// the load balancer still takes some: its requests go elsewhere. It makes no call beyond [LoadBalancer.Metrics].
func (lb *LoadBalancer) GroupsRanDry(ctx context.Context) (bool, error) {
	p, ok, err := lb.picture(ctx)
	return ok && slices.ContainsFunc(p.groups, func(g groupPicture) bool {
		_, _, dry := p.ranDry(g)
		return dry
	}), err
}

// ranDry reports a target group that got requests before, gets none now, and is not alone in that: the load balancer
// still takes requests. usual is how many it got in a period.
func (p *picture) ranDry(g groupPicture) (since time.Time, usual float64, dry bool) {
	const few, some = 2, 10
	series := p.group(g, "RequestCount", "Sum")
	values, totals := series.Values(), p.totals(series)
	end := min(p.periods(series), len(values))
	first := end
	for first > 0 && !(values[first-1] > 0) {
		first--
	}
	// The hour before tells what is usual: long windows reach back to nights, or to when nothing was written down.
	hour := slices.Sorted(slices.Values(values[max(0, first-stopHour):first]))
	before, still := 0.0, 0.0
	if len(hour) > 0 {
		before = hour[len(hour)/2]
	}
	for _, n := range totals[first:end] {
		still += n
	}
	return series.At(first), before, first > 0 && end-first >= few && before >= some && still > 0 &&
		series.At(end).After(p.window.Start)
}
