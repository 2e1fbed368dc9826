package guest

import (
	"html"
	"regexp"
	"strconv"
	"strings"
)

var (
	escapes = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]")
	// prefixed is what compose puts before each line, and what people put before lines that they paste.
	prefixed = regexp.MustCompile(`^(?:[\w.-]+\s+\|\s|\s*(?:#|//|>)+\s)`)
	// breaks are the line breaks of web pages.
	breaks = regexp.MustCompile(`(?i)<br */?>\n?`)
	// markdown is a character that Markdown would read otherwise.
	markdown = regexp.MustCompile(`\\([.\[\]_*#~|])`)
	// literal is a line that a program holds as text.
	literal = regexp.MustCompile(`^\s*"(.*?)\\n"[,;)]*\s*$`)
	// marked is a comment mark right before the capitals of a header: "#PID".
	marked = regexp.MustCompile(`^\s*#+([A-Z]{2})`)
)

// lines returns the lines of an output without decoration: colours, carriage returns, comment marks, compose prefixes,
// the entities and line breaks of web pages, the escapes of Markdown.
func lines(text string) []string {
	text = escapes.ReplaceAllString(strings.ReplaceAll(html.UnescapeString(text), "\r", ""), "")
	all := strings.Split(breaks.ReplaceAllString(text, "\n"), "\n")
	for i, line := range all {
		line = markdown.ReplaceAllString(literal.ReplaceAllString(line, "$1"), "$1")
		line = marked.ReplaceAllString(prefixed.ReplaceAllString(line, ""), "$1")
		all[i] = strings.TrimRight(line, " \t")
	}
	return all
}

// decimal reads a number with a point or, as some locales have it, a comma.
func decimal(text string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	return v, err == nil
}

// sizes are the multiples that df, free and ps print.
var sizes = map[string]float64{
	"":  1,
	"B": 1,
	"K": 1 << 10,
	"M": 1 << 20,
	"G": 1 << 30,
	"T": 1 << 40,
	"P": 1 << 50,
	"E": 1 << 60,
}

var sizeText = regexp.MustCompile(`^(\d+(?:[.,]\d+)?)([KMGTPEkmgtpe]?)(?:i?[Bo])?i?$`)

// size reads "1.6G", "479M", "1,5Gi" or "8123", in units of unit where it names none; ok is false for anything else.
func size(text string, unit float64) (bytes float64, ok bool) {
	m := sizeText.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, _ := decimal(m[1])
	if m[2] == "" {
		return n * unit, true
	}
	return n * sizes[strings.ToUpper(m[2])], true
}

// columnsOf returns at which place of a header each of the words stands.
func columnsOf(header string) map[string]int {
	at := map[string]int{}
	for i, word := range strings.Fields(header) {
		if _, twice := at[word]; !twice {
			at[word] = i
		}
	}
	return at
}
