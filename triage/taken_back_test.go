package triage

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

// TestTakenBack is when what a log told of is over: it came and went with a change.
func TestTakenBack(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 3, 1, 12, minute, 0, 0, time.UTC) }
	told := func(code diag.Code, since, last int) diag.Finding {
		return diag.Finding{Code: code, Since: at(since), Evidence: []diag.Evidence{{Value: "a", At: at(since)},
			{Value: "b", At: at(last)}}}
	}
	change := func(since, until int) diag.Finding {
		c := diag.Finding{Code: "changes.role-policy-detached", Change: true, Since: at(since)}
		if until > 0 {
			c.Until = at(until)
		}
		return c
	}
	for _, c := range []struct {
		name         string
		told, change diag.Finding
		over         bool
	}{
		{"came and went", told("logs.access-denied", 2, 36), change(0, 38), true},
		{"went a little later", told("logs.access-denied", 2, 45), change(0, 38), true},
		{"goes on", told("logs.access-denied", 2, 58), change(0, 38), false},
		{"went before", told("logs.access-denied", 2, 20), change(0, 38), false},
		{"came before", told("logs.access-denied", 2, 36), change(10, 38), false},
		{"came much later", told("logs.access-denied", 22, 36), change(0, 38), false},
		{"not taken back", told("logs.access-denied", 2, 36), change(0, 0), false},
		{"from no log", told("ec2.instance-check-failed", 2, 36), change(0, 38), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := []diag.Finding{c.told, c.change}
			takenBack(found, at(88))
			assert.Equal(t, c.over, !found[0].Until.IsZero())
		})
	}
	found := []diag.Finding{told("logs.access-denied", 2, 36), change(0, 38)}
	takenBack(found, at(60))
	assert.True(t, found[0].Until.IsZero(), "silent for 24 minutes only")
}
