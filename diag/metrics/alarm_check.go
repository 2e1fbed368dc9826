package metrics

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
)

// Watched is a resource and the alarms that watch it, found by the dimensions of their metrics.
type Watched struct {
	of         diag.Resource
	alarms     *Alarms
	dimensions []Dimension
}

var _ diag.Subject = (*Watched)(nil)

// NewWatched makes a resource whose metrics have the dimensions.
func NewWatched(alarms *Alarms, of diag.Resource, dimensions ...Dimension) *Watched {
	return &Watched{of: of, alarms: alarms, dimensions: dimensions}
}

// Resource returns the resource that is watched.
func (w *Watched) Resource() diag.Resource { return w.of }

// Raised returns the raised alarms on the resource, by name, and for each the composite alarms that it helped to raise.
func (w *Watched) Raised(ctx context.Context) ([]Alarm, map[string][]Alarm, error) {
	all, err := w.alarms.Raised(ctx)
	var own []Alarm
	parents := map[string][]Alarm{}
	for _, a := range all {
		if a.Watches(w.dimensions...) {
			own = append(own, a)
		}
		if a.Composite() {
			for _, child := range Resolve(a, all) {
				parents[child.Name] = append(parents[child.Name], a)
			}
		}
	}
	return own, parents, err
}

// AlarmRaised reports alarms of the customer's own that are raised. They tell what somebody found worth watching, and no
// cause by themselves.
var AlarmRaised = &diag.Check[*Watched]{
	Info: diag.Info{
		Code: "cloudwatch.alarm-raised", Title: "Alarm raised", Severity: diag.SeverityInfo,
		Doc: "An alarm on a metric of the resource is in state ALARM. Whether that is a trouble only who made it knows: " +
			"some stand in ALARM on every calm night. Alarms that drive scaling are left out.",
		Actions: []string{callAlarms}, Source: "DescribeAlarms (Amazon CloudWatch API Reference)",
		Limits: "Alarms over expressions without a metric of the resource are not found.",
	},
	Run: func(ctx context.Context, w *Watched) ([]diag.Finding, error) {
		own, parents, err := w.Raised(ctx)
		var findings []diag.Finding
		for _, a := range own {
			if !a.Scales {
				findings = append(findings, w.finding(a, parents[a.Name]))
			}
		}
		return findings, err
	},
}

// AlarmChecks are the checks of alarms on a resource.
func AlarmChecks() []*diag.Check[*Watched] { return []*diag.Check[*Watched]{AlarmRaised} }

func (w *Watched) finding(a Alarm, parents []Alarm) diag.Finding {
	f := diag.Finding{Resource: w.of, Since: a.Since, Evidence: []diag.Evidence{
		{Source: callAlarms, Field: a.Name + " StateValue", Value: string(a.State), At: a.Since},
		{Source: callAlarms, Field: a.Name + " condition", Value: a.Condition()}}}
	f.Summary = fmt.Sprintf("alarm %s is raised (%s)", a.Name, a.Condition())
	if !a.Since.IsZero() {
		f.Summary += " since " + a.Since.Format("15:04 UTC")
	}
	if a.Reason != "" {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: callAlarms, Field: a.Name + " StateReason", Value: a.Reason})
	}
	for _, p := range parents {
		f.Summary += ", and with it " + p.Name
		f.Evidence = append(f.Evidence, diag.Evidence{Source: callAlarms, Field: p.Name + " AlarmRule", Value: p.Condition()})
	}
	if a.Muted {
		f.Summary += "; its actions are switched off, so that it told nobody"
	}
	f.NextSteps = []diag.Step{{Text: "Look at its history.", Command: "aws cloudwatch describe-alarm-history " +
		"--history-item-type StateUpdate --alarm-name '" + a.Name + "'"}}
	return f
}

// maxHistories bounds the alarms of one resource whose history is read: one call each.
const maxHistories = 5

// AlarmSurvey tells in the timeline when the raised alarms on a resource changed their state.
var AlarmSurvey = &diag.Survey[*Watched]{
	Name: "cloudwatch.alarms", Actions: []string{callAlarms, callHistory},
	Events: func(ctx context.Context, w *Watched, _ diag.Window) ([]diag.Event, error) {
		own, _, err := w.Raised(ctx)
		own = slices.DeleteFunc(slices.Clone(own), func(a Alarm) bool {
			return a.Scales || a.Since.Before(w.alarms.window.Start)
		})
		errs := []error{err}
		var events []diag.Event
		for _, a := range own[:min(len(own), maxHistories)] {
			transitions, err := w.alarms.History(ctx, a.Name)
			errs = append(errs, err)
			for _, t := range transitions {
				events = append(events, diag.Event{At: t.At, Resource: w.of, Source: callHistory, Kind: "alarm",
					Text: fmt.Sprintf("alarm %s (%s): %s", a.Name, a.Condition(), t.words())})
			}
		}
		return events, errors.Join(errs...)
	},
}

func (t Transition) words() string {
	if t.To == "" {
		return t.Summary
	}
	return fmt.Sprintf("%s, was %s", t.To, t.From)
}
