package triage_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
)

// environmentNamed makes a report of a small world in an environment: a service, its task definition and its target
// group.
func environmentNamed(env, account, sg string, settings map[string]string, findings ...diag.Finding) *diag.Report {
	in := func(typ, id string) diag.Resource {
		return diag.Resource{Type: typ, ID: id, Account: account, Region: "eu-west-1"}
	}
	service := in("AWS::ECS::Service", env+"/"+env+"-api")
	definition := in("AWS::ECS::TaskDefinition", env+"-api:"+settings["revision"])
	group, guard := in("AWS::ElasticLoadBalancingV2::TargetGroup", env+"-api-tg"), in("AWS::EC2::SecurityGroup", sg)
	r := &diag.Report{Window: diag.Last(time.Hour, at("2026-03-10T12:00:00Z")), Focus: service, Findings: findings,
		Links: []diag.Link{
			{From: service, To: definition, Role: "runs"}, {From: service, To: group, Role: "registers in"}, {From: service,
				To: guard, Role: "guarded by"},
		}}
	set := func(of diag.Resource, name, value string) {
		r.Settings = append(r.Settings, diag.Setting{Resource: of, Name: name, Value: value})
	}
	set(service, "security groups", sg)
	set(service, "load balancer "+group.ID, env+"-api:8080")
	set(service, "desired count", settings["count"])
	set(definition, "image", account+".dkr.ecr.eu-west-1.amazonaws.com/api:v1")
	set(definition, "memory", settings["memory"])
	set(definition, "environment variables", settings["env"])
	set(group, "attribute deregistration_delay.timeout_seconds", "300")
	if v := settings["secret"]; v != "" {
		set(definition, "secret", v)
	}
	return r
}

func names(list []triage.Difference) (out []string) {
	for _, d := range list {
		out = append(out, d.Name+": "+d.ValueA+" | "+d.ValueB)
	}
	return out
}

// TestCompareEnvironments compares production with uat: other names, another account, other security groups, and two
// settings that matter.
func TestCompareEnvironments(t *testing.T) {
	definition := diag.Resource{Type: "AWS::ECS::TaskDefinition", ID: "uat-api:3", Account: "444455556666",
		Region: "eu-west-1"}
	killed := diag.Finding{Code: "ecs.task-oom-killed", Severity: diag.SeverityError, Resource: definition,
		Summary: "killed at its memory limit"}
	prod := environmentNamed("prod", "111122223333", "sg-00000000000000001", map[string]string{"revision": "12",
		"count": "4", "memory": "2048", "env": "A B C", "secret": "[redacted-1]"})
	uat := environmentNamed("uat", "444455556666", "sg-00000000000000002", map[string]string{"revision": "3",
		"count": "2", "memory": "1024", "env": "A C D", "secret": "[redacted-2]"}, killed)
	c := triage.Compare(prod, uat, triage.CompareOptions{})
	assert.Equal(t, []string{"memory: 2048 | 1024", "environment variables: A B C | A C D", "desired count: 4 | 2"},
		names(c.Differences))
	assert.Equal(t, []triage.Relation{triage.Named, triage.Found, triage.Near},
		[]triage.Relation{c.Differences[0].Relation, c.Differences[1].Relation, c.Differences[2].Relation})
	assert.Equal(t, diag.Code("ecs.task-oom-killed"), c.Differences[0].Findings[0].Code)
	assert.Equal(t, []string{"secret: [redacted-1] | [redacted-2]"}, names(c.Unclear),
		"numbers of tokens mean nothing in another report")
	assert.Empty(t, c.OnlyA)
	assert.Empty(t, c.OnlyB)
	assert.Equal(t, 4, c.Same)
}

