package ec2diag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// ScalingGroupChecks returns all checks of a [ScalingGroup].
func ScalingGroupChecks() []*diag.Check[*ScalingGroup] {
	return append(ScalingGroupLaunchChecks(), InstancesReplaced, ScalingGroupSuspended, ScalingGroupOneZone)
}

// ScalingGroupPlacementChecks returns the checks of a [ScalingGroup] that something waits for: there a group that does
// not grow is a trouble, elsewhere its limit is meant.
func ScalingGroupPlacementChecks() []*diag.Check[*ScalingGroup] {
	return []*diag.Check[*ScalingGroup]{ScalingGroupAtMaximum}
}

// ScalingGroupAtMaximum reports groups that may not grow, for who has found that capacity is lacking.
var ScalingGroupAtMaximum = &diag.Check[*ScalingGroup]{
	Info: diag.Info{
		Code: "ec2.scaling-group-at-maximum", Title: "Auto Scaling group is at its maximum",
		Doc: "The group has as many instances as its maximum allows, all in service, and something waits for more. Asked " +
			"only where tasks find no place.",
		Severity: diag.SeverityWarning, Confidence: diag.Possible, Breaks: []diag.Mechanism{diag.Placement},
		Actions: []string{sourceGroups},
		Limits:  "What waits may be lacking something else than capacity, such as an attribute.",
		Source:  "Amazon EC2 Auto Scaling user guide, Set scaling limits for your Auto Scaling group",
	},
	Run: func(ctx context.Context, g *ScalingGroup) ([]diag.Finding, error) {
		d, err := g.Describe(ctx)
		if err != nil || d.MaxSize == nil || d.DesiredCapacity == nil || *d.DesiredCapacity < *d.MaxSize || short(d) {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("Auto Scaling group %s has %d instances in service, which is its maximum: it launches no more",
				g.name, inService(d)),
			Evidence: []diag.Evidence{{Source: sourceGroups, Field: "MaxSize", Value: number(d.MaxSize)},
				{Source: sourceGroups, Field: "DesiredCapacity", Value: number(d.DesiredCapacity)}},
			NextSteps: []diag.Step{{Text: "If more instances are meant to run, raise the maximum of the group.", Changes: true,
				Command: "aws autoscaling update-auto-scaling-group --max-size <n> --auto-scaling-group-name " + g.name}},
		}}, nil
	},
}

// ScalingGroupSuspended reports groups that are short of instances and may not launch any.
var ScalingGroupSuspended = &diag.Check[*ScalingGroup]{
	Info: diag.Info{
		Code: "ec2.scaling-group-suspended", Title: "Auto Scaling group may not launch instances",
		Doc: "The Launch process of the group is suspended, and the group has fewer instances in service than it should. " +
			"Auto Scaling also suspends it by itself for groups that failed to launch anything for more than 24 hours.",
		Severity: diag.SeverityError, Breaks: []diag.Mechanism{diag.Placement, diag.HostRun}, Actions: []string{sourceGroups},
		Source: "Amazon EC2 Auto Scaling user guide, Suspend and resume Amazon EC2 Auto Scaling processes",
	},
	Run: func(ctx context.Context, g *ScalingGroup) ([]diag.Finding, error) {
		d, err := g.Describe(ctx)
		if err != nil || !short(d) {
			return nil, err
		}
		for _, p := range d.SuspendedProcesses {
			if aws.ToString(p.ProcessName) != "Launch" {
				continue
			}
			return []diag.Finding{{
				Summary: fmt.Sprintf("Auto Scaling group %s has %d of %s instances in service, and may not launch any: %s",
					g.name, inService(d), number(d.DesiredCapacity), aws.ToString(p.SuspensionReason)),
				Evidence: []diag.Evidence{{Source: sourceGroups, Field: "SuspendedProcesses[Launch].SuspensionReason",
					Value: aws.ToString(p.SuspensionReason)}},
				NextSteps: []diag.Step{{Text: "Resume the process once what it was suspended for is over.", Changes: true,
					Command: "aws autoscaling resume-processes --scaling-processes Launch --auto-scaling-group-name " + g.name}},
			}}, nil
		}
		return nil, nil
	},
}

// ScalingGroupOneZone says of groups of several instances that all stand in one zone.
var ScalingGroupOneZone = &diag.Check[*ScalingGroup]{
	Info: diag.Info{
		Code: "ec2.scaling-group-one-zone", Title: "Auto Scaling group uses one Availability Zone",
		Doc: "The group may have several instances, but launches them in one Availability Zone only. They fail together, " +
			"and EC2 has no other zone to find capacity in.",
		Severity: diag.SeverityInfo, Actions: []string{sourceGroups},
		Source: "Amazon EC2 Auto Scaling user guide, Add Availability Zones",
	},
	Run: func(ctx context.Context, g *ScalingGroup) ([]diag.Finding, error) {
		d, err := g.Describe(ctx)
		zones := slices.Compact(slices.Sorted(slices.Values(d.AvailabilityZones)))
		if err != nil || len(zones) != 1 || aws.ToInt32(d.MaxSize) < 2 {
			return nil, err
		}
		return []diag.Finding{{
			Summary:  fmt.Sprintf("Auto Scaling group %s of up to %d instances uses %s only", g.name, *d.MaxSize, zones[0]),
			Evidence: []diag.Evidence{{Source: sourceGroups, Field: "AvailabilityZones", Value: strings.Join(zones, ", ")}},
			NextSteps: []diag.Step{{Text: "Add a subnet in another zone to the group.", Changes: true,
				Command: "aws autoscaling update-auto-scaling-group --vpc-zone-identifier <subnet-ids> " +
					"--auto-scaling-group-name " + g.name}},
		}}, nil
	},
}
