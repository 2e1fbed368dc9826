package ec2diag

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const (
	sourceLaunchFailures = "Amazon EC2 Auto Scaling user guide, Troubleshoot: EC2 instance launch failures; AMI issues"
	docLaunchFailures    = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/CHAP_Troubleshooting.html"
)

// launchFault is one kind of reason for which a group's launches fail: by the status message, which has no code of its
// own, but quotes the message or the error code of RunInstances ("Error codes for the Amazon EC2 API").
type launchFault struct {
	code       diag.Code
	title, doc string
	message    *regexp.Regexp // nil for every other
	step       string
}

var launchFaults = []launchFault{
	{"ec2.scaling-group-no-capacity", "EC2 has no capacity for the group",
		"EC2 has not enough capacity of the instance type in the zone, or of Spot capacity at all.",
		regexp.MustCompile(`(?i)(insufficient|not have sufficient|no spot|unfulfillable|lack of).{0,60}capacity|` +
			`spot capacity|capacity-not-available`),
		"Allow more instance types and zones in the group."},
	{"ec2.scaling-group-quota", "Account limit stops the group",
		"A quota of the account is reached: vCPUs, instances, Spot requests, volumes, addresses or network interfaces.",
		regexp.MustCompile(`(?i)(exceed|reached|more than|quota|allows? for).{0,80}(limit|quota|running instance|vcpu)|vcpu limit|` +
			`(vcpu|max\w+|instance|volume|address|interface)\w*(limit|count)exceeded`),
		"Raise the quota that the message names, or free what uses it."},
	{"ec2.scaling-group-no-addresses", "Subnet of the group has no free addresses",
		"A subnet of the group has not enough free addresses for another instance.",
		regexp.MustCompile(`(?i)(not enough|insufficient).{0,30}free.{0,12}addresses|insufficientfreeaddressesinsubnet`),
		"Add a larger subnet to the group."},
	{"ec2.scaling-group-key-unusable", "KMS key of the group's volumes cannot be used",
		"EC2 ended instances right after their launch, because the KMS key of a volume or snapshot is in a state in which " +
			"it cannot be used: disabled, waiting for its deletion, or gone, or the group's service-linked role has no grant " +
			"for it.",
		regexp.MustCompile(`(?i)invalidkmskey\.invalidstate|kms key .{0,40}(incorrect state|is disabled|pending deletion)`),
		"See whether the KMS key of the volumes, or the default key of EBS encryption, is enabled; if it is, give the " +
			"service-linked role of Auto Scaling a grant for it."},
	{"ec2.scaling-group-key-denied", "KMS key may not be used by the group",
		"Instances ended right after their launch with a client error: most often a volume or snapshot is encrypted with " +
			"a KMS key that the group's service-linked role may not use.",
		regexp.MustCompile(`(?i)client\.internalerror|client error on launch|kms|invalidkmskey`),
		"Give the service-linked role of Auto Scaling a grant or a key policy for the KMS key."},
	{"ec2.scaling-group-not-permitted", "Group may not launch instances",
		"The role of the group or the caller of a launch template lacks a permission, often iam:PassRole.",
		regexp.MustCompile(`(?i)not authori[sz]ed|unauthori[sz]edoperation|access ?denied|permission`),
		"Compare the permissions of the service-linked role with what the launch template asks for."},
	{"ec2.scaling-group-template-broken", "Launch template names what does not exist or does not fit",
		"The launch template or configuration names something that is not there or does not fit: an image, a security " +
			"group, a key pair, a subnet, a snapshot, an instance profile, a device name, or an instance type that the zone " +
			"or image does not support.",
		regexp.MustCompile(`(?i)does ?n.t exist|does not exist|not ?found|no longer (exists|valid)|invalid|malformed|` +
			`not (currently )?supported|unsupported|deprecat|cannot be used|requires? `),
		"Correct the launch template, and make the group use the new version."},
	{"ec2.scaling-group-launch-failed", "Group cannot launch instances",
		"Launches of the group fail, for a reason that is none of the common ones.", nil,
		"Read the status message of the activity."},
}

func launchFaultOf(message string) launchFault {
	for _, f := range launchFaults {
		if f.message == nil || f.message.MatchString(message) {
			return f
		}
	}
	return launchFaults[len(launchFaults)-1]
}

// ScalingGroupLaunchChecks report launches that fail, one check for each kind of reason.
func ScalingGroupLaunchChecks() []*diag.Check[*ScalingGroup] {
	var checks []*diag.Check[*ScalingGroup]
	for _, f := range launchFaults {
		checks = append(checks, f.check())
	}
	return checks
}

func (f launchFault) check() *diag.Check[*ScalingGroup] {
	return &diag.Check[*ScalingGroup]{
		Info: diag.Info{
			Code: f.code, Title: f.title,
			Doc: f.doc + " It is an error while the newest launch failed and the group is short of instances, else " +
				"information.",
			Severity: diag.SeverityError, Breaks: []diag.Mechanism{diag.Placement, diag.HostRun},
			Actions: []string{sourceGroups, sourceActivities}, Source: sourceLaunchFailures,
		},
		Run: func(ctx context.Context, g *ScalingGroup) ([]diag.Finding, error) {
			failed, ongoing, err := g.failedLaunches(ctx)
			failed = slices.DeleteFunc(failed, func(a types.Activity) bool {
				return launchFaultOf(aws.ToString(a.StatusMessage)).code != f.code
			})
			if len(failed) == 0 {
				return nil, err
			}
			d, errGroup := g.Describe(ctx)
			if errGroup != nil {
				return nil, join(err, errGroup)
			}
			return []diag.Finding{f.finding(g, d, failed, ongoing)}, err
		},
	}
}

// failedLaunches returns the launches that failed, newest first, and whether the newest of all launches did.
func (g *ScalingGroup) failedLaunches(ctx context.Context) (failed []types.Activity, ongoing bool, err error) {
	list, err := g.Activities(ctx)
	ended := false
	for _, a := range list {
		switch {
		case !launches(a):
		case a.StatusCode == types.ScalingActivityStatusCodeFailed, cutShort(a):
			failed, ongoing = append(failed, a), ongoing || !ended
			ended = true
		case a.StatusCode == types.ScalingActivityStatusCodeSuccessful:
			ended = true
		}
	}
	return failed, ongoing, err
}

// cutShort reports a launch that Auto Scaling gave up because the instance ended before it was in service: EC2 took the
// request and ended the instance for what it found later, such as a key or a quota. The status is Cancelled then, with
// the reason ("Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: …").
// A launch that somebody called off has none, or says so.
func cutShort(a types.Activity) bool {
	message := aws.ToString(a.StatusMessage)
	return a.StatusCode == types.ScalingActivityStatusCodeCancelled && terminationReason.MatchString(message) &&
		!strings.Contains(message, "UserInitiated")
}

var terminationReason = regexp.MustCompile(`(?i)termination reason:\s*(client|server)\.[a-z]`)

func (f launchFault) finding(
	g *ScalingGroup,
	d types.AutoScalingGroup,
	failed []types.Activity,
	ongoing bool,
) diag.Finding {
	newest, oldest := failed[0], failed[len(failed)-1]
	found := diag.Finding{
		Severity: diag.SeverityInfo, Since: aws.ToTime(oldest.StartTime), SinceAtLeast: true,
		Summary: fmt.Sprintf("Auto Scaling group %s has %d of %s instances in service; %s failed, the last: %s",
			g.name, inService(d), number(d.DesiredCapacity), words.Count(len(failed), "launch"), aws.ToString(newest.StatusMessage)),
		Evidence: []diag.Evidence{
			{Source: sourceActivities, Field: aws.ToString(newest.ActivityId) + ".StatusMessage",
				Value: aws.ToString(newest.StatusMessage), At: aws.ToTime(newest.StartTime)},
			{Source: sourceGroups, Field: g.name + ".DesiredCapacity", Value: number(d.DesiredCapacity)},
			{Source: sourceGroups, Field: g.name + ".Instances[InService]", Value: fmt.Sprint(inService(d))},
		},
		NextSteps: []diag.Step{
			{Text: f.step, Doc: docLaunchFailures, Changes: true},
			{Text: "Read the group's activities.",
				Command: "aws autoscaling describe-scaling-activities --auto-scaling-group-name " + g.name},
		},
	}
	if ongoing && short(d) {
		found.Severity = diag.SeverityError
	}
	return found
}
