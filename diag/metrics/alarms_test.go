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
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
)

var (
	shopDB    = diag.Resource{Type: "AWS::RDS::DBInstance", ID: "shop"}
	dimension = metrics.Dimension{Name: "DBInstanceIdentifier", Value: "shop"}
)

func alarm(name string, state types.StateValue, changes ...func(*types.MetricAlarm)) types.MetricAlarm {
	a := types.MetricAlarm{AlarmName: aws.String(name), StateValue: state, Namespace: aws.String("AWS/RDS"),
		MetricName: aws.String("CPUUtilization"), Statistic: types.StatisticAverage, Threshold: aws.Float64(90),
		ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold, StateReason: aws.String("Threshold Crossed"),
		StateTransitionedTimestamp: aws.Time(now.Add(-20 * time.Minute)), StateUpdatedTimestamp: aws.Time(now),
		AlarmActions: []string{"arn:aws:sns:eu-west-1:111122223333:pager"},
		Dimensions:   []types.Dimension{{Name: aws.String("DBInstanceIdentifier"), Value: aws.String("shop")}}}
	for _, change := range changes {
		change(&a)
	}
	return a
}

func composite(name, rule string, state types.StateValue) types.CompositeAlarm {
	return types.CompositeAlarm{AlarmName: aws.String(name), AlarmRule: aws.String(rule), StateValue: state}
}

func flips(name string, ago time.Duration, from, to types.StateValue) types.AlarmHistoryItem {
	return types.AlarmHistoryItem{AlarmName: aws.String(name), HistoryItemType: types.HistoryItemTypeStateUpdate,
		Timestamp: aws.Time(now.Add(-ago)), HistorySummary: aws.String("Alarm updated"),
		HistoryData: aws.String(fmt.Sprintf(`{"version":"1.0","oldState":{"stateValue":%q},"newState":{"stateValue":%q}}`,
			from, to))}
}

func watched(cw *metricsfake.Client) (*metrics.Watched, []diagfake.Fake) {
	return metrics.NewWatched(metrics.NewAlarms(cw, window), shopDB, dimension).WithMetrics(metrics.NewSource(cw, window)).
		WithLife(func(context.Context) (bool, error) { return true, nil }), []diagfake.Fake{cw}
}

func healthyAlarms() *metricsfake.Client {
	return &metricsfake.Client{
		Alarms: []types.MetricAlarm{
			alarm("fine", types.StateValueOk),
			alarm("other", types.StateValueAlarm, func(a *types.MetricAlarm) { a.Dimensions[0].Value = aws.String("other") }),
			alarm("scale in", types.StateValueAlarm, func(a *types.MetricAlarm) {
				a.AlarmActions = []string{"arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:x:resource/rds/cluster:shop"}
			}),
		},
		CompositeAlarms: []types.CompositeAlarm{composite("all", `ALARM("fine") OR ALARM(other)`, types.StateValueAlarm)},
	}
}

func brokenAlarms() *metricsfake.Client {
	cw := healthyAlarms()
	cw.Alarms = append(cw.Alarms, alarm("cpu", types.StateValueAlarm))
	cw.CompositeAlarms = append(cw.CompositeAlarms,
		composite("outage", `ALARM("inner") AND NOT OK(fine)`, types.StateValueAlarm),
		composite("inner", "ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu)", types.StateValueAlarm))
	cw.AlarmHistory = []types.AlarmHistoryItem{flips("cpu", 20*time.Minute, "OK", "ALARM"),
		flips("cpu", 40*time.Minute, "ALARM", "OK"),
		flips("cpu", 5*time.Hour, "OK", "ALARM"), flips("other", 20*time.Minute, "OK", "ALARM")}
	return cw
}

func TestConformAlarms(t *testing.T) {
	for _, check := range metrics.AlarmChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*metrics.Watched]{
			Healthy: func() (*metrics.Watched, []diagfake.Fake) { return watched(healthyAlarms()) },
			Broken:  func() (*metrics.Watched, []diagfake.Fake) { return watched(everyAlarm()) },
		})
	}
	diagtest.ReadOnly[metrics.AlarmAPI](t)
	diagtest.ReadOnly[metrics.DetectorAPI](t)
}

