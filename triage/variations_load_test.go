package triage_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	scale "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cloudwatch "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/scaling/scalingfake"
	"github.com/awsdiag/awsdiag/triage"
)

// week gives series the seven days before: a calm level with a little noise, and at the hour of the incident, an hour
// more on both sides, another.
func (w *world) week(name, dimension string, calm, atThisHour float64) {
	const day, step = 24 * time.Hour, 5 * time.Minute
	for n := range w.CloudWatch.Series {
		s := &w.CloudWatch.Series[n]
		if s.Metric.Name != name || !has(s.Metric, dimension) || len(s.Points) == 0 {
			continue
		}
		first := s.Points[0].At
		var before []metrics.Point
		for at := w.ago(7*day + 3*time.Hour).Truncate(step); at.Before(first); at = at.Add(step) {
			v := calm
			// How far the time of day is from that of the half hour before now.
			if off := w.ago(30*time.Minute).Sub(at) % day; min(off, day-off) <= 90*time.Minute {
				v = atThisHour
			}
			before = append(before, metrics.Point{At: at, Value: v * (1 + 0.05*math.Sin(float64(at.Unix()/300)))})
		}
		s.Points = slices.Concat(before, s.Points)
	}
}

// ceiling gives a service a maximum that it may not exceed, and says how often it was to.
func (w *world) ceiling(name string, most int32, wanted ...time.Duration) {
	s := w.service(name)
	cluster := short(*s.ClusterArn)
	w.Scaling.ScalableTargets = append(w.Scaling.ScalableTargets,
		scalingfake.ServiceTarget(cluster, *s.ServiceName, 1, most))
	for i, ago := range wanted {
		a := scalingfake.Activity(cluster, *s.ServiceName, fmt.Sprintf("a%d", i), w.ago(ago))
		a.StatusMessage, a.NotScaledReasons = nil, []scale.NotScaledReason{{Code: aws.String("AlreadyAtMaxCapacity"),
			CurrentCapacity: aws.Int32(most), MaxCapacity: aws.Int32(most)}}
		w.Scaling.ScalingActivities = append(w.Scaling.ScalingActivities, a)
	}
}

// flood gives the site four times its requests, from some time on.
func (w *world) flood(since time.Duration) {
	w.metric("RequestCount", "", "sitetg", since, times(4))
	w.metric("RequestCount", "", "lb", since, times(2.6))
	w.metric("HTTPCode_Target_2XX_Count", "", "lb", since, times(2.6))
}

// usualRequests are those of the week before.
func (w *world) usualRequests(factor float64) {
	w.week("RequestCount", "sitetg", 9000, 13000*factor)
	w.week("RequestCount", "quotestg", 8000, 10600)
	w.week("RequestCount", "lb", 17000, 23600*factor)
}

// stops ends a series some time ago.
func (w *world) stops(name, dimension string, ago time.Duration) {
	for n := range w.CloudWatch.Series {
		if s := &w.CloudWatch.Series[n]; s.Metric.Name == name && has(s.Metric, dimension) {
			s.Points = slices.DeleteFunc(s.Points, func(p metrics.Point) bool { return p.At.After(w.ago(ago)) })
		}
	}
}

// blinded is an alarm on the processor of the site that lost its data some time ago.
func (w *world) blinded(ago time.Duration) {
	s := w.service("site")
	w.CloudWatch.Alarms = append(w.CloudWatch.Alarms, cloudwatch.MetricAlarm{AlarmName: aws.String("site-cpu"),
		StateValue: cloudwatch.StateValueInsufficientData, StateTransitionedTimestamp: aws.Time(w.ago(ago)),
		Namespace: aws.String("AWS/ECS"), MetricName: aws.String("CPUUtilization"), Statistic: cloudwatch.StatisticAverage,
		Threshold: aws.Float64(80), ComparisonOperator: cloudwatch.ComparisonOperatorGreaterThanThreshold,
		Dimensions: []cloudwatch.Dimension{{Name: aws.String("ClusterName"), Value: aws.String(short(*s.ClusterArn))},
			{Name: aws.String("ServiceName"), Value: s.ServiceName}}})
	w.CloudWatch.AlarmHistory = append(w.CloudWatch.AlarmHistory,
		cloudwatch.AlarmHistoryItem{AlarmName: aws.String("site-cpu"),
			HistoryItemType: cloudwatch.HistoryItemTypeStateUpdate, Timestamp: aws.Time(w.ago(ago)),
			HistoryData: aws.String(`{"oldState":{"stateValue":"OK"},"newState":{"stateValue":"INSUFFICIENT_DATA"}}`)})
}

