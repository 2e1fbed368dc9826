package diagtest

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// World makes a subject and the fakes it reads from, fresh at each call and the same each time.
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
		require.NotNil(t, check.Run, "the check has no Run")
		require.NotNil(t, worlds.Healthy, "there is no healthy world")
		require.NotNil(t, worlds.Broken, "there is no broken world")
		t.Run("info", func(t *testing.T) { assert.NoError(t, diag.Validate(check.Info)) })
		c := conformance[S]{check, worlds}
		if check.Change {
			t.Run("stands above what it broke", c.change)
		}
		t.Run("silent when healthy", c.silent)
		t.Run("found when broken", c.found)
		t.Run("declares what it calls", c.declares)
		t.Run("asks once", c.asksOnce)
		t.Run("inconclusive when a call fails", c.inconclusive)
		t.Run("inconclusive when a list is cut short", c.truncated)
		t.Run("cancellation surfaces", c.cancels)
		t.Run("leaves no goroutine", c.leavesNothing)
		t.Run("same world, same bytes", c.deterministic)
		t.Run("survives what AWS leaves out", c.sparse)
	})
}

type conformance[S diag.Subject] struct {
	check  *diag.Check[S]
	worlds Worlds[S]
}

// run makes a world, prepares its fakes, and runs the check in it.
func (c conformance[S]) run(ctx context.Context, world World[S],
	prepare func(diagfake.Fake)) (*diag.Report, []diagfake.Fake) {
	subject, fakes := world()
	for _, f := range fakes {
		if prepare != nil {
			prepare(f)
		}
	}
	return diag.Run(ctx, diag.On(subject, c.check)), fakes
}

func (c conformance[S]) both(t *testing.T, test func(*testing.T, World[S])) {
	t.Helper()
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
		wellWritten(t, f)
	}
}

// trouble is the code of a trouble that a change may have caused.
const trouble diag.Code = "diagtest.trouble"

// change proves that the driver can work with what the check of a change finds: it is no cause by itself, it knows when
// it was made, and it stands above a trouble that began a second later over a mechanism that it breaks.
func (c conformance[S]) change(t *testing.T) {
	alone, _ := c.run(t.Context(), c.worlds.Broken, nil)
	assert.Empty(t, alone.Roots(), "a change is no trouble by itself")
	for _, f := range alone.Findings {
		assert.False(t, f.Since.IsZero(), "when it was made: %s", f.Summary)
	}
	if len(c.check.Breaks) == 0 || len(alone.Findings) == 0 {
		return
	}
	made := alone.Findings[0]
	follows := &diag.Check[S]{Info: c.check.Info, Run: func(context.Context, S) ([]diag.Finding, error) {
		return []diag.Finding{{Resource: made.Resource, Summary: "broken", Since: made.Since.Add(time.Second),
			Evidence: []diag.Evidence{{Source: "diagtest:Look", Field: "state", Value: "broken"}}}}, nil
	}}
	follows.Code, follows.Severity, follows.Change = trouble, diag.SeverityError, false
	subject, _ := c.worlds.Broken()
	report := diag.Run(t.Context(), diag.On(subject, c.check, follows))
	if roots := report.Roots(); assert.NotEmpty(t, roots) {
		assert.Equal(t, c.check.Code, roots[0].Code, "the root of a trouble that began a second later")
		assert.Equal(t, diag.SeverityError, roots[0].Severity, "a change bears the severity of what it broke")
	}
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

// repeats is how often a check tells the same story. Order taken from a map of two shows up in all but one of 2^repeats
// attempts.
const repeats = 8

func (c conformance[S]) deterministic(t *testing.T) {
	c.both(t, func(t *testing.T, world World[S]) {
		first := c.story(t, world, nil)
		for range repeats {
			require.Equal(t, first, c.story(t, world, nil), "a further run")
		}
		assert.Equal(t, first, c.story(t, world, func(f diagfake.Fake) { f.PageSize(1) }), "one item a page")
		assert.Equal(t, first, c.story(t, world, func(f diagfake.Fake) { f.EmptyPages("logs:FilterLogEvents") }),
			"an empty page first")
	})
}

// story is what a run says of the world: all but the window, which moves with the clock where a world sets none, and
// the number of calls.
func (c conformance[S]) story(t *testing.T, world World[S], prepare func(diagfake.Fake)) string {
	t.Helper()
	report, _ := c.run(t.Context(), world, prepare)
	return tell(t, report)
}

func tell(t *testing.T, report *diag.Report) string {
	t.Helper()
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
				assert.NotContains(t, []diag.Kind{diag.KindPanic, diag.KindContract}, i.Kind,
					"sparseness %d: %s", sparseness, i.Err)
			}
			for _, f := range report.Findings {
				wellWritten(t, f)
			}
		}
	})
}
