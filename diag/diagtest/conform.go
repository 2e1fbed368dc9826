package diagtest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// World makes a subject and the fakes it reads from, fresh at each call.
type World[S diag.Subject] func() (S, []diagfake.Fake)

// Worlds are what a check is tried on.
type Worlds[S diag.Subject] struct {
	// Healthy has everything the check looks at, and nothing wrong with it.
	Healthy World[S]
	// Broken has the check's trouble.
	Broken World[S]
}

// Conform proves that a check keeps the contract; see the package's documentation.
func Conform[S diag.Subject](t *testing.T, check *diag.Check[S], worlds Worlds[S]) {
	t.Helper()
	t.Run(string(check.Code), func(t *testing.T) {
		c := conformance[S]{check, worlds}
		t.Run("info", func(t *testing.T) { assert.NoError(t, diag.Validate(check.Info)) })
		t.Run("silent when healthy", c.silent)
		t.Run("found when broken", c.found)
		t.Run("declares what it calls", c.declares)
		t.Run("inconclusive when a call fails", c.inconclusive)
		t.Run("cancellation surfaces", c.cancels)
		t.Run("same world, same bytes", c.deterministic)
		t.Run("survives what AWS leaves out", c.sparse)
	})
}

type conformance[S diag.Subject] struct {
	check  *diag.Check[S]
	worlds Worlds[S]
}

// run makes a world, prepares its fakes, and runs the check in it.
func (c conformance[S]) run(ctx context.Context, world World[S], prepare func(diagfake.Fake)) (*diag.Report, []diagfake.Fake) {
	subject, fakes := world()
	for _, f := range fakes {
		if prepare != nil {
			prepare(f)
		}
	}
	return diag.Run(ctx, diag.On(subject, c.check)), fakes
}

func (c conformance[S]) both(t *testing.T, test func(*testing.T, World[S])) {
	t.Run("healthy", func(t *testing.T) { test(t, c.worlds.Healthy) })
	t.Run("broken", func(t *testing.T) { test(t, c.worlds.Broken) })
}

func (c conformance[S]) silent(t *testing.T) {
	report, _ := c.run(t.Context(), c.worlds.Healthy, nil)
	assert.Empty(t, report.Findings)
	assert.Empty(t, report.Inconclusive)
}

func (c conformance[S]) found(t *testing.T) {
	report, _ := c.run(t.Context(), c.worlds.Broken, nil)
	assert.Empty(t, report.Inconclusive)
	require.NotEmpty(t, report.Findings)
	for _, f := range report.Findings {
		assert.NotEmpty(t, f.Summary)
		assert.NotContains(t, f.Summary, "\n")
		for _, e := range f.Evidence {
			assert.NotEmpty(t, e.Source, "evidence %s=%s has no source", e.Field, e.Value)
		}
		for _, s := range f.NextSteps {
			assert.NotEmpty(t, s.Text)
		}
	}
}

func (c conformance[S]) declares(t *testing.T) {
	var called []string
	for _, world := range []World[S]{c.worlds.Healthy, c.worlds.Broken} {
		called = append(called, c.calls(t, world)...)
	}
	slices.Sort(called)
	declared := slices.Compact(slices.Sorted(slices.Values(c.check.Actions)))
	assert.Equal(t, declared, slices.Compact(called), "the declared actions must be those that are called in one of the worlds")
}

func (c conformance[S]) calls(t *testing.T, world World[S]) []string {
	_, fakes := c.run(t.Context(), world, nil)
	var called []string
	for _, f := range fakes {
		called = append(called, f.Actions()...)
	}
	return called
}

func (c conformance[S]) inconclusive(t *testing.T) {
	faults := map[diag.Kind]func(diagfake.Fake, string){
		diag.KindDenied:    func(f diagfake.Fake, action string) { f.Deny(action) },
		diag.KindThrottled: func(f diagfake.Fake, action string) { f.Throttle(action) },
	}
	c.both(t, func(t *testing.T, world World[S]) {
		for _, action := range c.calls(t, world) {
			for kind, fault := range faults {
				report, _ := c.run(t.Context(), world, func(f diagfake.Fake) { fault(f, action) })
				if assert.Len(t, report.Inconclusive, 1, "%s %s", action, kind) {
					assert.Equal(t, kind, report.Inconclusive[0].Kind, "%s: %s", action, report.Inconclusive[0].Err)
				}
			}
		}
	})
}

func (c conformance[S]) cancels(t *testing.T) {
	c.both(t, func(t *testing.T, world World[S]) {
		ctx, cancel := context.WithCancel(t.Context())
		report, _ := c.run(ctx, world, func(f diagfake.Fake) { f.OnCall(func(diagfake.Call) { cancel() }) })
		cancel()
		if assert.Len(t, report.Inconclusive, 1, "cancelled during its first call") {
			assert.Equal(t, diag.KindCanceled, report.Inconclusive[0].Kind, report.Inconclusive[0].Err)
		}
	})
}

func (c conformance[S]) deterministic(t *testing.T) {
	c.both(t, func(t *testing.T, world World[S]) {
		first := c.story(t, world, nil)
		assert.Equal(t, first, c.story(t, world, nil), "a second run")
		assert.Equal(t, first, c.story(t, world, func(f diagfake.Fake) { f.PageSize(1) }), "one item a page")
	})
}

// story is what a run says of the world: all but the window, which moves with the clock where a world sets none, and
// the number of calls.
func (c conformance[S]) story(t *testing.T, world World[S], prepare func(diagfake.Fake)) string {
	report, _ := c.run(t.Context(), world, prepare)
	report.Window, report.Coverage.Calls = diag.Window{}, 0
	text, err := json.MarshalIndent(report, "", " ")
	require.NoError(t, err)
	return string(text)
}

func (c conformance[S]) sparse(t *testing.T) {
	c.both(t, func(t *testing.T, world World[S]) {
		for _, sparseness := range []diagfake.Sparseness{diagfake.Identifiers, diagfake.Bare} {
			report, _ := c.run(t.Context(), world, func(f diagfake.Fake) { f.Sparse(sparseness) })
			for _, i := range report.Inconclusive {
				assert.NotEqual(t, diag.KindPanic, i.Kind, "sparseness %d: %s", sparseness, i.Err)
			}
			for _, f := range report.Findings {
				assert.NotEmpty(t, strings.TrimSpace(f.Summary), "sparseness %d", sparseness)
			}
		}
	})
}
