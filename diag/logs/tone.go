package logs

import (
	"regexp"
	"strings"
)

// tone is how a text speaks of itself.
type tone int

const (
	toneUnknown tone = iota
	// toneLoud: an error or warning, or no level at all.
	toneLoud
	// toneCalm: the text calls itself information, or less than that.
	toneCalm
	// toneHarmless: the text is the output of a test that passed, a comment, an option or a deprecation.
	toneHarmless
)

// levelHead is how far into a line its level stands.
const levelHead = 160

// calmLevels and loudLevels are how the common loggers write them: as a word of its own, or as the value of a key.
var (
	calmLevels = []string{"INFO", "DEBUG", "TRACE", "NOTICE", "Information", "[info]", "[debug]", "[trace]",
		"[notice]", "[Note]", "[INF]", "[DBG]",
		"=info", "=debug", "=trace", "=notice", `:"info"`, `:"debug"`, `:"trace"`, `:"notice"`, `: "info"`,
		`: "debug"`, "=Information", `:"Information"`}
	loudLevels = []string{"ERROR", "FATAL", "CRITICAL", "SEVERE", "EMERG", "PANIC", `:"error"`, `:"fatal"`,
		"=error", "=fatal"}
	// calmHeads begin a line: .NET's console logger, Ruby's Logger, klog.
	calmHeads = []string{"info: ", "dbug: ", "trce: ", "debug: ", "I, [", "D, [", "T, ["}
)

// syscall matches the lines of strace(1), which are full of errors that programs expect.
var syscall = regexp.MustCompile(`\) += -1 E[A-Z]+ \(`)

// harmlessHeads begin, and harmlessParts stand in, texts that hold alarming words in a sense that is none: passed
// tests,
// counted zeros, options of a command line, comments of a dumped configuration.
var (
	harmlessHeads = []string{"=== RUN", "--- PASS", "ok  \t", "PASS", "✓", "✔", "√"}
	harmlessParts = []string{" PASSED", "DeprecationWarning", "npm WARN deprecated", "npm warn deprecated",
		" -XX:+", " ... ok", `worker "logical replication launcher"`,
		"0 errors", "0 error,", "0 failures", "0 failed", "0 exceptions", "no errors", "No errors", "no failures",
		"No failures", "no exceptions", "No exceptions", "zero errors", "without errors", "without error"}
)

func toneOf(text string) tone {
	if harmless(text) {
		return toneHarmless
	}
	head := text[:min(len(text), levelHead)]
	head, _, _ = strings.Cut(head, "\n")
	if calm(head) && !holdsWord(head, loudLevels) {
		return toneCalm
	}
	return toneLoud
}

func harmless(text string) bool {
	start := strings.TrimLeft(text, " \t")
	for _, h := range harmlessHeads {
		if strings.HasPrefix(start, h) {
			return true
		}
	}
	if strings.HasPrefix(start, "# ") && strings.Contains(start, " = ") || strings.HasPrefix(start, "-XX:") {
		return true
	}
	if syscall.MatchString(text) {
		return true
	}
	for _, p := range harmlessParts {
		if i := strings.Index(text, p); i >= 0 && !digitBefore(text, i) {
			return true
		}
	}
	return false
}

// digitBefore tells 10 errors from 0 errors.
func digitBefore(text string, i int) bool {
	return i > 0 && (text[i-1] >= '0' && text[i-1] <= '9' || text[i-1] == '.')
}

func calm(head string) bool {
	for _, h := range calmHeads {
		if strings.HasPrefix(head, h) {
			return true
		}
	}
	klog := len(head) > 5 && head[0] == 'I' && strings.Trim(head[1:5], "0123456789") == "" && head[5] == ' '
	return klog || holdsWord(head, calmLevels)
}

// holdsWord reports whether a line holds one of the words, not within a longer word, nor as a setting (DEBUG=False).
func holdsWord(line string, words []string) bool {
	for _, w := range words {
		i := strings.Index(line, w)
		if i < 0 {
			continue
		}
		end := i + len(w)
		if (!isLetter(w[0]) || i == 0 || !isWord(line[i-1])) && (end == len(line) || !isLetter(line[end]) &&
			line[end] != '=') {
			return true
		}
	}
	return false
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
