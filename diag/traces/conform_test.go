package traces_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/traces"
)

func TestConform(t *testing.T) {
	healthy := func() (*traces.Traces, []diagfake.Fake) { return subject(world(0, request{})) }
	for check, broken := range map[*diag.Check[*traces.Traces]]request{
		traces.FaultBeginsAt: {fails: "table", flag: "fault"},
		traces.Throttled:     {fails: "table", flag: "throttle"},
		traces.SlowSegment:   {seconds: 7},
	} {
		diagtest.Conform(t, check, diagtest.Worlds[*traces.Traces]{Healthy: healthy,
			Broken: func() (*traces.Traces, []diagfake.Fake) { return subject(world(9, broken)) }})
	}
}

func TestReadOnly(t *testing.T) { diagtest.ReadOnly[traces.TraceAPI](t) }

func TestCatalogue(t *testing.T) {
	var infos []diag.Info
	for _, c := range traces.TracesChecks() {
		infos = append(infos, c.Info)
		assert.NotEmpty(t, c.Limits)
	}
	require.NoError(t, diag.Validate(infos...))
	assert.Equal(t, diag.ClassData, diag.ClassOf("xray:GetTraceSummaries"))
	assert.Equal(t, diag.ClassData, diag.ClassOf("xray:BatchGetTraces"))
}

func TestFindings(t *testing.T) {
	const orders = "DynamoDB PutItem (table orders), called by api"
	for _, tt := range []struct {
		name     string
		n        int
		r        request
		code     diag.Code
		severity diag.Severity
		summary  string
	}{
		{"fault at the table", 9, request{fails: "table", flag: "fault"}, "traces.fault-begins-at", diag.SeverityError,
			"faults begin at " + orders +
				": in 9 of 9 faulty traces looked at; 9 of 59 sampled requests faulted: ProvisionedThroughputExceededException: " +
				"The level of configured provisioned throughput for the table was exceeded."},
		{"fault in the code", 30, request{fails: "api"}, "traces.fault-begins-at", diag.SeverityError,
			"faults begin at handler in api, called by web: in 10 of 10 faulty traces looked at; 30 of 80 sampled requests " +
				"faulted: KeyError: 'price'"},
		{"one fault is an accident", 1, request{fails: "api"}, "traces.fault-begins-at", diag.SeverityInfo,
			"faults begin at handler in api, called by web: in 1 of 1 faulty traces looked at; 1 of 51 sampled requests " +
				"faulted: KeyError: 'price'"},
		{"throttled and handled", 4, request{fails: "handled", flag: "throttle"}, "traces.throttled", diag.SeverityWarning,
			orders + " throttles calls: in 4 of 4 throttled traces looked at; 4 of 54 sampled requests were throttled"},
		{"slow at the table", 5, request{seconds: 8}, "traces.slow-segment", diag.SeverityWarning,
			"slow requests wait at " + orders +
				": 7.9 s on average in 5 of 5 slow traces looked at; 5 of 55 sampled requests took longer than 5 s"},
		{"slow by itself", 5, request{seconds: 8, wait: "web"}, "traces.slow-segment", diag.SeverityWarning,
			"slow requests wait at web: 7.9 s on average in 5 of 5 slow traces looked at; 5 of 55 sampled requests took longer than 5 s"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, fakes := subject(world(tt.n, tt.r))
			report := diagtest.Run(t, x, traces.TracesChecks()...)
			diagtest.Want(t, report, tt.code)
			f := diagtest.Only(t, report, tt.code)
			assert.Equal(t, tt.severity, f.Severity)
			assert.Equal(t, tt.summary, f.Summary)
			assert.False(t, f.Since.IsZero())
			calls := map[string]int{}
			for _, c := range fakes[0].Calls() {
				calls[c.Action]++
			}
			assert.Equal(t, 1, calls["xray:GetTraceSummaries"], "all checks share the summaries")
			assert.LessOrEqual(t, calls["xray:BatchGetTraces"], 2)
		})
	}
}

// TestFaultEvidence names traces, the edge and the resource.
func TestFaultEvidence(t *testing.T) {
	x, _ := subject(world(9, request{fails: "table", flag: "fault"}))
	f := diagtest.Only(t, diagtest.Run(t, x, traces.FaultBeginsAt), "traces.fault-begins-at")
	assert.Contains(t, f.Evidence, diag.Evidence{Source: "xray:GetServiceGraph",
		Field: "Services[api].Edges[DynamoDB].SummaryStatistics", Value: "9 of 58 calls faulted"})
	assert.Equal(t, "orders", f.Resource.ID)
	assert.Regexp(t, `^aws xray batch-get-traces --trace-ids 1-[0-9a-f]{8}-[0-9a-f]{24}$`,
		f.NextSteps[len(f.NextSteps)-1].Command)
}

// TestPastFaults weigh less than those that go on.
func TestPastFaults(t *testing.T) {
	fake := world(0, request{})
	for i := range 9 {
		fake.Traces = append(fake.Traces, request{minutes: 60 + i, fails: "api"}.trace(i))
	}
	x, _ := subject(fake)
	f := diagtest.Only(t, diagtest.Run(t, x, traces.FaultBeginsAt), "traces.fault-begins-at")
	assert.Equal(t, diag.SeverityWarning, f.Severity)
	assert.Equal(t, now.Add(-68*60*1e9), f.Since)
}

func TestSurvey(t *testing.T) {
	x, _ := subject(world(9, request{fails: "table", flag: "throttle"}))
	report := diag.Runner{Window: window}.Run(t.Context(), diag.Observe(x, traces.TracesSurvey))
	require.NoError(t, report.Err())
	var texts []string
	for _, e := range report.Events {
		texts = append(texts, e.Text)
		assert.Equal(t, "trace", e.Kind)
	}
	require.Len(t, texts, 4)
	assert.Regexp(t, `^first faulty request of 9: trace 1-.*, 200 ms$`, texts[0])
	assert.Regexp(t, `^last throttled request of 9: `, texts[3])
}
