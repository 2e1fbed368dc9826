package triage_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/wire"
)

// TestRecordedAlarms reads the same alarm in JSON and in CBOR. Of its history one server tells how it began and rang;
// the other fails, which is no calm history.
func TestRecordedAlarms(t *testing.T) {
	for server, history := range map[string][]types.StateValue{"moto": nil,
		"ministack": {"INSUFFICIENT_DATA", "OK", "ALARM"}} {
		t.Run(server, func(t *testing.T) {
			scope := recordedScope(t, server)
			alarms := metrics.NewAlarms(scope.Clients.CloudWatch, diag.Last(3600e9, recorded))
			known, err := alarms.Known(t.Context())
			require.NoError(t, err)
			require.Len(t, known, 1)
			assert.Equal(t, "UnHealthyHostCount Average >= 1", known[0].Condition())
			assert.Equal(t, "unhealthy", known[0].Name)
			assert.True(t, known[0].Raised())
			assert.False(t, known[0].Muted)
			assert.False(t, known[0].Since.IsZero())
			told, err := alarms.History(t.Context(), "unhealthy")
			assert.Equal(t, history != nil, err == nil, "%v", err)
			var states []types.StateValue
			for _, x := range told {
				states = append(states, x.To)
			}
			assert.Equal(t, history, states)
		})
	}
}

// figures are the members of CloudWatch's answers that are numbers of the kind double, which CBOR tells from integers.
var figures = map[string]bool{"Threshold": true, "Values": true}

// inCBOR writes a document of an answer as CBOR: times, which are told by their names, as tagged seconds.
func inCBOR(name string, v any) cbor.Value {
	switch v := v.(type) {
	case map[string]any:
		out := cbor.Map{}
		for key, value := range v {
			out[key] = inCBOR(key, value)
		}
		return out
	case []any:
		out := cbor.List{}
		for _, value := range v {
			out = append(out, inCBOR(name, value))
		}
		return out
	case string:
		return cbor.String(v)
	case bool:
		return cbor.Bool(v)
	case float64:
		switch {
		case strings.Contains(name, "Timestamp"):
			return &cbor.Tag{ID: 1, Value: cbor.Float64(v)}
		case figures[name]:
			return cbor.Float64(v)
		}
		return cbor.Uint(uint64(v))
	}
	return &cbor.Nil{}
}

// spoken makes exchanges of answers as JSON documents, in one of the protocols of CloudWatch.
func spoken(t *testing.T, protocol string, answers map[string]string) *wire.Replay {
	var exchanges []wire.Exchange
	for operation, answer := range answers {
		e := wire.Exchange{Service: "cloudwatch", Operation: operation, Protocol: protocol, Status: 200, ResponseText: answer}
		var document map[string]any
		require.NoError(t, json.Unmarshal([]byte(answer), &document), operation)
		if document["__type"] != nil {
			e.Status = 400
		}
		if protocol == "rpc-v2-cbor" {
			e.ResponseText, e.ResponseBytes = "", cbor.Encode(inCBOR("", document))
		}
		exchanges = append(exchanges, e)
	}
	return wire.Of(exchanges...)
}

// cloudWatchOf makes a client that speaks the protocol.
func cloudWatchOf(replay *wire.Replay, protocol string) *cloudwatch.Client {
	return cloudwatch.NewFromConfig(replay.Config(), func(o *cloudwatch.Options) {
		if protocol != "rpc-v2-cbor" {
			o.Protocol = awsjson.New10(schemas.GraniteServiceVersion20100801)
		}
	})
}

// The answers are after the documents of the API, and the examples of "Alarm events and EventBridge" (Amazon CloudWatch
// User Guide): no server tells an anomaly band, a composite alarm or a state that lost its data.
var alarmAnswers = map[string]string{
	"DescribeAlarms": `{"MetricAlarms":[
	 {"AlarmName":"cpu","StateValue":"ALARM","Namespace":"AWS/RDS","MetricName":"CPUUtilization","Statistic":"Average","Period":300,
	  "Threshold":90,"ComparisonOperator":"GreaterThanThreshold","ActionsEnabled":false,"StateTransitionedTimestamp":1795313400.5,
	  "StateReasonData":"{\"recentDatapoints\":[93.25],\"threshold\":90.0}",
	  "Dimensions":[{"Name":"DBInstanceIdentifier","Value":"shop"}]},
	 {"AlarmName":"band","StateValue":"ALARM","ThresholdMetricId":"ad1","ComparisonOperator":"GreaterThanUpperThreshold",
	  "ActionsEnabled":true,"AlarmActions":["arn:aws:sns:us-east-1:123456789012:pager"],"StateTransitionedTimestamp":1795313400,
	  "StateReasonData":"{\"recentDatapoints\":[239.0],\"recentUpperThresholds\":[225.71]}",
	  "Metrics":[{"Id":"m1","MetricStat":{"Metric":{"Namespace":"AWS/RDS","MetricName":"DatabaseConnections",
	  "Dimensions":[{"Name":"DBInstanceIdentifier","Value":"shop"}]},"Period":60,"Stat":"Average"}},
	  {"Id":"ad1","Expression":"ANOMALY_DETECTION_BAND(m1, 2)"}]},
	 {"AlarmName":"memory","StateValue":"INSUFFICIENT_DATA","Namespace":"AWS/RDS","MetricName":"FreeableMemory","Statistic":"Average",
	  "Period":300,"Threshold":1,"ComparisonOperator":"LessThanThreshold","TreatMissingData":"missing",
	  "StateTransitionedTimestamp":1795313700,"Dimensions":[{"Name":"DBInstanceIdentifier","Value":"shop"}]}],
	 "CompositeAlarms":[{"AlarmName":"outage","StateValue":"ALARM","AlarmRule":"ALARM(cpu) AND ALARM(band)","ActionsEnabled":true,
	  "ActionsSuppressedBy":"Alarm","ActionsSuppressor":"arn:aws:cloudwatch:us-east-1:123456789012:alarm:release"}]}`,
	"DescribeAlarmHistory": `{"AlarmHistoryItems":[
	 {"AlarmName":"memory","HistoryItemType":"StateUpdate","Timestamp":1795313700,"HistorySummary":"Alarm updated from OK to INSUFFICIENT_DATA",
	  "HistoryData":"{\"oldState\":{\"stateValue\":\"OK\"},\"newState\":{\"stateValue\":\"INSUFFICIENT_DATA\"}}"},
	 {"AlarmName":"band","HistoryItemType":"Action","Timestamp":1795313401,
	  "HistorySummary":"Failed to execute action arn:aws:sns:us-east-1:123456789012:pager. Received error: \"denied\""}]}`,
	"GetMetricData": `{"MetricDataResults":[{"Id":"m0","StatusCode":"Complete","Timestamps":[1795312200,1795312500],"Values":[7e9,7e9]}]}`,
}

