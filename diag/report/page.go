package report

import (
	"regexp"
	"strings"
	"time"
)

// minBody is how narrow a column of text may become under a deep indent.
const minBody = 20

// labelColumn is how wide the column of labels is.
const labelColumn = 9

// glyphs are the characters we draw with ourselves.
type glyphs struct{ tee, elbow, bar, rule, more, dot, times string }

var (
	boxGlyphs   = glyphs{"├─ ", "└─ ", "│  ", "─", "…", " · ", "×"}
	asciiGlyphs = glyphs{"|- ", "`- ", "|  ", "-", "...", " - ", "x"}
)

// page collects lines. All text on it passes through cleaned, and only paint adds escape codes, afterwards.
type page struct {
	b     strings.Builder
	width int
	color bool
	ascii bool
	today *regexp.Regexp // times with the date of the report
	glyphs
}

// dated makes the page leave out the date of a day, which stands among the first lines, before times.
func (p *page) dated(day time.Time) {
	p.today = regexp.MustCompile(`\b` + day.UTC().Format(time.DateOnly) + `[T ](\d\d:\d\d:\d\d)(?:\.\d+)?Z?\b`)
}

// brief is a sentence without the date of the report.
func (p *page) brief(sentence string) string {
	if p.today == nil {
		return sentence
	}
	return p.today.ReplaceAllString(sentence, "$1")
}

func newPage(color bool, width int, ascii bool) *page {
	p := &page{width: width, color: color, ascii: ascii, glyphs: boxGlyphs}
	if ascii {
		p.glyphs = asciiGlyphs
	}
	return p
}

func (p *page) cleaned(spans []span) []cell {
	out := make([]span, len(spans))
	for i, s := range spans {
		if p.ascii {
			s.text = plain(s.text)
		} else {
			s.text = clean(s.text)
		}
		out[i] = s
	}
	return cells(out)
}

// blank ends a paragraph.
func (p *page) blank() { p.b.WriteByte('\n') }

// para writes wrapped text: first stands before its first line, rest before the others.
func (p *page) para(first, rest string, body ...span) { p.clipped(0, first, rest, body...) }

// clipped is para with at most n lines; zero does not limit.
func (p *page) clipped(n int, first, rest string, body ...span) {
	text := p.cleaned(body)
	width := max(p.width-max(widthOf(p.prefix(first)), widthOf(p.prefix(rest))), minBody)
	for i, line := range clip(text, width, n, p.more) {
		prefix := rest
		if i == 0 {
			prefix = first
		}
		p.write(append(p.prefix(prefix), line...))
	}
}

func (p *page) prefix(text string) []cell { return p.cleaned([]span{{text, normal}}) }

// labelled writes text behind a label, in a column that all labels share.
func (p *page) labelled(n int, label string, s style, body ...span) {
	text := p.cleaned(body)
	lines := clip(text, p.width-labelColumn, n, p.more)
	for i, line := range lines {
		head := p.cleaned([]span{{label + strings.Repeat(" ", labelColumn-len(label)), s}})
		if i > 0 {
			head = p.cleaned([]span{{strings.Repeat(" ", labelColumn), normal}})
		}
		p.write(append(head, line...))
	}
}

// lines returns how many lines labelled would need.
func (p *page) lines(text string) int { return len(wrap(p.prefix(text), p.width-labelColumn)) }

// heading begins a section.
func (p *page) heading(text string) {
	p.blank()
	p.para("", "", span{text, bold})
}

// write puts one line, painted, without trailing spaces.
func (p *page) write(line []cell) {
	line = trimRight(line)
	for i := 0; i < len(line); {
		j := i
		var run strings.Builder
		for ; j < len(line) && line[j].style == line[i].style; j++ {
			run.WriteRune(line[j].r)
		}
		p.b.WriteString(p.paint(line[i].style, run.String()))
		i = j
	}
	p.b.WriteByte('\n')
}

func (p *page) paint(s style, text string) string {
	if !p.color || s == normal {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}
