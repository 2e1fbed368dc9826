package metrics_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

// cpuOf is the series of shop's processor: calm points for an hour and a half, the last at 14:00.
func cpuOf(points ...float64) metricsfake.Series {
	return metricsfake.Series{Metric: metrics.Metric{Namespace: "AWS/RDS", Name: "CPUUtilization", Stat: "Average",
		Dimensions: []metrics.Dimension{dimension}}, Points: metricsfake.Every(5*time.Minute, hour.Add(-90*time.Minute), points...)}
}

func repeat(v float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// everyAlarm is a world in which every check of alarms has something to tell.
func everyAlarm() *metricsfake.Client {
	cw := brokenAlarms()
	cw.Series = []metricsfake.Series{cpuOf(repeat(20, 19)...)}
	cw.Alarms = append(cw.Alarms, alarm("went blind", types.StateValueInsufficientData),
		alarm("never saw", types.StateValueInsufficientData, func(a *types.MetricAlarm) { a.MetricName = aws.String("Nonesuch") }),
		alarm("band", types.StateValueAlarm, func(a *types.MetricAlarm) { a.ThresholdMetricId = aws.String("ad1") }),
		alarm("mute", types.StateValueAlarm, func(a *types.MetricAlarm) { a.ActionsEnabled = aws.Bool(false) }))
	cw.AlarmHistory = append(cw.AlarmHistory, flips("went blind", 20*time.Minute, "OK", "INSUFFICIENT_DATA"))
	return cw
}

const loadBalancer = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1c7076e082984272"

// on puts an alarm on another metric: pairs of dimension and value.
func on(namespace, name string, stat types.Statistic, dimensions ...string) func(*types.MetricAlarm) {
	return func(a *types.MetricAlarm) {
		a.Namespace, a.MetricName, a.Statistic, a.Dimensions = aws.String(namespace), aws.String(name), stat, nil
		for i := 0; i+1 < len(dimensions); i += 2 {
			a.Dimensions = append(a.Dimensions, types.Dimension{Name: aws.String(dimensions[i]), Value: aws.String(dimensions[i+1])})
		}
	}
}

// TestAlarmWithoutData tells why each alarm cannot see.
func TestAlarmWithoutData(t *testing.T) {
	balancer := []metrics.Dimension{{Name: "LoadBalancer", Value: metrics.LoadBalancerDimension(loadBalancer)}}
	service := []metrics.Dimension{{Name: "ClusterName", Value: "prod"}, {Name: "ServiceName", Value: "api"}}
	database := []metrics.Dimension{dimension}
	const under, ok, none = ", whose metrics stand under app/web/1c7076e082984272", types.StateValueOk, types.StateValueInsufficientData
	requests := func(value string) func(*types.MetricAlarm) {
		return on("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", types.StatisticSum, "LoadBalancer", value)
	}
	tests := []struct {
		name  string
		of    []metrics.Dimension
		state types.StateValue
		made  func(*types.MetricAlarm)
		why   string // "" for none
	}{
		{"the load balancer's name", balancer, ok, requests("web"), "it watches LoadBalancer=web" + under},
		{"its kind and name", balancer, none, requests("app/web"), "it watches LoadBalancer=app/web" + under},
		{"its ARN", balancer, none, requests(loadBalancer), "it watches LoadBalancer=" + loadBalancer + under},
		{"its predecessor", balancer, none, requests("app/web/0000000000000000"),
			"it watches LoadBalancer=app/web/0000000000000000, one of the same name that this is not;" + under[1:]},
		{"another load balancer", balancer, none, requests("app/web2/1c7076e082984272"), ""},
		{"of a namespace of the customer's own", balancer, none, on("Shop", "Orders", types.StatisticSum, "LoadBalancer", "web"), ""},
		{"quiet and well", balancer, none, requests("app/web/1c7076e082984272"),
			"HTTPCode_ELB_5XX_Count has points only where such happen, and it treats missing data as missing; notBreaching would make silence OK"},
		{"hosts without a target group", balancer, none, on("AWS/ApplicationELB", "HealthyHostCount", types.StatisticMinimum, "LoadBalancer",
			"app/web/1c7076e082984272"), "HealthyHostCount exists under LoadBalancer and TargetGroup together only, and it names no TargetGroup"},
		{"the service's ARN", service, none, on("AWS/ECS", "CPUUtilization", types.StatisticAverage, "ClusterName", "prod", "ServiceName",
			"arn:aws:ecs:eu-west-1:111122223333:service/prod/api"),
			"it watches ServiceName=arn:aws:ecs:eu-west-1:111122223333:service/prod/api, whose metrics stand under api"},
		{"cluster and service in one", service, none, on("AWS/ECS", "CPUUtilization", types.StatisticAverage, "ClusterName", "prod",
			"ServiceName", "prod/api"), "it watches ServiceName=prod/api, whose metrics stand under api"},
		{"another service of the cluster", service, none, on("AWS/ECS", "CPUUtilization", types.StatisticAverage, "ClusterName", "prod",
			"ServiceName", "web"), ""},
		{"the database's endpoint", database, none, on("AWS/RDS", "CPUUtilization", types.StatisticAverage, "DBInstanceIdentifier",
			"shop.c9akciq32.eu-west-1.rds.amazonaws.com"), "it watches DBInstanceIdentifier=shop.c9akciq32.eu-west-1.rds.amazonaws.com, " +
			"whose metrics stand under shop"},
		{"capitals", database, none, on("AWS/RDS", "CPUUtilization", types.StatisticAverage, "DBInstanceIdentifier", "SHOP"),
			"it watches DBInstanceIdentifier=SHOP, whose metrics stand under shop"},
		{"a name that only begins alike", database, none, on("AWS/RDS", "CPUUtilization", types.StatisticAverage, "DBInstanceIdentifier",
			"shop-replica"), ""},
		{"a unit", database, none, func(a *types.MetricAlarm) { a.Unit = types.StandardUnitBytes },
			"it takes points of the unit Bytes only, and CPUUtilization may be published in another"},
		{"a metric that never was", database, none, func(a *types.MetricAlarm) { a.MetricName = aws.String("Nonesuch") },
			"Nonesuch has no data since Feb 11 11:35 UTC at least: nobody publishes it under these dimensions any more"},
		{"just made", database, none, func(a *types.MetricAlarm) {
			a.MetricName, a.AlarmConfigurationUpdatedTimestamp = aws.String("Nonesuch"), aws.Time(now.Add(-5*time.Minute))
		}, ""},
		{"scales in", database, ok, func(a *types.MetricAlarm) {
			a.AlarmActions = []string{"arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:x"}
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cw := &metricsfake.Client{Alarms: []types.MetricAlarm{alarm("a", tt.state, tt.made)}}
			subject := metrics.NewWatched(metrics.NewAlarms(cw, window), shopDB, tt.of...).WithMetrics(metrics.NewSource(cw, window))
			findings, err := metrics.AlarmWithoutData.Run(t.Context(), subject)
			require.NoError(t, err)
			if tt.why == "" {
				assert.Empty(t, findings)
				return
			}
			require.Len(t, findings, 1)
			assert.Equal(t, fmt.Sprintf("alarms that cannot ring for lack of data: a (%s)", tt.why), findings[0].Summary)
			assert.LessOrEqual(t, len(cw.Calls()), 2)
		})
	}
}

// TestAlarmLostData warns of a metric that stopped in the window, and only of such.
func TestAlarmLostData(t *testing.T) {
	const without = "INSUFFICIENT_DATA"
	stopped := repeat(20, 19)
	tests := []struct {
		name    string
		history []types.AlarmHistoryItem
		points  []float64
		alive   bool
		changes []func(*types.MetricAlarm)
		want    string
	}{
		{"stopped", []types.AlarmHistoryItem{flips("a", 20*time.Minute, "OK", without)}, stopped, true, nil,
			"CPUUtilization stopped at 14:05 UTC, and alarm a is blind since 14:17 UTC"},
		{"rang before", []types.AlarmHistoryItem{flips("a", 20*time.Minute, "ALARM", without)}, stopped, true, nil,
			"CPUUtilization stopped at 14:05 UTC, and alarm a is blind since 14:17 UTC"},
		{"the resource does not work", []types.AlarmHistoryItem{flips("a", 20*time.Minute, "OK", without)}, stopped, false, nil, ""},
		{"the data is there", []types.AlarmHistoryItem{flips("a", 20*time.Minute, "OK", without)}, repeat(20, 27), true, nil, ""},
		{"never had any", []types.AlarmHistoryItem{flips("a", 20*time.Minute, "OK", without)}, nil, true, nil, ""},
		{"long ago", nil, stopped, true, []func(*types.MetricAlarm){func(a *types.MetricAlarm) {
			a.StateTransitionedTimestamp = aws.Time(now.Add(-4 * time.Hour))
		}}, ""},
		{"no history", nil, stopped, true, nil, ""},
		{"somebody changed the alarm", []types.AlarmHistoryItem{flips("a", 20*time.Minute, "OK", without), {AlarmName: aws.String("a"),
			HistoryItemType: types.HistoryItemTypeConfigurationUpdate, Timestamp: aws.Time(now.Add(-22 * time.Minute)),
			HistorySummary: aws.String("Alarm \"a\" updated")}}, stopped, true, nil, ""},
		{"a metric of one's own", []types.AlarmHistoryItem{flips("a", 20*time.Minute, "OK", without)}, stopped, true,
			[]func(*types.MetricAlarm){func(a *types.MetricAlarm) { a.Namespace = aws.String("Shop") }}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cw := &metricsfake.Client{Alarms: []types.MetricAlarm{alarm("a", without, tt.changes...)}, AlarmHistory: tt.history,
				Series: []metricsfake.Series{cpuOf(tt.points...)}}
			subject := metrics.NewWatched(metrics.NewAlarms(cw, window), shopDB, dimension).WithMetrics(metrics.NewSource(cw, window)).
				WithLife(func(context.Context) (bool, error) { return tt.alive, nil })
			report := diag.Run(t.Context(), diag.On(subject, metrics.AlarmWithoutData, metrics.AlarmLostData))
			require.NoError(t, report.Err())
			var lost string
			for _, f := range report.Findings {
				if f.Code == metrics.AlarmLostData.Code {
					lost = f.Summary
					assert.Equal(t, hour.Add(5*time.Minute), f.Since)
				}
			}
			assert.Equal(t, tt.want, lost)
			if lost != "" {
				assert.Len(t, report.Findings, 1, "told once")
			}
		})
	}
}

