package changes

import (
	"context"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
)

// Touched is a resource as a trail knows it: what was done to it, and when.
type Touched struct {
	trail    *Trail
	resource diag.Resource
	window   diag.Window
	whole    bool // everything that the trail saw
}

// NewTouched makes the subject of a resource. It looks at changes within the window, which ends where the trouble is
// over or now, and begins hours before the trouble did.
func NewTouched(trail *Trail, resource diag.Resource, window diag.Window) *Touched {
	return &Touched{trail: trail, resource: resource, window: window}
}

// NewHistory makes the subject of everything that a trail saw within the window. Its findings stand on the resources
// that were changed, one for each; the driver keeps those that explain something.
func NewHistory(trail *Trail, window diag.Window) *Touched {
	return &Touched{trail: trail, resource: diag.Resource{Type: "AWS::CloudTrail::Trail", ID: "event history"},
		window: window, whole: true}
}

// NewGlobalHistory makes the subject of what a trail of global services saw. See [GlobalOnly] and [NewHistory].
func NewGlobalHistory(trail *Trail, window diag.Window) *Touched {
	return &Touched{trail: trail, resource: GlobalHistory, window: window, whole: true}
}

// GlobalHistory names the history of the global services, for links that lead to it.
var GlobalHistory = diag.Resource{Type: "AWS::CloudTrail::Trail", ID: "event history of global services"}

// Resource names the resource. It makes no call.
func (t *Touched) Resource() diag.Resource { return t.resource }

// Changes returns the changes of the resource within the window, the oldest first.
func (t *Touched) Changes(ctx context.Context) ([]Change, error) {
	if t.whole {
		return t.trail.Changes(ctx, t.window)
	}
	all, err := t.trail.Of(ctx, t.resource)
	var found []Change
	for _, c := range all {
		if t.window.Contains(c.At) {
			found = append(found, c)
		}
	}
	return found, err
}

// findings tells a change on what the subject is about.
func (t *Touched) findings(c Change) []diag.Finding {
	f := c.Finding()
	f.Resource = diag.Resource{} // the subject's, as its other findings name it
	if !t.whole {
		return []diag.Finding{f}
	}
	var each []diag.Finding
	for _, r := range c.Resources {
		on := f
		on.Resource = r
		on.Related = slices.DeleteFunc(slices.Clone(f.Related),
			func(other diag.Related) bool { return same(other.Resource, r) })
		each = append(each, on)
	}
	return each
}

// Refused returns the calls that would have changed the resource, within the window, and failed for want of permission,
// the oldest first. Other sources know none.
func (t *Touched) Refused(ctx context.Context) ([]Change, error) {
	sweep, err := t.trail.Sweep(ctx)
	if sweep == nil {
		return nil, err
	}
	var found []Change
	for _, c := range sweep.Refused {
		if t.window.Contains(c.At) && (t.whole || c.Touches(t.resource)) {
			found = append(found, c)
		}
	}
	return found, err
}

// TouchedSurvey puts the changes of a resource on the timeline, and, of kind "denied", the calls that were refused.
var TouchedSurvey = &diag.Survey[*Touched]{
	Name:    "changes.touched",
	Actions: Actions(),
	Events: func(ctx context.Context, t *Touched, _ diag.Window) ([]diag.Event, error) {
		found, err := t.Changes(ctx)
		refused, _ := t.Refused(ctx) // reads the sweep that Changes read, and fails with it
		denied := Events(refused)
		for i := range denied {
			denied[i].Kind = "denied"
		}
		return append(Events(found), denied...), err
	},
}
