package scaling_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/scaling"
	"github.com/awsdiag/awsdiag/diag/scaling/scalingfake"
)

var window = diag.Last(3*time.Hour, scalingfake.Now)

func ago(d time.Duration) time.Time { return scalingfake.Now.Add(-d) }

// world is a scaled service with one activity an hour ago.
func world(edits ...func(*scalingfake.Client)) diagtest.World[*scaling.Target] {
	return func() (*scaling.Target, []diagfake.Fake) {
		c := &scalingfake.Client{
			ScalableTargets:   []types.ScalableTarget{scalingfake.ServiceTarget("prod", "api", 2, 6)},
			ScalingActivities: []types.ScalingActivity{scalingfake.Activity("prod", "api", "a1", ago(time.Hour))},
		}
		for _, edit := range edits {
			edit(c)
		}
		return scaling.NewServiceTarget(c, "prod", "api", window), []diagfake.Fake{c}
	}
}

func adds(activities ...types.ScalingActivity) func(*scalingfake.Client) {
	return func(c *scalingfake.Client) { c.ScalingActivities = append(c.ScalingActivities, activities...) }
}

func atMax(id string, before time.Duration) types.ScalingActivity {
	a := scalingfake.Activity("prod", "api", id, ago(before))
	a.StatusCode, a.StatusMessage = types.ScalingActivityStatusCodeSuccessful, nil
	a.NotScaledReasons = []types.NotScaledReason{
		{Code: aws.String("AlreadyAtMaxCapacity"), CurrentCapacity: aws.Int32(6),
			MaxCapacity: aws.Int32(6)},
	}
	return a
}

func fails(
	id string,
	before time.Duration,
	status types.ScalingActivityStatusCode,
	message string,
) types.ScalingActivity {
	a := scalingfake.Activity("prod", "api", id, ago(before))
	a.StatusCode, a.StatusMessage = status, aws.String(message)
	return a
}

const throttled = "Failed to set desired count to 4. Reason: the service is being updated"

// bySchedule is an activity of a scheduled action.
func bySchedule(id string, before time.Duration) types.ScalingActivity {
	a := scalingfake.Activity("prod", "api", id, ago(before))
	a.Cause, a.Description = aws.String("scheduled action name night was triggered"),
		aws.String("Setting min capacity to 0 and max capacity to 0")
	return a
}

func TestConform(t *testing.T) {
	broken := map[diag.Code]func(*scalingfake.Client){
		"scaling.at-maximum":      adds(atMax("m1", 20*time.Minute), atMax("m2", 10*time.Minute)),
		"scaling.activity-failed": adds(fails("f1", 5*time.Minute, types.ScalingActivityStatusCodeFailed, throttled)),
		"scaling.scale-out-suspended": func(c *scalingfake.Client) {
			c.ScalableTargets[0].SuspendedState.DynamicScalingOutSuspended = aws.Bool(true)
		},
		"scaling.set-by-schedule": adds(bySchedule("s1", 20*time.Minute)),
	}
	for _, check := range scaling.TargetChecks() {
		require.Contains(t, broken, check.Code)
		diagtest.Conform(
			t,
			check,
			diagtest.Worlds[*scaling.Target]{Healthy: world(), Broken: world(broken[check.Code])},
		)
	}
	diagtest.ReadOnly[scaling.TargetAPI](t)
}

