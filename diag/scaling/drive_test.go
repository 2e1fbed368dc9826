package scaling_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/scaling"
	"github.com/awsdiag/awsdiag/diag/scaling/scalingfake"
)

const high, low = "TargetTracking-service/prod/api-AlarmHigh-1", "TargetTracking-service/prod/api-AlarmLow-1"

// drive is a service short of capacity, whose alarms act as given: those that do not exist are not in acting.
type drive struct {
	policies []types.ScalingPolicy
	acting   map[string]bool
	ample    bool
	count    int32
	edit     func(*scalingfake.Client)
}

func (d drive) make() (*scaling.Drive, []diagfake.Fake) {
	c := &scalingfake.Client{ScalableTargets: []types.ScalableTarget{scalingfake.ServiceTarget("prod", "api", 2, 6)},
		ScalingPolicies: d.policies}
	if d.edit != nil {
		d.edit(c)
	}
	return scaling.NewDrive(scaling.NewServiceTarget(c, "prod", "api", window), c, scaling.Need{
		Count:  func(context.Context) (int32, error) { return d.count, nil },
		Short:  func(context.Context) (bool, error) { return !d.ample, nil },
		Acting: func(context.Context, []string) (map[string]bool, error) { return d.acting, nil },
	}), []diagfake.Fake{c}
}

func tracking(alarms ...string) types.ScalingPolicy {
	p := types.ScalingPolicy{PolicyARN: aws.String("cpu"), PolicyName: aws.String("cpu"),
		PolicyType:       types.PolicyTypeTargetTrackingScaling,
		ServiceNamespace: types.ServiceNamespaceEcs, ResourceId: aws.String("service/prod/api")}
	for _, a := range alarms {
		p.Alarms = append(p.Alarms, types.Alarm{AlarmName: aws.String(a)})
	}
	return p
}

func steps(alarm string) types.ScalingPolicy {
	p := tracking(alarm)
	p.PolicyARN, p.PolicyType = aws.String("steps"), types.PolicyTypeStepScaling
	return p
}

func TestNotDriven(t *testing.T) {
	target := []types.ScalingPolicy{tracking(high, low)}
	for _, c := range []struct {
		name string
		drive
		want string
	}{
		{"alarms there", drive{policies: target, acting: map[string]bool{high: true, low: true}}, ""},
		{"only the high one counts", drive{policies: target, acting: map[string]bool{high: true}}, ""},
		{"deleted", drive{policies: target},
			"service/prod/api does not grow: the alarms that set off its scaling are deleted"},
		{"the high one deleted", drive{policies: target, acting: map[string]bool{low: true}},
			"service/prod/api does not grow: the alarms that set off its scaling are deleted"},
		{"switched off", drive{policies: target, acting: map[string]bool{high: false, low: true}},
			"service/prod/api does not grow: the alarms that set off its scaling have their actions switched off"},
		{"another policy acts", drive{policies: append([]types.ScalingPolicy{steps("cpu-high")}, target...),
			acting: map[string]bool{"cpu-high": true}}, ""},
		{"one gone, one off", drive{policies: append([]types.ScalingPolicy{steps("cpu-high")}, target...),
			acting: map[string]bool{"cpu-high": false}},
			"service/prod/api does not grow: the alarms that set off its scaling are deleted or have their actions switched off"},
		{"no policy", drive{}, "service/prod/api may have 2 to 6, but has no scaling policy: nothing makes it grow"},
		{"driven otherwise", drive{policies: []types.ScalingPolicy{tracking()}}, ""},
		{"ample", drive{policies: target, ample: true}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, fakes := c.make()
			report := diagtest.Run(t, d, scaling.NotDriven)
			if c.want == "" {
				assert.Empty(t, report.Findings)
			} else {
				assert.Equal(t, c.want, diagtest.Only(t, report, "scaling.not-driven").Summary)
			}
			if c.ample {
				assert.Empty(t, fakes[0].Calls())
			}
		})
	}
}

func TestNoRoom(t *testing.T) {
	for _, c := range []struct {
		name string
		drive
		want []diag.Code
	}{
		{"below", drive{count: 5}, nil},
		{"at the maximum", drive{count: 6}, []diag.Code{"scaling.no-room"}},
		{"above", drive{count: 9}, []diag.Code{"scaling.no-room"}},
		{"ample", drive{count: 6, ample: true}, nil},
		{"told by an activity", drive{count: 6, edit: adds(atMax("m1", 10*time.Minute))}, nil},
		{"tried long ago", drive{count: 6, edit: adds(atMax("m1", 2*time.Hour))}, []diag.Code{"scaling.no-room"}},
		{"no target", drive{count: 6, edit: func(c *scalingfake.Client) { c.ScalableTargets = nil }}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _ := c.make()
			report := diagtest.Run(t, d, scaling.NoRoom)
			diagtest.Want(t, report, c.want...)
			for _, f := range report.Findings {
				assert.Equal(t, "service/prod/api is at its maximum of 6 and is short of capacity", f.Summary)
			}
		})
	}
}

func TestDriveConforms(t *testing.T) {
	healthy := drive{policies: []types.ScalingPolicy{tracking(high, low)}, acting: map[string]bool{high: true}}
	broken := healthy
	broken.acting = nil
	diagtest.Conform(t, scaling.NotDriven, diagtest.Worlds[*scaling.Drive]{Healthy: healthy.make, Broken: broken.make})
	full := healthy
	full.count = 6
	diagtest.Conform(t, scaling.NoRoom, diagtest.Worlds[*scaling.Drive]{Healthy: healthy.make, Broken: full.make})
	diagtest.ReadOnly[scaling.PolicyAPI](t)
}
