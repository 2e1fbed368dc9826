package report

import (
	"fmt"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// maxInfos is how many infos are listed.
const maxInfos = 12

// unrelated lists the troubles that have to do neither with the first cause nor with anything that is down.
func (p *page) unrelated(s *story) {
	if len(s.unrelated) == 0 {
		return
	}
	p.heading("Also seen, not known to be related")
	for i, r := range s.unrelated {
		if i > 0 {
			p.blank()
		}
		p.aside(s, r)
	}
}

// aside tells a trouble in a few lines: what, where, its first evidence and its first step.
func (p *page) aside(s *story, r diag.Root) {
	severity := mark(r.Severity)
	indent := "  " + strings.Repeat(" ", len(severity.text))
	p.para("  ", indent, severity, span{doubt(r) + p.brief(r.Summary), normal})
	p.para(indent, indent, span{p.facts(s, r.Finding), dim})
	if e := r.Evidence; len(e) > 0 {
		p.clipped(2, indent, indent+"  ", span{e[0].Source + " ", dim}, span{fieldOf(e[0]) + p.short(e[0].Value), normal})
	}
	for _, e := range r.Explains {
		p.clipped(2, indent, indent+"  ", span{"explains ", dim}, span{p.brief(sentence(e)), normal})
	}
	if steps := r.NextSteps; len(steps) > 0 {
		p.next(indent, steps[0])
	}
}

func fieldOf(e diag.Evidence) string {
	if e.Field == "" {
		return ""
	}
	return e.Field + " = "
}

// next is the first step alone.
func (p *page) next(indent string, step diag.Step) {
	body := []span{{"next: ", dim}, {step.Text, normal}}
	if step.Changes {
		body = []span{{"next: ", dim}, {"[makes a change] ", yellow}, {step.Text, normal}}
	}
	p.para(indent, indent, body...)
	p.command(indent, step.Command)
}

func (p *page) infos(s *story) {
	if len(s.infos) == 0 {
		return
	}
	p.heading("Worth knowing")
	for i, f := range s.infos {
		if i == maxInfos {
			p.para("  ", "  ", span{fmt.Sprintf("%s %d more", p.more, len(s.infos)-i), dim})
			return
		}
		text := p.brief(sentence(diag.Root{Finding: f}))
		if p.lines(text) > 1 {
			text = p.squeezed(text)
		}
		p.clipped(2, "  ", "    ", span{text, normal}, span{p.dot + string(f.Code), dim})
	}
}
