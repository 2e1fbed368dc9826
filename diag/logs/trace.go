package logs

import (
	"regexp"
	"strings"
	"time"
)

// Entry is what a program said at once: one line, or the lines of one stack trace.
type Entry struct {
	At     time.Time
	Stream string
	// Text holds the lines, joined by newlines.
	Text string
	// Lines is the number of log events.
	Lines int
}

// traceGap is how far apart in time two lines of one trace may lie: programs write traces at once, drivers stamp each
// line when they read it.
const traceGap = time.Second

// traceLines is the most lines that are joined, which bounds what a runaway trace costs.
const traceLines = 400

// Join puts the lines of stack traces together, stream by stream. The lines must be sorted by time, as AWS returns
// them; the entries are sorted by the time of their first line.
func Join(lines []Line) []Entry {
	var entries []Entry
	open := map[string]*joining{}
	for _, l := range lines {
		text := strings.TrimRight(l.Text, "\r\n")
		j := open[l.Stream]
		if j != nil && j.takes(text, l.At) {
			e := &entries[j.entry]
			e.Text += "\n" + text
			e.Lines++
			j.last = l.At
			j.note(text)
			continue
		}
		entries = append(entries, Entry{At: l.At, Stream: l.Stream, Text: text, Lines: 1})
		j = &joining{entry: len(entries) - 1, last: l.At}
		j.note(text)
		open[l.Stream] = j
	}
	return entries
}

// joining is the entry that a stream's next line may belong to.
type joining struct {
	entry    int
	lines    int
	last     time.Time
	awaiting bool // a Python traceback whose last line has not come
	frames   bool // in the frames of a Go panic, which are not all indented
	ended    bool // just after the last line of a traceback, which a blank line and another exception may follow
	quoted   bool // after "…above exception…", which a blank line and another traceback follow
}

var (
	continuation = regexp.MustCompile(`^(\s|at |Caused by: |\.\.\. \d+ (more|common)|\}|\)|\]|#\d+ |thrown in |from |` +
		`stack backtrace:|note: run with|--- End of |goroutine \d+ |created by |During handling of the above|` +
		`The above exception was|Stack trace:|DETAIL: |HINT: |CONTEXT: )`)
	goFrame  = regexp.MustCompile(`^[\w./*()\[\]{}·-]+\(.*\)$`)
	indented = regexp.MustCompile(`^\s`)
)

func (j *joining) takes(text string, at time.Time) bool {
	switch {
	case j.lines >= traceLines, at.Sub(j.last) > traceGap:
		return false
	case j.awaiting, continuation.MatchString(text):
		return true
	case text == "":
		return j.frames || j.quoted || j.ended
	case j.quoted:
		return strings.HasPrefix(text, "Traceback")
	}
	return j.frames && (goFrame.MatchString(text) || strings.HasPrefix(text, "[signal ") || strings.HasPrefix(text,
		"exit status "))
}

// note learns from a line what may follow it.
func (j *joining) note(text string) {
	j.lines++
	awaited := j.awaiting
	last := text[strings.LastIndexByte(text, '\n')+1:]
	switch {
	case strings.HasSuffix(text, "Traceback (most recent call last):"):
		j.awaiting = true
	case !indented.MatchString(last) && last != "":
		j.awaiting = false
	}
	j.ended = awaited && !j.awaiting
	j.quoted = strings.HasPrefix(text, "During handling of the above") || strings.HasPrefix(text,
		"The above exception was") || (j.quoted && text == "")
	j.frames = j.frames || strings.HasPrefix(text, "panic: ") || strings.HasPrefix(text,
		"fatal error: ") || strings.HasPrefix(text, "goroutine ")
}

// tell returns the line of a text that tells the most: the last one of a Python traceback, the deepest cause of a Java
// trace, or else the first.
func tell(text string) string {
	lines := strings.Split(text, "\n")
	if strings.HasSuffix(strings.TrimSpace(lines[0]), "Traceback (most recent call last):") {
		for i := len(lines) - 1; i > 0; i-- {
			if lines[i] != "" && !indented.MatchString(lines[i]) {
				return lines[i]
			}
		}
	}
	for i := len(lines) - 1; i > 0; i-- {
		if strings.HasPrefix(lines[i], "Caused by: ") {
			return lines[i]
		}
	}
	return lines[0]
}
