package triage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/traces/tracesfake"
	"github.com/awsdiag/awsdiag/triage"
)

// traced gives the tasks of "quotes" an X-Ray daemon and requests of so many seconds, of which the last call takes
// them. call is the members of that call's segment.
func (w *world) traced(since time.Duration, seconds float64, fault bool, call string) {
	td := w.definition(*w.service("quotes").TaskDefinition)
	td.ContainerDefinitions = append(td.ContainerDefinitions,
		types.ContainerDefinition{Name: aws.String("xray"), Image: aws.String("public.ecr.aws/xray/aws-xray-daemon:3.x"),
			Essential: aws.Bool(false)})
	n := 0
	for ago := since; ago > time.Minute; ago -= 90 * time.Second {
		n++
		at := w.ago(ago)
		start := float64(at.Unix())
		id, flag := tracesfake.ID(at, n), ""
		if fault {
			flag = `,"fault":true`
		}
		times := func(from, to float64) string {
			return fmt.Sprintf(`"start_time":%.3f,"end_time":%.3f`, start+from, start+to)
		}
		w.XRay.Traces = append(w.XRay.Traces, tracesfake.Trace{ID: id, Segments: []string{
			fmt.Sprintf(`{"id":"q%d","trace_id":%q,"name":"quotes","origin":"AWS::ECS::Container",%s%s,"http":{"request":{"method":"GET","url":"http://booking.example/api/quotes"},"response":{"status":500}},
				"subsegments":[{"id":"c%d",%s%s,%s}]}`, n, id, times(0, seconds), flag, n, times(0.01, seconds-0.01), flag, call)}})
	}
}

// TestTraces: where the latency or the fault of requests begins is the root of what the load balancer shows.
func TestTraces(t *testing.T) {
	slow := func(w *world) { w.metric("TargetResponseTime", "", "", 40*time.Minute, times(60)) }
	for _, tt := range []struct {
		name   string
		kind   triage.SymptomKind
		spoil  func(*world)
		code   diag.Code
		id     string
		says   string
		effect diag.Code
	}{
		{"slow table", triage.Slow, func(w *world) {
			slow(w)
			w.traced(40*time.Minute, 7, false,
				`"name":"DynamoDB","namespace":"aws","aws":{"operation":"Query","table_name":"booking-prod-sessions"}`)
		}, "traces.slow-segment", "booking-prod-sessions",
			"slow requests wait at DynamoDB Query (table booking-prod-sessions), called by quotes", "alb.slow-responses"},
		{"slow partner, by the second", triage.Slow, func(w *world) {
			slow(w)
			w.traced(40*time.Minute, 2, false, `"name":"rates.partner.example","namespace":"remote"`)
		}, "traces.slow-segment", `service("quotes")`, "slow requests wait at rates.partner.example", "alb.slow-responses"},
		{"failing partner", triage.HTTP5xx, func(w *world) {
			w.failures("quotes", 40*time.Minute, 2600)
			w.traced(40*time.Minute, 1, true,
				`"name":"rates.partner.example","namespace":"remote","http":{"request":{"method":"GET","url":"https://rates.partner.example/v2"},"response":{"status":503}}`)
		}, "traces.fault-begins-at", `service("quotes")`, "faults begin at rates.partner.example",
			"alb.http-5xx-from-targets"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			tt.spoil(w)
			v := variation{kind: tt.kind, targetType: targetLoadBalancer}
			report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, v.symptom(w), triage.Options{Now: w.now})
			require.NoError(t, err)
			require.NoError(t, report.Err())
			roots := report.Roots()
			require.NotEmpty(t, roots)
			assert.Equal(t, tt.code, roots[0].Code, told(roots))
			assert.Contains(t, roots[0].Resource.ID, tt.id)
			assert.Contains(t, roots[0].Summary, tt.says)
			var effects []diag.Code
			for _, e := range roots[0].Explains {
				effects = append(effects, e.Code)
			}
			assert.Contains(t, effects, tt.effect)
			assert.LessOrEqual(t, len(w.XRay.Calls()), 8)
		})
	}
}

// TestNoTracesNoCalls: an account without X-Ray is not asked for traces, and one with it only where requests are in
// trouble.
func TestNoTracesNoCalls(t *testing.T) {
	for _, kind := range triage.SymptomKinds() {
		w := newWorld(t)
		_, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()},
			variation{kind: kind, target: "quotes"}.symptom(w), triage.Options{Now: w.now})
		require.NoError(t, err)
		assert.Empty(t, w.XRay.Calls(), kind)
	}
	w := newWorld(t)
	w.traced(40*time.Minute, 0.1, false, `"name":"DynamoDB","namespace":"aws"`)
	report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()},
		variation{kind: triage.Slow, target: "quotes"}.symptom(w), triage.Options{Now: w.now})
	require.NoError(t, err)
	assert.Less(t, report.Worst(), diag.SeverityWarning)
	assert.Len(t, w.XRay.Calls(), 1, "the summaries, which show nothing")
	w = newWorld(t)
	w.traced(40*time.Minute, 7, false, `"name":"DynamoDB","namespace":"aws"`)
	_, err = triage.Investigate(t.Context(), []triage.Scope{w.Scope()},
		variation{kind: triage.DeploymentStuck, target: "quotes"}.symptom(w), triage.Options{Now: w.now})
	require.NoError(t, err)
	assert.Empty(t, w.XRay.Calls())
}
