package albdiag

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// AccessLog adds up access logs: who made each error and why, and which targets, paths and clients had them. The zero
// value is an empty log. It keeps totals and no lines, but one example of each error.
type AccessLog struct {
	// Lines is how many lines were read, Unread how many of them are no entries.
	Lines, Unread int
	// First and Last are when the first and the last answer was sent.
	First, Last time.Time

	errors                  map[errorKey]*LogError
	targets, paths, clients map[string]*LogShare
	firstUnread             error
}

type errorKey struct {
	maker                Maker
	status, targetStatus int
	cause                string
}

// LogError is one kind of error in an access log.
type LogError struct {
	Maker                Maker
	Status, TargetStatus int
	// Cause says why, as far as the lines tell; see [AccessLogEntry.Cause]. It is empty for errors of targets.
	Cause       string
	Count       int
	First, Last time.Time
	// Example is the first of them.
	Example AccessLogEntry
}

// LogShare is what one target, path or client had of the requests.
type LogShare struct {
	// Name is a target as "10.0.1.17:8080", a path as of [AccessLogEntry.Path], or a client's address.
	Name string
	// Group is the target group of a target, by its name.
	Group string
	// Requests are all of them; ByTarget are those that the target answered with 5xx, ByBalancer those that the load
	// balancer answered with an error, at this target if it is one.
	Requests, ByTarget, ByBalancer int
	// Slowest is the longest time until a target answered, and busy what all of them took together.
	Slowest time.Duration
	busy    time.Duration
	timed   int
}

// Errors is how many of the requests failed.
func (s LogShare) Errors() int { return s.ByTarget + s.ByBalancer }

// Mean is how long a target took to answer on average, of the requests that it answered; zero if it answered none.
func (s LogShare) Mean() time.Duration {
	if s.timed == 0 {
		return 0
	}
	return s.busy / time.Duration(s.timed)
}

// maxNames bounds the paths and clients that are told apart, and longestLine the length of a line. Beyond the first,
// all others are counted together as "(others)".
const (
	maxNames    = 10000
	longestLine = 1 << 20
	others      = "(others)"
)

// Read adds the lines of one log file, as it is or compressed with gzip, as Amazon S3 has it. Lines that are no entries
// are counted. A file that cannot be read to its end is an error; what was read counts.
func (l *AccessLog) Read(r io.Reader) error {
	buffered := bufio.NewReader(r)
	var lines io.Reader = buffered
	if head, err := buffered.Peek(2); err == nil && head[0] == 0x1f && head[1] == 0x8b {
		unpacked, err := gzip.NewReader(buffered)
		if err != nil {
			return diag.Errorf(diag.KindInvalid, "reading a compressed access log: %w", err)
		}
		defer unpacked.Close()
		lines = unpacked
	}
	scanner := bufio.NewScanner(lines)
	scanner.Buffer(nil, longestLine)
	for scanner.Scan() {
		line := scanner.Text()
		if strings.TrimSpace(line) == "" {
			continue
		}
		entry, err := ParseAccessLogLine(line)
		if err != nil {
			l.Lines, l.Unread, l.firstUnread = l.Lines+1, l.Unread+1, cmp.Or(l.firstUnread, err)
			continue
		}
		l.Add(entry)
	}
	if err := scanner.Err(); err != nil {
		return diag.Errorf(diag.KindInvalid, "reading an access log: %w", err)
	}
	return nil
}

// Err tells of lines that are no entries of an access log. What the others say stands.
func (l *AccessLog) Err() error {
	if l.Unread == 0 {
		return nil
	}
	return diag.Errorf(diag.KindIncomplete, "%d of %d lines are no entries of an access log, the first: %w", l.Unread,
		l.Lines, cmp.Or(l.firstUnread, errors.New("unknown")))
}

// Add adds one entry.
func (l *AccessLog) Add(e AccessLogEntry) {
	if l.errors == nil {
		l.errors = map[errorKey]*LogError{}
		l.targets, l.paths, l.clients = map[string]*LogShare{}, map[string]*LogShare{}, map[string]*LogShare{}
	}
	l.Lines++
	l.First, l.Last = widened(l.First, l.Last, e.Time)
	client := e.Client[:max(strings.LastIndex(e.Client, ":"), 0)]
	shareOf(l.paths, e.Path()).add(e)
	shareOf(l.clients, client).add(e)
	if e.Target != "" {
		s := shareOf(l.targets, e.Target)
		s.Group = targetGroupRef(e.TargetGroupARN).name
		s.add(e)
	}
	if e.Failed() {
		l.addError(e)
	}
}

func widened(first, last, at time.Time) (time.Time, time.Time) {
	if at.IsZero() {
		return first, last
	}
	if first.IsZero() || at.Before(first) {
		first = at
	}
	if at.After(last) {
		last = at
	}
	return first, last
}

func shareOf(shares map[string]*LogShare, name string) *LogShare {
	name = cmp.Or(name, "(none)")
	if shares[name] == nil && len(shares) >= maxNames {
		name = others
	}
	if shares[name] == nil {
		shares[name] = &LogShare{Name: name}
	}
	return shares[name]
}

func (s *LogShare) add(e AccessLogEntry) {
	s.Requests++
	switch {
	case e.TargetStatus >= 500:
		s.ByTarget++
	case e.Failed():
		s.ByBalancer++
	}
	if e.TargetTime >= 0 && e.TargetStatus != 0 {
		s.busy, s.timed = s.busy+e.TargetTime, s.timed+1
		s.Slowest = max(s.Slowest, e.TargetTime)
	}
}

func (l *AccessLog) addError(e AccessLogEntry) {
	key := errorKey{e.Maker(), e.Status, e.TargetStatus, e.Cause()}
	kind := l.errors[key]
	if kind == nil {
		kind = &LogError{Maker: key.maker, Status: key.status, TargetStatus: key.targetStatus, Cause: key.cause, Example: e}
		l.errors[key] = kind
	}
	kind.Count++
	kind.First, kind.Last = widened(kind.First, kind.Last, e.Time)
}

// Errors returns the kinds of errors, the most frequent first.
func (l *AccessLog) Errors() []LogError {
	var kinds []LogError
	for _, k := range l.errors {
		kinds = append(kinds, *k)
	}
	slices.SortFunc(kinds, func(a, b LogError) int {
		return cmp.Or(b.Count-a.Count, a.Status-b.Status, a.TargetStatus-b.TargetStatus, cmp.Compare(a.Cause, b.Cause))
	})
	return kinds
}

// Targets returns what each target had, those with the most errors first, then the busiest.
func (l *AccessLog) Targets() []LogShare { return ranked(l.targets) }

// Paths returns what each path had, in the same order.
func (l *AccessLog) Paths() []LogShare { return ranked(l.paths) }

// Clients returns what each client's address had, in the same order.
func (l *AccessLog) Clients() []LogShare { return ranked(l.clients) }

func ranked(shares map[string]*LogShare) []LogShare {
	var list []LogShare
	for _, s := range shares {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b LogShare) int {
		return cmp.Or(b.Errors()-a.Errors(), b.Requests-a.Requests, cmp.Compare(a.Name, b.Name))
	})
	return list
}
