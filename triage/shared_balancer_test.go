package triage_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/triage"
)

// TestSharedBalancer: the errors of a load balancer that a service shares with another come from the other. Who asks
// about the service that is well is led to it.
func TestSharedBalancer(t *testing.T) {
	p := incident(t, "database-connections-exhausted")
	account := p.load(t)
	target := ""
	for _, s := range account.ECS.Services {
		if strings.Contains(*s.ServiceName, "-front-") {
			target = short(*s.ClusterArn) + "/" + *s.ServiceName
		}
	}
	require.NotEmpty(t, target)
	report, err := triage.Investigate(t.Context(), []triage.Scope{account.Scope()},
		triage.Symptom{Kind: triage.Unknown, Target: target}, triage.Options{Now: p.Symptom.Now})
	require.NoError(t, err)
	roots := report.Roots()
	require.Len(t, roots, 1, told(roots))
	assert.EqualValues(t, "changes.service-updated", roots[0].Code)
	assert.Contains(t, roots[0].Resource.ID, "-learn-")
	var effects []string
	for _, f := range report.Findings {
		effects = append(effects, string(f.Code))
	}
	assert.Subset(t, effects, []string{"rds.connections-exhausted", "alb.http-5xx-from-targets"})

	account = p.load(t)
	account.CloudWatch.Deny("cloudwatch:GetMetricData")
	report, err = triage.Investigate(t.Context(), []triage.Scope{account.Scope()},
		triage.Symptom{Kind: triage.Unknown, Target: target}, triage.Options{Now: p.Symptom.Now})
	require.NoError(t, err)
	assert.Error(t, report.Err(), "whose errors they are cannot be told")
}
