package diagtest_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

func TestConform(t *testing.T) {
	diagtest.Conform(t, stuck(), diagtest.Worlds[*queues]{Healthy: world(1, 2), Broken: world(1, 200, 300)})
}

type run = func(context.Context, *queues) ([]diag.Finding, error)

// TestConformOfAChange: a change is found, is no trouble by itself, and stands above what it broke.
func TestConformOfAChange(t *testing.T) {
	check := stuck()
	good := check.Run
	check.Change, check.Severity, check.Breaks = true, diag.SeverityInfo, []diag.Mechanism{diag.Application}
	edit(func(f *diag.Finding) { f.Since = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) })(check, good)
	diagtest.Conform(t, check, diagtest.Worlds[*queues]{Healthy: world(1, 2), Broken: world(1, 200, 300)})
}

// told counts the stories of the check that tells a new one each time.
var told atomic.Int64

// bad are checks that break the contract, each in one way: what changes about the good check, and the part of Conform
// that must object. The good check's own run is at hand as good.
var bad = []struct {
	name, objection string
	change          func(c *diag.Check[*queues], good run)
}{
	{"info is incomplete", "info", func(c *diag.Check[*queues], _ run) { c.Doc = "" }},
	{"has no run", "", func(c *diag.Check[*queues], _ run) { c.Run = nil }},
	{"finds always", "silent_when_healthy", func(c *diag.Check[*queues], good run) {
		c.Run = func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			f, err := good(ctx, q)
			return append(f, finding("always")), err
		}
	}},
	{"finds never", "found_when_broken", func(c *diag.Check[*queues], good run) {
		c.Run = func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			_, err := good(ctx, q)
			return nil, err
		}
	}},
	{"has no evidence", "found_when_broken", edit(func(f *diag.Finding) { f.Evidence = nil })},
	{"evidence has no source", "found_when_broken", edit(func(f *diag.Finding) { f.Evidence[0].Source = "" })},
	{"finds under another code", "found_when_broken", edit(func(f *diag.Finding) { f.Code = "toy.other" })},
	{"summary has two lines", "found_when_broken", edit(func(f *diag.Finding) { f.Summary = "a\nb" })},
	{"summary shows a printing fault", "found_when_broken", edit(func(f *diag.Finding) { f.Summary += " %!d(MISSING)" })},
	{"summary is empty", "found_when_broken", edit(func(f *diag.Finding) { f.Summary = " " })},
	{"step is empty", "found_when_broken",
		edit(func(f *diag.Finding) { f.NextSteps = []diag.Step{{Command: "aws sts get-caller-identity"}} })},
	{"step hides that it changes", "found_when_broken", edit(func(f *diag.Finding) {
		f.NextSteps = []diag.Step{{Text: "t", Command: "aws ecs update-service --service x"}}
	})},
	{"step is said to change but reads", "found_when_broken", edit(func(f *diag.Finding) {
		f.NextSteps = []diag.Step{{Text: "t", Command: "aws ecs describe-services --services x", Changes: true}}
	})},
	{"calls what it does not declare", "declares_what_it_calls",
		func(c *diag.Check[*queues], _ run) { c.Actions = c.Actions[:1] }},
	{"declares what it does not call", "declares_what_it_calls",
		func(c *diag.Check[*queues], _ run) { c.Actions = append(c.Actions, "toy:Other") }},
	{"asks past the memo", "asks_once", func(c *diag.Check[*queues], good run) {
		c.Run = func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			return good(ctx, &queues{api: q.api})
		}
	}},
	{"asks twice", "asks_once", func(c *diag.Check[*queues], good run) {
		c.Run = func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			if _, err := q.api.List(ctx, &listInput{}); err != nil {
				return nil, err
			}
			return good(ctx, q)
		}
	}},
	{"changes what its subject remembers", "asks_once", func(c *diag.Check[*queues], good run) {
		c.Run = func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			f, err := good(ctx, q)
			if names, _ := q.Names(ctx); len(names) > 1 {
				names[1] = names[0]
			}
			return f, err
		}
	}},
	{"swallows errors", "inconclusive_when_a_call_fails", func(c *diag.Check[*queues], good run) {
		c.Run = func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			f, _ := good(ctx, q)
			return f, ctx.Err()
		}
	}},
	{"hides the kind of an error", "inconclusive_when_a_call_fails", func(c *diag.Check[*queues], good run) {
		c.Run = func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			f, err := good(ctx, q)
			if err != nil && ctx.Err() == nil {
				err = diag.Errorf(diag.KindOther, "failed: %v", err)
			}
			return f, err
		}
	}},
	{"takes a first page for all", "inconclusive_when_a_list_is_cut_short", func(c *diag.Check[*queues], good run) {
		c.Run = func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			f, err := good(ctx, q)
			if names, failed := q.Names(ctx); failed != nil && len(names) > 0 && ctx.Err() == nil {
				err = nil
			}
			return f, err
		}
	}},
	{"ignores its context", "cancellation_surfaces", func(c *diag.Check[*queues], good run) {
		c.Run = func(_ context.Context, q *queues) ([]diag.Finding, error) { return good(context.Background(), q) }
	}},
	{"leaves a goroutine", "leaves_no_goroutine", func(c *diag.Check[*queues], good run) {
		c.Run = func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			go time.Sleep(time.Minute)
			return good(ctx, q)
		}
	}},
	{"tells a new story each time", "same_world,_same_bytes", edit(func(f *diag.Finding) {
		f.Summary += fmt.Sprint(" ", told.Add(1))
	})},
	{"panics on nil", "survives_what_AWS_leaves_out", func(c *diag.Check[*queues], good run) {
		c.Run = func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			f, err := good(ctx, q)
			for i := 0; i < 2 && err == nil; i++ {
				n, _ := q.Waiting(ctx, "q0")
				_ = *n
			}
			return f, err
		}
	}},
	{"is a change without a time", "stands_above_what_it_broke", func(c *diag.Check[*queues], good run) {
		c.Change, c.Severity, c.Breaks = true, diag.SeverityInfo, []diag.Mechanism{diag.Application}
	}},
	{"is a change that is a trouble by itself", "stands_above_what_it_broke", func(c *diag.Check[*queues], good run) {
		c.Change = true
		edit(func(f *diag.Finding) { f.Since = time.Now() })(c, good)
	}},
	{"panics", "silent_when_healthy", func(c *diag.Check[*queues], _ run) {
		c.Run = func(context.Context, *queues) ([]diag.Finding, error) { panic("always") }
	}},
}

