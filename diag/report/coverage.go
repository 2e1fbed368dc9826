package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const (
	// maxKinds is how many kinds of resources, and maxLimits how many limits of checks, are named.
	maxKinds  = 8
	maxLimits = 6
)

// healthy says so, and what that is worth.
func (p *page) healthy(s *story) {
	if len(s.Coverage.Subjects) == 0 {
		p.labelled(0, "Nothing", yellow, span{"was looked at: no verdict.", bold})
		return
	}
	p.labelled(0, "Healthy", green, span{"Nothing wrong found.", bold})
	p.asked(s)
	p.limits(s)
}

// noVerdict says that silence is no all-clear.
func (p *page) noVerdict(s *story) {
	p.labelled(0, "Unclear", yellow, span{"No verdict: nothing wrong was found, but " +
		words.Count(blindChecks(s.Report), "check") + " could not see everything.", bold})
	p.asked(s)
}

func (p *page) asked(s *story) {
	if !s.Focus.IsZero() {
		p.labelled(0, "Asked", bold, span{placed(s.Focus), normal})
	}
	p.labelled(0, "Seen", bold, span{kinds(s.Coverage.Subjects), normal})
	p.labelled(0, "Between", bold, span{stamp(s.Window.Start) + " and " + stamp(s.Window.End), normal})
}

// kinds counts resources by what they are, the most frequent first.
func kinds(resources []diag.Resource) string {
	number := map[string]int{}
	var names []string
	for _, r := range resources {
		names = appendNew(names, kindOf(r))
		number[kindOf(r)]++
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(-cmp.Compare(number[a], number[b]), cmp.Compare(a, b)) })
	for i, n := range names {
		names[i] = words.Count(number[n], n)
	}
	return listed(names, maxKinds)
}

// limits names what the silent checks cannot see even when they work.
func (p *page) limits(s *story) {
	var limits []string
	for _, c := range s.Coverage.Checks {
		if c.Limits != "" && c.Silent > 0 {
			limits = appendNew(limits, c.Limits)
		}
	}
	if len(limits) == 0 {
		return
	}
	p.heading("Cannot be seen, even so")
	for i, l := range limits {
		if i == maxLimits {
			p.para("  ", "  ", span{fmt.Sprintf("%s %d more", p.more, len(limits)-i), dim})
			return
		}
		p.para("  - ", "    ", span{l, normal})
	}
}

// coverage is two lines that tell how far silence reaches.
func (p *page) coverage(s *story) {
	var found, silent int
	for _, c := range s.Coverage.Checks {
		switch {
		case c.Found > 0:
			found++
		case c.Inconclusive == 0:
			silent++
		}
	}
	p.heading("Looked at")
	line := fmt.Sprintf("%s with %s", words.Count(len(s.Coverage.Subjects), "resource"), words.Count(len(s.Coverage.Checks), "check"))
	if len(s.causes) > 0 && len(s.Coverage.Subjects) > 0 {
		line += ": " + kinds(s.Coverage.Subjects)
	}
	p.para("  ", "  ", span{line, normal})
	line = fmt.Sprintf("%d found something, %d found nothing wrong", found, silent)
	if blind := blindChecks(s.Report); blind > 0 {
		line += fmt.Sprintf(", %d could not see everything", blind)
	}
	p.para("  ", "  ", span{line, normal})
}

// blindChecks is how many checks and surveys could not see everything, on whatever they looked at.
func blindChecks(r *diag.Report) int {
	var codes []diag.Code
	for _, i := range r.Inconclusive {
		for _, code := range i.Codes() {
			codes = appendNew(codes, code)
		}
	}
	return len(codes)
}
