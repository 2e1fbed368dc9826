package ec2diag

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// InstanceSurvey tells what an instance depends on, when it was launched and what AWS has scheduled, and how it is set
// up.
var InstanceSurvey = &diag.Survey[*Instance]{
	Name:     "ec2.instance",
	Actions:  []string{"ec2:DescribeInstanceStatus", "ec2:DescribeInstances"},
	Links:    instanceLinks,
	Events:   instanceEvents,
	Settings: instanceSettings,
}

func instanceLinks(ctx context.Context, i *Instance) ([]diag.Link, error) {
	d, err := i.Describe(ctx)
	var links []diag.Link
	add := func(typ, role string, id *string) {
		if id != nil {
			links = append(links, diag.Link{From: i.Resource(), To: resource(typ, *id), Role: role})
		}
	}
	for _, g := range d.SecurityGroups {
		add(typeSecurityGroup, "guarded by", g.GroupId)
	}
	for _, n := range d.NetworkInterfaces {
		add(typeInterface, "attached to", n.NetworkInterfaceId)
	}
	for _, b := range d.BlockDeviceMappings {
		if b.Ebs != nil {
			add(typeVolume, "stores on", b.Ebs.VolumeId)
		}
	}
	add(typeSubnet, "runs in", d.SubnetId)
	add(typeVPC, "runs in", d.VpcId)
	if group := groupName(d); i.groups != nil && group != "" && down(d) { // while it runs, nobody asks for its group
		add(typeScalingGroup, "launched by", &group)
	}
	if p := d.IamInstanceProfile; p != nil && p.Arn != nil {
		name := (*p.Arn)[strings.LastIndexByte(*p.Arn, '/')+1:]
		links = append(
			links,
			diag.Link{From: i.Resource(), To: diag.ResourceOf("AWS::IAM::InstanceProfile", name, *p.Arn), Role: "acts as"},
		)
	}
	return links, err
}

func instanceEvents(ctx context.Context, i *Instance, window diag.Window) ([]diag.Event, error) {
	d, err := i.Describe(ctx)
	s, errStatus := i.Status(ctx)
	var events []diag.Event
	if t := aws.ToTime(d.LaunchTime); window.Contains(t) {
		events = append(
			events,
			diag.Event{At: t, Source: "ec2:DescribeInstances", Kind: "instance", Text: "instance launched"},
		)
	}
	if t := transitionAt(aws.ToString(d.StateTransitionReason)); window.Contains(t) {
		events = append(
			events,
			diag.Event{At: t, Source: "ec2:DescribeInstances", Kind: "instance", Text: aws.ToString(d.StateTransitionReason)},
		)
	}
	for _, e := range s.Events {
		if t := aws.ToTime(e.NotBefore); window.Contains(t) {
			events = append(events, diag.Event{At: t, Source: "ec2:DescribeInstanceStatus", Kind: "instance",
				Text: fmt.Sprintf("%s: %s", e.Code, aws.ToString(e.Description))})
		}
	}
	return events, join(err, errStatus)
}

func instanceSettings(ctx context.Context, i *Instance) ([]diag.Setting, error) {
	d, err := i.Describe(ctx)
	if err != nil {
		return nil, err
	}
	settings := []diag.Setting{
		{Name: "InstanceType", Value: string(d.InstanceType)},
		{Name: "ImageId", Value: aws.ToString(d.ImageId)},
		{Name: "IamInstanceProfile", Value: profileARN(d)},
	}
	if m := d.MetadataOptions; m != nil {
		settings = append(
			settings,
			diag.Setting{Name: "MetadataOptions.HttpEndpoint", Value: string(m.HttpEndpoint)},
			diag.Setting{Name: "MetadataOptions.HttpTokens", Value: string(m.HttpTokens)},
			diag.Setting{
				Name:  "MetadataOptions.HttpPutResponseHopLimit",
				Value: strconv.Itoa(int(aws.ToInt32(m.HttpPutResponseHopLimit))),
			},
		)
	}
	return settings, nil
}

func profileARN(d types.Instance) string {
	if d.IamInstanceProfile == nil {
		return "none"
	}
	return aws.ToString(d.IamInstanceProfile.Arn)
}

// MetadataOff reports instances without the instance metadata service, from which agents and SDKs take credentials.
var MetadataOff = &diag.Check[*Instance]{
	Info: diag.Info{
		Code: "ec2.instance-metadata-off", Title: "Instance metadata service is off",
		Doc: "The instance metadata service is off. Agents and SDKs on the instance find neither its region nor the " +
			"credentials of its instance profile.",
		Severity: diag.SeverityInfo, Breaks: []diag.Mechanism{diag.Permission}, Actions: []string{"ec2:DescribeInstances"},
		Source: "Amazon EC2 user guide, Configure the instance metadata service options",
	},
	Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
		d, err := i.Describe(ctx)
		if err != nil || d.MetadataOptions == nil ||
			d.MetadataOptions.HttpEndpoint != types.InstanceMetadataEndpointStateDisabled {
			return nil, err
		}
		return []diag.Finding{{
			Summary: "instance " + i.id + " has its metadata service turned off",
			Evidence: []diag.Evidence{
				{Source: "ec2:DescribeInstances", Field: "MetadataOptions.HttpEndpoint", Value: "disabled"},
			},
			NextSteps: []diag.Step{{Text: "If something on the instance needs it, turn the metadata service on.", Changes: true,
				Command: "aws ec2 modify-instance-metadata-options --http-endpoint enabled --instance-id " + i.id}},
		}}, nil
	},
}
