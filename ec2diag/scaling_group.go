package ec2diag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/awsdiag/awsdiag/diag"
)

// ScalingGroup is an EC2 Auto Scaling group.
type ScalingGroup struct {
	api    ScalingGroupAPI
	name   string
	window diag.Window

	described  diag.Memo[types.AutoScalingGroup]
	activities diag.Memo[[]types.Activity]
}

// NewScalingGroup makes a group by its name. The end of the window is the time to judge at.
func NewScalingGroup(api ScalingGroupAPI, name string, window diag.Window) *ScalingGroup {
	return &ScalingGroup{api: api, name: name, window: window}
}

const typeScalingGroup = "AWS::AutoScaling::AutoScalingGroup"

// Resource names the group.
func (g *ScalingGroup) Resource() diag.Resource { return resource(typeScalingGroup, g.name) }

// Window returns what the group looks back on.
func (g *ScalingGroup) Window() diag.Window { return g.window }

// Describe returns the group.
func (g *ScalingGroup) Describe(ctx context.Context) (types.AutoScalingGroup, error) {
	return g.described.Get(ctx, func(ctx context.Context) (types.AutoScalingGroup, error) {
		out, err := g.api.DescribeAutoScalingGroups(ctx, &autoscaling.DescribeAutoScalingGroupsInput{
			AutoScalingGroupNames: []string{g.name},
		})
		switch {
		case err != nil:
			return types.AutoScalingGroup{}, fmt.Errorf("describing Auto Scaling group %s: %w", g.name, err)
		case len(out.AutoScalingGroups) == 0:
			return types.AutoScalingGroup{}, diag.Errorf(diag.KindNotFound, "Auto Scaling group %s does not exist", g.name)
		}
		return out.AutoScalingGroups[0], nil
	})
}

// activityHistory is how far before the window activities are read: a launch that fails is tried again for hours.
const activityHistory = 6 * time.Hour

// Activities returns what the group did since shortly before the window, newest first. AWS keeps six weeks ("Describe
// scaling activities", API reference).
func (g *ScalingGroup) Activities(ctx context.Context) ([]types.Activity, error) {
	return g.activities.Get(ctx, func(ctx context.Context) ([]types.Activity, error) {
		start := g.window.Start.Add(-activityHistory)
		p := autoscaling.NewDescribeScalingActivitiesPaginator(g.api, &autoscaling.DescribeScalingActivitiesInput{
			AutoScalingGroupName: aws.String(g.name),
		})
		var found []types.Activity
		for p.HasMorePages() {
			page, err := p.NextPage(ctx)
			if err != nil {
				return found, fmt.Errorf("describing the activities of Auto Scaling group %s: %w", g.name, err)
			}
			for _, a := range page.Activities {
				if a.StartTime != nil && a.StartTime.Before(start) {
					return newestFirst(found), nil
				}
				found = append(found, a)
			}
		}
		return newestFirst(found), nil
	})
}

func newestFirst(list []types.Activity) []types.Activity {
	slices.SortStableFunc(list, func(a, b types.Activity) int {
		return aws.ToTime(b.StartTime).Compare(aws.ToTime(a.StartTime))
	})
	return list
}

// launches reports an activity that makes instances: "Launching a new EC2 instance", with an id once there is one.
func launches(a types.Activity) bool {
	return strings.HasPrefix(aws.ToString(a.Description), "Launching ")
}

// terminates reports an activity that ends an instance: "Terminating EC2 instance: i-…".
func terminates(a types.Activity) bool {
	return strings.HasPrefix(aws.ToString(a.Description), "Terminating ")
}

// ending returns the activity that ended an instance.
func (g *ScalingGroup) ending(ctx context.Context, instance string) (types.Activity, bool, error) {
	list, err := g.Activities(ctx)
	i := slices.IndexFunc(list, func(a types.Activity) bool {
		return terminates(a) && strings.Contains(aws.ToString(a.Description), instance)
	})
	if i < 0 {
		return types.Activity{}, false, err
	}
	return list[i], true, nil
}

// inService counts the instances that take work.
func inService(d types.AutoScalingGroup) int {
	n := 0
	for _, i := range d.Instances {
		if i.LifecycleState == types.LifecycleStateInService {
			n++
		}
	}
	return n
}

// short reports a group with fewer instances in service than it should have.
func short(d types.AutoScalingGroup) bool {
	return d.DesiredCapacity != nil && inService(d) < int(*d.DesiredCapacity)
}

const typeLaunchTemplate = "AWS::EC2::LaunchTemplate"

// launchTemplate returns the id of the launch template of a group, its own or that of its mixed instances; "" if it has
// none.
func launchTemplate(d types.AutoScalingGroup) string {
	spec := d.LaunchTemplate
	if p := d.MixedInstancesPolicy; spec == nil && p != nil && p.LaunchTemplate != nil {
		spec = p.LaunchTemplate.LaunchTemplateSpecification
	}
	if spec == nil {
		return ""
	}
	return aws.ToString(spec.LaunchTemplateId)
}

// ScalingGroupSurvey tells what a group consists of and what it did.
var ScalingGroupSurvey = &diag.Survey[*ScalingGroup]{
	Name:    "ec2.scaling-group",
	Actions: []string{"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities"},
	Links: func(ctx context.Context, g *ScalingGroup) ([]diag.Link, error) {
		d, err := g.Describe(ctx)
		var links []diag.Link
		for _, subnet := range strings.Split(aws.ToString(d.VPCZoneIdentifier), ",") {
			if subnet = strings.TrimSpace(subnet); subnet != "" {
				links = append(links, diag.Link{From: g.Resource(), To: resource(typeSubnet, subnet), Role: "launches in"})
			}
		}
		if id := launchTemplate(d); id != "" {
			links = append(links, diag.Link{From: g.Resource(), To: resource(typeLaunchTemplate, id), Role: "launches from"})
		}
		return links, err
	},
	Events: func(ctx context.Context, g *ScalingGroup, window diag.Window) ([]diag.Event, error) {
		list, err := g.Activities(ctx)
		var events []diag.Event
		for _, a := range list {
			if at := aws.ToTime(a.StartTime); window.Contains(at) {
				events = append(events, diag.Event{At: at, Source: sourceActivities, Kind: "scaling",
					Text: fmt.Sprintf("%s: %s", aws.ToString(a.Description), a.StatusCode)})
			}
		}
		return events, err
	},
	Settings: func(ctx context.Context, g *ScalingGroup) ([]diag.Setting, error) {
		d, err := g.Describe(ctx)
		if err != nil {
			return nil, err
		}
		return []diag.Setting{
			{Name: "MinSize", Value: number(d.MinSize)}, {Name: "DesiredCapacity", Value: number(d.DesiredCapacity)},
			{Name: "MaxSize", Value: number(d.MaxSize)}, {Name: "HealthCheckType", Value: aws.ToString(d.HealthCheckType)},
			{Name: "AvailabilityZones", Value: strings.Join(slices.Sorted(slices.Values(d.AvailabilityZones)), ", ")},
		}, nil
	},
}

func number(n *int32) string {
	if n == nil {
		return "unknown"
	}
	return fmt.Sprint(*n)
}

const (
	sourceActivities = "autoscaling:DescribeScalingActivities"
	sourceGroups     = "autoscaling:DescribeAutoScalingGroups"
)