// TestAlarmToldNobody tells why an alarm was not heard.
func TestAlarmToldNobody(t *testing.T) {
	failed := types.AlarmHistoryItem{AlarmName: aws.String("a"), HistoryItemType: types.HistoryItemTypeAction,
		Timestamp: aws.Time(now.Add(-20 * time.Minute)), HistorySummary: aws.String("Failed to execute action " +
			"arn:aws:sns:eu-west-1:111122223333:pager. Received error: \"Not authorized\"")}
	done := failed
	done.HistorySummary = aws.String("Successfully executed action arn:aws:sns:eu-west-1:111122223333:pager")
	loud := composite("all", "ALARM(a)", types.StateValueAlarm)
	loud.AlarmActions = []string{"arn:aws:sns:eu-west-1:111122223333:pager"}
	held := loud
	held.ActionsSuppressedBy, held.ActionsSuppressor = types.ActionsSuppressedByAlarm, aws.String("arn:aws:cloudwatch:x:1:alarm:release")
	quiet := func(a *types.MetricAlarm) { a.AlarmActions = nil }
	tests := []struct {
		name    string
		change  func(*types.MetricAlarm)
		above   []types.CompositeAlarm
		history types.AlarmHistoryItem
		want    string
	}{
		{"heard", func(*types.MetricAlarm) {}, nil, done, ""},
		{"switched off", func(a *types.MetricAlarm) { a.ActionsEnabled = aws.Bool(false) }, nil, done, "a (its actions are switched off)"},
		{"no action", quiet, nil, done, "a (it has no action for ALARM)"},
		{"no action, but a composite alarm has", quiet, []types.CompositeAlarm{loud}, done, ""},
		{"no action, and the composite alarm is suppressed", quiet, []types.CompositeAlarm{held}, done, "a (it has no action for ALARM)"},
		{"failed", func(*types.MetricAlarm) {}, nil, failed, "a (its action failed)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cw := &metricsfake.Client{Alarms: []types.MetricAlarm{alarm("a", types.StateValueAlarm, tt.change)}, CompositeAlarms: tt.above,
				AlarmHistory: []types.AlarmHistoryItem{tt.history}}
			subject, _ := watched(cw)
			findings, err := metrics.AlarmToldNobody.Run(t.Context(), subject)
			require.NoError(t, err)
			if tt.want == "" {
				assert.Empty(t, findings)
				return
			}
			require.Len(t, findings, 1)
			assert.Equal(t, "alarms that were raised and told nobody: "+tt.want, findings[0].Summary)
		})
	}
}