// edit changes the findings of the good check.
func edit(change func(*diag.Finding)) func(*diag.Check[*queues], run) {
	return func(c *diag.Check[*queues], good run) {
		c.Run = func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			f, err := good(ctx, q)
			for i := range f {
				change(&f[i])
			}
			return f, err
		}
	}
}

// TestBad is run by TestConformCatches in a process of its own, because it must fail.
func TestBad(t *testing.T) {
	name := os.Getenv("DIAGTEST_BAD")
	for _, b := range bad {
		if b.name == name {
			c := stuck()
			b.change(c, c.Run)
			diagtest.Conform(t, c, diagtest.Worlds[*queues]{Healthy: world(1, 2), Broken: world(1, 200, 300)})
			return
		}
	}
	t.Skip("TestConformCatches runs it, with the name of a fault in the environment")
}

func TestConformCatches(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for _, b := range bad {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestBad$", "-test.v")
			cmd.Env = append(os.Environ(), "DIAGTEST_BAD="+b.name)
			out, err := cmd.CombinedOutput()
			require.Error(t, err, "Conform must fail")
			failed := "--- FAIL: " + strings.TrimSuffix("TestBad/toy.queue-stuck/"+b.objection, "/") + " ("
			assert.Contains(t, string(out), failed)
		})
	}
}
