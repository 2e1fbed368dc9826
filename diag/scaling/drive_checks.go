package scaling

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	sourcePolicies = "application-autoscaling:DescribeScalingPolicies"
	sourceAlarms   = "cloudwatch:DescribeAlarms"
)

// DriveChecks returns all checks on what is to make a target grow.
func DriveChecks() []*diag.Check[*Drive] { return []*diag.Check[*Drive]{NoRoom, NotDriven} }

// NoRoom finds a target that is short of capacity and at its maximum. [AtMaximum] tells it of one whose policies tried.
var NoRoom = &diag.Check[*Drive]{
	Info: diag.Info{
		Code: "scaling.no-room", Title: "No room left to scale",
		Doc: "What is scaled is short of capacity, and there are as many as the target's maximum allows. No activity says " +
			"that a policy tried to add more: nothing else would tell it.",
		Severity: diag.SeverityWarning, Actions: actionsBoth, Breaks: []diag.Mechanism{diag.TaskCount},
		Needs:  []diag.Mechanism{diag.Demand},
		Source: "Application Auto Scaling API Reference: ScalableTarget.MaxCapacity",
	},
	Run: func(ctx context.Context, d *Drive) ([]diag.Finding, error) {
		target, err := d.short(ctx)
		if target == nil || target.MaxCapacity == nil {
			return nil, err
		}
		count, err := d.need.Count(ctx)
		if err != nil || count < *target.MaxCapacity {
			return nil, err
		}
		tried, err := AtMaximum.Run(ctx, d.Target)
		if err != nil || len(tried) > 0 {
			return nil, err
		}
		f := d.atMaximum(target, nil)
		f.Resource = d.resource(target)
		return []diag.Finding{f}, nil
	},
}

// NotDriven finds a target that is short of capacity and has nothing that would make it grow.
var NotDriven = &diag.Check[*Drive]{
	Info: diag.Info{
		Code: "scaling.not-driven", Title: "Nothing makes the target grow",
		Doc: "What is scaled is short of capacity, and no scaling policy can add any: there is none, or the CloudWatch " +
			"alarms that set it off are deleted or have their actions switched off. A target that somebody suspended, or " +
			"that is at its maximum, is told elsewhere.",
		Severity: diag.SeverityWarning, Actions: []string{sourceTargets, sourcePolicies},
		Breaks: []diag.Mechanism{diag.TaskCount},
		Limits: "Scheduled and predictive scaling is left aside.",
		Source: "Application Auto Scaling User Guide: How target tracking scaling works",
	},
	Run: func(ctx context.Context, d *Drive) ([]diag.Finding, error) {
		target, err := d.short(ctx)
		if target == nil {
			return nil, err
		}
		policies, err := d.Policies(ctx)
		if err != nil {
			return nil, err
		}
		if len(policies) == 0 {
			return []diag.Finding{d.noPolicy(target)}, nil
		}
		return d.idle(ctx, target, policies)
	},
}

func (d *Drive) noPolicy(target *types.ScalableTarget) diag.Finding {
	return diag.Finding{
		Resource: d.resource(target), Confidence: diag.Likely,
		Summary: fmt.Sprintf("%s may have %d to %d, but has no scaling policy: nothing makes it grow", d.id,
			aws.ToInt32(target.MinCapacity), aws.ToInt32(target.MaxCapacity)),
		Evidence:  []diag.Evidence{{Source: sourcePolicies, Field: "scalingPolicies", Value: "(none)"}},
		NextSteps: []diag.Step{d.readPolicies(), putPolicyAgain},
	}
}

// idle makes a finding if none of the alarms of the policies acts. A policy without alarms is driven by something else.
func (d *Drive) idle(ctx context.Context, target *types.ScalableTarget,
	policies []types.ScalingPolicy) ([]diag.Finding, error) {
	var names []string
	for _, p := range policies {
		alarms := growing(p)
		if len(alarms) == 0 {
			return nil, nil
		}
		names = append(names, alarms...)
	}
	acting, err := d.need.Acting(ctx, names)
	if err != nil || slices.ContainsFunc(names, func(name string) bool { return acting[name] }) {
		return nil, err
	}
	f := diag.Finding{
		Resource: d.resource(target),
		NextSteps: []diag.Step{d.readPolicies(), {Text: "Look at the alarms.",
			Command: "aws cloudwatch describe-alarms --alarm-names '" + strings.Join(names, "' '") + "'"}, putPolicyAgain},
	}
	gone := 0
	for _, name := range names {
		said := "its actions are switched off"
		if _, there := acting[name]; !there {
			gone, said = gone+1, "does not exist"
		}
		f.Evidence = append(f.Evidence, diag.Evidence{Source: sourceAlarms, Field: "alarm " + name, Value: said})
	}
	state := "have their actions switched off"
	if gone == len(names) {
		state = "are deleted"
	} else if gone > 0 {
		state = "are deleted or have their actions switched off"
	}
	f.Summary = fmt.Sprintf("%s does not grow: the alarms that set off its scaling %s", d.id, state)
	return []diag.Finding{f}, nil
}

// growing returns the alarms of a policy that may add capacity: of target tracking those it names AlarmHigh, else all.
func growing(p types.ScalingPolicy) []string {
	var high, all []string
	for _, a := range p.Alarms {
		name := aws.ToString(a.AlarmName)
		if all = append(all, name); strings.Contains(name, "-AlarmHigh-") {
			high = append(high, name)
		}
	}
	if p.PolicyType == types.PolicyTypeTargetTrackingScaling && len(high) > 0 {
		return high
	}
	return all
}

func (d *Drive) readPolicies() diag.Step {
	return diag.Step{Text: "Read its scaling policies.", Command: fmt.Sprintf("aws application-autoscaling "+
		"describe-scaling-policies --service-namespace %s --resource-id %s", d.namespace, d.id)}
}

var putPolicyAgain = diag.Step{
	Text:    "Put the scaling policy again: target tracking then makes its alarms anew. Until then set the desired count by hand.",
	Changes: true,
	Doc:     "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html",
}
