package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func customcheck(args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = run(context.Background(), args, &out, &errs, time.Now)
	return out.String(), errs.String(), status
}

func TestDemo(t *testing.T) {
	out, errs, status := customcheck()
	assert.Equal(t, exitFindings, status, errs)
	assert.Contains(t, out, "prod/api: 0 errors, 0 warnings")
	assert.Contains(t, out, `warning house.no-owner-tag: "web has no owner tag"`)
}

func TestDemoOfOneService(t *testing.T) {
	out, errs, status := customcheck("-service", "prod/web")
	assert.Equal(t, exitFindings, status, errs)
	assert.Contains(t, out, "house.no-owner-tag")
	assert.Contains(t, out, "aws ecs tag-resource")
}

func TestSavedWorld(t *testing.T) {
	const pack = "../../triage/testdata/packs/healthy-rolling-deployment"
	out, errs, status := customcheck("-world", pack, "-now", "2026-02-04T12:09:30Z")
	assert.Equal(t, exitFindings, status, errs)
	assert.Contains(t, out, "shop-blue/catalog")
	assert.NotContains(t, strings.ReplaceAll(out, "warning house.no-owner-tag", ""), "warning ",
		"the world is healthy but for the house check")
}

func TestBadInput(t *testing.T) {
	for _, args := range [][]string{{"-frob"}, {"prod/web"}, {"-world", "/nowhere", "-now", "2026-02-04T12:09:30Z"},
		{"-world", "."}, {"-service", "prod/none"}} {
		out, errs, status := customcheck(args...)
		assert.Equal(t, exitBadInput, status, args)
		assert.Empty(t, out, args)
		assert.Equal(t, 1, strings.Count(errs, "\n"), errs)
	}
}
