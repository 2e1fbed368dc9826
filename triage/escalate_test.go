package triage_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

// TestEscalationHoldsTheSevenItems makes a request for help of every pack: each item is there, or is said to be
// missing.
func TestEscalationHoldsTheSevenItems(t *testing.T) {
	for _, p := range packs(t) {
		report := p.investigate(t, p.load(t))
		var out bytes.Buffer
		b := triage.Escalation(report, p.symptom(), triage.EscalationExtras{})
		require.NoError(t, b.Markdown(&out))
		for i, item := range []string{"Service and environment", "What was attempted", "What fails", "Stopped reason",
			"Logs, last lines", "Configuration", "Checked and ruled out"} {
			_, rest, found := strings.Cut(out.String(), fmt.Sprintf("## %d. %s\n\n", i+1, item))
			require.True(t, found, "%s: %s", p.ID, item)
			assert.False(t, strings.HasPrefix(rest, "\n"), "%s: %s is empty", p.ID, item)
		}
		assert.NotEmpty(t, b.RuledOut, p.ID)
		text, err := json.Marshal(b)
		require.NoError(t, err)
		assert.NotContains(t, string(text), `"settings":null`, p.ID)
		if p.Root != nil {
			assert.NotEmpty(t, b.Causes, p.ID)
		}
	}
}

func TestEscalationOfAPack(t *testing.T) {
	p := incident(t, "api-container-out-of-memory")
	b := triage.Escalation(p.investigate(t, p.load(t)), p.symptom(), triage.EscalationExtras{})
	assert.Equal(t, "prod", b.Environment, "the name of the load balancer tells")
	require.NotNil(t, b.LastChange)
	assert.Equal(t, "deployment", b.LastChange.Kind)
	require.NotEmpty(t, b.Stopped)
	assert.Contains(t, b.Stopped[0].Text, "OutOfMemoryError")
	settings := lower(t, b.Settings)
	assert.Contains(t, settings, "memory")
	for _, o := range b.RuledOut {
		assert.NotEqual(t, diag.TaskRun, o.Mechanism, "what is broken is not ruled out")
	}
}

func TestEscalationExtras(t *testing.T) {
	r := &diag.Report{Window: diag.Last(time.Hour, at("2026-03-10T12:00:00Z")),
		Focus: diag.Resource{Type: "AWS::ECS::Service", ID: "x/api"}}
	var logs []triage.LogLine
	for i := range 60 {
		logs = append(logs, triage.LogLine{At: at("2026-03-10T11:00:00Z").Add(time.Duration(i) * time.Second),
			From: "/ecs/api", Text: fmt.Sprintf("line %d password=hunter%d ~~~", i, i)})
	}
	b := triage.Escalation(r, triage.Symptom{Kind: triage.Slow, Note: "token=abcdefgh12345678"},
		triage.EscalationExtras{
			Environment: "staging", Attempted: "deploy with api_key=s3cr3ts3cr3t",
			Tried: []string{"called /health *locally*"}, Logs: logs})
	var out bytes.Buffer
	require.NoError(t, b.Markdown(&out))
	text, err := json.Marshal(b)
	require.NoError(t, err)
	for _, secret := range []string{"hunter", "s3cr3ts3cr3t", "abcdefgh12345678"} {
		assert.NotContains(t, out.String()+string(text), secret)
	}
	assert.Len(t, b.Logs, 50)
	assert.False(t, b.Excerpt)
	assert.Contains(t, b.Logs[49].Text, "line 59", "the last ones")
	assert.Equal(t, "hunter0", strings.TrimPrefix(logs[0].Text[len("line 0 password="):], "")[:7],
		"the caller's lines are left alone")
	assert.Contains(t, out.String(), "Tried: called /health \\*locally\\*")
	assert.Contains(t, out.String(), "\n~~~~text\n", "no line of a log ends the block")
	assert.Contains(t, out.String(), "ECS shows no task that stopped")
}

const audit = `{"time":"2026-02-11T14:37:00Z","level":"INFO","msg":"aws call","account":"318274650912","region":"eu-west-1","service":"ecs","operation":"DescribeServices","outcome":"ok","reason":"INC-1"}
{"time":"2026-02-11T14:37:02Z","level":"INFO","msg":"aws call","account":"318274650912","region":"eu-west-1","service":"ecs","operation":"ListTasks","outcome":"error","reason":"INC-1"}

{"time":"2026-02-11T14:37:01Z","level":"DEBUG","msg":"aws call","account":"318274650912","region":"eu-west-1","service":"ecs","operation":"ListTasks","outcome":"shared","reason":"INC-1"}
{"time":"2026-02-11T14:37:03Z","level":"WARN","msg":"aws call","account":"318274650912","region":"eu-west-1","service":"iam","operation":"DeleteRole","outcome":"refused","reason":"INC-1"}
{"time":"2026-02-11T14:50:00Z","level":"INFO","msg":"raised the memory of shop-prod-api to 2048"}
`

func TestIncident(t *testing.T) {
	p := incident(t, "api-container-out-of-memory")
	i, err := triage.Incident(p.investigate(t, p.load(t)), strings.NewReader(audit))
	require.NoError(t, err)
	require.Len(t, i.Actions, 3)
	assert.Equal(t,
		"2 calls of ecs in 318274650912 eu-west-1: DescribeServices, ListTasks; 1 failed, 0 refused before they were sent",
		i.Actions[0].Text)
	assert.Equal(t, at("2026-02-11T14:37:02Z"), i.Actions[0].To)
	assert.Contains(t, i.Actions[1].Text, "1 refused")
	assert.Equal(t, "raised the memory of shop-prod-api to 2048", i.Actions[2].Text)
	assert.True(t, len(i.Timeline) > 3)
	for n := range i.Timeline[1:] {
		assert.False(t, i.Timeline[n+1].At.Before(i.Timeline[n].At))
	}
	var out bytes.Buffer
	require.NoError(t, i.Markdown(&out))
	for _, heading := range []string{"Timeline", "Root cause", "Actions taken", "Prevention"} {
		assert.Contains(t, out.String(), "\n## "+heading)
	}
	assert.Contains(t, out.String(), "aws cloudwatch put-metric-alarm")
	assert.Contains(t, out.String(), "--metric-name MemoryUtilization")
	assert.Contains(t, out.String(), "Name=ClusterName,Value=shop-prod Name=ServiceName,Value=api")

	_, err = triage.Incident(&diag.Report{}, strings.NewReader("{}\nnonsense\n"))
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
	assert.ErrorContains(t, err, "line 2")
	quiet, err := triage.Incident(&diag.Report{}, nil)
	require.NoError(t, err)
	assert.Empty(t, quiet.Actions)
}

// TestPreventionOfEveryPack gives each cause the alarm that would have told of it.
func TestPreventionOfEveryPack(t *testing.T) {
	for _, p := range packs(t) {
		report := p.investigate(t, p.load(t))
		steps := triage.Prevention(report)
		for _, s := range steps {
			t.Logf("%-42s %s", p.ID, s.Command+s.Text)
		}
		if len(report.Roots()) == 0 {
			assert.Empty(t, steps, p.ID)
		} else {
			assert.NotEmpty(t, steps, p.ID)
		}
	}
}
