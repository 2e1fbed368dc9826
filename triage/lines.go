package triage

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// lines collects lines of text. What others wrote can neither end a line nor steer a terminal.
type lines struct{ b strings.Builder }

func (l *lines) add(format string, args ...any) {
	l.b.WriteString(strings.TrimRight(visible(fmt.Sprintf(format, args...)), " ") + "\n")
}

func (l *lines) write(w io.Writer) error {
	_, err := io.WriteString(w, l.b.String())
	return err
}

// visible returns text in which every character that does not draw itself stands as an escape.
func visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// prose is text for Markdown in which nothing formats, links or ends a line.
func prose(text string) string {
	var b strings.Builder
	for _, r := range visible(text) {
		if strings.ContainsRune("\\`*_[]<>|~&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code is a code span of Markdown that text cannot leave.
func code(text string) string {
	text = visible(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if fence != "`" || text == "" || strings.HasPrefix(text, " ") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// block is a fenced block of Markdown, line by line.
func block(language string, content []string) string {
	fence := "~~~"
	for _, l := range content {
		for strings.Contains(l, fence) {
			fence += "~"
		}
	}
	var b strings.Builder
	b.WriteString(fence + language + "\n")
	for _, l := range content {
		b.WriteString(visible(l) + "\n")
	}
	b.WriteString(fence)
	return b.String()
}
