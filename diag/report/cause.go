package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const (
	// maxEvidence and maxRelated are how many are shown; the JSON form has them all.
	maxEvidence = 12
	maxRelated  = 6
	// maxValue is how many characters of a value are shown.
	maxValue = 600
)

// cause tells one cause in full.
func (p *page) cause(s *story, i int, c diag.Root) {
	title := "Cause"
	if len(s.causes) > 1 {
		title = fmt.Sprintf("Cause %d of %d", i+1, len(s.causes))
	}
	p.heading(title)
	p.tree(s, i, c, "  ", "  ")
	p.doubts(c.Doubts)
	f := detailed(c)
	f.Evidence = slices.Concat(released(c, f.Evidence), f.Evidence)
	p.findingDetail(s, f)
}

// maxReleased is how many differences between two revisions are told with a release.
const maxReleased = 6

// released is what a release changed, as what came of it quotes it: two revisions of a task definition side by side,
// such as "web:8 against :7". It is the first question that anybody asks.
func released(c diag.Root, told []diag.Evidence) []diag.Evidence {
	var found []diag.Evidence
	if !c.Change {
		return nil
	}
	walk(c, 0, func(r diag.Root, depth int) {
		for _, e := range r.Evidence {
			if depth > 0 && strings.Contains(e.Field, " against :") && len(found) < maxReleased &&
				!slices.Contains(found, e) && !slices.Contains(told, e) {
				found = append(found, e)
			}
		}
	})
	return found
}

// detailed returns the finding whose details are told for a cause. A change alone does not show what it did: the steps
// of the trouble that began after it are told with its own. Where the first lines give that trouble as the reason, it
// comes first.
func detailed(c diag.Root) diag.Finding {
	if !c.Change || len(c.Explains) == 0 {
		return c.Finding
	}
	f, trouble := c.Finding, trouble(c).Finding
	if keyOf(why(c).Finding) == keyOf(c.Finding) {
		f.Related, f.NextSteps = slices.Concat(f.Related, trouble.Related), slices.Concat(f.NextSteps, trouble.NextSteps)
		return f
	}
	own := slices.Clone(f.Evidence[:max(len(f.Evidence)-len(trouble.Evidence), 0)])
	own = slices.DeleteFunc(own, func(e diag.Evidence) bool { return e.Field == string(trouble.Code) }) // told as the reason
	f.Evidence = slices.Concat(trouble.Evidence, own)
	f.Related, f.NextSteps = slices.Concat(trouble.Related, f.Related), slices.Concat(trouble.NextSteps, f.NextSteps)
	return f
}

// doubts are what speaks against a cause, and what was not seen of it.
func (p *page) doubts(doubts []string) {
	if len(doubts) == 0 {
		return
	}
	p.blank()
	p.para("  ", "  ", span{"Doubts", bold})
	for _, d := range doubts {
		p.para("    ", "      ", span{p.brief(d), normal})
	}
}

func (p *page) findingDetail(s *story, f diag.Finding) {
	p.evidence(s, f.Evidence)
	p.related(f)
	p.steps(f.NextSteps)
}

// tree writes a finding and, hung below it, what it explains.
func (p *page) tree(s *story, i int, r diag.Root, first, rest string) {
	_, again := s.told[keyOf(r.Finding)]
	again = again && s.told[keyOf(r.Finding)] != i
	under := rest
	if len(r.Explains) > 0 && !again {
		under += p.bar
	} else {
		under += "   "
	}
	severity := mark(r.Severity)
	text := under + strings.Repeat(" ", max(len(severity.text)-len("   "), 0))
	p.para(first, text, severity, span{doubt(r) + p.brief(r.Summary), weight(rest == "  ")})
	p.para(text, text, span{p.facts(s, r.Finding), dim})
	if again {
		p.para(text, text, span{fmt.Sprintf("told under cause %d", s.told[keyOf(r.Finding)]+1), dim})
		return
	}
	s.told[keyOf(r.Finding)] = i
	if rest == "  " && len(r.Explains) > 0 {
		p.para(under, under)
		p.para(under, under, span{"Explains", bold})
	}
	for n, e := range r.Explains {
		if n == len(r.Explains)-1 {
			p.tree(s, i, e, rest+p.elbow, rest+"   ")
		} else {
			p.tree(s, i, e, rest+p.tee, rest+p.bar)
		}
	}
}

