package scaling

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const (
	sourceTargets    = "application-autoscaling:DescribeScalableTargets"
	sourceActivities = "application-autoscaling:DescribeScalingActivities"
	docActivities    = "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scaling-activities.html"
	// recent is how long ago the last activity of a trouble may lie for it to go on.
	recent = 30 * time.Minute
	// quoted is how many activities a finding quotes.
	quoted = 3
)

var actionsBoth = []string{sourceTargets, sourceActivities}

// TargetChecks returns all checks on a scalable target.
func TargetChecks() []*diag.Check[*Target] {
	return []*diag.Check[*Target]{AtMaximum, ActivityFailed, ScaleOutSuspended, SetBySchedule}
}

// AtMaximum finds a target that was to grow and did not, since it is at its maximum.
var AtMaximum = &diag.Check[*Target]{
	Info: diag.Info{
		Code: "scaling.at-maximum", Title: "Autoscaling at its maximum",
		Doc: "A scaling policy wanted more capacity within the last half hour, and the target is at its maximum. Load " +
			"beyond it makes what runs slow. A target at its maximum that nothing wants to grow is not told.",
		Severity: diag.SeverityWarning, Actions: actionsBoth, Breaks: []diag.Mechanism{diag.TaskCount},
		Needs:  []diag.Mechanism{diag.Demand},
		Source: "Application Auto Scaling User Guide: Scaling activities",
	},
	Run: func(ctx context.Context, t *Target) ([]diag.Finding, error) {
		return t.judge(
			ctx,
			func(a types.ScalingActivity) bool { return reason(a, "AlreadyAtMaxCapacity") != nil },
			t.atMaximum,
		)
	},
}

// reason returns why an activity did not scale, if it is for the code.
func reason(a types.ScalingActivity, code string) *types.NotScaledReason {
	i := slices.IndexFunc(
		a.NotScaledReasons,
		func(r types.NotScaledReason) bool { return aws.ToString(r.Code) == code },
	)
	if i < 0 {
		return nil
	}
	return &a.NotScaledReasons[i]
}

// judge makes a finding of the activities that match, newest first, if the newest is recent.
func (t *Target) judge(ctx context.Context, match func(types.ScalingActivity) bool,
	finding func(*types.ScalableTarget, []types.ScalingActivity) diag.Finding) ([]diag.Finding, error) {
	target, err := t.Describe(ctx)
	if target == nil {
		return nil, known(err)
	}
	all, err := t.Activities(ctx)
	found := slices.DeleteFunc(slices.Clone(all), func(a types.ScalingActivity) bool { return !match(a) })
	if len(found) == 0 || t.window.End.Sub(*found[0].StartTime) > recent {
		return nil, err
	}
	f := finding(target, found)
	f.Resource, f.Since = t.resource(target), *found[len(found)-1].StartTime
	for _, a := range found[:min(len(found), quoted)] {
		f.Evidence = append(f.Evidence, evidence(a)...)
	}
	return []diag.Finding{f}, err
}

func evidence(a types.ScalingActivity) []diag.Evidence {
	at, field := *a.StartTime, "scalingActivities["+aws.ToString(a.ActivityId)+"]."
	e := []diag.Evidence{{Source: sourceActivities, Field: field + "statusCode", Value: string(a.StatusCode), At: at}}
	if a.StatusMessage != nil {
		e = append(
			e,
			diag.Evidence{Source: sourceActivities, Field: field + "statusMessage", Value: *a.StatusMessage, At: at},
		)
	}
	if a.Cause != nil {
		e = append(e, diag.Evidence{Source: sourceActivities, Field: field + "cause", Value: *a.Cause, At: at})
	}
	for _, r := range a.NotScaledReasons {
		e = append(
			e,
			diag.Evidence{
				Source: sourceActivities,
				Field:  field + "notScaledReasons",
				Value:  aws.ToString(r.Code),
				At:     at,
			},
		)
	}
	return e
}

func (t *Target) atMaximum(target *types.ScalableTarget, found []types.ScalingActivity) diag.Finding {
	most := aws.ToInt32(target.MaxCapacity)
	says := "is short of capacity"
	if len(found) > 0 {
		says = fmt.Sprintf("was to grow %s since %s UTC", words.Times(len(found)),
			found[len(found)-1].StartTime.UTC().Format("15:04"))
	}
	return diag.Finding{
		SinceAtLeast: true, // it came to its maximum before it was refused more
		Summary:      fmt.Sprintf("%s is at its maximum of %d and %s", t.id, most, says),
		Evidence:     []diag.Evidence{{Source: sourceTargets, Field: "maxCapacity", Value: fmt.Sprint(most)}},
		NextSteps: []diag.Step{
			{Text: "See what its policies follow.", Command: fmt.Sprintf("aws application-autoscaling "+
				"describe-scaling-policies --service-namespace %s --resource-id %s", t.namespace, t.id)},
			{Text: "Raise the maximum, if what it depends on can take more.", Changes: true, Doc: docActivities,
				Command: fmt.Sprintf("aws application-autoscaling register-scalable-target --service-namespace %s "+
					"--resource-id %s --scalable-dimension %s --max-capacity %d", t.namespace, t.id,
					target.ScalableDimension, 2*max(most, 1))},
		},
	}
}

