package wire

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/xray"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/traces"
)

// TestEvidenceOverTheWire reads CloudTrail and X-Ray as real deserialisers make them of what two servers answered. Moto
// fails at the events and answers what is no list of traces, ministack knows no traces: that is no empty history, and
// no absence of traces.
func TestEvidenceOverTheWire(t *testing.T) {
	window := diag.Last(3*time.Hour, time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC))
	for server, c := range map[string]struct {
		trail  bool
		traces string
	}{
		"moto":      {false, "unexpected JSON type"},
		"ministack": {true, "StatusCode: 405"},
	} {
		t.Run(server, func(t *testing.T) {
			replay, err := Load(server)
			require.NoError(t, err)
			cfg := replay.Config()

			trail := changes.NewTrail(cloudtrail.NewFromConfig(cfg), window, changes.WithPacer(nil))
			sweep, err := trail.Sweep(t.Context())
			assert.Equal(t, c.trail, err == nil, "%v", err)
			require.NotNil(t, sweep)
			t.Logf("%d events, %d changes; %v", sweep.Read, len(sweep.Changes), err)
			touched := changes.NewTouched(trail, diag.ResourceOf("AWS::EC2::SecurityGroup", "sg-1", ""), window)
			report := diag.Run(t.Context(), diag.On(touched, changes.TouchedChecks()...))
			if c.trail {
				assert.NoError(t, report.Err())
			} else {
				assert.ErrorContains(t, err, "looking up events")
				require.Len(t, report.Inconclusive, 1, "one error of one sweep is told once")
				assert.Len(t, report.Inconclusive[0].Codes(), len(changes.TouchedChecks()))
			}

			requests := traces.NewTraces(xray.NewFromConfig(cfg), window)
			report = diag.Run(t.Context(), diag.On(requests, traces.TracesChecks()...))
			assert.ErrorContains(t, report.Err(), "listing traces")
			assert.ErrorContains(t, report.Err(), c.traces)
			assert.Empty(t, report.Findings)
			for _, i := range report.Inconclusive {
				assert.NotContains(t, []diag.Kind{diag.KindPanic, diag.KindContract}, i.Kind, i.Err)
			}
		})
	}
}

// TestTraceOverTheWire: a trace that a server put together is read down to the segment that failed.
func TestTraceOverTheWire(t *testing.T) {
	replay, err := Load("moto")
	require.NoError(t, err)
	out, err := xray.NewFromConfig(replay.Config()).BatchGetTraces(t.Context(),
		&xray.BatchGetTracesInput{TraceIds: []string{"1-6b025273-0000000018ea3cd5f29d56f9"}})
	require.NoError(t, err)
	require.Len(t, out.Traces, 1)
	segments, err := traces.Parse(out.Traces[0])
	require.NoError(t, err)
	origin := traces.FaultOrigin(segments)
	require.NotNil(t, origin)
	assert.Equal(t, "web", origin.Segment.Name)
	assert.Equal(t, time.Second, origin.Segment.Duration())
}