func TestAlarmRaisedNamesItsComposites(t *testing.T) {
	subject, fakes := watched(brokenAlarms())
	report := diag.Run(t.Context(), diag.Join(diag.On(subject, metrics.AlarmRaised),
		diag.Observe(subject, metrics.AlarmSurvey)))
	require.NoError(t, report.Err())
	require.Len(t, report.Findings, 1)
	assert.Equal(t,
		"alarm cpu is raised (CPUUtilization Average > 90) since 14:17 UTC, and with it inner, and with it outage",
		report.Findings[0].Summary)
	assert.Equal(t, now.Add(-20*time.Minute), report.Findings[0].Since, "not the time of the last evaluation")
	var told []string
	for _, e := range report.Events {
		told = append(told, e.At.Format("15:04 ")+e.Text)
	}
	assert.Equal(t, []string{"13:57 alarm cpu (CPUUtilization Average > 90): OK, was ALARM",
		"14:17 alarm cpu (CPUUtilization Average > 90): ALARM, was OK"}, told)
	assert.Len(t, fakes[0].Calls(), 2, "one list of alarms, one history")
}

func TestAlarmConditions(t *testing.T) {
	cw := &metricsfake.Client{Alarms: []types.MetricAlarm{
		alarm("band", types.StateValueAlarm, func(a *types.MetricAlarm) {
			a.ThresholdMetricId, a.ComparisonOperator = aws.String("ad1"), types.ComparisonOperatorGreaterThanUpperThreshold
		}),
		alarm("expression", types.StateValueAlarm, func(a *types.MetricAlarm) {
			a.MetricName, a.Metrics = nil, []types.MetricDataQuery{{Id: aws.String("e"), Expression: aws.String("m1/m2")},
				{Id: aws.String("m1"), MetricStat: &types.MetricStat{Stat: aws.String("p99"), Metric: &types.Metric{
					MetricName: aws.String("ReadLatency"), Dimensions: a.Dimensions}}}}
		}),
		alarm("bare", types.StateValueAlarm,
			func(a *types.MetricAlarm) { *a = types.MetricAlarm{AlarmName: a.AlarmName, StateValue: a.StateValue} }),
	}, CompositeAlarms: []types.CompositeAlarm{composite("circle", "ALARM(circle)", types.StateValueAlarm)}}
	alarms, err := metrics.NewAlarms(cw, window).All(t.Context())
	require.NoError(t, err)
	told := map[string]string{}
	for _, a := range alarms {
		told[a.Name] = a.Condition()
		assert.Equal(t, a.Name == "band" || a.Name == "expression", a.Watches(dimension), a.Name)
		assert.False(t, a.Watches(), "no dimension names everything")
		_ = metrics.Resolve(a, alarms) // a circle ends
	}
	assert.Equal(t, map[string]string{"band": "CPUUtilization Average outside its anomaly band",
		"expression": "ReadLatency p99 > 90",
		"bare":       "an expression", "circle": "ALARM(circle)"}, told)
}

