package logs

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// GroupSurvey tells when each class of error first and last stood in a log, and how the group is set up. A log depends
// on nothing that it names, so the survey has no links.
var GroupSurvey = &diag.Survey[*Group]{
	Name:     "logs.group",
	Actions:  []string{describeAction, filterAction},
	Events:   groupEvents,
	Settings: groupSettings,
}

// GroupEventSurvey is the part of [GroupSurvey] that needs no call beside those of [GroupChecks]: all but the settings.
var GroupEventSurvey = &diag.Survey[*Group]{Name: "logs.group", Actions: []string{filterAction}, Events: groupEvents}

func groupEvents(ctx context.Context, g *Group, window diag.Window) ([]diag.Event, error) {
	b, err := g.Breakdown(ctx)
	if b == nil {
		return nil, missingIsSilent(err)
	}
	var events []diag.Event
	for _, t := range b.Tallies {
		if t.Cause.Weight == Noise {
			continue
		}
		onset := b.Onset(t, g.window)
		hits := []Hit{t.hitAt(onset)}
		if last := t.Last(); !last.At.Equal(hits[0].At) {
			hits = append(hits, last)
		}
		for i, h := range hits {
			if window.Contains(h.At) {
				events = append(events, g.event(t, h, i == 0))
			}
		}
	}
	slices.SortStableFunc(events, func(a, b diag.Event) int { return a.At.Compare(b.At) })
	return events, missingIsSilent(err)
}

// hitAt returns the hit with which a class began.
func (t Tally) hitAt(onset Onset) Hit { return t.Hits[min(onset.Before, len(t.Hits)-1)] }

func (g *Group) event(t Tally, h Hit, first bool) diag.Event {
	which := "last"
	if first {
		which = "first"
	}
	if len(t.Hits) == 1 {
		which = "only"
	}
	return diag.Event{At: h.At, Resource: g.Resource(), Source: filterAction, Kind: diag.KindLog,
		Text: oneLine(fmt.Sprintf("%s of %d, %s: %s", which, len(t.Hits), t.Cause.Title, happened(h.Text)))}
}

// happened tells a line in a few words: the request that it is about, or else its shape.
func happened(text string) string {
	if r, ok := ParseRequest(text); ok && r.Method != "" && r.Path != "" {
		return r.Method + " " + Template(r.Path)
	}
	return Template(tell(text))
}

func groupSettings(ctx context.Context, g *Group) ([]diag.Setting, error) {
	lg, err := g.Describe(ctx)
	if err != nil {
		return nil, missingIsSilent(err)
	}
	retention := "never expires"
	if lg.RetentionInDays != nil {
		retention = strconv.Itoa(int(*lg.RetentionInDays))
	}
	return []diag.Setting{
		{Resource: g.Resource(), Name: "retentionInDays", Value: retention},
		{Resource: g.Resource(), Name: "logGroupClass", Value: string(lg.LogGroupClass)},
		{Resource: g.Resource(), Name: "kmsKeyId", Value: aws.ToString(lg.KmsKeyId)},
	}, nil
}
