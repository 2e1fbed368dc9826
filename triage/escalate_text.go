package triage

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// maxSettings is how much configuration a request for help shows; the JSON form has all.
const maxSettings = 60

// Markdown writes the request for help in seven numbered parts. What is not known is said, not left out.
func (b Bundle) Markdown(w io.Writer) error {
	d := &document{}
	d.line("# Help wanted: %s on %s", prose(string(b.Symptom)), prose(b.Service.String()))
	d.heading("1. Service and environment")
	d.bullet("%s%s", code(b.Service.String()), prose(prefixed(", ", b.Service.ARN)))
	d.bullet("environment: %s", prose(cmp.Or(b.Environment, "not said")))
	d.bullet("account %s, region %s", prose(cmp.Or(b.Service.Account, "not known")), prose(cmp.Or(b.Service.Region,
		"not known")))
	d.heading("2. What was attempted")
	b.attempted(d)
	d.heading("3. What fails")
	b.fails(d)
	d.heading("4. Stopped reason")
	for _, e := range b.Stopped {
		d.bullet("%s %s", moment(e.At), prose(e.Text))
	}
	d.none(len(b.Stopped), "ECS shows no task that stopped; it forgets them after about an hour.")
	d.heading("5. Logs, last lines")
	b.logs(d)
	d.heading("6. Configuration")
	b.configuration(d)
	d.heading("7. Checked and ruled out")
	b.checked(d)
	return d.write(w)
}

func (b Bundle) attempted(d *document) {
	if b.Attempted != "" {
		d.bullet("%s", prose(b.Attempted))
	} else {
		d.bullet("Nobody said.")
	}
	if e := b.LastChange; e != nil {
		d.bullet("Last change seen before: %s %s: %s", moment(e.At), prose(e.Resource.String()), prose(e.Text))
	}
}

func (b Bundle) fails(d *document) {
	d.bullet("Complaint: %s%s", prose(string(b.Symptom)), prose(prefixed(": ", b.Note)))
	since := "not known"
	if !b.Since.IsZero() {
		since = moment(b.Since)
	}
	d.bullet("Since: %s (now %s)", since, moment(b.Made))
	for _, f := range b.Causes {
		d.bullet("**%s** %s (%s, %s)", f.Severity, prose(f.Summary), prose(f.Resource.String()), code(string(f.Code)))
	}
	d.none(len(b.Causes), "The diagnosis found no cause.")
}

func (b Bundle) logs(d *document) {
	d.none(len(b.Logs), "No log line was given, and the diagnosis quotes none.")
	if len(b.Logs) == 0 {
		return
	}
	if b.Excerpt {
		d.line("Lines that the diagnosis quotes; the end of the log was not given.\n")
	}
	var text []string
	for _, l := range b.Logs {
		at := "                    "
		if !l.At.IsZero() {
			at = moment(l.At)
		}
		text = append(text, at+" "+l.Text)
	}
	d.line("%s", block("text", text))
}

func (b Bundle) configuration(d *document) {
	var last diag.Resource
	for i, s := range b.Settings {
		if i == maxSettings {
			d.bullet("… %d more", len(b.Settings)-i)
			break
		}
		if s.Resource != last {
			last = s.Resource
			d.bullet("%s", prose(last.String()))
		}
		d.line("  - %s: %s", prose(s.Name), code(short(s.Value, 300)))
	}
	d.none(len(b.Settings), "None was seen.")
}

func (b Bundle) checked(d *document) {
	for _, t := range b.Tried {
		d.bullet("Tried: %s", prose(t))
	}
	for _, o := range b.RuledOut {
		d.bullet("In order: %s", prose(o.String()))
	}
	d.none(len(b.Tried)+len(b.RuledOut), "Nothing could be ruled out.")
	for _, i := range b.Unseen {
		d.bullet("Not seen: %s on %s: %s: %s", code(string(i.Code)), prose(i.Resource.String()), i.Kind, prose(i.Err))
	}
}

// document is a text in Markdown. Its callers escape what others wrote.
type document struct{ lines }

func (d *document) line(format string, args ...any) { fmt.Fprintf(&d.b, format+"\n", args...) }

func (d *document) heading(text string) { d.line("\n## %s\n", text) }

func (d *document) bullet(format string, args ...any) { d.line("- "+format, args...) }

// none says what it means that a list is empty.
func (d *document) none(n int, text string) {
	if n == 0 {
		d.line("%s", text)
	}
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }
