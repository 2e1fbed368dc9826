package metrics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Watched is a resource and the alarms that watch it, found by the dimensions of their metrics.
type Watched struct {
	of         diag.Resource
	alarms     *Alarms
	dimensions []Dimension
	source     *Source
	lives      func(context.Context) (bool, error)
	bands      diag.MemoMap[string, Band]
}

var _ diag.Subject = (*Watched)(nil)

// NewWatched makes a resource whose metrics have the dimensions.
func NewWatched(alarms *Alarms, of diag.Resource, dimensions ...Dimension) *Watched {
	return &Watched{of: of, alarms: alarms, dimensions: dimensions}
}

// WithMetrics lets the checks read what alarms without data watch, and returns the resource.
func (w *Watched) WithMetrics(source *Source) *Watched {
	w.source = source
	return w
}

// WithLife tells whether the resource is at work, so that it should have metrics, and returns the resource. Without it,
// nobody knows, and a metric that stopped is no trouble.
func (w *Watched) WithLife(lives func(context.Context) (bool, error)) *Watched {
	w.lives = lives
	return w
}

// Resource returns the resource that is watched.
func (w *Watched) Resource() diag.Resource { return w.of }

// Raised returns the raised alarms on the resource, by name, and for each the composite alarms that it holds up.
func (w *Watched) Raised(ctx context.Context) ([]Alarm, map[string][]Alarm, error) {
	known, err := w.alarms.Known(ctx)
	var own []Alarm
	parents := map[string][]Alarm{}
	for _, a := range known {
		if a.Raised() && a.Watches(w.dimensions...) {
			own = append(own, a)
		}
		if a.Raised() && a.Composite() {
			for _, child := range upholding(a, known) {
				parents[child.Name] = append(parents[child.Name], a)
			}
		}
	}
	return own, parents, err
}

// upholding returns the raised metric alarms that hold a raised composite alarm, by name.
func upholding(a Alarm, known []Alarm) []Alarm {
	if names, ok := a.Held(stateIn(known)); ok {
		a.Children = names
	}
	return slices.DeleteFunc(Resolve(a, known), func(x Alarm) bool { return !x.Raised() })
}

// stateIn tells the states of alarms among those known; others are OK.
func stateIn(known []Alarm) func(string) types.StateValue {
	return func(name string) types.StateValue {
		for _, k := range known {
			if k.Name == name {
				return k.State
			}
		}
		return types.StateValueOk
	}
}

// AlarmRaised reports alarms of the customer's own that are raised. They tell what somebody found worth watching, and
// no cause by themselves.
var AlarmRaised = &diag.Check[*Watched]{
	Info: diag.Info{
		Code: "cloudwatch.alarm-raised", Title: "Alarm raised", Severity: diag.SeverityInfo,
		Doc: "An alarm on a metric of the resource is in state ALARM. Whether that is a trouble only who made it knows: " +
			"some stand in ALARM on every calm night. Alarms that drive scaling are left out.",
		Actions: []string{callAlarms, callMetrics}, Source: "DescribeAlarms (Amazon CloudWatch API Reference)",
		Limits: "Alarms over expressions without a metric of the resource are not found.",
	},
	Run: func(ctx context.Context, w *Watched) ([]diag.Finding, error) {
		own, parents, err := w.Raised(ctx)
		known, _ := w.alarms.Known(ctx) // its error is that of Raised
		var findings []diag.Finding
		errs := []error{err}
		for _, a := range own {
			if a.Scales {
				continue
			}
			saw, err := w.saw(ctx, a)
			findings, errs = append(findings, w.finding(a, saw, parents[a.Name], known)), append(errs, err)
		}
		return findings, errors.Join(errs...)
	},
}

// AlarmChecks are the checks of alarms on a resource.
func AlarmChecks() []*diag.Check[*Watched] {
	return []*diag.Check[*Watched]{AlarmRaised, AlarmToldNobody, AlarmWithoutData, AlarmLostData}
}

