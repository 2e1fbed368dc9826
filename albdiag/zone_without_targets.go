package albdiag

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// ZoneWithoutHealthyTargets reports a zone whose load-balancer node has no healthy target of its own and may not use those
// of other zones.
var ZoneWithoutHealthyTargets = &diag.Check[*LoadBalancer]{
	Info: diag.Info{
		Code: "alb.zone-without-healthy-targets", Title: "Zone without a healthy target",
		Doc: "Cross-zone load balancing is off for a target group, and no target in one of the load balancer's zones is healthy: " +
			"requests that come to the node of that zone find no healthy target.",
		Severity: diag.SeverityWarning,
		Actions: []string{callLoadBalancers, callLoadBalancerAttributes, callTargetGroups, callTargetGroupAttributes,
			callTargetHealth},
		Breaks: []diag.Mechanism{diag.Routing},
		Needs:  []diag.Mechanism{diag.HealthCheck, diag.TargetReachable, diag.TaskRun, diag.TaskStart, diag.TaskCount, diag.Placement},
		Limits: "Where instances sit is not told with their health: groups of instances are not judged.",
		Source: "Turn off cross-zone load balancing for your target group",
	},
	Run: func(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
		var groups []*TargetGroup
		listErr := together(2, func(i int) (err error) {
			if i == 0 {
				groups, err = lb.TargetGroups(ctx)
			} else {
				_, err = lb.Attributes(ctx) // asked for later, and remembered
			}
			return err
		})
		findings := make([][]diag.Finding, len(groups))
		err := together(len(groups), func(i int) (err error) {
			findings[i], err = lb.zonesWithout(ctx, groups[i])
			return err
		})
		return slices.Concat(findings...), errors.Join(listErr, err)
	},
}

func (lb *LoadBalancer) zonesWithout(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
	off, by, err := lb.crossZoneOff(ctx, tg)
	if err != nil || !off {
		return nil, err
	}
	described, err := lb.Describe(ctx)
	if err != nil {
		return nil, err
	}
	targets, err := tg.Targets(ctx)
	if err != nil || !slices.ContainsFunc(targets, Target.Serving) || slices.ContainsFunc(targets, zoneUnknown) {
		return nil, err // none at all is another trouble, and where one sits must be known to say where none does
	}
	var findings []diag.Finding
	for _, zone := range described.AvailabilityZones {
		name := aws.ToString(zone.ZoneName)
		if name == "" || slices.ContainsFunc(targets, func(t Target) bool { return t.Zone == name && t.Serving() }) {
			continue
		}
		findings = append(findings, diag.Finding{
			Resource: lb.resource(ctx), Related: []diag.Related{{Resource: tg.resource(ctx), Role: "target group"}},
			Summary: fmt.Sprintf("no target of %s in %s is healthy, and cross-zone load balancing is off: requests that come to that zone fail",
				tg.ref.name, name),
			Evidence: append([]diag.Evidence{by, evidence(callLoadBalancers, "loadBalancers[0].availabilityZones", name)}, targetEvidence(targets)...),
			NextSteps: []diag.Step{{Text: "Let nodes use the targets of all zones, or run targets in each.", Changes: true,
				Command: "aws elbv2 modify-target-group-attributes --target-group-arn " + tg.ref.arn +
					" --attributes Key=load_balancing.cross_zone.enabled,Value=true"}},
		})
	}
	return findings, nil
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