// TestHeld evaluates rules of composite alarms.
func TestHeld(t *testing.T) {
	states := map[string]types.StateValue{"a": "ALARM", "b": "ALARM", "n": "INSUFFICIENT_DATA", "with space": "ALARM"}
	state := func(name string) types.StateValue {
		if s, ok := states[name]; ok {
			return s
		}
		return types.StateValueOk
	}
	tests := []struct {
		rule string
		held []string // nil for a rule that is false or not known
	}{
		{"ALARM(a)", []string{"a"}},
		{`ALARM("with space") OR OK(a)`, []string{"with space"}},
		{"ALARM(a) AND ALARM(b)", []string{"a", "b"}},
		{"ALARM(a) AND NOT ALARM(release)", []string{"a", "release"}},
		{"ALARM(a) and (ALARM(x) or INSUFFICIENT_DATA(n))", []string{"a", "n"}},
		{"NOT (ALARM(x) OR OK(b))", []string{"b", "x"}},
		{"AT_LEAST(2, ALARM, (a, b, x))", []string{"a", "b"}},
		{`AT_LEAST("50%", NOT OK, (a, n, x, y))`, []string{"a", "n"}},
		{"ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a)", []string{"a"}},
		{"TRUE", nil}, {"ALARM(x)", nil}, {"ALARM(a", nil}, {"ALARM(a) XOR ALARM(b)", nil}, {"", nil}, {"((((", nil},
		{"AT_LEAST(many, ALARM, (a))", nil}, {"AT_LEAST(3, ALARM, (a, b, x))", nil},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			held, ok := metrics.Alarm{Rule: tt.rule, State: types.StateValueAlarm}.Held(state)
			assert.Equal(t, tt.held, held)
			assert.Equal(t, tt.held != nil, ok)
		})
	}
	held, ok := metrics.Alarm{Rule: "ALARM(a) AND ALARM(x) AND ALARM(y)", State: types.StateValueOk}.Held(state)
	assert.True(t, ok)
	assert.Equal(t, []string{"x", "y"}, held, "what keeps it from ringing")
}

