package triage_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/health/healthfake"
	"github.com/awsdiag/awsdiag/triage"
)

// TestOutages: what AWS reports stands above what broke of it, and is no alarm where nothing did.
func TestOutages(t *testing.T) {
	const reports, region = "i-0a7587af1e3b4edae", "eu-south-1"
	placing := func(w *world) {
		w.service("quotes").DesiredCount, w.service("quotes").Deployments[0].DesiredCount = 5, 5
		for ago := 33 * time.Minute; ago > 0; ago -= 6 * time.Minute {
			w.event("quotes", ago,
				"was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a "+
					"different availability zone.")
		}
	}
	for _, tt := range []struct {
		name   string
		v      variation
		spoil  func(*world)
		events func(w *world) []healthfake.Event
		root   diag.Code // "" for another, "sound" for none
		says   string
	}{
		{"Fargate has trouble", variation{kind: triage.TasksPending, target: "quotes"}, placing,
			func(w *world) []healthfake.Event {
				return []healthfake.Event{healthfake.Issue("ECS", region, w.ago(40*time.Minute))}
			},
			"health.container-issue", "AWS reports trouble of ECS"},
		{"the host has trouble", variation{kind: triage.InstanceUnreachable, target: "reports", targetType: targetInstance},
			func(w *world) { w.unsound("reports", 33*time.Minute, true) },
			func(w *world) []healthfake.Event {
				return []healthfake.Event{healthfake.Issue("EC2", region, w.ago(35*time.Minute)).Names(reports),
					healthfake.Issue("EC2", region, w.ago(34*time.Minute)).Names("i-0feedbeef12345678")}
			}, "health.host-issue", "AWS reports trouble of EC2"},
		{"another service has trouble", variation{kind: triage.TasksPending, target: "quotes"}, placing,
			func(w *world) []healthfake.Event {
				return []healthfake.Event{healthfake.Issue("SAGEMAKER", region, w.ago(40*time.Minute)),
					healthfake.Issue("ECS", "us-east-1", w.ago(40*time.Minute))}
			}, "", ""},
		{"trouble that began later", variation{kind: triage.TasksPending, target: "quotes"}, placing,
			func(w *world) []healthfake.Event {
				return []healthfake.Event{healthfake.Issue("ECS", region, w.ago(5*time.Minute))}
			}, "", ""},
		{"trouble that does not touch the account", variation{kind: triage.Unknown, targetType: targetLoadBalancer},
			func(*world) {},
			func(w *world) []healthfake.Event {
				return []healthfake.Event{healthfake.Issue("ECS", region, w.ago(40*time.Minute)),
					healthfake.Issue("EC2", region, w.ago(40*time.Minute)), healthfake.Issue("RDS", region, w.ago(40*time.Minute))}
			}, "sound", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			tt.spoil(w)
			w.Health.Events = tt.events(w)
			report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, tt.v.symptom(w),
				triage.Options{Now: w.now})
			require.NoError(t, err)
			require.NoError(t, report.Err())
			assert.LessOrEqual(t, len(w.Health.Calls()), 3)
			if tt.root == "sound" {
				assert.Less(t, report.Worst(), diag.SeverityWarning, told(report.Roots()))
				return
			}
			roots := report.Roots()
			require.NotEmpty(t, roots)
			if tt.root == "" {
				assert.NotContains(t, told(roots), "health.")
				return
			}
			assert.Equal(t, tt.root, roots[0].Code, told(roots))
			assert.Contains(t, roots[0].Summary, tt.says)
			assert.NotContains(t, told(roots), "feedbeef")
		})
	}
}

// TestHealthNotReadable: without Business support the report says so and alarms nobody; a denied call is no all-clear.
func TestHealthNotReadable(t *testing.T) {
	w := newWorld(t)
	w.Health.Unsubscribed = true
	report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()},
		variation{kind: triage.Unknown, target: "quotes"}.symptom(w), triage.Options{Now: w.now})
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, diag.SeverityInfo, report.Worst())
	assert.Len(t, w.Health.Calls(), 1)

	w = newWorld(t)
	diagfake.Fake(&w.Health).Deny("health:DescribeEvents")
	report, err = triage.Investigate(t.Context(), []triage.Scope{w.Scope()},
		variation{kind: triage.Unknown, target: "quotes"}.symptom(w), triage.Options{Now: w.now})
	require.NoError(t, err)
	assert.Equal(t, diag.KindDenied, diag.KindOf(report.Err()))
}