func TestBands(t *testing.T) {
	m := metrics.Metric{Namespace: "AWS/RDS", Name: "CPUUtilization", Stat: "Average",
		Dimensions: []metrics.Dimension{dimension}}
	cw := &metricsfake.Client{
		Series: []metricsfake.Series{{Metric: m, Points: metricsfake.Every(5*time.Minute, hour, 20, 21, 80, 90, 30, 5)}},
		Bands: map[string]metrics.Band{m.String(): {
			Low:  metrics.Series{Points: metricsfake.Every(5*time.Minute, hour, 10, 10, 10, 10, 10, 10)},
			High: metrics.Series{Points: metricsfake.Every(5*time.Minute, hour, 40, 40, 40, 40, 40, 40)}}},
		Detectors: []types.AnomalyDetector{
			{StateValue: types.AnomalyDetectorStateValueTrained, SingleMetricAnomalyDetector: &types.SingleMetricAnomalyDetector{
				Namespace: aws.String("AWS/RDS"), MetricName: aws.String("CPUUtilization"), Stat: aws.String("Average"),
				Dimensions: []types.Dimension{{Name: aws.String("DBInstanceIdentifier"), Value: aws.String("shop")}}}},
			{StateValue: types.AnomalyDetectorStateValuePendingTraining,
				SingleMetricAnomalyDetector: &types.SingleMetricAnomalyDetector{MetricName: aws.String("ReadIOPS")}},
			{}},
	}
	trained, err := metrics.Detectors(t.Context(), cw, dimension)
	require.NoError(t, err)
	assert.Equal(t, []metrics.Metric{m}, trained)
	source := metrics.NewSource(cw, window)
	bands, err := source.Bands(t.Context(), 0, trained...)
	require.NoError(t, err)
	set, err := source.Fetch(t.Context(), m)
	require.NoError(t, err)
	found, direction, ok := bands[m.String()].Outside(set.Series(m), 2)
	require.True(t, ok)
	assert.Equal(t, metrics.Rise, direction)
	assert.Equal(t, metrics.Episode{Start: hour.Add(10 * time.Minute), End: hour.Add(20 * time.Minute),
		Peak: metrics.Point{At: hour.Add(15 * time.Minute), Value: 90}}, found)
	found, direction, ok = bands[m.String()].Outside(set.Series(m), 1)
	require.True(t, ok)
	assert.Equal(t, metrics.Fall, direction)
	assert.True(t, found.Ongoing())
	_, _, ok = metrics.Band{}.Outside(set.Series(m), 1)
	assert.False(t, ok, "without a detector nothing is expected")
	assert.Len(t, cw.Calls(), 3)
}

func TestBaselines(t *testing.T) {
	m := metrics.Metric{Namespace: "AWS/RDS", Name: "DatabaseConnections", Stat: "Average",
		Dimensions: []metrics.Dimension{dimension}}
	cw := &metricsfake.Client{}
	points := metricsfake.Every(5*time.Minute, hour, 200, 210, 205, 450, 460, 455, 470)
	for i, level := range []float64{200, 220, 190, 210, 205} {
		day := hour.Add(-metrics.Earlier()[i])
		points = append(points, metricsfake.Every(5*time.Minute, day, level, level, level, level, level, level, level)...)
	}
	cw.Series = []metricsfake.Series{{Metric: m, Points: points}}
	source := metrics.NewSource(cw, window)
	set, err := source.Fetch(t.Context(), m)
	require.NoError(t, err)
	baselines, err := source.Baselines(t.Context(), metrics.Earlier(), m, counter("Nowhere"))
	require.NoError(t, err)
	require.Len(t, baselines, 1)
	level, spread, ok := baselines[m.String()].Usual(hour)
	assert.True(t, ok)
	assert.Equal(t, []float64{205, 30}, []float64{level, spread})
	found, ok := baselines[m.String()].Unusual(set.Series(m), metrics.Rise, 2)
	require.True(t, ok)
	assert.Equal(t, hour.Add(15*time.Minute), found.Start)
	assert.Equal(t, 205.0, found.Before)
	assert.Equal(t, 470.0, found.Peak.Value)
	_, ok = baselines[m.String()].Unusual(set.Series(m), metrics.Fall, 1)
	assert.False(t, ok)
	_, ok = metrics.Baseline{}.Unusual(set.Series(m), metrics.Rise, 1)
	assert.False(t, ok, "without earlier days nothing is unusual")
	assert.Len(t, cw.Calls(), 1+len(metrics.Earlier()))
}

// TestThousandTargets counts the calls that the series of a fleet cost: one for 500 of them.
func TestThousandTargets(t *testing.T) {
	for _, n := range []int{1, 500, 501, 1000, 6000} {
		cw := &metricsfake.Client{}
		wanted := make([]metrics.Metric, n)
		for i := range wanted {
			wanted[i] = metrics.EC2Instance(fmt.Sprintf("i-%05d", i))[0]
		}
		_, err := metrics.NewSource(cw, window).Fetch(t.Context(), wanted...)
		require.NoError(t, err)
		assert.Len(t, cw.Calls(), (n+499)/500, "%d targets", n)
		t.Logf("%d targets: %d calls", n, len(cw.Calls()))
	}
}
