package triage

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// timeForms are the forms of times in logs and alerts. A form without a zone or year tells no time.
var timeForms = []struct {
	pattern *regexp.Regexp
	layouts []string // none: not placed
}{
	// RFC 3339 and its kin, with a blank, a comma, slashes or a zone apart: 2026-02-11T14:05:00.123Z, 2026/02/11
	// 14:05:00Z, 2026-02-11 14:05:00,123 +0000 UTC.
	{regexp.MustCompile(`\b\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})? ?(?:Z\b|UTC\b|GMT\b|[+-]\d{2}:?\d{2}\b)`),
		[]string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05MST"}},
	{regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2} ?(?:Z\b|[+-]\d{2}:?\d{2}\b)`),
		[]string{"2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700"}},
	// Common log format: 11/Feb/2026:14:05:00 +0000.
	{regexp.MustCompile(`\b\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\b`),
		[]string{"02/Jan/2006:15:04:05 -0700"}},
	// RFC 1123, as in HTTP headers: Wed, 11 Feb 2026 14:05:00 GMT.
	{regexp.MustCompile(`\b[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|UTC|[+-]\d{4})\b`),
		[]string{"Mon, 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05 -0700"}},
	// The mail of a CloudWatch alarm: Wednesday 11 February, 2026 14:05:00 UTC.
	{regexp.MustCompile(`\b[A-Z][a-z]+ \d{1,2} [A-Z][a-z]+, \d{4} \d{2}:\d{2}:\d{2} UTC\b`),
		[]string{"Monday 02 January, 2006 15:04:05 MST", "Monday 2 January, 2006 15:04:05 MST"}},
	{regexp.MustCompile(`\b\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\b`), nil},
	{regexp.MustCompile(`\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d{2}:\d{2}:\d{2}\b`), nil},
	// syslog
}

// epoch is a number of seconds or milliseconds where a word, or the beginning of a line, says that it is a time.
var epoch = regexp.MustCompile(`(?im)(?:^\s*\[?|\b(?:@?timestamp|time|ts|epoch|eventtime|ingestionTime)\\?["']?\s*[=:]\s*\\?["']?)(\d{10}(?:\d{3})?)(?:\.\d+)?\b`)

// The years in which an epoch may lie: before there was no ECS, and numbers beyond count something else.
var firstTime, lastTime = time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// times returns the times with a zone, earliest first, and the text of those without.
func (r *reader) times() (placed []time.Time, unplaced []string) {
	for _, f := range timeForms {
		r.take(f.pattern, func(_ int, g []string) bool {
			if f.layouts == nil {
				unplaced = append(unplaced, g[0])
				return true
			}
			t, ok := readTime(g[0], f.layouts)
			if ok {
				placed = append(placed, t)
			}
			return ok
		})
	}
	r.take(epoch, func(_ int, g []string) bool {
		n, err := strconv.ParseInt(g[1], 10, 64)
		t := time.Unix(n, 0).UTC()
		if len(g[1]) == len("1770818700123") {
			t = time.UnixMilli(n).UTC()
		}
		if err != nil || t.Before(firstTime) || t.After(lastTime) {
			return false
		}
		placed = append(placed, t)
		return true
	})
	slices.SortFunc(placed, time.Time.Compare)
	return slices.CompactFunc(placed, time.Time.Equal), slices.Compact(unplaced)
}

// readTime reads a time that says its zone. Names of zones beside UTC and GMT mean different things in different
// places.
func readTime(text string, layouts []string) (time.Time, bool) {
	if len(text) > len("2006-01-02") && text[4] == '/' || strings.Count(text, "-") >= 2 {
		text = strings.Replace(text[:10], "/", "-", 2) + "T" + strings.ReplaceAll(text[11:], " ", "")
	}
	text = strings.Replace(text, ",", ".", strings.Count(text, "T")*bit(text[4] == '-'))
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A request id is a UUID; a trace id of X-Ray is 1-time-random ("Tracing header", AWS X-Ray Developer Guide).
var requestID = regexp.MustCompile(`(?i)\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|1-[0-9a-f]{8}-[0-9a-f]{24})\b`)

func (r *reader) requestIDs() (ids []string) {
	r.take(requestID, func(_ int, g []string) bool {
		if !slices.Contains(ids, g[0]) {
			ids = append(ids, g[0])
		}
		return true
	})
	return ids
}

// statusForms are the places where a number of three digits is an HTTP status.
var statusForms = []*regexp.Regexp{
	regexp.MustCompile(`HTTP/\d(?:\.\d)?"?\s+([1-5]\d\d)\b`),
	regexp.MustCompile(`(?i)\b(?:HTTP|status(?:[ _-]?code)?|elb_status_code|response code|error code)\\?["']?\s*(?:[=:]\s*|was\s+|of\s+|\s)\\?["']?\[?([1-5]\d\d)\b`),
	regexp.MustCompile(`(?i)\b([45]\d\d):? (?:Bad Request|Unauthorized|Forbidden|Not Found|Too Many Requests|Internal Server Error|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out|errors?|responses?)\b`),
	regexp.MustCompile(`(?i)\b(?:returns?|returned|returning|answers?|answered|answering|responds?|responded|responding|got|gets|getting|gives?|giving|throws?|throwing|with|seeing) (?:an? |HTTP )*([45]\d\d)s?\b`),
	regexp.MustCompile(`HTTPCode_(?:ELB|Target)_(\d\d\d)_Count`),
	regexp.MustCompile(`\bcodes: \[([1-5]\d\d)\]`), // how target health tells a mismatch
}

func (r *reader) statuses() (statuses []int) {
	for _, p := range statusForms {
		r.each(p, func(_ int, digits string) {
			if n, err := strconv.Atoi(digits); err == nil && !slices.Contains(statuses, n) {
				statuses = append(statuses, n)
			}
		})
	}
	return statuses
}
