package albdiag

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// ZonalShift reports targets that get no requests because traffic was shifted away from their zone.
var ZonalShift = &diag.Check[*TargetGroup]{
	Info: diag.Info{
		Code: "alb.zonal-shift", Title: "Traffic is shifted away from a zone",
		Doc: "A zonal shift is on: the load balancer sends nothing to the targets of a zone, which are healthy all the same. The " +
			"other zones must carry the load. It ends by itself, unless somebody extends it.",
		Severity: diag.SeverityInfo, Actions: []string{callTargetGroups, callTargetHealth},
		Source: "Zonal shift for your Application Load Balancer; TargetAdministrativeOverride, API Reference",
	},
	Run: func(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
		described, err := tg.Describe(ctx)
		if err != nil {
			return nil, err
		}
		targets, err := tg.Targets(ctx)
		all := standing(targets)
		away := slices.DeleteFunc(slices.Clone(all), func(t Target) bool { return !t.shiftedAway() })
		if len(away) == 0 {
			return nil, err
		}
		f := diag.Finding{
			Resource: tg.resource(ctx),
			Summary: fmt.Sprintf("%s of %s: a zonal shift sends their requests to other zones (%s)",
				words.Count(len(away), "target"), nameOf(described), names(away)),
			NextSteps: []diag.Step{{Text: "See who shifted traffic, until when, and whether the zone is well again.",
				Command: "aws arc-zonal-shift list-zonal-shifts --status ACTIVE"}},
		}
		for _, t := range away[:min(len(away), maxNamed)] {
			f.Evidence = append(f.Evidence, evidence(callTargetHealth,
				"targetHealthDescriptions["+t.String()+"].administrativeOverride.state", string(t.Override)))
		}
		return []diag.Finding{f}, err
	},
}

// shiftedAway reports a target that a zonal shift keeps requests from.
func (t Target) shiftedAway() bool {
	return t.Override == types.TargetAdministrativeOverrideStateEnumZonalShiftActive ||
		t.Override == types.TargetAdministrativeOverrideStateEnumZonalShiftDelegatedToDns
}

// TargetsInOneZone reports several targets that all sit in one zone, though the load balancer serves more.
var TargetsInOneZone = &diag.Check[*TargetGroup]{
	Info: diag.Info{
		Code: "alb.targets-in-one-zone", Title: "All targets in one zone",
		Doc: "All healthy targets of the group sit in one Availability Zone, though its load balancer serves more: if that zone " +
			"fails, nothing is left.",
		Severity: diag.SeverityInfo, Actions: []string{callLoadBalancers, callTargetGroups, callTargetHealth},
		Limits: "Of instances AWS does not tell the zone with their health.",
		Source: "Availability Zones and load balancer nodes, Elastic Load Balancing User Guide",
	},
	Run: func(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
		described, err := tg.Describe(ctx)
		if err != nil || tg.directory == nil || len(described.LoadBalancerArns) == 0 {
			return nil, err
		}
		targets, err := tg.Targets(ctx)
		serving := slices.DeleteFunc(slices.Clone(targets), func(t Target) bool { return !t.Serving() })
		zone, one := oneZone(serving)
		if err != nil || !one || len(serving) < 2 {
			return nil, err
		}
		lb, err := tg.directory.LoadBalancer(described.LoadBalancerArns[0]).Describe(ctx)
		if err != nil || len(lb.AvailabilityZones) < 2 {
			return nil, err
		}
		return []diag.Finding{{
			Resource: tg.resource(ctx),
			Summary: fmt.Sprintf("all %d healthy targets of %s are in %s, of %d zones that the load balancer serves",
				len(serving), nameOf(described), zone, len(lb.AvailabilityZones)),
			Evidence: []diag.Evidence{evidence(callTargetHealth, "targetHealthDescriptions[].target.availabilityZone", zone),
				evidence(callLoadBalancers, "loadBalancers[0].availabilityZones", zonesOf(lb))},
			NextSteps: []diag.Step{{Text: "Let the service or the Auto Scaling group use subnets of each zone."},
				look(described)},
		}}, nil
	},
}

// oneZone returns the zone that all targets sit in; one is false where they do not, or where a zone is not known.
func oneZone(targets []Target) (zone string, one bool) {
	for _, t := range targets {
		if t.Zone == "" || t.Zone == "all" || (zone != "" && t.Zone != zone) {
			return "", false
		}
		zone = t.Zone
	}
	return zone, zone != ""
}

func zonesOf(lb *types.LoadBalancer) string {
	text := ""
	for i, z := range lb.AvailabilityZones {
		if i > 0 {
			text += ", "
		}
		text += aws.ToString(z.ZoneName)
	}
	return text
}