func weight(strong bool) style {
	if strong {
		return bold
	}
	return normal
}

// mark is the severity, as a word: colour alone does not reach everybody.
func mark(s diag.Severity) span {
	paint := map[diag.Severity]style{diag.SeverityError: red, diag.SeverityWarning: yellow}[s]
	return span{s.String() + "  ", paint}
}

// facts is the small print of a finding: where, since when, its code.
func (p *page) facts(s *story, f diag.Finding) string {
	parts := []string{named(f.Resource)}
	if !f.Since.IsZero() {
		since := "since " + near(f.Since, s.now)
		if f.SinceAtLeast {
			since += " or earlier"
		}
		parts = append(parts, since)
	}
	return strings.Join(append(parts, string(f.Code)), p.dot)
}

// evidence is grouped by the call that it comes from.
func (p *page) evidence(s *story, all []diag.Evidence) {
	if len(all) == 0 {
		return
	}
	p.blank()
	p.para("  ", "  ", span{"Evidence", bold})
	source := ""
	for i, e := range all {
		if i == maxEvidence {
			p.para("    ", "    ", span{fmt.Sprintf("%s %d more", p.more, len(all)-i), dim})
			break
		}
		if i == 0 || e.Source != source {
			source = e.Source
			p.para("    ", "    ", span{source, dim})
		}
		body := []span{{p.short(e.Value), normal}}
		if e.Field != "" {
			body = []span{{e.Field + " = ", normal}, {p.short(e.Value), bold}}
		}
		if !e.At.IsZero() {
			body = append(body, span{"  at " + near(e.At, s.now), dim})
		}
		p.para("      ", "        ", body...)
	}
}

// short cuts a long value and says how much is missing.
func (p *page) short(value string) string {
	runes := []rune(value)
	if len(runes) <= maxValue {
		return value
	}
	return fmt.Sprintf("%s%s (%d more characters)", string(runes[:maxValue]), p.more, len(runes)-maxValue)
}

// related names the other resources that play a part, those of one part together.
func (p *page) related(f diag.Finding) {
	var parts []string
	names := map[string][]string{}
	for i, r := range f.Related {
		if i == maxRelated {
			parts = append(parts, fmt.Sprintf("and %d more", len(f.Related)-i))
			break
		}
		part := playing(r)
		parts = appendNew(parts, part)
		names[part] = appendNew(names[part], cmp.Or(r.Resource.ID, r.Resource.ARN))
	}
	for i, part := range parts {
		if n := names[part]; len(n) > 1 {
			part = words.Plural(part)
		}
		parts[i] = strings.TrimSpace(part + " " + strings.Join(names[parts[i]], ", "))
	}
	if len(parts) > 0 {
		p.blank()
		p.para("  ", "    ", span{"Involved  ", bold}, span{strings.Join(parts, "; "), normal})
	}
}

// playing is the kind of a related resource with its part, unless the part is only what it is anyway.
func playing(r diag.Related) string {
	kind := kindOf(r.Resource)
	if r.Role == "" || r.Role == kind || strings.HasSuffix(kind, " "+r.Role) {
		return kind
	}
	return r.Role + " " + kind
}

// steps are numbered; what alters something says so before anything else.
func (p *page) steps(steps []diag.Step) {
	if len(steps) == 0 {
		return
	}
	p.blank()
	p.para("  ", "  ", span{"Next", bold})
	for i, step := range steps {
		number := fmt.Sprintf("    %d. ", i+1)
		indent := strings.Repeat(" ", len(number))
		body := []span{{p.brief(step.Text), normal}}
		if step.Changes {
			body = append([]span{{"[makes a change] ", yellow}}, body...)
		}
		p.para(number, indent, body...)
		p.command(indent, step.Command)
		if step.Doc != "" {
			p.verbatim(indent, step.Doc)
		}
	}
}
