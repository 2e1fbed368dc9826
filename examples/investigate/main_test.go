package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 5, 15, 12, 0, 0, 0, time.UTC)

// investigate runs the program as the command line does.
func investigate(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(context.Background(), args, &out, &errs, func() time.Time { return noon })
	return out.String(), errs.String(), status
}

// away keeps a test off the configuration, credentials and metadata service of the machine that runs it.
func away(t *testing.T) {
	t.Helper()
	for _, name := range []string{"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ENDPOINT_URL",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

func TestDemoNamesTheCauseFirst(t *testing.T) {
	out, errs, status := investigate(t)
	assert.Equal(t, exitFindings, status, errs)
	assert.Empty(t, errs)
	lines := strings.Split(out, "\n")
	require.Greater(t, len(lines), 5)
	head := strings.Join(lines[:5], "\n")
	assert.Contains(t, head, "503")
	assert.Contains(t, head, "memory")
	assert.Contains(t, head, "ferry-prod/booking")
	assert.Contains(t, head, "2026-05-14 0")
}

func TestDemoAsJSON(t *testing.T) {
	out, _, status := investigate(t, "-format", "json")
	assert.Equal(t, exitFindings, status)
	var r struct {
		SchemaVersion int
		Roots         []struct {
			Code, Severity, Confidence, Summary string
			Resource                            struct{ Type, ID, ARN, Account, Region string }
			Evidence, Explains                  []any
		}
		Findings, Inconclusive, Events []any
		Coverage                       map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	assert.Equal(t, 1, r.SchemaVersion)
	require.Len(t, r.Roots, 1, "one fault, one cause")
	assert.Equal(t, "ecs.task-oom-killed", r.Roots[0].Code)
	assert.NotEmpty(t, r.Roots[0].Explains)
	assert.Len(t, r.Inconclusive, 0)
	again, _, _ := investigate(t, "-format", "json")
	assert.True(t, out == again, "the same world gives the same bytes")
}

func TestDemoFromItsOtherEnds(t *testing.T) {
	for _, target := range []string{"ferry-prod/booking", "ferry-prod-booking"} {
		out, errs, status := investigate(t, "-target", target, "-symptom", "tasks-stopping", "-target-type",
			map[bool]string{true: "AWS::ECS::Service",
				false: "AWS::ElasticLoadBalancingV2::TargetGroup"}[strings.Contains(target, "/")])
		assert.Equal(t, exitFindings, status, errs)
		assert.Contains(t, strings.Join(strings.SplitN(out, "\n", 6)[:5], "\n"), "memory")
	}
}

func TestWorldOnDisk(t *testing.T) {
	demoOut, _, _ := investigate(t)
	out, errs, status := investigate(t, "-world", "demo", "-now", "2026-05-14T09:42:30Z", "-since", "2026-05-14T09:08:00Z",
		"-symptom", "http-503", "-target", "ferry-prod-alb", "-target-type", "AWS::ElasticLoadBalancingV2::LoadBalancer",
		"-region", "eu-west-2", "-reason", "a test")
	assert.Equal(t, exitFindings, status, errs)
	assert.True(t, demoOut == out, "the folder tells the same as the embedded one: %s", out)
}

// TestWorldWithMore reads what it knows and names what it does not.
func TestWorldWithMore(t *testing.T) {
	demoOut, _, _ := investigate(t)
	more := world(t, "more.json", `{"service": "dynamodb", "operation": "ListTables", "output": {"TableNames": ["seats"]}}`)
	require.NoError(t, os.CopyFS(more, os.DirFS("demo")))
	out, errs, status := investigate(t, "-world", more, "-now", "2026-05-14T09:42:30Z", "-since", "2026-05-14T09:08:00Z",
		"-symptom", "http-503", "-target", "ferry-prod-alb")
	assert.Equal(t, exitFindings, status)
	assert.Contains(t, errs, "also holds answers of services that are not asked: dynamodb:ListTables\n")
	assert.True(t, demoOut == out, out)
}

func TestExhaustedBudgetIsNoAllClear(t *testing.T) {
	_, errs, status := investigate(t, "-budget", "1ns")
	assert.Equal(t, exitInconclusive, status, errs)
}

func TestHelp(t *testing.T) {
	out, errs, status := investigate(t, "-h")
	assert.Equal(t, exitHealthy, status)
	assert.Empty(t, errs)
	for _, flag := range []string{"-world", "-profile", "-region", "-endpoint", "-cloudwatch-protocol", "-symptom",
		"-target",
		"-target-type", "-since", "-now", "-reason", "-format", "-budget", "-record"} {
		assert.Contains(t, out, "  "+flag+" ")
	}
}

func TestReportThatCannotBeWritten(t *testing.T) {
	var errs bytes.Buffer
	status := run(context.Background(), nil, closed{}, &errs, time.Now)
	assert.Equal(t, exitBadInput, status)
	assert.Contains(t, errs.String(), "writing the report")
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestNotice(t *testing.T) {
	file := filepath.Join(t.TempDir(), "alert")
	text := "ALARM: 503s from https://ferry-prod-alb-1234567890.eu-west-2.elb.amazonaws.com since 2026-05-14T09:08:00Z"
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	out, errs, status := investigate(t, "-notice", file)
	assert.Equal(t, exitFindings, status, errs)
	assert.Contains(t, out, "ferry-prod/booking")

	require.NoError(t, os.WriteFile(file, []byte("it is slow again"), 0o600))
	_, errs, status = investigate(t, "-notice", file)
	assert.Equal(t, exitBadInput, status)
	assert.Contains(t, errs, "names no resource")
}

func TestMarkdown(t *testing.T) {
	out, _, status := investigate(t, "-format", "markdown")
	assert.Equal(t, exitFindings, status)
	assert.Contains(t, out, "# ")
	assert.Contains(t, out, "ferry-prod/booking")
}

func TestHTML(t *testing.T) {
	out, _, status := investigate(t, "-format", "html")
	assert.Equal(t, exitFindings, status)
	assert.Regexp(t, `(?s)^<!DOCTYPE html>.*<h1 class="error">Broken: .*ferry-prod/booking.*</html>\n$`, out)
}
