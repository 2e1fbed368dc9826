package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// Markdown writes the report for a ticket, a chat or a pull request, in CommonMark. Text of others stands escaped or in
// code, so that it can neither format nor link. Its errors are those of w.
func Markdown(w io.Writer, r *diag.Report) error {
	m := &markdown{story: sorted(r)}
	m.tell(m)
	_, err := io.WriteString(w, m.b.String())
	return err
}

type markdown struct {
	*story
	b strings.Builder
}

func (m *markdown) line(format string, args ...any) { fmt.Fprintf(&m.b, format+"\n", args...) }

func (m *markdown) heading(text string) { m.line("\n## %s\n", text) }

// prose is text in which nothing formats, links or ends a line. What means something at the beginning of a
// line only is left alone: prose never stands there.
func prose(text string) string {
	var b strings.Builder
	for _, r := range clean(text) {
		if strings.ContainsRune("\\`*_[]<>|~&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code is a code span that text cannot leave.
func code(text string) string {
	text = clean(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if fence != "`" || strings.HasPrefix(text, " ") || text == "" {
		text = " " + text + " "
	}
	return fence + text + fence
}

func (m *markdown) verdict() {
	for _, h := range headlines(m.story) {
		if h.label == "" {
			m.line("**%s**", h.text)
		} else {
			m.line("- **%s:** %s", h.label, prose(h.text))
		}
	}
}

func (m *markdown) cause(i int, c diag.Root) {
	title := "Cause"
	if len(m.causes) > 1 {
		title = fmt.Sprintf("Cause %d of %d", i+1, len(m.causes))
	}
	m.heading(title)
	m.line("**%s** %s  ", c.Severity, prose(doubt(c)+c.Summary))
	m.line("%s", m.small(c.Finding))
	if len(c.Explains) > 0 {
		m.line("\nExplains:\n")
		walk(c, 0, func(r diag.Root, depth int) {
			if depth > 0 {
				m.line("%s- **%s** %s (%s)", strings.Repeat("  ", depth-1), r.Severity, prose(r.Summary), m.small(r.Finding))
			}
		})
	}
	if len(c.Doubts) > 0 {
		m.line("\nDoubts:\n")
	}
	for _, d := range c.Doubts {
		m.line("- %s", prose(d))
	}
	detail := detailed(c)
	m.evidence(detail.Evidence)
	m.steps(detail.NextSteps)
}

// small is the small print of a finding.
func (m *markdown) small(f diag.Finding) string {
	text := prose(named(f.Resource))
	if !f.Since.IsZero() {
		text += ", since " + near(f.Since, m.now)
	}
	if f.SinceAtLeast {
		text += " or earlier"
	}
	return text + ", " + code(string(f.Code))
}

func (m *markdown) evidence(all []diag.Evidence) {
	if len(all) == 0 {
		return
	}
	m.line("\nEvidence:\n")
	for i, e := range all {
		if i == maxEvidence {
			m.line("- … %d more", len(all)-i)
			break
		}
		at := ""
		if !e.At.IsZero() {
			at = " at " + near(e.At, m.now)
		}
		m.line("- %s %s%s", code(e.Source), code(fieldOf(e)+shorten(e.Value)), at)
	}
}

func shorten(value string) string { return (&page{glyphs: boxGlyphs}).short(value) }

func (m *markdown) steps(steps []diag.Step) {
	if len(steps) == 0 {
		return
	}
	m.line("\nNext:\n")
	for i, s := range steps {
		change := ""
		if s.Changes {
			change = "**makes a change:** "
		}
		m.line("%d. %s%s", i+1, change, prose(s.Text))
		if s.Command != "" {
			m.line("\n   ~~~sh\n   %s\n   ~~~", clean(s.Command))
		}
		if s.Doc != "" {
			m.line("   %s", prose(s.Doc))
		}
	}
}
