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
}

// NewTouched makes the subject of a resource. It looks at changes within the window, which ends where the trouble is
// over or now, and begins hours before the trouble did.
func NewTouched(trail *Trail, resource diag.Resource, window diag.Window) *Touched {
	return &Touched{trail: trail, resource: resource, window: window}
}

// Resource names the resource. It makes no call.
func (t *Touched) Resource() diag.Resource { return t.resource }

// Changes returns the changes of the resource within the window, the oldest first.
func (t *Touched) Changes(ctx context.Context) ([]Change, error) {
	all, err := t.trail.Of(ctx, t.resource)
	var found []Change
	for _, c := range all {
		if t.window.Contains(c.At) {
			found = append(found, c)
		}
	}
	return found, err
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
