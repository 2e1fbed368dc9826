package metrics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// fewerWhole is how much less than now may have come on an earlier day for its share to be compared, leastWhole how
	// much must have: the share of a handful is chance.
	fewerWhole = 10
	leastWhole = 50
	// alikeShare is from which part of the share now on an earlier day was about the same: rates of errors differ from day
	// to day by more than loads do.
	alikeShare = 0.5
	// newShare is up to which part of the share now the usual one makes it new. The bounds of errors within a window call
	// four times as many more than before, too.
	newShare = 0.25
)

// ShareComparison is the part that one count makes of another, such as errors of requests, against the same hours of
// the days before.
type ShareComparison struct {
	// Now is the share in the span that was compared.
	Now float64
	// Usual is the median of the days, Most the largest of them.
	Usual, Most float64
	// Days is how many days are known, Alike on how many of them it was at least half of Now.
	Days, Alike int
}

// CompareShares compares the part that a count makes of a whole within a span with the same span of the days before, as
// [Source.Week] read them. A count without points was zero. It is false with fewer than three days on which the whole
// is known and comes near to that of now.
func CompareShares(week map[string]Baseline, part, whole Series, span diag.Window) (ShareComparison, bool) {
	errors := part.Between(span).Sum()
	all := max(errors, whole.Between(span).Sum()) // requests that found no target are not counted as requests
	if all < leastWhole || errors <= 0 {
		return ShareComparison{}, false
	}
	c := ShareComparison{Now: errors / all}
	var shares []float64
	for n := 1; n <= weekDays; n++ {
		back := -time.Duration(n) * 24 * time.Hour
		then := diag.Window{Start: span.Start.Add(back), End: span.End.Add(back)}
		failed := week[part.Metric.String()].Week.Between(then).Sum()
		came := max(failed, week[whole.Metric.String()].Week.Between(then).Sum())
		if came < max(leastWhole, all/fewerWhole) {
			continue
		}
		share := failed / came
		shares = append(shares, share)
		if share >= alikeShare*c.Now {
			c.Alike++
		}
	}
	if c.Days = len(shares); c.Days < minDays {
		return ShareComparison{}, false
	}
	c.Most = slices.Max(shares)
	c.Usual = median(shares)
	return c, true
}

// AsBefore reports a share that is nothing new: on most of the days it was about the same.
func (c ShareComparison) AsBefore() bool { return c.Alike >= minDays && 5*c.Alike >= 3*c.Days }

// New reports a share that is far above that of the days before.
func (c ShareComparison) New() bool { return c.Alike == 0 && c.Usual <= newShare*c.Now }

// String tells the comparison: "12 % now; 0.3 % (up to 0.5 %) at the same hours of the 7 days before".
func (c ShareComparison) String() string {
	return fmt.Sprintf("%s now; %s (up to %s) at the same hours of the %d days before", Share(c.Now), Share(c.Usual),
		Share(c.Most), c.Days)
}

// Share writes a share as percent: whole from ten on, with as many digits below as tell it from nothing.
func Share(share float64) string {
	switch p := 100 * share; {
	case p == 0:
		return "none"
	case p >= 10:
		return fmt.Sprintf("%.0f %%", p)
	case p >= 0.1:
		return strings.TrimSuffix(strconv.FormatFloat(p, 'f', 1, 64), ".0") + " %"
	case p >= 0.01:
		return strconv.FormatFloat(p, 'f', 2, 64) + " %"
	}
	return "less than 0.01 %"
}
