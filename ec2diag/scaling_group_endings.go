package ec2diag

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// ending is one kind of reason for which a group ends an instance. Auto Scaling writes it into the cause of the
// activity as "an instance was taken out of service in response to …".
type ending struct {
	cause   *regexp.Regexp
	text    string // "it failed the health checks of the load balancer"
	trouble bool   // not part of ordinary scaling
}

var endings = []ending{
	{regexp.MustCompile(`(?i)spot.{0,40}(interrupt|terminat|reclaim)|spot instance interruption`),
		"EC2 took its Spot capacity back", true},
	{regexp.MustCompile(`(?i)rebalance recommendation|capacity rebalanc`), "its Spot capacity was at risk", false},
	{regexp.MustCompile(`(?i)elb (system )?health[ -]?check`), "it failed the health checks of the load balancer", true},
	{regexp.MustCompile(`(?i)(ebs )?volume.{0,20}(health|status)[ -]?check`), "a volume of it was impaired", true},
	{regexp.MustCompile(`(?i)terminated or stopped`), "it was found stopped or terminated", true},
	{regexp.MustCompile(`(?i)(ec2|instance|system).{0,20}(status|health)[ -]?checks?`),
		"it failed the status checks of EC2", true},
	{regexp.MustCompile(`(?i)scheduled (event|for|to be)`), "AWS had scheduled an event for it", false},
	{regexp.MustCompile(`(?i)user health[ -]?check`), "a health check of yours called it unhealthy", true},
	{regexp.MustCompile(`(?i)vpc lattice|health[ -]?check`), "it failed a health check", true},
	{regexp.MustCompile(`(?i)lifecycle`), "a lifecycle hook ended its launch", true},
	{regexp.MustCompile(`(?i)instance refresh`), "an instance refresh replaced it", false},
	{regexp.MustCompile(`(?i)max(imum)?[ -]instance[ -]lifetime`), "it had reached its maximum lifetime", false},
	{regexp.MustCompile(`(?i)availability zones?.{0,60}balanc|rebalanc`), "the group balanced its zones", false},
	{regexp.MustCompile(`(?i)user request`), "somebody asked for it", false},
	{regexp.MustCompile(`(?i)shrinking|difference between desired and actual`), "the group scaled in", false},
}

func endingOf(cause string) ending {
	for _, e := range endings {
		if e.cause.MatchString(cause) {
			return e
		}
	}
	return ending{text: "its group gave no known reason"}
}

// manyReplaced is from how many replacements in the window on a group is not merely replacing a lame instance.
const manyReplaced = 3

// InstancesReplaced reports groups that end instance after instance because these are unhealthy.
var InstancesReplaced = &diag.Check[*ScalingGroup]{
	Info: diag.Info{
		Code: "ec2.scaling-group-replaces", Title: "Auto Scaling group replaces unhealthy instances",
		Doc: "The group ended instances because they failed health checks, stopped, or lost their Spot capacity. One or two " +
			"are information; three or more within the window a warning: instances do not become or stay healthy.",
		Severity: diag.SeverityWarning, Breaks: []diag.Mechanism{diag.HostRun},
		Actions: []string{sourceActivities},
		Source:  "Amazon EC2 Auto Scaling user guide, View the reason for health check failures",
	},
	Run: func(ctx context.Context, g *ScalingGroup) ([]diag.Finding, error) {
		list, err := g.Activities(ctx)
		ended := slices.DeleteFunc(slices.Clone(list), func(a types.Activity) bool {
			return !terminates(a) || !endingOf(aws.ToString(a.Cause)).trouble || !g.window.Contains(aws.ToTime(a.StartTime))
		})
		if len(ended) == 0 {
			return nil, err
		}
		f := diag.Finding{
			Severity: diag.SeverityInfo, Since: aws.ToTime(ended[len(ended)-1].StartTime),
			Summary: fmt.Sprintf("Auto Scaling group %s ended %d instances that were not well; the last one because %s", g.name,
				len(ended), endingOf(aws.ToString(ended[0].Cause)).text),
			NextSteps: []diag.Step{{Text: "Read the causes of the group's activities.",
				Command: "aws autoscaling describe-scaling-activities --auto-scaling-group-name " + g.name,
				Doc:     "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-healthchecks.html"}},
		}
		for _, a := range ended[:min(len(ended), maxListed)] {
			f.Evidence = append(f.Evidence, activityEvidence(a))
		}
		if len(ended) >= manyReplaced {
			f.Severity = diag.SeverityWarning
		}
		return []diag.Finding{f}, err
	},
}

func activityEvidence(a types.Activity) diag.Evidence {
	return diag.Evidence{Source: sourceActivities, Field: aws.ToString(a.Description) + ": Cause",
		Value: aws.ToString(a.Cause), At: aws.ToTime(a.StartTime)}
}

// EndedByScalingGroup tells why an Auto Scaling group ended an instance, which EC2 itself only calls a user's shutdown.
var EndedByScalingGroup = &diag.Check[*Instance]{
	Info: diag.Info{
		Code: "ec2.instance-ended-by-scaling-group", Title: "Auto Scaling group ended the instance",
		Doc: "The Auto Scaling group of the instance ended it, and says why. It is a warning where the instance was not " +
			"well, and information where the group scaled in, balanced its zones or refreshed its instances.",
		Severity: diag.SeverityWarning, Breaks: []diag.Mechanism{diag.HostRun},
		Actions: []string{sourceActivities, "ec2:DescribeInstances"},
		Source:  "Amazon EC2 Auto Scaling user guide, View the reason for health check failures",
	},
	Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
		d, err := i.Describe(ctx)
		if err != nil || !down(d) || i.groups == nil || groupName(d) == "" {
			return nil, err
		}
		a, found, err := i.groups(groupName(d)).ending(ctx, i.id)
		if !found {
			return nil, err
		}
		e := endingOf(aws.ToString(a.Cause))
		f := diag.Finding{
			Severity: diag.SeverityInfo, Since: aws.ToTime(a.StartTime),
			Summary:  fmt.Sprintf("Auto Scaling group %s ended instance %s: %s", groupName(d), i.id, e.text),
			Evidence: []diag.Evidence{activityEvidence(a)},
			Related:  []diag.Related{{Resource: resource(typeScalingGroup, groupName(d)), Role: "Auto Scaling group"}},
			NextSteps: []diag.Step{{Text: "Read the causes of the group's activities.",
				Command: "aws autoscaling describe-scaling-activities --auto-scaling-group-name " + groupName(d)}},
		}
		if e.trouble {
			f.Severity = diag.SeverityWarning
		}
		return []diag.Finding{f}, nil
	},
}

// groupName returns the Auto Scaling group that launched an instance: the group tags it so ("Tag Auto Scaling groups").
func groupName(d ec2types.Instance) string {
	for _, t := range d.Tags {
		if aws.ToString(t.Key) == "aws:autoscaling:groupName" {
			return aws.ToString(t.Value)
		}
	}
	return ""
}
