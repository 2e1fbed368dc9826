package scaling

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/awsdiag/awsdiag/diag"
)

// scheduled is the cause of an activity that a scheduled action began ("Scaling activities for Application Auto Scaling":
// "scheduled action name my-one-time-scheduled-action was triggered").
var scheduled = regexp.MustCompile(`scheduled action name (\S+) was triggered`)

// SetBySchedule tells that a scheduled action set the bounds of a target within the window.
var SetBySchedule = &diag.Check[*Target]{
	Info: diag.Info{
		Code: "scaling.set-by-schedule", Title: "Scheduled action set the bounds",
		Doc: "A scheduled action set the minimum and maximum of the target within the window. That is what it is for; it is " +
			"told where too few tasks are left since then.",
		Severity: diag.SeverityInfo, Confidence: diag.Likely, Change: true, Actions: actionsBoth,
		Breaks: []diag.Mechanism{diag.TaskCount}, Source: "Application Auto Scaling User Guide: Scaling activities",
	},
	Run: func(ctx context.Context, t *Target) ([]diag.Finding, error) {
		target, err := t.Describe(ctx)
		if target == nil {
			return nil, known(err)
		}
		all, err := t.Activities(ctx)
		i := slices.IndexFunc(all, func(a types.ScalingActivity) bool {
			return scheduled.MatchString(aws.ToString(a.Cause)) && t.window.Contains(*a.StartTime) && len(a.NotScaledReasons) == 0
		})
		if i < 0 {
			return nil, err
		}
		return []diag.Finding{t.setBy(target, all[i])}, err
	},
}

func (t *Target) setBy(target *types.ScalableTarget, a types.ScalingActivity) diag.Finding {
	name := scheduled.FindStringSubmatch(aws.ToString(a.Cause))[1]
	did := cmp.Or(strings.TrimSuffix(aws.ToString(a.Description), "."), fmt.Sprintf("bounds are %d to %d",
		aws.ToInt32(target.MinCapacity), aws.ToInt32(target.MaxCapacity)))
	return diag.Finding{
		Resource: t.resource(target), Since: *a.StartTime, Evidence: evidence(a),
		Summary: fmt.Sprintf("the scheduled action %s ran on %s at %s: %s", name, t.id,
			a.StartTime.UTC().Format("15:04 UTC"), did),
		NextSteps: []diag.Step{
			{Text: "Read its schedule and time zone.", Command: fmt.Sprintf("aws application-autoscaling "+
				"describe-scheduled-actions --service-namespace %s --resource-id %s", t.namespace, t.id)},
			{Text: "Set the bounds that should hold now, then correct the schedule.", Changes: true,
				Command: fmt.Sprintf("aws application-autoscaling register-scalable-target --service-namespace %s "+
					"--resource-id %s --scalable-dimension %s --min-capacity <min> --max-capacity <max>", t.namespace, t.id,
					target.ScalableDimension)},
		},
	}
}
