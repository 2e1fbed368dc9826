package metrics

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// weekDays is how many days before the window are read to compare with.
	weekDays = 7
	// finePoints is how many metrics are read in points of five minutes over a week: more would not fit into a page of
	// 100,800 points ("GetMetricData", Amazon CloudWatch API Reference).
	finePoints = 48
	// around is how much on both sides of a time belongs to its hour.
	around = 30 * time.Minute
)

// Week reads the metrics over the seven days before the window, in one call for 500 of them. They are by the name of
// the metric; one of which there is nothing is left out. Windows of more than a day have no days before them: they
// return nothing.
func (s *Source) Week(ctx context.Context, of ...Metric) (map[string]Baseline, error) {
	all := map[string]Baseline{}
	const day = 24 * time.Hour
	if len(of) == 0 || s.window.Duration() > day {
		return all, nil
	}
	period := s.period
	if len(of) > finePoints {
		period = coarsePeriod
	}
	span := diag.Window{Start: s.window.Start.Add(-weekDays*day - around).UTC().Truncate(period),
		End: ceil(s.window.End.Add(-day+around).UTC(), period)}
	past := &Source{api: s.api, window: span, span: span, period: period, entries: map[string]*entry{}}
	set, err := past.Fetch(ctx, of...)
	if err != nil {
		err = fmt.Errorf("reading the days before: %w", err)
	}
	for _, m := range of {
		whole := set.Series(m)
		if len(whole.Points) == 0 {
			continue
		}
		if m.Counts() { // before its first point a count was not zero, there was nothing to count
			whole.Span.Start = whole.Points[0].At
			whole = whole.scaled(float64(s.period) / float64(period))
		}
		b := Baseline{Week: whole}
		for n := 1; n <= weekDays; n++ {
			back := time.Duration(n) * day
			slice := whole.Between(diag.Window{Start: s.window.Start.Add(-back - around), End: s.window.End.Add(-back + around)})
			if len(slice.Points) > 0 {
				b.Days = append(b.Days, slice.moved(back))
			}
		}
		all[m.String()] = b
	}
	return all, err
}

// scaled returns the series with its values times a factor.
func (s Series) scaled(by float64) Series {
	s.Points = slices.Clone(s.Points)
	for i := range s.Points {
		s.Points[i].Value *= by
	}
	return s
}

// Comparison is a series now against the same hour of the days before.
type Comparison struct {
	// Now is the median of the span that was compared.
	Now float64
	// Usual is the median of the days, Least and Most their extremes.
	Usual, Least, Most float64
	// Days is how many days are known, Alike how many of them were at least four fifths of Now.
	Days, Alike int
	// Calm is the median of all the days, at all hours.
	Calm float64
}

// alike is the share of a value from which on another is about the same.
const alike = 0.8

// Compare compares a span of the series with the same hour of the days before. It is false with fewer than three days,
// and where nothing is known of the span.
func (b Baseline) Compare(s Series, span diag.Window) (Comparison, bool) {
	part := s.Between(span)
	now, ok := part.Median()
	usual, _, enough := b.Usual(span.Start.Add(span.Duration() / 2))
	if !ok || !enough {
		return Comparison{}, false
	}
	c := Comparison{Now: now, Usual: usual}
	for _, day := range b.Days {
		of := day.Between(diag.Window{Start: span.Start.Add(-around), End: span.End.Add(around)})
		level, ok := of.Median()
		if !ok {
			continue
		}
		if c.Days == 0 || level < c.Least {
			c.Least = level
		}
		c.Most = max(c.Most, level)
		c.Days++
		if level >= alike*now {
			c.Alike++
		}
	}
	c.Calm, _ = b.Week.Median()
	return c, c.Days >= minDays
}

// Times is how many times the usual level it is now; zero where nothing is usual.
func (c Comparison) Times() float64 {
	if c.Usual <= 0 {
		return 0
	}
	return c.Now / c.Usual
}

// Recurs reports what comes back at this hour: most of the days were about the same, and calm at other hours. What has
// been so for days at all hours does not recur, it lasts.
func (c Comparison) Recurs() bool {
	const calm = 0.6
	return c.Alike >= minDays && 5*c.Alike >= 3*c.Days && c.Calm <= calm*c.Now
}

// String tells the comparison: "96 now; 22 (18 to 25) at the same hour of the 7 days before: 4.4 times".
func (c Comparison) String() string {
	said := fmt.Sprintf("%s now; %s (%s to %s) at the same hour of the %d days before", Figure(c.Now), Figure(c.Usual),
		Figure(c.Least), Figure(c.Most), c.Days)
	switch times := c.Times(); {
	case c.Recurs():
		said += fmt.Sprintf(": as on %d of them", c.Alike)
	case times >= 1.2 || times > 0 && times <= 0.8:
		said += fmt.Sprintf(": %s times", Figure(times))
	case times > 0:
		said += ": about as usual"
	}
	return said
}
