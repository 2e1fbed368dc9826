package albdiag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// judge runs all checks of the target group shop-api.
func (w *world) judge(t *testing.T) *diag.Report {
	t.Helper()
	return diagtest.Run(t, w.targetGroup(), albdiag.TargetGroupChecks()...)
}

// TestNotUnhealthy are targets that do not serve and yet are no trouble.
func TestNotUnhealthy(t *testing.T) {
	tests := []struct {
		name   string
		state  types.TargetHealthStateEnum
		reason types.TargetHealthReasonEnum
	}{
		{"draining", types.TargetHealthStateEnumDraining, types.TargetHealthReasonEnumDeregistrationInProgress},
		{"unhealthy and draining", types.TargetHealthStateEnumUnhealthyDraining,
			types.TargetHealthReasonEnumDeregistrationInProgress},
		{"new", types.TargetHealthStateEnumInitial, types.TargetHealthReasonEnumInitialHealthChecking},
		{"being registered", types.TargetHealthStateEnumInitial, types.TargetHealthReasonEnumRegistrationInProgress},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.elb.Spoil("shop-api", 0, tt.state, tt.reason, "")
			diagtest.Want(t, w.judge(t))
		})
	}
}

func TestPortOfTheGroupIsNoMatter(t *testing.T) {
	w := newWorld() // ECS registers each task with its own port, whatever the group's default is
	w.group().Port = aws.Int32(80)
	diagtest.Want(t, w.judge(t))
}

func TestMismatchQuotesCodePathAndMatcher(t *testing.T) {
	w := newWorld()
	w.elb.Spoil("shop-api", 1, types.TargetHealthStateEnumUnhealthy, types.TargetHealthReasonEnumResponseCodeMismatch,
		"Health checks failed with these codes: [404]")
	w.unhealthyHosts(1, 1, 1)
	f := diagtest.Only(t, w.judge(t), "alb.target-response-code-mismatch")
	assert.Equal(t,
		"1 of 2 targets of shop-api: health check HTTP GET /healthz on the traffic port answers 404 instead of 200 "+
			"(10.20.39.14:3000)", f.Summary)
	assert.Equal(t, newest.Add(-10*60e9), f.Since)
	assert.Equal(t, diag.SeverityError, f.Severity, "as many fail as serve")
	assert.Equal(t, "unhealthy: Target.ResponseCodeMismatch: Health checks failed with these codes: [404]",
		f.Evidence[0].Value)
	assert.Equal(t, apiARN, f.Resource.ARN)
	assert.Contains(t, f.NextSteps[0].Command, "http://10.20.39.14:3000/healthz")
}

func TestOneOfManyIsAWarning(t *testing.T) {
	w := newWorld()
	for range 3 {
		w.elb.TargetHealth[apiARN] = append(w.elb.TargetHealth[apiARN], albfake.Target("10.20.32.9", 3001, "eu-west-1a"))
	}
	w.elb.Spoil("shop-api", 0, types.TargetHealthStateEnumUnhealthy, types.TargetHealthReasonEnumTimeout,
		"Request timed out")
	report := w.judge(t)
	diagtest.Want(t, report, "alb.target-timeout")
	assert.Equal(t, diag.SeverityWarning, report.Findings[0].Severity)
}

