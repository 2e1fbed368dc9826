package logs

import "regexp"

// tone is how a text speaks of itself.
type tone int

const (
	toneUnknown tone = iota
	// toneLoud: an error or warning, or no level at all.
	toneLoud
	// toneCalm: the text calls itself information, or worse than nothing.
	toneCalm
	// toneHarmless: the text is the output of a test that passed, a comment, an option or a deprecation.
	toneHarmless
)

var (
	// harmless texts hold alarming words in a sense that is none: passed tests, counted zeros, options of a command
	// line, comments of a configuration dump.
	harmless = regexp.MustCompile(`^(=== RUN|--- PASS|ok  \t|PASS\b|# ?\s*[a-z0-9_.-]+ ?= |//|Picked up \w*JAVA_\w*OPTIONS)|` +
		`\bPASSED\b|\bpassed in [0-9.]+ ?m?s|^\s*(✓|✔|√)|\.\.\. ok$|` +
		`(?i)\b(0|no|zero|without) (errors?|failures?|exceptions?|problems?|issues?)\b(?:[^\n]{0,40}$)|` +
		`npm (WARN|warn) deprecated|DeprecationWarning|[^\n]* -XX:[+]`)
	// calm levels, as the common loggers write them.
	calm = regexp.MustCompile(`(?i:\b(?:level|lvl|severity|levelname|loglevel)"?\s*[=:]\s*"?(?:info|debug|trace|notice|information|verbose)\b)|` +
		`^[^\n]{0,120}?(?:\b(?:INFO|DEBUG|TRACE|NOTICE|Information)\b|\[(?:info|debug|trace|notice|Note|INF|DBG)\]|^(?:info|dbug|trce|debug): |\b[IDT], \[|^I\d{4} )`)
	// loudWords outweigh a calm level: what was reported was an error all the same.
	loudLevel = regexp.MustCompile(`\b(?:ERROR|FATAL|CRITICAL|SEVERE|EMERG|PANIC)\b|"level":"(?:error|fatal)"|level=(?:error|fatal)`)
)

func toneOf(text string) tone {
	switch {
	case harmless.MatchString(text):
		return toneHarmless
	case calm.MatchString(text) && !loudLevel.MatchString(text):
		return toneCalm
	}
	return toneLoud
}
