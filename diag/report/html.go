package report

import (
	_ "embed"
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// sheet is what a page looks like: light or dark as the reader has it, narrow enough to print.
//
//go:embed html.css
var sheet string

// HTML writes the report as one page that needs nothing beside it: no script, no picture, no address to fetch from.
// Text of others stands escaped. Its errors are those of w.
//
// It does without html/template, which would make the linker keep every method of every AWS client in the program.
func HTML(w io.Writer, r *diag.Report) error {
	d := &document{story: sorted(r)}
	d.tell(d)
	d.line("</main>\n</html>")
	_, err := io.WriteString(w, d.b.String())
	return err
}

type document struct {
	*story
	b strings.Builder
}

func (d *document) line(format string, args ...any) { fmt.Fprintf(&d.b, format+"\n", args...) }

func (d *document) heading(title string) { d.line("<h2>%s</h2>", esc(title)) }

// esc is text in which nothing is markup, for the content of elements and for quoted attributes.
func esc(text string) string { return html.EscapeString(clean(text)) }

// codeOf is text in the type of code.
func codeOf(text string) string { return "<code>" + esc(text) + "</code>" }

// verdict begins the page.
func (d *document) verdict() {
	lines := headlines(d.story)
	d.line("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">")
	d.line("<meta name=\"viewport\" content=\"width=device-width\">")
	d.line("<title>%s</title>\n<style>\n%s</style>\n<main>", esc(lines[0].text), sheet)
	if lines[0].label == "" {
		d.line("<h1>%s</h1>", esc(lines[0].text))
		return
	}
	d.line("<h1 class=\"%s\">%s: %s</h1>\n<dl>", worst(d.causes[0]), esc(lines[0].label), esc(lines[0].text))
	for _, h := range lines[1:] {
		d.line("<dt>%s</dt><dd>%s</dd>", esc(h.label), esc(h.text))
	}
	d.line("</dl>")
}

func (d *document) cause(i int, c diag.Root) {
	title := "Cause"
	if len(d.causes) > 1 {
		title = fmt.Sprintf("Cause %d of %d", i+1, len(d.causes))
	}
	d.heading(title)
	d.line("<p>%s</p>", d.told(c))
	if len(c.Explains) > 0 {
		d.line("<h3>Explains</h3>")
		d.tree(c.Explains)
	}
	if len(c.Doubts) > 0 {
		d.line("<h3>Doubts</h3>\n<ul>")
		for _, doubt := range c.Doubts {
			d.line("<li>%s</li>", esc(doubt))
		}
		d.line("</ul>")
	}
	detail := detailed(c)
	d.evidence(detail.Evidence)
	d.steps(detail.NextSteps)
}

// told is a finding in one line, and its small print.
func (d *document) told(r diag.Root) string {
	facts := named(r.Resource)
	if !r.Since.IsZero() {
		facts += ", since " + near(r.Since, d.now)
	}
	if r.SinceAtLeast {
		facts += " or earlier"
	}
	return fmt.Sprintf("<b class=\"%s\">%s</b> %s <small>%s, %s</small>", r.Severity, r.Severity, esc(doubt(r)+r.Summary),
		esc(facts), codeOf(string(r.Code)))
}

// tree hangs what is explained below what explains it.
func (d *document) tree(effects []diag.Root) {
	d.line("<ul>")
	for _, e := range effects {
		d.line("<li>%s", d.told(e))
		if len(e.Explains) > 0 {
			d.tree(e.Explains)
		}
		d.line("</li>")
	}
	d.line("</ul>")
}

func (d *document) evidence(all []diag.Evidence) {
	if len(all) == 0 {
		return
	}
	d.line("<details open><summary>Evidence</summary>\n<table>")
	for _, e := range all {
		at := ""
		if !e.At.IsZero() {
			at = near(e.At, d.now)
		}
		d.line("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>", codeOf(e.Source), codeOf(e.Field), esc(e.Value), at)
	}
	d.line("</table></details>")
}

func (d *document) steps(steps []diag.Step) {
	if len(steps) == 0 {
		return
	}
	d.line("<h3>Next</h3>\n<ol>")
	for _, s := range steps {
		change := ""
		if s.Changes {
			change = "<b class=\"warning\">makes a change</b> "
		}
		d.line("<li>%s%s", change, esc(s.Text))
		if s.Command != "" {
			d.line("<pre>%s</pre>", esc(s.Command))
		}
		switch {
		case strings.HasPrefix(s.Doc, "https://"):
			d.line("<a rel=\"noreferrer\" href=\"%s\">%s</a>", esc(s.Doc), esc(s.Doc))
		case s.Doc != "":
			d.line("<small>%s</small>", esc(s.Doc))
		}
		d.line("</li>")
	}
	d.line("</ol>")
}
