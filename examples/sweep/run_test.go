package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

const packs = "../../triage/testdata/packs/"

func sweep(args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = run(context.Background(), args, &out, &errs, time.Now)
	return out.String(), errs.String(), status
}

func TestDemo(t *testing.T) {
	out, errs, status := sweep()
	assert.Equal(t, exitFindings, status, errs)
	assert.Empty(t, errs)
	assert.Contains(t, out, "111122223333 eu-west-1 prod/prod-04: 1 error,")
	assert.Contains(t, out, "ecs.task-oom-killed")
	assert.Contains(t, out, "20 looked at, 1 with findings, 0 not seen in full")
	again, _, _ := sweep()
	assert.Equal(t, out, again)
}

func TestDemoInTwoParts(t *testing.T) {
	whole, _, _ := sweep("-v")
	first, errs, _ := sweep("-v", "-limit", "7")
	_, cursor, found := strings.Cut(strings.TrimSpace(errs), "-cursor ")
	require.True(t, found, errs)
	rest, _, _ := sweep("-v", "-cursor", cursor)
	names := func(text string) (n int) { return strings.Count(text, "111122223333 eu-west-1 ") }
	assert.Equal(t, 7, names(first))
	assert.Equal(t, names(whole), names(first)+names(rest))
}

func TestJSONLines(t *testing.T) {
	out, _, status := sweep("-format", "json")
	assert.Equal(t, exitFindings, status)
	n := 0
	for text := range strings.Lines(out) {
		var r diag.Report
		require.NoError(t, json.Unmarshal([]byte(text), &r))
		n++
	}
	assert.Equal(t, 20, n)
}

func TestSavedWorlds(t *testing.T) {
	world := packs + "healthy-rolling-deployment," + packs + "healthy-scale-in-and-jobs/world"
	for _, kind := range []string{"services", "load-balancers", "instances"} {
		out, errs, status := sweep("-world", world, "-now", "2026-02-04T12:09:30Z", "-kind", kind)
		assert.NotEqual(t, exitBadInput, status, errs)
		assert.Contains(t, out, "looked at")
	}
	out, _, status := sweep("-world", packs+"api-container-out-of-memory", "-now", "2026-02-11T14:37:21Z")
	assert.Equal(t, exitFindings, status)
	assert.Contains(t, out, "shop-prod/api")
}

func TestBadInput(t *testing.T) {
	for _, args := range [][]string{{"-frob"}, {"x"}, {"-kind", "queues"}, {"-cursor", "x"}, {"-limit", "-1"},
		{"-format", "yaml"},
		{"-world", "/nowhere", "-now", "2026-02-04T12:09:30Z"}, {"-world", "."}} {
		out, errs, status := sweep(args...)
		assert.Equal(t, exitBadInput, status, args)
		assert.Empty(t, out, args)
		assert.Equal(t, 1, strings.Count(errs, "\n"), errs)
	}
}