// saw tells what an alarm saw when it was raised. Of an anomaly band that CloudWatch did not tell, the band is read.
func (w *Watched) saw(ctx context.Context, a Alarm) (string, error) {
	if a.Missing == treatBreaching && a.Seen.Known && len(a.Seen.Points) == 0 {
		return "it is raised because data is missing, which it takes for a breach", nil
	}
	said := a.Seen.words()
	if !a.Band || len(a.Seen.Upper)+len(a.Seen.Lower) > 0 || w.source == nil || len(a.Metrics) == 0 ||
		a.Metrics[0].Stat == "" {
		return said, nil
	}
	m := a.Metrics[0]
	set, err := w.source.Fetch(ctx, m)
	if err != nil {
		return said, err
	}
	band, err := w.bands.Get(ctx, m.String(), func(ctx context.Context) (Band, error) {
		bands, err := w.source.Bands(ctx, 0, m)
		return bands[m.String()], err
	})
	outside, _, ok := band.Outside(set.Series(m), 1)
	if !ok {
		return said, err
	}
	at := outside.Peak.At
	low, okLow := byTime(band.Low)[at]
	high, okHigh := byTime(band.High)[at]
	said = "it was " + Figure(outside.Peak.Value) + " at " + at.Format("15:04 UTC")
	if okLow && okHigh {
		said += expected(&low, &high)
	}
	return said, err
}

func (w *Watched) finding(a Alarm, saw string, parents, known []Alarm) diag.Finding {
	f := diag.Finding{Resource: w.of, Since: a.Since, Evidence: []diag.Evidence{
		{Source: callAlarms, Field: a.Name + " StateValue", Value: string(a.State), At: a.Since},
		{Source: callAlarms, Field: a.Name + " condition", Value: a.Condition()}}}
	f.Summary = fmt.Sprintf("alarm %s is raised (%s)", a.Name, a.Condition())
	if !a.Since.IsZero() {
		f.Summary += " since " + a.Since.Format("15:04 UTC")
	}
	if saw != "" {
		f.Summary += "; " + saw
	}
	if a.Reason != "" {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: callAlarms, Field: a.Name + " StateReason", Value: a.Reason})
	}
	for _, p := range parents {
		f.Summary += ", and with it " + p.Name
		if also := besides(a, upholding(p, known)); also != "" {
			f.Summary += " (which " + also + " too)"
		}
		f.Evidence = append(f.Evidence, diag.Evidence{Source: callAlarms, Field: p.Name + " AlarmRule", Value: p.Condition()})
	}
	f.NextSteps = []diag.Step{{Text: "Look at its history.", Command: "aws cloudwatch describe-alarm-history " +
		"--history-item-type StateUpdate --alarm-name '" + a.Name + "'"}}
	return f
}

// besides names the other alarms as those that hold something up; "" if there are none.
func besides(a Alarm, others []Alarm) string {
	var names []string
	for _, o := range others {
		if o.Name != a.Name {
			names = append(names, o.Name)
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0] + " holds up"
	}
	return strings.Join(names, " and ") + " hold up"
}

// maxHistories bounds the alarms of one resource whose history is read: one call each.
const maxHistories = 5

// changed returns the alarms on the resource whose state changed in the window: those that are raised first, then those
// without data. Those that are OK again are known in small accounts only.
func (w *Watched) changed(ctx context.Context) ([]Alarm, error) {
	known, err := w.alarms.Known(ctx)
	own := slices.DeleteFunc(slices.Clone(known), func(a Alarm) bool {
		return a.Scales || !a.Watches(w.dimensions...) || a.Since.Before(w.alarms.window.Start)
	})
	rank := map[types.StateValue]int{types.StateValueAlarm: 0, types.StateValueInsufficientData: 1,
		types.StateValueOk: 2}
	slices.SortStableFunc(own, func(x, y Alarm) int { return rank[x.State] - rank[y.State] })
	return own[:min(len(own), maxHistories)], err
}

// AlarmSurvey tells in the timeline what happened to the alarms on a resource whose state changed: their states and
// what they saw, that somebody changed them, and that their actions failed.
var AlarmSurvey = &diag.Survey[*Watched]{
	Name: "cloudwatch.alarms", Actions: []string{callAlarms, callHistory},
	Events: func(ctx context.Context, w *Watched, _ diag.Window) ([]diag.Event, error) {
		own, err := w.changed(ctx)
		errs := []error{err}
		var events []diag.Event
		for _, a := range own {
			transitions, err := w.alarms.History(ctx, a.Name)
			errs = append(errs, err)
			for _, t := range transitions {
				if said := t.words(); said != "" {
					events = append(events, diag.Event{At: t.At, Resource: w.of, Source: callHistory, Kind: "alarm",
						Text: fmt.Sprintf("alarm %s (%s): %s", a.Name, a.Condition(), said)})
				}
			}
		}
		return events, errors.Join(errs...)
	},
}
