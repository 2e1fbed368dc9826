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

const pack = "../../triage/testdata/packs/api-container-out-of-memory"

func escalate(args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = run(context.Background(), args, &out, &errs, time.Now)
	return out.String(), errs.String(), status
}

func file(t *testing.T, content string) string {
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	return name
}

func TestDemo(t *testing.T) {
	out, errs, status := escalate("-tried", "called /health;read the code", "-logs", file(t,
		"starting\npassword=hunter2hunter2\n"))
	assert.Equal(t, exitDone, status, errs)
	for _, want := range []string{"ECS::Service prod/api", "environment: prod", "OutOfMemoryError",
		"Tried: read the code", "starting", "In order:"} {
		assert.Contains(t, out, want)
	}
	assert.NotContains(t, out, "hunter2")
}

func TestIncidentOfTheDemo(t *testing.T) {
	out, errs, status := escalate("-incident", "-audit", file(t,
		`{"time":"2026-03-10T12:10:00Z","msg":"raised the memory"}`+"\n"))
	assert.Equal(t, exitDone, status, errs)
	assert.Contains(t, out, "raised the memory")
	assert.Contains(t, out, "aws cloudwatch put-metric-alarm --alarm-name prod-api-MemoryUtilization")
}

func TestJSON(t *testing.T) {
	for _, args := range [][]string{{"-format", "json"}, {"-format", "json", "-incident"}} {
		out, errs, status := escalate(args...)
		assert.Equal(t, exitDone, status, errs)
		var v map[string]any
		require.NoError(t, json.Unmarshal([]byte(out), &v))
		assert.NotEmpty(t, v["causes"])
	}
}

func TestSavedWorldFromAnAlert(t *testing.T) {
	out, errs, status := escalate("-world", pack, "-now", "2026-02-11T14:37:21Z",
		"-notice", "2026-02-11T14:05:00Z 503 Service Unavailable from app/shop-prod-alb/1c7076e082984272")
	assert.Equal(t, exitDone, status, errs)
	assert.Contains(t, out, "# Help wanted: http-503 on ElasticLoadBalancingV2::LoadBalancer shop-prod-alb")
	assert.Contains(t, out, "Complaint: http-503: 2026-02-11T14:05:00Z 503 Service Unavailable")
	again, _, _ := escalate("-world", pack, "-now", "2026-02-11T14:37:21Z",
		"-notice", "2026-02-11T14:05:00Z 503 Service Unavailable from app/shop-prod-alb/1c7076e082984272")
	assert.Equal(t, out, again)
}

func TestBadInput(t *testing.T) {
	for _, args := range [][]string{{"-frob"}, {"x"}, {"-format", "yaml"}, {"-notice", "it is broken"}, {"-symptom",
		"sad", "-target", "x"},
		{"-world", pack}, {"-world", "/nowhere", "-now", "2026-02-11T14:37:21Z"}, {"-world", pack, "-now",
			"2026-02-11T14:37:21Z"},
		{"-logs", "/nowhere"}, {"-incident", "-audit", "/nowhere"}} {
		out, errs, status := escalate(args...)
		assert.Equal(t, exitBadInput, status, args)
		assert.Empty(t, out, args)
		assert.Equal(t, 1, strings.Count(errs, "\n"), errs)
	}
}
