package report

import (
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

func (m *markdown) aside(title string, troubles []diag.Root) {
	if len(troubles) == 0 {
		return
	}
	m.heading(title)
	for _, r := range troubles {
		m.line("- **%s** %s (%s)", r.Severity, prose(doubt(r)+r.Summary), m.small(r.Finding))
	}
}

func (m *markdown) infoList() {
	if len(m.infos) == 0 {
		return
	}
	m.heading("Worth knowing")
	for i, f := range m.infos {
		if i == maxInfos {
			m.line("- … %d more", len(m.infos)-i)
			return
		}
		m.line("- %s (%s)", prose(sentence(diag.Root{Finding: f})), code(string(f.Code)))
	}
}

// events is the timeline, in the choice that the text form makes.
func (m *markdown) events() {
	onset := m.onset()
	moments := fold(m.Timeline(), onset)
	if len(moments) == 0 {
		return
	}
	m.heading("Timeline (UTC)")
	cut := 0
	flush := func() {
		if cut > 0 {
			m.line("- … %d more", cut)
		}
		cut = 0
	}
	marked := onset.IsZero()
	for i, keep := range around(moments, onset) {
		if !marked && !moments[i].At.Before(onset) {
			flush()
			m.line("- **%s it begins**", near(onset, m.now))
			marked = true
		}
		if !keep {
			cut++
			continue
		}
		flush()
		m.line("- %s %s", near(moments[i].At, m.now), prose(moments[i].told()))
	}
	flush()
	if !marked {
		m.line("- **%s it begins**", near(onset, m.now))
	}
}

func (m *markdown) blind() {
	groups := blindnesses(m.Report)
	if len(groups) == 0 {
		return
	}
	m.heading("Could not see")
	var ask []string
	for _, g := range groups {
		m.line("- **%s** by %s on %s: %s", prose(g.title()), words.Count(len(g.codes), "check"), prose(g.where()),
			code(shorten(g.example)))
		if g.kind == diag.KindDenied && g.action != "" {
			ask = append(ask, code(g.action))
		}
	}
	slices.Sort(ask)
	if ask = slices.Compact(ask); len(ask) > 0 {
		m.line("\nAsk for permission: %s", strings.Join(ask, ", "))
	}
}

func (m *markdown) looked() {
	m.heading("Looked at")
	c := m.Coverage
	m.line("%s with %s: %s.", words.Count(len(c.Subjects), "resource"), words.Count(len(c.Checks), "check"), prose(kinds(c.Subjects)))
}
