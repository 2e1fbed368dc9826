package changes

import (
	"cmp"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// skew is how much later than its effect a change may seem to have happened: CloudTrail's clock is good to a second,
// but the onset of a metric is blurred by its period of five minutes.
const skew = 5 * time.Minute

// Ranked is a change with its standing among those that may have caused a trouble.
type Ranked struct {
	Change
	// Before is how long before the onset it happened; negative within the tolerance for clock skew.
	Before time.Duration
	// Linked says that it touched one of the resources that the trouble is about, and Near which one, by its index.
	Linked bool
	Near   int
}

// Rank orders the changes that may have caused a trouble which began at an onset, the likeliest first. near are the
// failing resource and what it depends on, the nearest first. Changes after the onset are left out.
//
// A change of one of these resources stands before any other; then the time counts, in steps of a quarter of an hour,
// an hour, six hours; then whether something was taken away; then how near the resource is.
func Rank(all []Change, onset time.Time, near ...diag.Resource) []Ranked {
	var ranked []Ranked
	for _, c := range all {
		if c.At.IsZero() || c.At.After(onset.Add(skew)) {
			continue
		}
		r := Ranked{Change: c, Before: onset.Sub(c.At), Near: len(near)}
		if i := slices.IndexFunc(near, c.Touches); i >= 0 {
			r.Linked, r.Near = true, i
		}
		ranked = append(ranked, r)
	}
	slices.SortStableFunc(ranked, func(a, b Ranked) int {
		return cmp.Or(first(a.Linked, b.Linked), cmp.Compare(a.span(), b.span()), first(a.Family().Takes, b.Family().Takes),
			cmp.Compare(a.Near, b.Near), cmp.Compare(a.Before.Abs(), b.Before.Abs()), cmp.Compare(a.EventID, b.EventID))
	})
	return ranked
}

// first orders what holds before what does not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// span is the step of time that a change lies in.
func (r Ranked) span() int {
	steps := []time.Duration{15 * time.Minute, time.Hour, 6 * time.Hour}
	for i, d := range steps {
		if r.Before.Abs() <= d {
			return i
		}
	}
	return len(steps)
}
