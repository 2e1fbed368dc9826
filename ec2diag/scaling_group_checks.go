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
