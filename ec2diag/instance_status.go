package ec2diag

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

const sourceStatusChecks = "Amazon EC2 user guide, Status checks for Amazon EC2 instances"

var statusActions = []string{"ec2:DescribeInstanceStatus"}

// statusRule is what the checks of status checks differ in.
type statusRule struct {
	code       diag.Code
	name       string // of the status check
	field      string
	title, doc string
	needs      []diag.Mechanism
	status     func(types.InstanceStatus) (failed bool, since time.Time)
	step       string
	command    string // of the AWS CLI, before the instance's id
}

const stopInstance = "aws ec2 stop-instances"

// The checks of status checks.
var (
	// SystemCheckFailed reports hosts that EC2 finds faulty.
	SystemCheckFailed = statusRule{"ec2.system-check-failed", "system", "SystemStatus", "System status check failed",
		"The hardware or the network under the instance is faulty. EC2 repairs it, or the instance moves when it is " +
			"stopped and started.", nil, func(s types.InstanceStatus) (bool, time.Time) { return failedSummary(s.SystemStatus) },
		"Stop and start the instance, so that it moves to another host.", stopInstance}.check()
	// InstanceCheckFailed reports instances whose operating system does not answer.
	InstanceCheckFailed = statusRule{
		"ec2.instance-check-failed",
		"instance",
		"InstanceStatus",
		"Instance status check failed",
		"The operating system does not answer: it did not boot, ran out of memory, lost its file system, or has no network.",
		[]diag.Mechanism{
			diag.HostRun,
		},
		func(s types.InstanceStatus) (bool, time.Time) { return failedSummary(s.InstanceStatus) },
		"Reboot the instance, after you have read its console.", "aws ec2 reboot-instances",
	}.check()
	// EBSCheckFailed reports instances that cannot reach their volumes.
	EBSCheckFailed = statusRule{
		"ec2.ebs-check-failed",
		"attached EBS",
		"AttachedEbsStatus",
		"Attached EBS status check failed",
		"The instance cannot complete I/O on a volume that is attached to it.",
		nil,
		failedEBS,
		"Stop and start the instance, or replace the volume.", stopInstance,
	}.check()
)

func failedEBS(s types.InstanceStatus) (bool, time.Time) {
	e := s.AttachedEbsStatus
	if e == nil || e.Status != types.SummaryStatusImpaired {
		return false, time.Time{}
	}
	for _, d := range e.Details {
		if d.ImpairedSince != nil {
			return true, *d.ImpairedSince
		}
	}
	return true, time.Time{}
}

func failedSummary(s *types.InstanceStatusSummary) (bool, time.Time) {
	if s == nil || s.Status != types.SummaryStatusImpaired {
		return false, time.Time{}
	}
	for _, d := range s.Details {
		if d.ImpairedSince != nil {
			return true, *d.ImpairedSince
		}
	}
	return true, time.Time{}
}

// actions are what the check calls: the check of volumes asks about them once it fails.
func (r statusRule) actions() []string {
	if r.code != "ec2.ebs-check-failed" {
		return statusActions
	}
	return append([]string{"ec2:DescribeInstances", sourceVolumeStatus}, statusActions...)
}

// addVolumes tells which volumes are impaired.
func (i *Instance) addVolumes(ctx context.Context, f *diag.Finding) error {
	list, err := i.VolumeStatuses(ctx)
	for _, v := range impairedVolumes(list) {
		f.Summary += fmt.Sprintf("; volume %s %s", v.id, v.text)
		f.Evidence = append(f.Evidence, v.evidence...)
		f.Related = append(f.Related, diag.Related{Resource: resource(typeVolume, v.id), Role: "volume"})
		f.NextSteps = append(v.steps, f.NextSteps...)
	}
	return err
}

func (r statusRule) check() *diag.Check[*Instance] {
	return &diag.Check[*Instance]{
		Info: diag.Info{
			Code: r.code, Title: r.title, Doc: r.doc, Severity: diag.SeverityError, Breaks: []diag.Mechanism{diag.HostRun},
			Needs: r.needs, Actions: r.actions(), Limits: "Status checks run every minute and say nothing of the first " +
				"minutes.",
			Source: sourceStatusChecks,
		},
		Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
			s, err := i.Status(ctx)
			if err != nil {
				return nil, err
			}
			failed, since := r.status(s)
			if !failed {
				return nil, nil
			}
			summary := fmt.Sprintf("%s status check of instance %s fails", r.name, i.id)
			if !since.IsZero() {
				summary += " since " + since.UTC().Format(time.RFC3339)
			}
			found := diag.Finding{
				Summary: summary, Since: since,
				Evidence: []diag.Evidence{{Source: statusActions[0], Field: r.field + ".Status", Value: "impaired", At: since}},
				NextSteps: []diag.Step{
					{
						Text:    "Read what the operating system wrote.",
						Command: "aws ec2 get-console-output --latest --output text --instance-id " + i.id,
					},
					{Text: r.step, Command: r.command + " --instance-ids " + i.id, Changes: true,
						Doc: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/TroubleshootingInstances.html"},
				},
			}
			if r.code == "ec2.ebs-check-failed" {
				err = i.addVolumes(ctx, &found)
			}
			return []diag.Finding{found}, err
		},
	}
}

// eventHorizon is how near a scheduled event must be to worry: EC2 announces them weeks ahead.
const eventHorizon = 7 * 24 * time.Hour

// EventScheduled reports scheduled events: reboots, maintenance, stops and retirements by AWS.
var EventScheduled = &diag.Check[*Instance]{
	Info: diag.Info{
		Code: "ec2.instance-event-scheduled", Title: "AWS will reboot, stop or retire the instance",
		Doc: "EC2 has scheduled an event for the instance. It is a warning within a week of its date, and " +
			"information before.",
		Severity: diag.SeverityWarning, Actions: statusActions,
		Source: "Amazon EC2 user guide, Scheduled events for Amazon EC2 instances",
	},
	Run: func(ctx context.Context, i *Instance) ([]diag.Finding, error) {
		s, err := i.Status(ctx)
		var findings []diag.Finding
		for _, e := range s.Events {
			if !over(e) {
				findings = append(findings, i.eventFinding(e))
			}
		}
		return findings, err
	},
}

// over reports an event that is done or called off: its description says so at the beginning.
func over(e types.InstanceStatusEvent) bool {
	d := aws.ToString(e.Description)
	return strings.HasPrefix(d, "[Completed]") || strings.HasPrefix(d, "[Canceled]")
}

func (i *Instance) eventFinding(e types.InstanceStatusEvent) diag.Finding {
	at, code := aws.ToTime(e.NotBefore), string(e.Code)
	if code == "" {
		code = "event"
	}
	f := diag.Finding{
		Summary: fmt.Sprintf("AWS has scheduled %s for instance %s", code, i.id),
		Evidence: []diag.Evidence{
			{
				Source: statusActions[0],
				Field:  "Events[" + aws.ToString(e.InstanceEventId) + "].Description",
				Value:  code + ": " + aws.ToString(e.Description),
				At:     at,
			},
		},
		NextSteps: []diag.Step{{Text: "Stop and start the instance at a time that suits you, before AWS does.",
			Command: "aws ec2 stop-instances --instance-ids " + i.id, Changes: true}},
	}
	if !at.IsZero() {
		f.Summary += " from " + at.UTC().Format(time.RFC3339)
		if at.Sub(i.window.End) > eventHorizon {
			f.Severity = diag.SeverityInfo
		}
	}
	return f
}
