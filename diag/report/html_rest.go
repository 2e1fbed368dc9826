package report

import (
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

func (d *document) aside(title string, troubles []diag.Root) {
	if len(troubles) == 0 {
		return
	}
	d.heading(title)
	d.tree(troubles)
}

func (d *document) infoList() {
	if len(d.infos) == 0 {
		return
	}
	d.heading("Worth knowing")
	d.line("<ul>")
	for _, f := range d.infos {
		d.line("<li>%s <small>%s</small></li>", esc(sentence(diag.Root{Finding: f})), codeOf(string(f.Code)))
	}
	d.line("</ul>")
}

// events is the whole timeline: what the text form leaves out for want of room is folded away.
func (d *document) events() {
	onset := d.onset()
	moments := fold(d.Timeline(), onset)
	if len(moments) == 0 {
		return
	}
	d.heading("Timeline (UTC)")
	keep := around(moments, onset)
	d.line("<table>")
	marked := onset.IsZero()
	begins := func() {
		d.line("<tr class=\"error\"><td>%s</td><td></td><td>it begins</td></tr>", near(onset, d.now))
		marked = true
	}
	for i, e := range moments {
		if !marked && !e.At.Before(onset) {
			begins()
		}
		class := ""
		if !keep[i] {
			class = " class=\"minor\""
		}
		d.line("<tr%s><td>%s</td><td>%s</td><td>%s</td></tr>", class, near(e.At, d.now), esc(e.Resource.ID),
			esc(strings.TrimSpace(e.Text+" "+e.again(boxGlyphs))))
	}
	if !marked {
		begins()
	}
	d.line("</table>")
}

func (d *document) blind() {
	groups := blindnesses(d.Report)
	if len(groups) == 0 {
		return
	}
	d.heading("Could not see")
	d.line("<ul>")
	var ask []string
	for _, g := range groups {
		more := ""
		if g.errors > 1 {
			more = ", and " + words.Count(g.errors-1, "error") + " like it"
		}
		d.line("<li><b>%s</b> by %s on %s <small>%s%s</small></li>", esc(g.title()), words.Count(len(g.codes), "check"),
			esc(g.where()),
			esc(g.example), more)
		if g.kind == diag.KindDenied && g.action != "" {
			ask = append(ask, codeOf(g.action))
		}
	}
	d.line("</ul>")
	slices.Sort(ask)
	if ask = slices.Compact(ask); len(ask) > 0 {
		d.line("<p>Ask for permission: %s</p>", strings.Join(ask, ", "))
	}
}

func (d *document) looked() {
	d.heading("Looked at")
	c := d.Coverage
	d.line("<p>%s with %s: %s, between %s and %s.</p>", words.Count(len(c.Subjects), "resource"), words.Count(len(c.Checks), "check"),
		esc(kinds(c.Subjects)), stamp(d.Window.Start), stamp(d.Window.End))
}
