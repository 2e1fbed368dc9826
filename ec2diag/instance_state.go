package ec2diag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// stateReason is one StateReason code and what it says.
type stateReason struct {
	reason string // "Client.UserInitiatedShutdown"; empty for every other
	code   diag.Code
	title  string
	doc    string
	text   string // in a summary, after "is stopped: "
	asked  bool   // somebody wanted it
}

const sourceStateReason = "Amazon EC2 API reference, StateReason"

var stateReasons = []stateReason{
	{"Client.UserInitiatedShutdown", "ec2.instance-stopped-by-call", "Instance stopped by an API call",
		"A person or a service, such as Auto Scaling, stopped or terminated the instance.",
		"somebody or something called the EC2 API for it", true},
	{"Client.UserInitiatedHibernate", "ec2.instance-hibernated", "Instance hibernated",
		"A person or a service hibernated the instance.", "it was hibernated", true},
	{"Client.InstanceInitiatedShutdown", "ec2.instance-shut-down-inside", "Instance shut down from inside",
		"The operating system shut down: by a command, by a script, or at the end of a failed boot.",
		"its operating system shut down", false},
	{"Client.InstanceTerminated", "ec2.instance-terminated-for-image", "Instance ended during the creation of an image",
		"The instance was terminated or rebooted while an image of it was made.", "it ended while an image was made of it",
		false},
	{"Client.InternalError", "ec2.instance-client-error", "Instance failed at launch for a client error",
		"The launch failed for what was asked for: most often a root volume or snapshot encrypted with a KMS key that the " +
			"launching principal may not use.", "its launch failed for a client error, most often a KMS key that may not be " +
			"used", false},
	{"Client.InvalidKMSKey.InvalidState", "ec2.instance-key-unusable", "KMS key of a volume cannot be used",
		"The instance did not start, because the KMS key of one of its volumes is disabled, waits for its deletion, is gone, " +
			"or may not be used by who started it.",
		"the KMS key of a volume is disabled, waits for its deletion, or may not be used",
		false},
	{"Client.InvalidSnapshot.NotFound", "ec2.instance-snapshot-missing", "Snapshot does not exist",
		"A snapshot that the image names does not exist any more.", "a snapshot of its image does not exist", false},
	{"Client.VolumeLimitExceeded", "ec2.instance-volume-limit", "Volume limit reached",
		"The account's limit of EBS volumes or storage was reached at launch.",
		"the limit of EBS volumes or storage was reached", false},
	{"Server.InternalError", "ec2.instance-internal-error", "Instance failed for an internal error of EC2",
		"An error inside EC2 ended the instance at launch.", "an internal error of EC2 ended it", false},
	{"Server.ScheduledStop", "ec2.instance-retired", "Instance stopped for a scheduled retirement",
		"EC2 stopped the instance because its hardware was retired.", "EC2 retired its hardware", false},
	{"Server.InsufficientInstanceCapacity", "ec2.instance-insufficient-capacity", "Not enough capacity",
		"EC2 had not enough capacity of the instance type in the zone.",
		"EC2 has not enough capacity of its type in its zone", false},
	{"Server.SpotInstanceTermination", "ec2.instance-spot-terminated", "Spot Instance interrupted and terminated",
		"EC2 took the capacity of the Spot Instance back and terminated it.", "EC2 took its Spot capacity back", false},
	{"Server.SpotInstanceShutdown", "ec2.instance-spot-stopped", "Spot Instance interrupted and stopped",
		"EC2 took the capacity of the Spot Instance back and stopped it.", "EC2 took its Spot capacity back", false},
	{"", "ec2.instance-not-running", "Instance does not run",
		"The instance is stopped or terminated, for no reason that EC2 names.", "EC2 names no known reason", false},
}

// stateReasonOf reads a code, or a text that begins with one. Where EC2 gives only the reason of the transition, "User
// initiated" stands for a call.
func stateReasonOf(code, message, transition string) stateReason {
	for _, text := range []string{code, message, transition} {
		for _, r := range stateReasons {
			if r.reason != "" && (text == r.reason || strings.HasPrefix(text, r.reason+":")) {
				return r
			}
		}
		if strings.HasPrefix(text, "User initiated") {
			return stateReasons[0]
		}
	}
	return stateReasons[len(stateReasons)-1]
}

// InstanceStateChecks report instances that do not run, one check for each reason that EC2 gives.
func InstanceStateChecks() []*diag.Check[*Instance] {
	var checks []*diag.Check[*Instance]
	for _, r := range stateReasons {
		checks = append(checks, r.check())
	}
	return checks
}

func (r stateReason) check() *diag.Check[*Instance] {
	return &diag.Check[*Instance]{
		Info: diag.Info{
			Code: r.code, Title: r.title, Doc: r.doc, Severity: diag.SeverityError, Breaks: []diag.Mechanism{diag.HostRun},
			Actions: []string{"ec2:DescribeInstances"}, Limits: "EC2 forgets terminated instances after about an hour.",
			Source: sourceStateReason,
		},
		Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
			d, err := i.Describe(ctx)
			if err != nil || !down(d) {
				return nil, err
			}
			var code, message string
			if d.StateReason != nil {
				code, message = aws.ToString(d.StateReason.Code), aws.ToString(d.StateReason.Message)
			}
			if stateReasonOf(code, message, aws.ToString(d.StateTransitionReason)).code != r.code {
				return nil, nil
			}
			return []diag.Finding{r.finding(i, d, code, message)}, nil
		},
	}
}

// down reports an instance on its way to a stop or at it.
func down(d types.Instance) bool {
	return d.State != nil && slices.Contains([]types.InstanceStateName{
		types.InstanceStateNameStopping, types.InstanceStateNameStopped, types.InstanceStateNameShuttingDown,
		types.InstanceStateNameTerminated,
	}, d.State.Name)
}

func (r stateReason) finding(i *Instance, d types.Instance, code, message string) diag.Finding {
	const source = "ec2:DescribeInstances"
	transition := aws.ToString(d.StateTransitionReason)
	f := diag.Finding{
		Severity: r.severity(d), Since: transitionAt(transition),
		Summary: fmt.Sprintf("instance %s is %s: %s", i.id, d.State.Name, r.text),
		Evidence: []diag.Evidence{
			{Source: source, Field: "State.Name", Value: string(d.State.Name)},
			{Source: source, Field: "StateReason", Value: cmp.Or(strings.TrimSpace(code+" "+message), "none")},
		},
		NextSteps: []diag.Step{{
			Text:    "Find out who or what ended the instance.",
			Command: "aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue=" + i.id,
		}},
	}
	if transition != "" {
		f.Evidence = append(
			f.Evidence,
			diag.Evidence{Source: source, Field: "StateTransitionReason", Value: transition, At: f.Since},
		)
	}
	if d.State.Name == types.InstanceStateNameStopped {
		f.NextSteps = append(
			f.NextSteps,
			diag.Step{
				Text:    "If it should run, start it.",
				Command: "aws ec2 start-instances --instance-ids " + i.id,
				Changes: true,
			},
		)
	}
	return f
}

// severity is info where an Auto Scaling group lets an instance go, which is its work.
func (r stateReason) severity(d types.Instance) diag.Severity {
	gone := d.State.Name == types.InstanceStateNameTerminated || d.State.Name == types.InstanceStateNameShuttingDown
	switch {
	case gone && r.asked && groupName(d) != "":
		return diag.SeverityInfo
	case gone && r.asked:
		return diag.SeverityWarning
	}
	return diag.SeverityError
}