const siteCPU = "siteservice"

func loadIncidents() []variation {
	wrong := []string{"security group", "image", "out of memory", "unhealthy"}
	saturated := func(w *world) { w.metric("CPUUtilization", "", siteCPU, 44*time.Minute, always(99.6)) }
	return []variation{
		{name: "surge against the days before", kind: triage.Slow, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.flood(45 * time.Minute)
			saturated(w)
			w.metric("TargetResponseTime", "", "", 43*time.Minute, times(80))
			w.ceiling("site", 2, 40*time.Minute, 25*time.Minute, 10*time.Minute)
			w.usualRequests(1)
			w.week("CPUUtilization", siteCPU, 30, 40)
			w.week("TargetResponseTime", "", 0.03, 0.03)
		}, root: because("sitetg", "times what they are at this hour"), mustNot: wrong},
		{name: "surge, asked of the service", kind: triage.Slow, target: "site", spoil: func(w *world) {
			w.flood(45 * time.Minute)
			saturated(w)
			w.ceiling("site", 2, 40*time.Minute, 10*time.Minute)
			w.usualRequests(1)
			w.week("CPUUtilization", siteCPU, 30, 40)
		}, root: because("sitetg", "times what they are at this hour"), mustNot: wrong},
		{name: "surge of which no day before is known", kind: triage.Slow, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.flood(45 * time.Minute)
				saturated(w)
				w.ceiling("site", 2, 40*time.Minute, 10*time.Minute)
			}, root: because("sitetg", "times what they were before"), mustNot: wrong},
		{name: "surge fills the database's connections", kind: triage.DBUnreachable, targetType: targetDatabase,
			spoil: func(w *world) {
				w.metric("RequestCount", "", "quotestg", 45*time.Minute, times(4))
				w.week("RequestCount", "quotestg", 8000, 10600)
				w.full(40 * time.Minute)
				w.week("DatabaseConnections", "", 28, 31)
			}, root: because(databaseAny+" quotestg", "connection"), mustNot: wrong},
		{name: "surge that scaling was kept from following", kind: triage.Slow, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.flood(45 * time.Minute)
				saturated(w)
				w.ceiling("site", 2, 40*time.Minute, 10*time.Minute)
				w.usualRequests(1)
				s := w.service("site")
				w.change(95*time.Minute, "m.greco", "application-autoscaling:RegisterScalableTarget",
					`{"serviceNamespace":"ecs","resourceId":"service/`+
						short(*s.ClusterArn)+"/"+*s.ServiceName+`","scalableDimension":"ecs:service:DesiredCount","maxCapacity":2}`)
			}, root: because(siteCPU, "m.greco"), mustNot: wrong},
		{name: "the usual peak, and a processor that is not", kind: triage.Slow, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.flood(45 * time.Minute)
				saturated(w)
				w.usualRequests(4)
				w.week("CPUUtilization", siteCPU, 30, 55)
			}, root: because(siteCPU, "cpu"), mustNot: append([]string{"requests through"}, wrong...)},
		{name: "clients try again", kind: triage.Slow, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.flood(45 * time.Minute)
			w.metric("HTTPCode_Target_5XX_Count", "", "lb", 45*time.Minute, always(40000))
			saturated(w)
			w.usualRequests(1)
			w.week("CPUUtilization", siteCPU, 30, 40)
		}, root: because(siteCPU+" bookingp", "cpu", "5xx"), mustNot: append([]string{"requests through"}, wrong...)},
		{name: "busy at all hours for a week", kind: triage.Slow, target: "site", spoil: func(w *world) {
			saturated(w)
			w.week("CPUUtilization", siteCPU, 98, 98)
		}, root: because(siteCPU, "cpu"), mustNot: wrong},
		{name: "the metric stopped", kind: triage.Slow, target: "site", spoil: func(w *world) {
			w.stops("CPUUtilization", siteCPU, 55*time.Minute)
			w.blinded(50 * time.Minute)
		}, root: because(siteCPU, "cpuutilization stopped at"), mustNot: wrong},
	}
}