func TestActivities(t *testing.T) {
	const failed, unfulfilled = types.ScalingActivityStatusCodeFailed, types.ScalingActivityStatusCodeUnfulfilled
	for _, c := range []struct {
		name string
		edit func(*scalingfake.Client)
		want diag.Code
		say  string
	}{
		{"at maximum twice", adds(atMax("m1", 20*time.Minute), atMax("m2", 10*time.Minute)), "scaling.at-maximum",
			"service/prod/api is at its maximum of 6 and was to grow 2 times since 11:40 UTC"},
		{"at maximum this morning", adds(atMax("m1", 2*time.Hour)), "", ""},
		{"at maximum yesterday", adds(atMax("m1", 20*time.Hour)), "", ""},
		{"failed", adds(fails("f1", 5*time.Minute, failed, throttled)), "scaling.activity-failed",
			"the last at 11:55 UTC: " + throttled},
		{"not fulfilled", adds(fails("f1", 5*time.Minute, unfulfilled, "Failed to set desired count")),
			"scaling.activity-failed", "an attempt to scale service/prod/api failed"},
		{"made good since", adds(fails("f1", 9*time.Minute, failed, throttled), scalingfake.Activity("prod", "api", "a2",
			ago(5*time.Minute))), "", ""},
		{"by schedule", adds(bySchedule("s1", 20*time.Minute)), "scaling.set-by-schedule",
			"the scheduled action night ran on service/prod/api at 11:40 UTC: Setting min capacity to 0 and max capacity to 0"},
		{"by schedule, before the window", adds(bySchedule("s1", 4*time.Hour)), "", ""},
		{"of another service", adds(func() types.ScalingActivity {
			a := atMax("m1", 10*time.Minute)
			a.ResourceId = aws.String("service/prod/web")
			return a
		}()), "", ""},
		{"not scaled at all", func(c *scalingfake.Client) { c.ScalableTargets, c.ScalingActivities = nil, nil }, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			target, _ := world(c.edit)()
			report := diagtest.Run(t, target, scaling.TargetChecks()...)
			require.NoError(t, report.Err())
			if c.want == "" {
				assert.Empty(t, report.Findings)
				return
			}
			assert.Contains(t, diagtest.Only(t, report, c.want).Summary, c.say)
		})
	}
}

// TestStatusCodes: a new status must be thought about.
func TestStatusCodes(t *testing.T) {
	bad := map[types.ScalingActivityStatusCode]bool{"Failed": true, "Unfulfilled": true}
	assert.Len(t, types.ScalingActivityStatusCode("").Values(), 6)
	for _, status := range types.ScalingActivityStatusCode("").Values() {
		target, _ := world(adds(fails("f1", 5*time.Minute, status, "said")))()
		assert.Equal(t, bad[status], len(diagtest.Run(t, target, scaling.ActivityFailed).Findings) == 1, status)
	}
}

func TestManyActivities(t *testing.T) {
	var many []types.ScalingActivity
	for i := range 400 {
		many = append(
			many,
			scalingfake.Activity("prod", "api", fmt.Sprint("n", i), ago(time.Duration(i)*10*time.Second)),
		)
	}
	target, fakes := world(adds(many...))()
	all, err := target.Activities(t.Context())
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.Len(t, all, 200)
	assert.Equal(t, "n0", aws.ToString(all[0].ActivityId))
	assert.Len(t, fakes[0].Calls(), 1+4, "the target, and four pages of 50")
}

func TestWhatIsNoTargetHasNoActivities(t *testing.T) {
	client := &scalingfake.Client{}
	target := scaling.NewServiceTarget(client, "prod", "api", diag.Window{})
	_, err := target.Activities(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
	assert.Len(t, client.Calls(), 1)
}

func TestSurvey(t *testing.T) {
	target, _ := world()()
	report := diag.Run(t.Context(), diag.Observe(target, scaling.TargetSurvey))
	require.NoError(t, report.Err())
	require.Len(t, report.Events, 1)
	assert.Contains(t, report.Events[0].Text, "Setting desired count to 3.: Successfully")
	assert.Equal(t, "6", report.Settings[0].Value)
}

func TestMerge(t *testing.T) {
	_, fakes := world()()
	from, to := fakes[0].(*scalingfake.Client), new(scalingfake.Client)
	policies := []types.ScalingPolicy{{PolicyARN: aws.String("arn:p"), ServiceNamespace: types.ServiceNamespaceEcs}}
	for range 2 {
		assert.True(
			t,
			to.Merge(nil, &applicationautoscaling.DescribeScalableTargetsOutput{ScalableTargets: from.ScalableTargets}),
		)
		assert.True(
			t,
			to.Merge(
				nil,
				&applicationautoscaling.DescribeScalingActivitiesOutput{ScalingActivities: from.ScalingActivities},
			),
		)
		assert.True(t, to.Merge(nil, &applicationautoscaling.DescribeScalingPoliciesOutput{ScalingPolicies: policies}))
	}
	assert.Equal(t, from.ScalableTargets, to.ScalableTargets)
	assert.Equal(t, from.ScalingActivities, to.ScalingActivities)
	assert.False(t, to.Merge(nil, nil))
	out, err := to.DescribeScalingPolicies(
		t.Context(),
		&applicationautoscaling.DescribeScalingPoliciesInput{ServiceNamespace: "ecs"},
	)
	require.NoError(t, err)
	assert.Equal(t, policies, out.ScalingPolicies)
}
