package triage

import (
	"fmt"
	"io"

	"github.com/awsdiag/awsdiag/diag"
)

// Text writes the comparison for a terminal.
func (c Comparison) Text(w io.Writer) error {
	p := &lines{}
	p.add("A  %s", c.worlds[0])
	p.add("B  %s", c.worlds[1])
	p.add("")
	p.add("%s", c.verdict())
	relation := Relation(0)
	var last diag.Resource
	for _, d := range c.Differences {
		if d.Relation != relation {
			relation, last = d.Relation, diag.Resource{}
			p.add("")
			p.add("Differs, %s:", relation)
		}
		if d.A != last {
			last = d.A
			p.add("  %s", d.who())
		}
		p.add("    %s: %s", d.Name, d.told())
		for _, f := range d.Findings {
			p.add("      see %s on %s", f.Code, f.Resource)
		}
	}
	c.rest(func(format string, args ...any) { p.add(format, args...) }, "  ")
	return p.write(w)
}

// Markdown writes the comparison for a ticket or a chat.
func (c Comparison) Markdown(w io.Writer) error {
	p := &lines{}
	p.b.WriteString("- **A:** " + prose(c.worlds[0]) + "\n- **B:** " + prose(c.worlds[1]) + "\n\n" + prose(c.verdict()) +
		"\n")
	if len(c.Differences) > 0 {
		p.b.WriteString("\n| Relation | Resource | Setting | A | B |\n|---|---|---|---|---|\n")
		for _, d := range c.Differences {
			fmt.Fprintf(&p.b, "| %s | %s | %s | %s | %s |\n", prose(d.Relation.String()), prose(d.who()), prose(d.Name),
				cell(d.ValueA), cell(d.ValueB))
		}
	}
	c.rest(func(format string, args ...any) {
		p.b.WriteString(prose(fmt.Sprintf(format, args...)) + "\n")
	}, "")
	return p.write(w)
}

func cell(value string) string {
	if value == "" {
		return "not set"
	}
	return prose(short(value, 200))
}

// who names the pair, by one name if both have it.
func (d *Difference) who() string {
	if d.A.ID == d.B.ID {
		return d.A.String()
	}
	return d.A.String() + " / " + d.B.ID
}

func (c Comparison) verdict() string {
	text := fmt.Sprintf("%d settings differ, %d are the same", len(c.Differences), c.Same)
	if len(c.Blind) > 0 {
		text += fmt.Sprintf(", %d surveys could not see everything", len(c.Blind))
	}
	return text
}

// rest writes what is not a difference but keeps two worlds from being called equal.
func (c Comparison) rest(add func(format string, args ...any), indent string) {
	section := func(title string, n int) {
		if n > 0 {
			add("")
			add("%s", title)
			if indent == "" {
				add("")
			}
		}
	}
	bullet := indent
	if indent == "" {
		bullet = "- "
	}
	section("Cannot be told, secrets were redacted without a key:", len(c.Unclear))
	for _, d := range c.Unclear {
		add("%s%s: %s", bullet, d.who(), d.Name)
	}
	section("Only in A:", len(c.OnlyA))
	for _, r := range c.OnlyA {
		add("%s%s", bullet, r)
	}
	section("Only in B:", len(c.OnlyB))
	for _, r := range c.OnlyB {
		add("%s%s", bullet, r)
	}
	section("Could not be seen:", len(c.Blind))
	for _, i := range c.Blind {
		add("%s%s on %s: %s: %s", bullet, i.Code, i.Resource, i.Kind, i.Err)
	}
}
