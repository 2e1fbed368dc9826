package changes

import (
	"context"

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

// NewHistory makes the subject of everything that a trail saw within the window. Its findings stand on the resources that
// were changed, one for each; the driver keeps those that explain something.
func NewHistory(trail *Trail, window diag.Window) *Touched {
	return &Touched{trail: trail, resource: diag.Resource{Type: "AWS::CloudTrail::Trail", ID: "event history"}, window: window, whole: true}
}

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
		f.Resource = r
		each = append(each, f)
	}
	return each
}

// TouchedSurvey puts the changes of a resource on the timeline.
var TouchedSurvey = &diag.Survey[*Touched]{
	Name:    "changes.touched",
	Actions: Actions(),
	Events: func(ctx context.Context, t *Touched, _ diag.Window) ([]diag.Event, error) {
		found, err := t.Changes(ctx)
		return Events(found), err
	},
}
