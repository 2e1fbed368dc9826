package diagtest

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

func (c conformance[S]) declares(t *testing.T) {
	var called []string
	for _, world := range []World[S]{c.worlds.Healthy, c.worlds.Broken} {
		called = append(called, c.calls(t, world)...)
	}
	slices.Sort(called)
	declared := slices.Compact(slices.Sorted(slices.Values(c.check.Actions)))
	assert.Equal(t, declared, slices.Compact(called),
		"the declared actions must be those that are called in one of the worlds")
}

// calls returns the actions that a run in the world calls.
func (c conformance[S]) calls(t *testing.T, world World[S]) []string {
	t.Helper()
	_, fakes := c.run(t.Context(), world, nil)
	return actions(fakes)
}

func actions(fakes []diagfake.Fake) []string {
	var called []string
	for _, f := range fakes {
		called = append(called, f.Actions()...)
	}
	slices.Sort(called)
	return slices.Compact(called)
}

// asksOnce proves that facts are fetched once: no call is made twice in a run, and a second run on the same subject
// makes none and tells the same.
func (c conformance[S]) asksOnce(t *testing.T) {
	c.both(t, func(t *testing.T, world World[S]) {
		subject, fakes := world()
		first := diag.Run(t.Context(), diag.On(subject, c.check))
		var before []int
		for _, f := range fakes {
			calls := f.Calls()
			before = append(before, len(calls))
			for i, call := range calls {
				twice := slices.ContainsFunc(calls[:i], func(o diagfake.Call) bool {
					return o.Action == call.Action && reflect.DeepEqual(o.Input, call.Input)
				})
				assert.False(t, twice, "%s was called twice with the same input", call.Action)
			}
		}
		second := diag.Run(t.Context(), diag.On(subject, c.check))
		for i, f := range fakes {
			for _, call := range f.Calls()[before[i]:] {
				assert.Fail(t, "asked again", "%s was called again for a fact that was known", call.Action)
			}
		}
		assert.Equal(t, tell(t, first), tell(t, second), "a second run on the same subject")
	})
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

// truncated throttles every page but the first. A check that then says nothing of it must have had no need of more.
func (c conformance[S]) truncated(t *testing.T) {
	c.both(t, func(t *testing.T, world World[S]) {
		whole := c.story(t, world, nil)
		for _, action := range c.calls(t, world) {
			report, _ := c.run(t.Context(), world, func(f diagfake.Fake) { f.Truncate(action) })
			if len(report.Inconclusive) == 0 {
				assert.Equal(t, whole, tell(t, report), "%s was cut short, and the check took it for all", action)
			}
		}
	})
}
