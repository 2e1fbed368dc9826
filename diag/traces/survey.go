package traces

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// TracesSurvey leads to where the troubles of requests begin, and puts the first and the last trace of each on the
// timeline.
var TracesSurvey = &diag.Survey[*Traces]{
	Name:    "traces.traces",
	Actions: []string{tracesAction, summariesAction},
	Links: func(ctx context.Context, t *Traces) ([]diag.Link, error) {
		s, err := t.Summaries(ctx)
		if s == nil {
			return nil, err
		}
		var links []diag.Link
		errs := []error{err}
		for _, kind := range []struct {
			of   []types.TraceSummary
			find func([]*Segment) (*Origin, time.Duration)
		}{{s.Faulty, faultAt}, {s.Throttled, throttledAt}, {s.Slow, dominant}} {
			if len(kind.of) == 0 {
				continue
			}
			trees, err := t.Trees(ctx, kind.of)
			errs = append(errs, err)
			for _, p := range places(trees, kind.find) {
				if l := (diag.Link{From: t.Resource(), To: p.at(), Role: "leads to"}); l.To.ID != "" && !slices.Contains(links, l) {
					links = append(links, l)
				}
			}
		}
		return links, errors.Join(errs...)
	},
	Events: func(ctx context.Context, t *Traces, window diag.Window) ([]diag.Event, error) {
		s, err := t.Summaries(ctx)
		if s == nil {
			return nil, err
		}
		events := slices.Concat(t.events("faulty", s.Faulty), t.events("throttled", s.Throttled), t.events("slow", s.Slow))
		events = slices.DeleteFunc(events, func(e diag.Event) bool { return !window.Contains(e.At) })
		slices.SortStableFunc(events, func(a, b diag.Event) int { return a.At.Compare(b.At) })
		return events, errors.Join(err)
	},
}

func (t *Traces) events(what string, of []types.TraceSummary) []diag.Event {
	var events []diag.Event
	for i, s := range of {
		which := map[int]string{0: "first", len(of) - 1: "last"}[i]
		if len(of) == 1 {
			which = "only"
		}
		if which == "" {
			continue
		}
		text := fmt.Sprintf("%s %s request of %d: trace %s", which, what, len(of), aws.ToString(s.Id))
		if s.ResponseTime != nil {
			text += fmt.Sprintf(", %s", words.Span(time.Duration(*s.ResponseTime*float64(time.Second))))
		}
		events = append(events, diag.Event{At: begun(s), Resource: t.Resource(), Source: summariesAction, Kind: "trace",
			Text: text})
	}
	return events
}
