package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

const packs = "../../triage/testdata/packs/"

func compare(args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = run(context.Background(), args, &out, &errs, time.Now)
	return out.String(), errs.String(), status
}

func TestDemo(t *testing.T) {
	out, errs, status := compare()
	assert.Equal(t, exitDiffers, status, errs)
	assert.Contains(t, out, "A 2048; B 1024")
	assert.Contains(t, out, "PAYMENTS_URL")
	assert.Less(t, strings.Index(out, "A 2048; B 1024"), strings.Index(out, "PAYMENTS_URL"),
		"the memory is what the trouble is about")
	assert.NotContains(t, out, "Only in")
	markdown, _, _ := compare("-format", "markdown")
	assert.Contains(t, markdown, "| 2048 | 1024 |")
}

func TestVerifyDemo(t *testing.T) {
	out, _, status := compare("-verify")
	assert.Equal(t, exitDiffers, status)
	assert.Contains(t, out, "ecs.task-oom-killed")
}

// sides names a saved world as both sides.
func sides(pack, now, target string) []string {
	return []string{"-a", packs + pack, "-b", packs + pack + "/world", "-now-a", now, "-now-b", now, "-target-a",
		target, "-target-b", target}
}

func TestSavedWorlds(t *testing.T) {
	same := sides("api-container-out-of-memory", "2026-02-11T14:37:21Z", "shop-prod/api")
	out, errs, status := compare(same...)
	assert.Equal(t, exitSame, status, errs)
	assert.Contains(t, out, "0 settings differ")
	out, _, status = compare(append(same, "-verify")...)
	assert.NotEqual(t, exitBadInput, status)
	assert.Contains(t, out, " 0 new, 0 unclear")
}

func TestTwoSavedWorlds(t *testing.T) {
	args := []string{"-a", packs + "api-container-out-of-memory", "-now-a", "2026-02-11T14:37:21Z", "-target-a",
		"shop-prod/api",
		"-b", packs + "task-ingress-rule-revoked", "-now-b", "2026-01-22T16:05:33Z", "-target-b",
		"production/storefront-svc"}
	out, errs, status := compare(args...)
	assert.Equal(t, exitDiffers, status, errs)
	assert.Contains(t, out, "ECS::Service shop-prod/api / production/storefront-svc")
	again, _, _ := compare(args...)
	assert.Equal(t, out, again)
}

func TestBadInput(t *testing.T) {
	for _, args := range [][]string{{"-frob"}, {"x"}, {"-format", "yaml"}, {"-pair", "x"}, {"-a", packs}, {"-a",
		packs + "api-container-out-of-memory", "-target-a", "x"},
		{"-a", "/nowhere", "-target-a", "x", "-now-a", "2026-02-04T12:09:30Z"}, sides("api-container-out-of-memory",
			"2026-02-11T14:37:21Z", "shop-prod/nope")} {
		out, errs, status := compare(args...)
		assert.Equal(t, exitBadInput, status, args)
		assert.Empty(t, out, args)
		assert.Equal(t, 1, strings.Count(errs, "\n"), errs)
	}
}
