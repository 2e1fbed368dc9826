package albdiag

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// ZoneWithoutHealthyTargets reports a zone whose load-balancer node has no healthy target of its own and may not use
// those of other zones.
var ZoneWithoutHealthyTargets = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.zone-without-healthy-targets", Title: "Zone without a healthy target",
		Doc: "Cross-zone load balancing is off for a target group, and no target in one of the load balancer's zones is healthy: " +
			"requests that come to the node of that zone find no healthy target.",
		Severity: diag.SeverityWarning,
		Actions: []string{callLoadBalancers, callLoadBalancerAttributes, callTargetGroups, callTargetGroupAttributes,
			callTargetHealth, callMetrics},
		Breaks: []diag.Mechanism{diag.Routing},
		Needs: []diag.Mechanism{diag.HealthCheck, diag.TargetReachable, diag.TaskRun, diag.TaskStart, diag.TaskCount,
			diag.Placement},
		Limits: "Where instances sit is not told with their health: for groups of instances the metrics of each zone must tell.",
		Source: "Turn off cross-zone load balancing for your target group",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		groups, listErr := lb.TargetGroups(ctx)
		findings := make([][]diag.Finding, len(groups))
		err := together(len(groups), func(i int) (err error) {
			findings[i], err = lb.zonesWithout(ctx, groups[i])
			return err
		})
		return slices.Concat(findings...), errors.Join(listErr, err)
	},
}

// zonesWithout asks for attributes only where a zone lacks a healthy target.
func (lb *LoadBalancer) zonesWithout(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
	described, err := lb.Describe(ctx)
	if err != nil || len(described.AvailabilityZones) < 2 {
		return nil, err
	}
	targets, err := tg.Targets(ctx)
	if err != nil || !slices.ContainsFunc(targets, Target.Serving) {
		return nil, err // none at all is another trouble
	}
	zones, facts, err := lb.bareZones(ctx, described, tg, targets)
	if err != nil || len(zones) == 0 {
		return nil, err
	}
	off, by, err := lb.crossZoneOff(ctx, tg)
	if err != nil || !off {
		return nil, err
	}
	var findings []diag.Finding
	for _, name := range zones {
		findings = append(findings, diag.Finding{
			Resource: lb.resource(ctx), Related: []diag.Related{{Resource: tg.resource(ctx), Role: "target group"}},
			Summary: fmt.Sprintf("no target of %s in %s is healthy, and cross-zone load balancing is off: requests that come "+
				"to that zone fail",
				tg.ref.name, name),
			Evidence: slices.Concat([]diag.Evidence{by, evidence(callLoadBalancers, "loadBalancers[0].availabilityZones", name)},
				facts, targetEvidence(targets)),
			NextSteps: []diag.Step{{Text: "Let nodes use the targets of all zones, or run targets in each.", Changes: true,
				Command: "aws elbv2 modify-target-group-attributes --target-group-arn " + tg.ref.arn +
					" --attributes Key=load_balancing.cross_zone.enabled,Value=true"}},
		})
	}
	return findings, nil
}

// bareZones returns the load balancer's zones in which no target of the group is healthy: by the zones of the targets,
// or, where AWS does not tell these, by the metrics of each zone.
func (lb *LoadBalancer) bareZones(
	ctx context.Context, described *types.LoadBalancer, tg *TargetGroup, targets []Target,
) (zones []string, facts []diag.Evidence, err error) {
	healthy := map[string]int{}
	for _, t := range targets {
		if t.Serving() {
			healthy[t.Zone]++
		}
	}
	if slices.ContainsFunc(targets, zoneUnknown) {
		if healthy, facts, err = lb.healthyByZone(ctx, described, tg, count(targets, Target.Serving)); healthy == nil {
			return nil, nil, err
		}
	}
	for _, zone := range described.AvailabilityZones {
		if name := aws.ToString(zone.ZoneName); name != "" && healthy[name] == 0 {
			zones = append(zones, name)
		}
	}
	return zones, facts, err
}

// healthyByZone counts a group's healthy targets in each zone by the newest metrics. It is nil where these do not add
// up to the number that are healthy now: then nobody can tell.
func (lb *LoadBalancer) healthyByZone(
	ctx context.Context, described *types.LoadBalancer, tg *TargetGroup, now int,
) (map[string]int, []diag.Evidence, error) {
	arn, err := lb.ARN(ctx)
	if err != nil || tg.ref.arn == "" {
		return nil, nil, err
	}
	series := map[string]metrics.Metric{}
	var wanted []metrics.Metric
	for _, zone := range described.AvailabilityZones {
		if name := aws.ToString(zone.ZoneName); name != "" {
			series[name] = metrics.TargetGroupZoneMetric(arn, tg.ref.arn, name, "HealthyHostCount", "Minimum")
			wanted = append(wanted, series[name])
		}
	}
	set, err := lb.source.Fetch(ctx, wanted...)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the healthy targets of %s by zone: %w", tg.ref.name, err)
	}
	newest, known := set.Latest(wanted...)
	healthy, sum := map[string]int{}, 0
	var facts []diag.Evidence
	for _, name := range slices.Sorted(maps.Keys(series)) {
		if last, ok := set.Series(series[name]).Last(); ok && last.At.Equal(newest) {
			healthy[name] = int(last.Value)
			sum += int(last.Value)
			facts = append(facts, metricFact("HealthyHostCount in "+name, "%.0f", last.Value))
		}
	}
	if !known || sum != now || lb.window.End.Sub(newest) > lately {
		return nil, nil, nil
	}
	return healthy, facts, nil
}

// zoneUnknown reports a serving target of which AWS does not say the zone: it does for addresses, and not for instances
// ("TargetDescription", Elastic Load Balancing API Reference). A target in "all" zones serves each of them.
func zoneUnknown(t Target) bool { return t.Serving() && (t.Zone == "" || t.Zone == "all") }

// crossZoneOff reads the attribute of the target group, which may leave it to the load balancer.
func (lb *LoadBalancer) crossZoneOff(ctx context.Context, tg *TargetGroup) (off bool, by diag.Evidence, err error) {
	const key = "load_balancing.cross_zone.enabled"
	attributes, err := tg.Attributes(ctx)
	if err != nil {
		return false, diag.Evidence{}, err
	}
	if attributes[key] != "use_load_balancer_configuration" {
		return attributes[key] == "false", evidence(callTargetGroupAttributes, "attributes["+key+"]", attributes[key]), nil
	}
	attributes, err = lb.Attributes(ctx)
	return attributes[key] == "false", evidence(callLoadBalancerAttributes, "attributes["+key+"]", attributes[key]), err
}
