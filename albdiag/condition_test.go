package albdiag_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
)

// labels are the corpus's names of the conditions.
var labels = map[albdiag.Condition]string{
	albdiag.Healthy: "healthy", albdiag.InitialChecks: "initial_checks",
	albdiag.RegistrationInProgress: "registration_in_progress",
	albdiag.InternalError:          "internal_error", albdiag.Draining: "draining",
	albdiag.FailedHealthChecks:   "failed_health_checks",
	albdiag.ResponseCodeMismatch: "response_code_mismatch", albdiag.TimedOut: "target_timeout",
	albdiag.InvalidState: "target_stopped",
	albdiag.IPUnusable:   "ip_unusable", albdiag.NotInUse: "not_in_use", albdiag.ZoneNotEnabled: "az_not_enabled",
	albdiag.NotRegistered: "not_registered", albdiag.ChecksDisabled: "health_check_disabled",
}

// TestCorpus reads health as documents and public texts write it. Of the public ones 40 of the first 53, then 33 of the
// next 34, then 51 of the next 62 (of Classic Load Balancers 2 of 10), and at last 34 of 39 were
// right when they were first read.
func TestCorpus(t *testing.T) {
	for _, name := range []string{"alb_target_health", "alb_target_health_public"} {
		file, err := os.Open("testdata/" + name + ".jsonl")
		require.NoError(t, err)
		right, all := 0, 0
		for lines := bufio.NewScanner(file); lines.Scan(); {
			var entry struct{ ID, Text, Label string }
			require.NoError(t, json.Unmarshal(lines.Bytes(), &entry))
			all++
			if got := labels[albdiag.ParseHealth(entry.Text).Condition()]; got == entry.Label {
				right++
			} else {
				t.Logf("%s: %q is %s, not %q", entry.ID, entry.Text, got, entry.Label)
			}
		}
		require.NoError(t, file.Close())
		require.NotZero(t, all)
		t.Logf("%s: %d of %d right", name, right, all)
		assert.GreaterOrEqual(t, float64(right), 0.97*float64(all))
	}
}

func TestParseHealth(t *testing.T) {
	tests := []struct {
		name, text string
		want       albdiag.Condition
	}{
		{"YAML", "TargetHealth:\n  State: unhealthy\n  Reason: Target.Timeout\n  Description: Request timed out",
			albdiag.TimedOut},
		{"a table", "| unhealthy | Target.FailedHealthChecks |", albdiag.FailedHealthChecks},
		{"XML", "<TargetHealth><State>unused</State><Reason>Target.IpUnusable</Reason></TargetHealth>", albdiag.IPUnusable},
		{"zone",
			`{"State":"unused","Reason":"Target.NotInUse","Description":"Target is in an Availability Zone that is not enabled for the load balancer"}`, albdiag.ZoneNotEnabled},
		{"group not used",
			`{"State":"unused","Reason":"Target.NotInUse","Description":"Target group is not configured to receive traffic from the load balancer"}`, albdiag.NotInUse},
		{"description of a terminated instance", "Target is in the terminated state", albdiag.InvalidState},
		{"description of a mismatch", "Health checks failed with these codes: [502]", albdiag.ResponseCodeMismatch},
		{"description of an unreachable port", "unhealthy: Health checks failed", albdiag.FailedHealthChecks},
		{"state without reason", "unhealthy", albdiag.FailedHealthChecks},
		{"unhealthy on its way out", `"State": "unhealthy.draining"`, albdiag.Draining},
		{"internal error", "Elb.InternalError: Health checks failed due to an internal error", albdiag.InternalError},
		{"disabled", `"State": "unavailable", "Reason": "Target.HealthCheckDisabled"`, albdiag.ChecksDisabled},
		{"key=value", "state=initial reason=Elb.RegistrationInProgress", albdiag.RegistrationInProgress},
		{"nothing of the kind", "connection reset by peer", albdiag.UnknownCondition},
		{"empty", "", albdiag.UnknownCondition},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, albdiag.ParseHealth(tt.text).Condition()) })
	}
}

func FuzzParseHealth(f *testing.F) {
	f.Add(`{"State": "unhealthy", "Reason": "Target.Timeout", "Description": "Request timed out"}`)
	f.Add("Target.InvalidState: Target is in the stopped state")
	f.Fuzz(func(t *testing.T, text string) {
		if albdiag.ParseHealth(text).Condition() == "" {
			t.Error("every text has a condition")
		}
	})
}

func TestEveryReasonAndStateHasACondition(t *testing.T) {
	for _, reason := range types.TargetHealthReasonEnum("").Values() {
		c := albdiag.Target{State: types.TargetHealthStateEnumUnhealthy, Reason: reason}.Condition()
		assert.NotEqual(t, albdiag.UnknownCondition, c, "a new reason: %s", reason)
	}
	for _, state := range types.TargetHealthStateEnum("").Values() {
		c := albdiag.Target{State: state}.Condition()
		assert.NotEqual(t, albdiag.UnknownCondition, c, "a new state: %s", state)
	}
}

func TestWhoServesLeavesAndFails(t *testing.T) {
	want := map[types.TargetHealthStateEnum][3]bool{ // serving, leaving, failing
		types.TargetHealthStateEnumHealthy:           {true, false, false},
		types.TargetHealthStateEnumUnavailable:       {true, false, false},
		types.TargetHealthStateEnumUnhealthy:         {false, false, true},
		types.TargetHealthStateEnumUnhealthyDraining: {false, true, false},
		types.TargetHealthStateEnumDraining:          {false, true, false}, types.TargetHealthStateEnumInitial: {},
		types.TargetHealthStateEnumUnused: {},
	}
	for _, state := range types.TargetHealthStateEnum("").Values() {
		target := albdiag.Target{State: state}
		expected, ok := want[state]
		require.True(t, ok, "a new state: %s", state)
		assert.Equal(t, expected, [3]bool{target.Serving(), target.Leaving(), target.Failing()}, "%s", state)
	}
}
