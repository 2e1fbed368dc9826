package logs

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

func TestFilterPatternIsAllowed(t *testing.T) {
	assert.LessOrEqual(t, len(FilterPattern), patternLimit)
	assert.False(t, strings.ContainsAny(FilterPattern, `()!"'&~<> `), "characters that the service refuses")
}

// Every text that the classifier knows must get through the filter pattern.
func TestFilterPatternLetsEveryErrorThrough(t *testing.T) {
	pattern := regexp.MustCompile(strings.Trim(FilterPattern, "%"))
	for _, s := range corpus(t) {
		if s.Label != "none" {
			assert.Regexp(t, pattern, s.Text)
		}
	}
	for line := range strings.Lines(idioms) {
		stem, text, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && stem != "none" {
			assert.Regexp(t, pattern, text)
		}
	}
}

// traces are written one event a line, as drivers without a multi-line pattern send them.
func TestJoin(t *testing.T) {
	for _, test := range []struct{ name, trace string }{
		{"python", "Traceback (most recent call last):\n  File \"/app/a.py\", line 1, in <module>\n    import " +
			"b\nModuleNotFoundError: No module named 'b'"},
		{"python chained", "Traceback (most recent call last):\n  File \"a\", line 1\nKeyError: 'a'\n\nDuring handling of " +
			"the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"b\", line " +
			"2\nRuntimeError: b"},
		{"java", "Exception in thread \"main\" java.lang.IllegalStateException: a\n\tat a.B.c(B.java:1)\nCaused by: " +
			"java.net.ConnectException: Connection refused\n\tat d.E.f(E.java:2)\n\t... 12 more"},
		{"node", "Error: listen EADDRINUSE: address already in use :::3000\n    at Server.setupListenHandle [as _listen2] " +
			"(net.js:1318:16)\n  code: 'EADDRINUSE'\n}"},
		{"go", "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:13 +0x20d\nexit status 2"},
		{"ruby", "app.rb:3:in `f': boom (RuntimeError)\n\tfrom app.rb:9:in `<main>'"},
		{"net", "Unhandled exception. System.Exception: a\n   at A.B() in /app/A.cs:line 3\n--- End of stack trace from " +
			"previous location ---\n   at A.C()"},
		{"php", "PHP Fatal error:  Uncaught Error: a in /app/a.php:1\nStack trace:\n#0 {main}\n  thrown in /app/a.php on " +
			"line 1"},
		{"rust", "thread 'main' panicked at src/main.rs:2:5:\nstack backtrace:\n   0: rust_begin_unwind\nnote: run with " +
			"`RUST_BACKTRACE=full`"},
	} {
		t.Run(test.name, func(t *testing.T) {
			at := time.Unix(1_700_000_000, 0)
			lines := []Line{{At: at, Stream: "a", Text: "INFO before"}}
			for i, text := range strings.Split(test.trace, "\n") {
				at = at.Add(time.Millisecond)
				lines = append(lines, Line{At: at, Stream: "a", Text: text}, Line{At: at, Stream: "b", Text: "INFO meanwhile"})
				_ = i
			}
			lines = append(lines, Line{At: at, Stream: "a", Text: "INFO after"})
			entries := slices.DeleteFunc(Join(lines), func(e Entry) bool { return e.Stream == "b" })
			require.Len(t, entries, 3)
			assert.Equal(t, test.trace, entries[1].Text)
		})
	}
}

func TestJoinDoesNotReachAcrossTime(t *testing.T) {
	at := time.Unix(1_700_000_000, 0)
	assert.Len(t, Join([]Line{{At: at, Text: "Error: a"}, {At: at.Add(time.Minute), Text: "    at b"}}), 2)
}

func TestFindOnset(t *testing.T) {
	start := time.Date(2026, 2, 11, 11, 0, 0, 0, time.UTC)
	window := diag.Window{Start: start, End: start.Add(3 * time.Hour)}
	for _, test := range []struct {
		name    string
		minutes []int
		course  Course
		since   int
	}{
		{"none", nil, Steady, 0},
		{"all through", []int{5, 30, 60, 90, 120, 150, 175}, Steady, 5},
		{"at the end", []int{150, 155, 160, 165}, New, 150},
		{"at once, then over", []int{80, 81, 82, 83}, New, 80},
		{"few and rare", []int{60, 120}, Steady, 60},
		{"more of the same", []int{10, 60, 110, 160, 161, 162, 163, 164, 165, 166}, Spike, 160},
	} {
		t.Run(test.name, func(t *testing.T) {
			var times []time.Time
			for _, m := range test.minutes {
				times = append(times, start.Add(time.Duration(m)*time.Minute))
			}
			onset := FindOnset(times, window)
			assert.Equal(t, test.course, onset.Course)
			assert.Equal(t, len(times), onset.Before+onset.After)
			if len(times) > 0 {
				assert.Equal(t, start.Add(time.Duration(test.since)*time.Minute), onset.Since)
				assert.Equal(t, test.course == Steady, onset.AtLeast)
			}
		})
	}
}

// The prefilter must find just what a search for each literal finds.
func TestPrefilterFindsWhatIsThere(t *testing.T) {
	c := ready()
	for _, s := range corpus(t) {
		var got, want bitset
		found := c.filter.scan(s.Text, &got)
		for i, r := range c.rules {
			for _, literal := range r.any {
				if strings.Contains(strings.ToLower(s.Text), strings.ToLower(literal)) {
					want.set(i)
				}
			}
		}
		assert.Equal(t, want, got, s.Text)
		assert.Equal(t, want != bitset{}, found)
	}
	for _, literal := range c.words {
		var got bitset
		assert.True(t, c.filter.scan(literal, &got), "at the very ends: %q", literal)
	}
}

func TestShellQuoting(t *testing.T) {
	assert.Equal(t, "/ecs/prod/api", shell("/ecs/prod/api"))
	assert.Equal(t, `'a b$(c)'`, shell("a b$(c)"))
	assert.Equal(t, `'it'\''s'`, shell("it's"))
}

func TestIdioms(t *testing.T) {
	require.Greater(t, strings.Count(idioms, "\n"), 300)
	for line := range strings.Lines(idioms) {
		want, text, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		text = strings.ReplaceAll(text, `\n`, "\n")
		got := "none"
		class, found := Classify(text)
		if found {
			got = class.Cause.Stem
		}
		assert.Equal(t, want, got, text)
	}
}
