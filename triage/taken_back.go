package triage

import (
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// What a log told of counts as over where it began soon after a change, ended about when that was taken back, and has
// not come again for as long as people wait before they call a thing mended.
const (
	beganWithin = 15 * time.Minute
	endedWithin = 10 * time.Minute
	quietFor    = 30 * time.Minute
)

// takenBack marks what logs told of only while a change held, which was taken back since, as over.
func takenBack(found []diag.Finding, now time.Time) {
	for i := range found {
		f := &found[i]
		last := lastTold(*f)
		if f.Change || !f.Until.IsZero() || f.Since.IsZero() || last.IsZero() || now.Sub(last) < quietFor {
			continue
		}
		for _, c := range found {
			began, ended := f.Since.Sub(c.Since), last.Sub(c.Until)
			if c.Change && !c.Until.IsZero() && began >= -skew && began <= beganWithin && ended.Abs() <= endedWithin {
				f.Until = last
			}
		}
	}
}

// lastTold is when a log told of a finding for the last time; zero for findings that do not come from a log.
func lastTold(f diag.Finding) time.Time {
	var last time.Time
	if !strings.HasPrefix(string(f.Code), "logs.") {
		return last
	}
	for _, e := range f.Evidence {
		if e.At.After(last) {
			last = e.At
		}
	}
	return last
}
