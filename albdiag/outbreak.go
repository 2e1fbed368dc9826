package albdiag

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// outbreak is a stretch of time in which a share of requests went wrong that matters.
type outbreak struct {
	// first is the beginning of the first bad period, last the end of the last one.
	first, last time.Time
	// count is how many went wrong of how many requests, from first to last.
	count, requests float64
	unit            string
	// usual is the share that went wrong before.
	usual float64
	// ongoing reports that it was so lately. sinceAtLeast reports that it was so already where the metrics begin.
	ongoing, sinceAtLeast bool
	worst                 metrics.Point
}

func (o outbreak) share() float64 {
	if o.requests == 0 {
		return 1
	}
	return o.count / o.requests
}

func (o outbreak) window() diag.Window { return diag.Window{Start: o.first, End: o.last} }

// String tells it in numbers: "4801 of 66123 requests (7.3 %) since 14:05, still going on".
func (o outbreak) String() string {
	text := fmt.Sprintf("%.0f of %.0f %s (%s)", o.count, math.Max(o.requests, o.count), o.unit, percent(o.share()))
	switch {
	case o.ongoing && o.sinceAtLeast:
		return fmt.Sprintf("%s since %s or earlier, still going on", text, clock(o.first))
	case o.ongoing:
		return fmt.Sprintf("%s since %s, still going on", text, clock(o.first))
	}
	return fmt.Sprintf("%s between %s and %s, not any more", text, clock(o.first), clock(o.last))
}

func percent(share float64) string {
	switch p := 100 * share; {
	case p >= 10:
		return fmt.Sprintf("%.0f %%", p)
	case p >= 0.1:
		return fmt.Sprintf("%.1f %%", p)
	default:
		return fmt.Sprintf("%.2f %%", p)
	}
}

// bounds say from which share on errors matter. Errors matter where they are many, whatever was before, or where they
// are some and many more than before: a small steady background is no trouble. Where rise is set their number must have
// risen, too: of handshakes that scanners break off there are as many when nobody else comes.
type bounds struct {
	some, many float64
	rise       bool
}

const (
	// timesMore is how many times the usual share is more than usual.
	timesMore = 4
	// leastErrors is how many errors matter at all: a single failure of a quiet site is none.
	leastErrors = 5
	// sameBout is how many periods without errors may lie within one outbreak.
	sameBout = 6
	// lately is how long ago the newest metrics may lie for "now".
	lately = 15 * time.Minute
)

// shares are the figures of one kind of error, period by period.
type shares struct {
	series           metrics.Series
	errors, requests []float64
	bad              []bool
	end              int // the number of periods up to the newest point of any metric
	bounds           bounds
}

// outbreak finds the last stretch within the window in which the errors of the series matter.
func (p *picture) outbreak(series metrics.Series, b bounds) (outbreak, bool) {
	s := shares{series: series, errors: series.Values(), requests: p.totals(series), bounds: b}
	s.end = min(p.periods(series), len(s.errors))
	s.mark()
	last := s.end - 1
	for last >= 0 && !s.bad[last] {
		last--
	}
	if last < 0 || !series.At(last+1).After(p.window.Start) {
		return outbreak{}, false
	}
	first, longestPause := s.firstOf(last)
	o := outbreak{first: series.At(first), last: series.At(last + 1), unit: p.unit(),
		sinceAtLeast: !slices.ContainsFunc(s.requests[:first], positive)}
	for i := first; i <= last; i++ {
		o.count, o.requests = o.count+s.errors[i], o.requests+s.requests[i]
		if s.errors[i] > o.worst.Value {
			o.worst = metrics.Point{At: series.At(i), Value: s.errors[i]}
		}
	}
	since := s.end - 1 - last
	fresh := p.window.End.Sub(series.At(s.end)) <= lately
	o.ongoing = fresh && (since <= 1 || since <= longestPause+1)
	return o, s.matters(&o, first) && (!b.rise || s.rose(o, first))
}

func positive(v float64) bool { return v > 0 }

// mark finds the bad periods: against the share of the calmest quarter, so that a trouble which fills most of the span
// is not taken for usual.
func (s *shares) mark() {
	var usual []float64
	for i := range s.end {
		if s.requests[i] > 0 {
			usual = append(usual, s.errors[i]/s.requests[i])
		}
	}
	slices.Sort(usual)
	calm := 0.0
	if len(usual) > 0 {
		calm = usual[len(usual)/4]
	}
	s.bad = make([]bool, len(s.errors))
	for i := range s.end {
		share := 1.0
		if s.requests[i] > 0 {
			share = s.errors[i] / s.requests[i]
		}
		many := s.errors[i] > 0 && share >= s.bounds.many
		some := s.errors[i] >= 3 && share >= max(s.bounds.some, timesMore*calm)
		s.bad[i] = many || some
	}
}

// firstOf returns the first bad period of the outbreak that last belongs to, and the longest pause in it.
func (s *shares) firstOf(last int) (first, longestPause int) {
	first = last
	for i := last - 1; i >= 0 && first-i <= sameBout+1; i-- {
		if s.bad[i] {
			longestPause = max(longestPause, first-i-1)
			first = i
		}
	}
	return first, longestPause
}

// matters compares the outbreak with what was before it. Of n requests before without an error no more can be said than
// that the usual share is below 3/n (the rule of three).
func (s *shares) matters(o *outbreak, first int) bool {
	var errors, requests float64
	for i := range first {
		if !s.bad[i] {
			errors, requests = errors+s.errors[i], requests+s.requests[i]
		}
	}
	if o.count < leastErrors {
		return false
	}
	if o.share() >= s.bounds.many || requests == 0 {
		o.usual = errors / max(requests, 1)
		return o.share() >= s.bounds.many
	}
	o.usual = errors / requests
	return o.share() >= max(s.bounds.some/2, timesMore*o.usual) && o.share() > (errors+3)/requests
}

// rose reports more errors a period than a multiple of those before. It is false where nothing is before.
func (s *shares) rose(o outbreak, first int) bool {
	var before float64
	for _, n := range s.errors[:first] {
		before += n
	}
	length := float64(o.last.Sub(o.first) / s.series.Period)
	return first > 0 && o.count/length >= timesMore*before/float64(first)
}