// TestAlarmsOverTheWire judges alarms as real deserialisers make them of JSON and of CBOR: both alike.
func TestAlarmsOverTheWire(t *testing.T) {
	want := map[diag.Code][]string{
		"cloudwatch.alarm-raised": {
			"alarm band is raised (DatabaseConnections Average outside its anomaly band) since 02:10 UTC; it was 239 where at " +
				"most 226 was " +
				"expected, and with it outage (which cpu holds up too)",
			"alarm cpu is raised (CPUUtilization Average > 90) since 02:10 UTC; it was 93.2, and with it outage (which band " +
				"holds up too)"},
		"cloudwatch.alarm-told-nobody": {"alarms that were raised and told nobody: band (its action failed), cpu (its actions are " +
			"switched off)"},
		"cloudwatch.alarm-lost-data": {"FreeableMemory stopped at 02:00 UTC, and alarm memory is blind since 02:15 UTC"},
	}
	for _, protocol := range []string{"x-amz-json-1.0", "rpc-v2-cbor"} {
		t.Run(protocol, func(t *testing.T) {
			client := cloudWatchOf(spoken(t, protocol, alarmAnswers), protocol)
			window := diag.Last(time.Hour, time.Unix(1795314300, 0).UTC())
			subject := metrics.NewWatched(metrics.NewAlarms(client, window),
				diag.Resource{Type: "AWS::RDS::DBInstance", ID: "shop"},
				metrics.Dimension{Name: "DBInstanceIdentifier", Value: "shop"}).WithMetrics(metrics.NewSource(client, window)).
				WithLife(func(context.Context) (bool, error) { return true, nil })
			report := diag.Run(t.Context(), diag.Join(diag.On(subject, metrics.AlarmChecks()...),
				diag.Observe(subject, metrics.AlarmSurvey)))
			require.NoError(t, report.Err())
			got := map[diag.Code][]string{}
			for _, f := range report.Findings {
				got[f.Code] = append(got[f.Code], f.Summary)
			}
			assert.Equal(t, want, got)
			assert.Len(t, report.Events, 2)
		})
	}
}

// TestAlarmsRefusedOverTheWire: what CloudWatch refuses has its kind in both protocols.
func TestAlarmsRefusedOverTheWire(t *testing.T) {
	for code, kind := range map[string]diag.Kind{"AccessDeniedException": diag.KindDenied,
		"ThrottlingException":       diag.KindThrottled,
		"ResourceNotFoundException": diag.KindNotFound} {
		for _, protocol := range []string{"x-amz-json-1.0", "rpc-v2-cbor"} {
			refused := `{"__type":"com.amazonaws.cloudwatch#` + code + `","message":"no"}`
			client := cloudWatchOf(spoken(t, protocol,
				map[string]string{"DescribeAlarms": refused, "DescribeAlarmHistory": refused,
					"GetMetricData": refused, "DescribeAnomalyDetectors": refused}), protocol)
			window := diag.Last(time.Hour, recorded)
			alarms := metrics.NewAlarms(client, window)
			_, err := alarms.Known(t.Context())
			assert.Equal(t, kind, diag.KindOf(err), "%s in %s: %v", code, protocol, err)
			_, err = alarms.History(t.Context(), "a")
			assert.Equal(t, kind, diag.KindOf(err), "%s in %s", code, protocol)
			_, err = metrics.NewSource(client, window).Week(t.Context(),
				metrics.LoadBalancerMetric("app/a/1", "RequestCount", "Sum"))
			assert.Equal(t, kind, diag.KindOf(err), "%s in %s", code, protocol)
			_, err = metrics.Detectors(t.Context(), client)
			assert.Equal(t, kind, diag.KindOf(err), "%s in %s", code, protocol)
		}
	}
}
