package logs

import (
	"regexp"
	"slices"
	"strings"
)

// wordless are the causes whose title leaves open at what a program failed, or what it ran out of.
var wordless = []string{"unhandled-exception", "panic", "app-crashed", "out-of-memory", "access-denied"}

var (
	// stackInJSON and errorInJSON are an error as structured loggers write it.
	stackInJSON = regexp.MustCompile(`"stack(?:_?[tT]race)?": ?"((?:[^"\\\n]|\\")+)`)
	errorInJSON = regexp.MustCompile(`"type": ?"(\w*(?:Error|Exception))", ?"message": ?"((?:[^"\\\n]|\\")+)`)
	// causedBy is the reason that Java gives last for the exception before it.
	causedBy = regexp.MustCompile(`(?m)^Caused by: ([^\n]+)`)
	// denied is AWS's text of a call that it refuses ("Troubleshooting access denied error messages", IAM User Guide).
	denied = regexp.MustCompile(`:(?:assumed-role|user|role)/([\w+=,.@-]+)\S* is not authorized to perform: ([\w-]+:\w+)` +
		`(?: on resource: \\?"?(arn:[^\s",\\]+))?`)
	// errorLine is an error with its message, as runtimes print it.
	errorLine = regexp.MustCompile(`(?m)(?:^|[\s\]])((?:[\w$]+(?:\.|::|\\))*[A-Z]\w*(?:Error|Exception)\b:? [^\n]+|` +
		`panic: [^\n]+)`)
)

// saying returns the error that a text quotes, with its message, shortened: "TypeError: x is undefined"; "" if none is
// seen.
func saying(text string) string {
	if m := denied.FindStringSubmatch(text); m != nil {
		if m[3] == "" {
			return shortened(m[1] + " may not " + m[2])
		}
		return shortened(m[1] + " may not " + m[2] + " on " + m[3])
	}
	if m := stackInJSON.FindStringSubmatch(text); m != nil {
		return shortened(m[1])
	}
	if m := errorInJSON.FindStringSubmatch(text); m != nil {
		return shortened(m[1] + ": " + m[2])
	}
	if all := causedBy.FindAllStringSubmatch(text, -1); all != nil {
		return shortened(all[len(all)-1][1])
	}
	all := errorLine.FindAllStringSubmatch(text, -1)
	switch {
	case all == nil:
		return ""
	case strings.Contains(text, "Traceback (most recent call last)"):
		return shortened(all[len(all)-1][1]) // Python prints the error last
	}
	return shortened(all[0][1])
}

func shortened(text string) string {
	const most = 100
	text = oneLine(strings.ReplaceAll(text, `\"`, `"`))
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// what is the title with what the last event of a cause says, where the title alone says too little.
func (t Tally) what() string {
	if values := t.Values(); len(values) > 0 {
		return t.Cause.Title + " (" + strings.Join(values[:min(len(values), 3)], ", ") + ")"
	}
	if slices.Contains(wordless, t.Cause.Stem) {
		if said := saying(t.Last().Text); said != "" {
			return t.Cause.Title + " (" + said + ")"
		}
	}
	return t.Cause.Title
}