func TestCompareKeyedSecrets(t *testing.T) {
	base := map[string]string{"revision": "1", "count": "1", "memory": "1", "env": "A"}
	with := func(token string) *diag.Report {
		base["secret"] = token
		return environmentNamed("prod", "111122223333", "sg-00000000000000001", base)
	}
	same := triage.Compare(with("[redacted:1f3a9c20]"), with("[redacted:1f3a9c20]"), triage.CompareOptions{})
	assert.Empty(t, same.Differences)
	assert.Empty(t, same.Unclear)
	other := triage.Compare(with("[redacted:1f3a9c20]"), with("[redacted:00000000]"), triage.CompareOptions{})
	assert.Len(t, other.Differences, 1)
}

func TestCompareRevisions(t *testing.T) {
	before := environmentNamed("prod", "111122223333", "sg-00000000000000001", map[string]string{"revision": "7",
		"count": "2", "memory": "512", "env": "PAYMENTS_URL"})
	after := environmentNamed("prod", "111122223333", "sg-00000000000000001", map[string]string{"revision": "8",
		"count": "2", "memory": "512", "env": "PAYMENTS"})
	c := triage.Compare(before, after, triage.CompareOptions{})
	assert.Equal(t, []string{"environment variables: PAYMENTS_URL | PAYMENTS"}, names(c.Differences))
}

func TestCompareByTheCallersPairs(t *testing.T) {
	r := func(typ, id string) diag.Setting {
		return diag.Setting{Resource: diag.Resource{Type: typ, ID: id}, Name: "size", Value: id}
	}
	a := &diag.Report{Settings: []diag.Setting{r("T", "red"), r("T", "blue")}}
	b := &diag.Report{Settings: []diag.Setting{r("T", "rot"), r("T", "blau")}}
	c := triage.Compare(a, b, triage.CompareOptions{})
	assert.Len(t, c.OnlyA, 2, "nothing tells which is which")
	c = triage.Compare(a, b, triage.CompareOptions{Pair: map[string]string{"red": "rot"}})
	assert.Empty(t, c.OnlyA, "what is left is paired")
	assert.Equal(t, 2, c.Same)
}

// TestComparePacks compares every saved world with itself, and two with each other, which must not depend on chance.
func TestComparePacks(t *testing.T) {
	for _, p := range packs(t) {
		report := p.investigate(t, p.load(t))
		c := triage.Compare(report, report, triage.CompareOptions{})
		assert.Empty(t, c.Differences, p.ID)
		assert.Empty(t, c.OnlyA, p.ID)
		assert.Empty(t, c.OnlyB, p.ID)
		assert.Equal(t, len(report.Settings), c.Same+len(c.Unclear), p.ID)
	}
	p, q := incident(t, "api-container-out-of-memory"), incident(t, "task-ingress-rule-revoked")
	a, b := p.investigate(t, p.load(t)), q.investigate(t, q.load(t))
	first := rendered(t, triage.Compare(a, b, triage.CompareOptions{}))
	for range 10 {
		assert.Equal(t, first, rendered(t, triage.Compare(a, b, triage.CompareOptions{})))
	}
	assert.Contains(t, first, "Differs, named by a finding")
}

func rendered(t *testing.T, c triage.Comparison) string {
	var out bytes.Buffer
	require.NoError(t, c.Text(&out))
	require.NoError(t, c.Markdown(&out))
	text, err := json.Marshal(c)
	require.NoError(t, err)
	for line := range strings.Lines(out.String()) {
		assert.NotContains(t, strings.TrimSuffix(line, "\n"), "\x1b")
	}
	return out.String() + string(text)
}

func TestCompareTellsWhatItDidNotSee(t *testing.T) {
	a := environmentNamed("prod", "111122223333", "sg-00000000000000001", map[string]string{"revision": "7"})
	b := environmentNamed("prod", "111122223333", "sg-00000000000000001", map[string]string{"revision": "7"})
	b.Inconclusive = []diag.Inconclusive{{Code: "ecs.service.settings", Resource: b.Focus, Kind: diag.KindDenied,
		Err: "no \x1b[31m"}}
	text := rendered(t, triage.Compare(a, b, triage.CompareOptions{}))
	assert.Contains(t, text, "1 surveys could not see everything")
	assert.Contains(t, text, "denied: no \\x1b[31m")
}
