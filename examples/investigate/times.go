package main

import (
	"fmt"
	"time"
)

const timesAllowed = "want UTC such as 2026-02-11T14:05:00Z"

// layouts are the forms of a time that people write; those without a zone are UTC.
var layouts = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04",
	"2006-01-02 15:04:05", "2006-01-02 15:04"}

func readTime(text string) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// readNow is the time to diagnose at. A saved world has no clock.
func (q *question) readNow(clock time.Time) (time.Time, error) {
	if q.nowText == "" {
		if q.world != "" {
			return time.Time{}, fmt.Errorf("-now is missing: a saved world needs the time at which it was saved; %s",
				timesAllowed)
		}
		return clock.UTC(), nil
	}
	now, ok := readTime(q.nowText)
	switch {
	case !ok:
		return time.Time{}, fmt.Errorf("-now %q: %s", q.nowText, timesAllowed)
	case q.live() && now.After(clock.Add(time.Minute)):
		return time.Time{}, fmt.Errorf("-now %q lies in the future; it is %s", q.nowText, clock.UTC().Format(time.RFC3339))
	}
	return now, nil
}

// readSince is when somebody noticed: a time, or how long before now.
func (q *question) readSince() (time.Time, error) {
	if q.since == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(q.since); err == nil && d >= 0 {
		return q.now.Add(-d), nil
	}
	since, ok := readTime(q.since)
	switch {
	case !ok:
		return time.Time{}, fmt.Errorf("-since %q: %s, or 45m for that long ago", q.since, timesAllowed)
	case since.After(q.now):
		return time.Time{}, fmt.Errorf("-since %q lies after now, %s", q.since, q.now.Format(time.RFC3339))
	}
	return since, nil
}

func (q *question) readBudget() (time.Duration, error) {
	if q.budgetText == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(q.budgetText)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("-budget %q: want a duration such as 30s or 2m", q.budgetText)
	}
	return d, nil
}
