package diag

import (
	"fmt"
	"time"
)

// Link says that one resource depends on another: From works only as long as To does.
type Link struct {
	From Resource `json:"from"`
	To   Resource `json:"to"`
	// Role says how: "routes to", "runs", "guarded by", "logs to".
	Role string `json:"role"`
	// Context marks a link without dependence, such as from a cluster to its services. It leads a walk to a
	// neighbour but never carries an explanation.
	Context bool `json:"context,omitempty"`
}

// Event is something that happened at a known time.
type Event struct {
	At       time.Time `json:"at"`
	Resource Resource  `json:"resource"`
	// Source is the call it comes from, such as "ecs:DescribeServices".
	Source string `json:"source"`
	// Kind groups events: "deployment", "service-event", "task-stopped", "log", "metric", "change".
	Kind string `json:"kind"`
	// Text tells it in one line.
	Text string `json:"text"`
}

// Setting is one piece of configuration.
type Setting struct {
	Resource Resource `json:"resource"`
	Name     string   `json:"name"`
	Value    string   `json:"value"`
}

// Window is a span of time, Start included, End excluded. End is also the "now" of everything that looks back.
type Window struct{ Start, End time.Time }

// Last returns the window of length d that ends at end.
func Last(d time.Duration, end time.Time) Window { return Window{Start: end.Add(-d), End: end} }

// Contains reports whether t lies in the window.
func (w Window) Contains(t time.Time) bool { return !t.Before(w.Start) && t.Before(w.End) }

// Duration returns the length of the window.
func (w Window) Duration() time.Duration { return w.End.Sub(w.Start) }

// Validate reports a window that is empty or ends before it begins.
func (w Window) Validate() error {
	if !w.End.After(w.Start) {
		return fmt.Errorf("window from %s to %s: the end must lie after the start",
			w.Start.UTC().Format(time.RFC3339), w.End.UTC().Format(time.RFC3339))
	}
	return nil
}