// calmLoads are accounts in which something is high, and is so every day.
func calmLoads() []variation {
	return []variation{
		{name: "sound: nightly batch of a service", kind: triage.Slow, target: "site", spoil: func(w *world) {
			w.metric("CPUUtilization", "", siteCPU, 44*time.Minute, always(99.6))
			w.ceiling("site", 2, 40*time.Minute, 10*time.Minute)
			w.week("CPUUtilization", siteCPU, 30, 98)
		}},
		{name: "sound: nightly batch of the database", kind: triage.DBSlow, targetType: targetDatabase,
			spoil: func(w *world) {
				w.metric("CPUUtilization", "", databaseAny, 44*time.Minute, always(98.6))
				w.week("CPUUtilization", databaseAny, 25, 97)
			}},
		{name: "sound: slow every night", kind: triage.Slow, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.metric("TargetResponseTime", "", "", 43*time.Minute, times(80))
			w.week("TargetResponseTime", "", 0.03, 3)
		}},
		{name: "sound: the metric ended with the tasks", kind: triage.Slow, target: "site", spoil: func(w *world) {
			s := w.service("site")
			s.DesiredCount, s.RunningCount = 0, 0
			s.Deployments[0].DesiredCount, s.Deployments[0].RunningCount = 0, 0
			w.change(57*time.Minute, "autoscaling.amazonaws.com", "ecs:UpdateService",
				`{"service":"`+*s.ServiceName+`","desiredCount":0}`)
			w.stops("CPUUtilization", siteCPU, 55*time.Minute)
			w.blinded(50 * time.Minute)
		}},
	}
}

// TestUsualCostsOneCall counts what the comparison with the days before costs: one call where something is used up,
// none where not.
func TestUsualCostsOneCall(t *testing.T) {
	calls := func(spoil func(*world)) int {
		w := newWorld(t)
		spoil(w)
		v := variation{kind: triage.Slow, targetType: targetLoadBalancer}
		report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, v.symptom(w), triage.Options{Now: w.now})
		require.NoError(t, err)
		assert.Empty(t, report.Inconclusive)
		weeks := 0
		for _, c := range w.CloudWatch.Calls() {
			if in, ok := c.Input.(*api.GetMetricDataInput); ok && in.StartTime.Before(w.ago(6*24*time.Hour)) {
				weeks++
			}
		}
		return weeks
	}
	sound := calls(func(*world) {})
	worn := calls(func(w *world) {
		w.flood(45 * time.Minute)
		w.metric("CPUUtilization", "", siteCPU, 44*time.Minute, always(99.6))
		w.metric("TargetResponseTime", "", "", 43*time.Minute, times(80))
		w.usualRequests(1)
	})
	t.Logf("calls for the days before: %d of a sound account, %d where something is used up", sound, worn)
	assert.Equal(t, []int{0, 1}, []int{sound, worn})
}

// TestUsualCannotBeRead: that the days before are denied is told, and takes nothing from what was found.
func TestUsualCannotBeRead(t *testing.T) {
	w := newWorld(t)
	w.metric("CPUUtilization", "", siteCPU, 44*time.Minute, always(99.6))
	v := variation{kind: triage.Slow, target: "site", targetType: targetService}
	w.CloudWatch.Deny("cloudwatch:GetMetricData")
	report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, v.symptom(w), triage.Options{Now: w.now})
	require.NoError(t, err)
	assert.Error(t, report.Err())
	for _, i := range report.Inconclusive {
		assert.Equal(t, diag.KindDenied, i.Kind, i.Code)
	}
}