// ActivityFailed finds a target whose capacity could not be changed, and was not since.
var ActivityFailed = &diag.Check[*Target]{
	Info: diag.Info{
		Code: "scaling.activity-failed", Title: "Scaling activity failed",
		Doc: "The latest attempts to change the capacity of the target failed or were not fulfilled. One that another " +
			"overrode, and one that a later success made good, is let pass.",
		Severity: diag.SeverityWarning, Actions: actionsBoth, Breaks: []diag.Mechanism{diag.TaskCount},
		Needs:  []diag.Mechanism{diag.Permission, diag.Placement},
		Source: "Application Auto Scaling API Reference: ScalingActivity.StatusCode",
	},
	Run: func(ctx context.Context, t *Target) ([]diag.Finding, error) {
		all, err := t.Activities(ctx)
		good := slices.IndexFunc(all, func(a types.ScalingActivity) bool {
			return a.StatusCode == types.ScalingActivityStatusCodeSuccessful
		})
		findings, judgeErr := t.judge(ctx, func(a types.ScalingActivity) bool {
			return failed(a.StatusCode) && len(a.NotScaledReasons) == 0 &&
				(good < 0 || a.StartTime.After(*all[good].StartTime))
		}, t.activityFailed)
		if judgeErr != nil {
			err = judgeErr // the same error, or that of the target, which tells more
		}
		return findings, known(err)
	},
}

// failed reports a status of an attempt that changed nothing.
func failed(status types.ScalingActivityStatusCode) bool {
	switch status {
	case types.ScalingActivityStatusCodeFailed, types.ScalingActivityStatusCodeUnfulfilled:
		return true
	case types.ScalingActivityStatusCodePending, types.ScalingActivityStatusCodeInProgress,
		types.ScalingActivityStatusCodeSuccessful, types.ScalingActivityStatusCodeOverridden:
	}
	return false
}

func (t *Target) activityFailed(_ *types.ScalableTarget, found []types.ScalingActivity) diag.Finding {
	last, attempts := found[0], "an attempt"
	if len(found) > 1 {
		attempts = fmt.Sprintf("%d attempts", len(found))
	}
	return diag.Finding{
		Summary: fmt.Sprintf(
			"%s to scale %s failed, the last at %s UTC: %s",
			attempts,
			t.id,
			last.StartTime.UTC().
				Format("15:04"),
			cmp.Or(aws.ToString(last.StatusMessage), aws.ToString(last.Description)),
		),
		NextSteps: []diag.Step{{Text: "Read the latest scaling activities.", Doc: docActivities,
			Command: fmt.Sprintf("aws application-autoscaling describe-scaling-activities --service-namespace %s "+
				"--resource-id %s --include-not-scaled-activities --max-items 10", t.namespace, t.id)}},
	}
}

// ScaleOutSuspended finds a target that may not grow since somebody suspended it.
var ScaleOutSuspended = &diag.Check[*Target]{
	Info: diag.Info{
		Code: "scaling.scale-out-suspended", Title: "Scaling out suspended",
		Doc:      "Somebody suspended dynamic scale-out of the target: its policies do not add capacity until it is resumed.",
		Severity: diag.SeverityInfo, Actions: []string{sourceTargets},
		Source: "Application Auto Scaling API Reference: SuspendedState",
	},
	Run: func(ctx context.Context, t *Target) ([]diag.Finding, error) {
		target, err := t.Describe(ctx)
		if target == nil || target.SuspendedState == nil ||
			!aws.ToBool(target.SuspendedState.DynamicScalingOutSuspended) {
			return nil, known(err)
		}
		return []diag.Finding{{
			Resource: t.resource(target),
			Summary: fmt.Sprintf(
				"dynamic scale-out of %s is suspended (%d to %d)",
				t.id,
				aws.ToInt32(target.MinCapacity),
				aws.ToInt32(target.MaxCapacity),
			),
			Evidence: []diag.Evidence{
				{Source: sourceTargets, Field: "suspendedState.dynamicScalingOutSuspended", Value: "true"},
			},
			NextSteps: []diag.Step{
				{Text: "Resume it, if the reason is gone.", Changes: true, Command: fmt.Sprintf("aws "+
					"application-autoscaling register-scalable-target --service-namespace %s --resource-id %s --scalable-dimension "+
					"%s --suspended-state DynamicScalingOutSuspended=false", t.namespace, t.id, target.ScalableDimension)},
			},
		}}, nil
	},
}
