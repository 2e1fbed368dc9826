package logs

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Request is one line of an access log, in whichever of the common shapes.
type Request struct {
	At     time.Time
	Stream string
	Method string
	// Path is what was asked for, without the query.
	Path string
	// Status is the HTTP status of the answer; zero where the line has none.
	Status int
	// Took is how long the answer took; zero where the line does not say.
	Took time.Duration
	// Checker tells that the user agent was the health checker of a load balancer.
	Checker bool
	Text    string
}

// The shapes of access logs: the common log format of Apache and nginx and its likes (Apache HTTP Server documentation,
// "Common Log Format"), JSON and logfmt of structured loggers, ASP.NET's hosting diagnostics, Gin's columns, and "GET
// /path … 200".
var (
	method    = `(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)`
	commonLog = regexp.MustCompile(`"?` + method + ` (\S+) HTTP/[\d.]+"? (\d{3})\b`)
	aspNet    = regexp.MustCompile(`HTTP/[\d.]+ ` + method + ` (\S+)[^\n]*? - (\d{3})\b`)
	columns   = regexp.MustCompile(`\| (\d{3}) \|[^\n]*\| ` + method + `\s+"?([^"\s]+)`)
	keyMethod = regexp.MustCompile(`"?(?:method|verb|http_method|requestMethod)"?[=:]\s?"?` + method)
	keyPath   = regexp.MustCompile(`"?(?:path|url|uri|request_uri|requestPath|requestUrl|endpoint)"?[=:]\s?"?([^"\s,}]+)`)
	keyStatus = regexp.MustCompile(`"?(?:status|status_?[cC]ode|responseStatus|code|res\.statusCode)"?[=:]\s?"?(\d{3})\b`)
	arrow     = regexp.MustCompile(method + ` "?(/[^"\s]*)"?[^\n]*?(?:->|Completed|responded|status|[:=]|\s) ?(\d{3})\b`)
	took      = regexp.MustCompile(`(?:"?(?:ms|dur|duration|duration_ms|latency|elapsed|took|response_?[tT]ime|` +
		`responseTimeMs|request_time|time_taken|rt)"?[=:]\s?"?|\bin |\(|- |\| +)([\d.]+) ?(ms|s|µs|us)?\b`)
	checkerText = "ELB-HealthChecker"
)

// ParseRequest reads an access-log line. It returns false for a line that is none.
func ParseRequest(text string) (Request, bool) {
	r := Request{Text: text, Checker: strings.Contains(text, checkerText)}
	if !r.positional(text) && !r.keyed(text) {
		return Request{}, false
	}
	r.Path, _, _ = strings.Cut(r.Path, "?")
	r.Took = tookOf(text)
	return r, true
}

func (r *Request) positional(text string) bool {
	for _, re := range []*regexp.Regexp{commonLog, aspNet} {
		if m := re.FindStringSubmatch(text); m != nil {
			return r.set(m[1], m[2], m[3])
		}
	}
	if m := columns.FindStringSubmatch(text); m != nil {
		return r.set(m[2], m[3], m[1])
	}
	return false
}

func (r *Request) keyed(text string) bool {
	m, p, s := keyMethod.FindStringSubmatch(text), keyPath.FindStringSubmatch(text), keyStatus.FindStringSubmatch(text)
	if m != nil && p != nil && s != nil {
		return r.set(m[1], p[1], s[1])
	}
	if m := arrow.FindStringSubmatch(text); m != nil {
		return r.set(m[1], m[2], m[3])
	}
	return false
}

func (r *Request) set(method, path, status string) bool {
	r.Method, r.Path = method, path
	r.Status, _ = strconv.Atoi(status)
	return r.Status >= 100 && r.Status < 600
}

// tookOf reads how long an answer took: the first number with a unit of time, or that a key names. A key without a unit
// stands for milliseconds, but for nginx's request_time, which is in seconds.
func tookOf(text string) time.Duration {
	for _, m := range took.FindAllStringSubmatch(text, -1) {
		if unit := unitOf(m[2], m[0]); unit > 0 {
			value, _ := strconv.ParseFloat(m[1], 64)
			return time.Duration(value * float64(unit))
		}
	}
	return 0
}

func unitOf(unit, match string) time.Duration {
	switch {
	case unit == "s" || strings.Contains(match, "request_time"), strings.HasPrefix(match, "rt"):
		return time.Second
	case unit == "µs" || unit == "us":
		return time.Microsecond
	case unit == "ms" || strings.ContainsAny(match, "=:"):
		return time.Millisecond
	}
	return 0
}

// Requests returns the access-log lines of the window.
func (g *Group) Requests(ctx context.Context) ([]Request, error) {
	return g.requests.Get(ctx, func(ctx context.Context) ([]Request, error) {
		reading, err := g.Reading(ctx)
		if reading == nil {
			return nil, err
		}
		var requests []Request
		for _, l := range reading.Lines {
			if r, ok := ParseRequest(l.Text); ok {
				r.At, r.Stream = l.At, l.Stream
				requests = append(requests, r)
			}
		}
		return requests, err
	})
}

// Slow returns the requests that took at least d, the slowest first.
func Slow(requests []Request, d time.Duration) []Request {
	slow := slices.DeleteFunc(slices.Clone(requests), func(r Request) bool { return r.Took < d })
	slices.SortStableFunc(slow, func(a, b Request) int { return int(b.Took - a.Took) })
	return slow
}
