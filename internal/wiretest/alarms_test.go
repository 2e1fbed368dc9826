package wiretest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/guard"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/triage"
)

// TestAlarms makes alarms over the wire and judges them with a guarded client: one that is raised with its actions
// switched off, one on a load balancer's name, and a composite one. A server that cannot tell their history must lead
// to an error, and never to a calm history.
func TestAlarms(t *testing.T) {
	cfg, options := peer(t)
	ctx, now := t.Context(), time.Now()
	var o triage.ScopeOptions
	options(&o)
	client := cloudwatch.NewFromConfig(cfg, o.CloudWatch...)
	name := fmt.Sprintf("alarms-%d", now.UnixNano()%1_000_000_000)
	alarm := func(alarm, loadBalancer string) *cloudwatch.PutMetricAlarmInput {
		return &cloudwatch.PutMetricAlarmInput{AlarmName: aws.String(name + "-" + alarm),
			Namespace:  aws.String("AWS/ApplicationELB"),
			MetricName: aws.String("HTTPCode_ELB_5XX_Count"), Statistic: types.StatisticSum, Period: aws.Int32(60),
			EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(10),
			ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
			ActionsEnabled:     aws.Bool(false),
			Dimensions:         []types.Dimension{{Name: aws.String("LoadBalancer"), Value: &loadBalancer}}}
	}
	dimension := metrics.LoadBalancerDimension("app/" + name + "/50dc6c495c0c9188")
	if _, err := client.PutMetricAlarm(ctx, alarm("errors", dimension)); err != nil {
		t.Logf("the server takes no alarms in this protocol: %v", err)
		_, err = metrics.NewAlarms(client, diag.Last(time.Hour, now)).Known(ctx)
		assert.Error(t, err)
		return
	}
	_, err := client.PutMetricAlarm(ctx, alarm("misnamed", name))
	require.NoError(t, err)
	_, err = client.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String(name + "-errors"),
		StateValue: types.StateValueAlarm, StateReason: aws.String("wire test")})
	require.NoError(t, err)
	if _, err := client.PutCompositeAlarm(ctx, &cloudwatch.PutCompositeAlarmInput{AlarmName: aws.String(name + "-all"),
		AlarmRule: aws.String(`ALARM("` + name + `-errors")`)}); err != nil {
		t.Logf("the server takes no composite alarms: %v", err)
	}

	g, err := guard.New(guard.Options{Reason: "wire test"})
	require.NoError(t, err)
	guarded := cloudwatch.NewFromConfig(g.Config(cfg, "123456789012"), o.CloudWatch...)
	window := diag.Last(time.Hour, now.Add(time.Minute))
	alarms := metrics.NewAlarms(guarded, window)
	history, historyErr := alarms.History(ctx, name+"-errors")
	t.Logf("history: %d items, %v", len(history), historyErr)

	subject := metrics.NewWatched(alarms, diag.Resource{Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: name},
		metrics.Dimension{Name: "LoadBalancer", Value: dimension}).WithMetrics(metrics.NewSource(guarded, window)).
		WithLife(func(context.Context) (bool, error) { return true, nil })
	report := diag.Run(ctx, diag.Join(diag.On(subject, metrics.AlarmChecks()...),
		diag.Observe(subject, metrics.AlarmSurvey)))
	said := map[diag.Code]string{}
	for _, f := range report.Findings {
		said[f.Code] = f.Summary
		t.Logf("%s %s: %s", f.Severity, f.Code, f.Summary)
	}
	assert.Contains(t, said["cloudwatch.alarm-raised"], name+"-errors is raised (HTTPCode_ELB_5XX_Count Sum > 10)")
	assert.Contains(t, said["cloudwatch.alarm-told-nobody"], "its actions are switched off")
	assert.Contains(t, said["cloudwatch.alarm-without-data"], name+"-misnamed (it watches LoadBalancer="+name)
	assert.NotContains(t, said, diag.Code("cloudwatch.alarm-lost-data"))
	for _, i := range report.Inconclusive {
		assert.NotContains(t, []diag.Kind{diag.KindPanic, diag.KindContract}, i.Kind, i.Err)
		t.Logf("could not see: %s: %s", i.Code, i.Err)
	}
	if historyErr != nil {
		assert.Error(t, report.Err(), "what cannot be told is no calm history")
	}
	if trained, err := metrics.Detectors(ctx, client); err != nil {
		t.Logf("the server knows no anomaly detectors: %v", err)
	} else {
		assert.Empty(t, trained)
	}
}
