package metrics

import (
	"fmt"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// TrafficSurge tells of requests far beyond what is usual at the hour. It is judged where something is used up: see
// [FindSurge].
var TrafficSurge = diag.Info{
	Code: "cloudwatch.traffic-surge", Title: "Far more requests than usual", Severity: diag.SeverityWarning,
	Confidence: diag.Likely,
	Doc: "A target group or load balancer gets at least twice the requests of the same hour of the days before, and " +
		"more than on any of them, and what serves them has something used up: processor, connections, the maximum of its " +
		"scaling. Without days to compare with, requests that became a multiple within the window count. Requests that " +
		"came with failures are no surge: clients try again.",
	Actions: Actions(), Breaks: []diag.Mechanism{diag.Demand},
	Limits: "Who sends them is in access logs only. Load that comes by other ways, such as queues, is not seen.",
	Source: "CloudWatch metrics for your Application Load Balancer, RequestCount; CloudWatch metrics for your Network " +
		"Load Balancer, NewFlowCount",
}

// Surge is a span in which a count lay far above what is usual.
type Surge struct {
	Start time.Time
	// End is the first period that was usual again, zero while it lasts.
	End time.Time
	// Now is the median of the span. Usual is that of the same hour of the days before, Least and Most their extremes; of
	// unknown days, the level before the span.
	Now, Usual, Least, Most float64
	// Days is how many days are known, zero if the level before was all that there was to compare with.
	Days int
	// Period is what each of the figures stands for.
	Period time.Duration
}

const (
	// surging is how many times the usual level a surge is at least, and clearly how many times the most of any day.
	surging, clearly = 2, 1.3
	// rising is how many times the level before it a rise is at least, where no days are known.
	rising = 3
	// some is how many requests a period must have: less wears nothing out.
	some = 50
)

// FindSurge returns the last surge of a count, given its week; of fewer than three days, against the time before.
func FindSurge(s Series, week Baseline) (Surge, bool) {
	newest, ok := s.Last()
	if !ok {
		return Surge{}, false
	}
	// What is not there yet is not zero.
	s = s.SinceFirst().Between(diag.Window{Start: s.Span.Start, End: newest.At.Add(s.Period)})
	span := func(e Episode) diag.Window {
		if e.End.IsZero() {
			return diag.Window{Start: e.Start, End: s.Span.End}
		}
		return diag.Window{Start: e.Start, End: e.End}
	}
	if len(week.Days) < minDays {
		e, ok := s.Onset(Rise)
		now, known := s.Between(span(e)).Median()
		if !ok || !known || e.Before <= 0 || now < some || now < rising*e.Before {
			return Surge{}, false
		}
		return Surge{Start: e.Start, End: e.End, Now: now, Usual: e.Before, Period: s.Period}, true
	}
	e, ok := week.Unusual(s, Rise, 2)
	if !ok {
		return Surge{}, false
	}
	c, ok := week.Compare(s, span(e))
	if !ok || c.Now < some || c.Now < surging*c.Usual || c.Now < clearly*c.Most {
		return Surge{}, false
	}
	return Surge{Start: e.Start, End: e.End, Now: c.Now, Usual: c.Usual, Least: c.Least, Most: c.Most, Days: c.Days,
		Period: s.Period}, true
}

// String tells the surge: "3.1 times what they are at this hour: 4120 in 5 minutes, 1330 (1210 to 1450) on the 7 days
// before". It ends a sentence whose subject are the requests.
func (s Surge) String() string {
	if s.Days == 0 {
		return fmt.Sprintf("%.1f times what they were before: %s in %.0f minutes, %s before; of the days before nothing is "+
			"known", s.Now/s.Usual, Figure(s.Now), s.Period.Minutes(), Figure(s.Usual))
	}
	times := "there, and at this hour there are none usually"
	if s.Usual > 0 {
		times = fmt.Sprintf("%.1f times what they are at this hour", s.Now/s.Usual)
	}
	return fmt.Sprintf("%s: %s in %.0f minutes, %s (%s to %s) on the %d days before", times, Figure(s.Now),
		s.Period.Minutes(), Figure(s.Usual), Figure(s.Least), Figure(s.Most), s.Days)
}

// Retried reports failures that began no later than the surge and are a large part of it: clients try again.
func (s Surge) Retried(requests Series, failures ...Series) bool {
	const part = 0.25
	end := s.End
	if end.IsZero() {
		end = requests.Span.End
	}
	span := diag.Window{Start: s.Start, End: end}
	return slices.ContainsFunc(failures, func(f Series) bool {
		onset, ok := f.Onset(Rise)
		early := ok && !onset.Start.After(s.Start.Add(f.Period))
		return early && f.Between(span).Sum() >= part*requests.Between(span).Sum()
	})
}