// TestAlarmsSaw tells what alarms saw: of bands what was expected, and that data was missing.
func TestAlarmsSaw(t *testing.T) {
	m := cpuOf().Metric
	band := map[string]metrics.Band{m.String(): {
		Low:  metrics.Series{Points: metricsfake.Every(5*time.Minute, hour, 10, 10)},
		High: metrics.Series{Points: metricsfake.Every(5*time.Minute, hour, 40.25, 40.25)}}}
	outside := func(reason string) func(*types.MetricAlarm) {
		return func(a *types.MetricAlarm) {
			a.ThresholdMetricId, a.ComparisonOperator = aws.String("ad1"), types.ComparisonOperatorGreaterThanUpperThreshold
			if reason != "" {
				a.StateReasonData = aws.String(reason)
			}
		}
	}
	tests := []struct {
		name   string
		change func(*types.MetricAlarm)
		want   string
	}{
		{"a threshold", func(a *types.MetricAlarm) {
			a.StateReasonData = aws.String(`{"recentDatapoints":[91.5,96.25],"threshold":90.0}`)
		},
			"alarm a is raised (CPUUtilization Average > 90) since 14:17 UTC; it was 96.2"},
		{"a band that CloudWatch told", outside(`{"recentDatapoints":[213.0],"recentUpperThresholds":[120.7]}`),
			"alarm a is raised (CPUUtilization Average outside its anomaly band) since 14:17 UTC; it was 213 where at most 121 was expected"},
		{"both sides", outside(`{"recentDatapoints":[0.0],"recentLowerThresholds":[0.0205],"recentUpperThresholds":[0.3]}`),
			"alarm a is raised (CPUUtilization Average outside its anomaly band) since 14:17 UTC; it was 0 where 0.0205 to 0.3 was expected"},
		{"a band that is read", outside(""),
			"alarm a is raised (CPUUtilization Average outside its anomaly band) since 14:17 UTC; it was 93 at 14:05 UTC where 10 to 40.2 was expected"},
		{"missing data", func(a *types.MetricAlarm) {
			a.TreatMissingData, a.StateReasonData = aws.String("breaching"), aws.String(`{"recentDatapoints":[],"threshold":90.0}`)
		}, "alarm a is raised (CPUUtilization Average > 90) since 14:17 UTC; it is raised because data is missing, which it takes for a breach"},
		{"nonsense", func(a *types.MetricAlarm) { a.StateReasonData = aws.String(`[`) },
			"alarm a is raised (CPUUtilization Average > 90) since 14:17 UTC"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cw := &metricsfake.Client{Alarms: []types.MetricAlarm{alarm("a", types.StateValueAlarm, tt.change)}, Bands: band,
				Series: []metricsfake.Series{{Metric: m, Points: metricsfake.Every(5*time.Minute, hour, 20, 93)}}}
			subject, _ := watched(cw)
			findings, err := metrics.AlarmRaised.Run(t.Context(), subject)
			require.NoError(t, err)
			require.Len(t, findings, 1)
			assert.Equal(t, tt.want, findings[0].Summary)
		})
	}
}

// TestManyAlarms counts the calls: one for an account of a page, three of more, and one for the history of all.
func TestManyAlarms(t *testing.T) {
	for n, calls := range map[int]int{100: 1, 101: 3} {
		cw := &metricsfake.Client{Alarms: []types.MetricAlarm{alarm("z", types.StateValueAlarm)}}
		for i := 1; i < n; i++ {
			cw.Alarms = append(cw.Alarms, alarm(fmt.Sprintf("a%03d", i), types.StateValueOk))
		}
		alarms := metrics.NewAlarms(cw, window)
		raised, err := alarms.Raised(t.Context())
		require.NoError(t, err)
		require.Len(t, raised, 1)
		assert.Equal(t, "z", raised[0].Name)
		assert.Len(t, cw.Calls(), calls, "%d alarms", n)
		for range 3 {
			_, err = alarms.History(t.Context(), "z")
			require.NoError(t, err)
		}
		assert.Len(t, cw.Calls(), calls+1)
	}
}