func TestNoHealthyTargets(t *testing.T) {
	spoil := func(state types.TargetHealthStateEnum, reason types.TargetHealthReasonEnum) *world {
		w := newWorld()
		for i := range 2 {
			w.elb.Spoil("shop-api", i, state, reason, "")
		}
		return w
	}
	const code = "alb.no-healthy-targets"
	t.Run("unhealthy: fails open", func(t *testing.T) {
		w := spoil(types.TargetHealthStateEnumUnhealthy, types.TargetHealthReasonEnumTimeout)
		w.hosts(0, 0)
		w.unhealthyHosts(2, 2)
		report := w.judge(t)
		diagtest.Want(t, report, "alb.target-timeout", code)
		f := diagtest.Only(t, report, code)
		assert.Equal(t,
			"none of the 2 targets of shop-api is healthy (2 unhealthy): the load balancer fails open and sends requests to "+
				"unhealthy targets", f.Summary)
		assert.Equal(t, newest.Add(-5*60e9), f.Since)
		assert.False(t, f.SinceAtLeast)
		assert.Equal(t, diag.Code("alb.target-timeout"), f.ExplainedBy[0].Code)
	})
	t.Run("stopped: 503", func(t *testing.T) {
		f := diagtest.Only(t, spoil(types.TargetHealthStateEnumUnused, types.TargetHealthReasonEnumInvalidState).judge(t),
			code)
		assert.Contains(t, f.Summary, "503")
	})
	t.Run("all new, just now", func(t *testing.T) {
		w := spoil(types.TargetHealthStateEnumInitial, types.TargetHealthReasonEnumInitialHealthChecking)
		w.hosts(0)
		diagtest.Want(t, w.judge(t))
	})
	t.Run("all new for too long", func(t *testing.T) {
		w := spoil(types.TargetHealthStateEnumInitial, types.TargetHealthReasonEnumInitialHealthChecking)
		w.hosts(0, 0, 0, 0, 0, 0)
		diagtest.Want(t, w.judge(t), code)
	})
	t.Run("idle side of a blue/green deployment", func(t *testing.T) {
		diagtest.Want(t, spoil(types.TargetHealthStateEnumUnused, types.TargetHealthReasonEnumNotInUse).judge(t),
			"alb.target-group-not-in-use")
	})
	t.Run("no load balancer", func(t *testing.T) {
		w := spoil(types.TargetHealthStateEnumUnused, types.TargetHealthReasonEnumNotInUse)
		w.group().LoadBalancerArns = nil
		diagtest.Want(t, w.judge(t), "alb.target-group-not-in-use")
	})
}

func TestNoRegisteredTargets(t *testing.T) {
	tests := []struct {
		name     string
		spoil    func(*world)
		severity diag.Severity
	}{
		{"503s", func(w *world) { w.counts("HTTPCode_ELB_503_Count", 40, 44) }, diag.SeverityWarning},
		{"requests and no 503: the idle side", func(*world) {}, diag.SeverityInfo},
		{"nothing known of requests", func(w *world) { w.cw.Series = nil }, diag.SeverityWarning},
		{"draining only", func(w *world) {
			w.cw.Series = nil
			w.elb.TargetHealth[apiARN] = []types.TargetHealthDescription{albfake.Target("10.0.0.1", 80, "eu-west-1a")}
			w.elb.Spoil("shop-api", 0, types.TargetHealthStateEnumDraining, types.TargetHealthReasonEnumDeregistrationInProgress,
				"")
		}, diag.SeverityWarning},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.elb.TargetHealth[apiARN] = nil
			tt.spoil(w)
			assert.Equal(t, tt.severity, diagtest.Only(t, w.judge(t), "alb.no-registered-targets").Severity)
		})
	}
}

func TestTargetsWereUnhealthy(t *testing.T) {
	const code = "alb.targets-were-unhealthy"
	tests := []struct {
		name     string
		spoil    func(*world)
		severity diag.Severity // zero: silent
	}{
		{"none left for a while", func(w *world) { w.hosts(0, 0, 2, 2); w.unhealthyHosts(2, 2, 0, 0) }, diag.SeverityWarning},
		{"registered anew for a while", func(w *world) { w.hosts(0, 2, 2) }, diag.SeverityWarning},
		{"one of three", func(w *world) { w.hosts(2, 2, 3); w.unhealthyHosts(1, 1, 0) }, diag.SeverityInfo},
		{"scale-in", func(w *world) { w.hosts(1, 1, 1) }, 0},
		{"rolling deployment", func(w *world) { w.hosts(4, 4, 2) }, 0},
		{"before the window", func(w *world) {
			w.hosts(0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2)
		}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.spoil(w)
			report := w.judge(t)
			if tt.severity == 0 {
				diagtest.Want(t, report)
				return
			}
			diagtest.Want(t, report, code)
			assert.Equal(t, tt.severity, report.Findings[0].Severity)
		})
	}
}
