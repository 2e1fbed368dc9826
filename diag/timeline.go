package diag

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

const (
	// sameMoment is how far apart two sources may date one thing: their clocks agree to a second or two.
	sameMoment = 5 * time.Second
	// metricCalls begins the sources of evidence that is read off a metric.
	metricCalls = "cloudwatch:"
	// KindBegins is the kind of the event that tells when a trouble began of which only a metric shows.
	KindBegins = "begins"
	// kindChange is the kind of the event that somebody changed something.
	kindChange = "change"
)

// Timeline returns what happened, the oldest first, in UTC: the events of all sources, each told once, and when the
// troubles began that only metrics show. Within one second what somebody did comes before what came of it: CloudTrail
// dates to the second, others finer.
func (r *Report) Timeline() []Event {
	all := slices.Concat(r.Events, r.beginnings())
	for i := range all {
		all[i].At = all[i].At.UTC()
	}
	slices.SortStableFunc(all, func(a, b Event) int {
		return cmp.Or(a.At.Truncate(time.Second).Compare(b.At.Truncate(time.Second)), cmp.Compare(order(a), order(b)),
			a.At.Compare(b.At),
			compareResources(a.Resource, b.Resource), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Text, b.Text),
			cmp.Compare(a.Source, b.Source))
	})
	var told []Event
	for _, e := range all {
		if !slices.ContainsFunc(told[recent(told, e.At):], func(o Event) bool { return sameEvent(o, e) }) {
			told = append(told, e)
		}
	}
	return told
}

// order puts causes before effects where clocks cannot tell.
func order(e Event) int {
	i := slices.Index([]string{kindChange, "aws-health", "deployment"}, e.Kind)
	if i < 0 {
		return 3
	}
	return i
}

// recent is from where on events may be dated by another clock as the same moment.
func recent(told []Event, at time.Time) int {
	for i := len(told) - 1; i >= 0; i-- {
		if at.Sub(told[i].At) > sameMoment {
			return i + 1
		}
	}
	return 0
}

// sameEvent reports that two sources tell one thing: the same of the same resource, but for how they close the
// sentence.
func sameEvent(a, b Event) bool {
	plain := func(s string) string {
		return strings.ToLower(strings.TrimRight(strings.Join(strings.Fields(s), " "), "."))
	}
	return a.Resource.key() == b.Resource.key() && plain(a.Text) == plain(b.Text)
}

// beginnings tells when the troubles began that metrics show.
func (r *Report) beginnings() []Event {
	var events []Event
	for _, f := range r.Findings {
		if f.Change || f.Severity < SeverityWarning || f.Since.IsZero() || f.SinceAtLeast || len(f.Evidence) == 0 ||
			!strings.HasPrefix(f.Evidence[0].Source, metricCalls) {
			continue
		}
		events = append(events, Event{At: f.Since, Resource: f.Resource, Source: f.Evidence[0].Source, Kind: KindBegins,
			Text: "begins: " + f.Summary})
	}
	return events
}
