package albdiag

import (
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// verdict is what the metrics say of a documented cause.
type verdict int

const (
	ruledOut verdict = iota
	possible
	supported
)

// cause is one documented cause of an error.
type cause struct {
	// text says the cause: "targets refuse or reset connections".
	text string
	// judge reads the picture. It may name the facts and the target groups that speak for the cause.
	judge func(p *picture, o outbreak) opinion
	// decides says what would settle it, where the metrics cannot.
	decides diag.Step
}

// opinion is a verdict with its reasons.
type opinion struct {
	verdict verdict
	facts   []diag.Evidence
	groups  []groupPicture
	// named are things that the text of the cause is to name, related what else has to do with it.
	named   []string
	related []diag.Related
}

// attribute says in the finding which causes the metrics support. If they support none it names those that remain, and
// what would decide.
func (p *picture) attribute(f *diag.Finding, o outbreak, causes []cause) {
	var likely, open []string
	for _, c := range causes {
		opinion := c.judge(p, o)
		switch opinion.verdict {
		case supported:
			text := c.text
			if len(opinion.named) > 0 {
				text += ": " + strings.Join(opinion.named, ", ")
			}
			likely = append(likely, text)
		case possible:
			open = append(open, c.text)
		case ruledOut:
			continue
		}
		f.Evidence = append(f.Evidence, opinion.facts...)
		related := opinion.related
		for _, g := range opinion.groups {
			related = append(related, diag.Related{Resource: g.resource, Role: "target group"})
		}
		for _, r := range related {
			if !slices.Contains(f.Related, r) {
				f.Related = append(f.Related, r)
			}
		}
		if c.decides.Text != "" {
			step := c.decides
			step.Command = strings.ReplaceAll(step.Command, "<load-balancer-arn>", p.arn)
			f.NextSteps = append(f.NextSteps, step)
		}
	}
	switch {
	case len(likely) > 0:
		f.Summary += ": " + strings.Join(likely, "; ")
	case len(open) == 1:
		f.Summary += ": probably " + open[0]
	case len(open) > 1:
		last := len(open) - 1
		f.Summary += ": the metrics cannot tell whether " + strings.Join(open[:last], ", ") + " or " + open[last]
	}
}

func metricFact(name string, format string, args ...any) diag.Evidence {
	return diag.Evidence{Source: callMetrics, Field: name, Value: fmt.Sprintf(format, args...)}
}

// many reports a number that is not small beside the errors of an outbreak.
func (o outbreak) many(n float64) bool { return n >= max(3, o.count/10) }

// alongside supports a cause by a counter that rose with the errors.
func alongside(name string) func(*picture, outbreak) opinion {
	return func(p *picture, o outbreak) opinion {
		n := p.during(name, o)
		if !o.many(n) {
			return opinion{}
		}
		return opinion{verdict: supported, groups: p.groupsWith(name, o),
			facts: []diag.Evidence{metricFact(name, "%.0f in the same time", n)}}
	}
}

// alongsideGroups supports a cause by a counter that only target groups have.
func alongsideGroups(name string) func(*picture, outbreak) opinion {
	return func(p *picture, o outbreak) opinion {
		var out opinion
		for _, g := range p.groups {
			if n := p.group(g, name, "Sum").Between(o.window()).Sum(); o.many(n) {
				out.verdict, out.groups = supported, append(out.groups, g)
				out.facts = append(out.facts, metricFact(name+" of "+g.name, "%.0f in the same time", n))
			}
		}
		return out
	}
}

// onlyIf keeps a judgement to pictures of a kind.
func onlyIf(is func(*picture) bool, judge func(*picture, outbreak) opinion) func(*picture, outbreak) opinion {
	return func(p *picture, o outbreak) opinion {
		if !is(p) {
			return opinion{}
		}
		return judge(p, o)
	}
}

// groupsWith returns the target groups that have a good part of a counter, which is reported for each.
func (p *picture) groupsWith(name string, o outbreak) []groupPicture {
	var found []groupPicture
	total := p.during(name, o)
	for _, g := range p.groups {
		if n := p.group(g, name, "Sum").Between(o.window()).Sum(); n > 0 && n >= total/10 {
			found = append(found, g)
		}
	}
	return found
}

// hosts is what became of a group's targets during an outbreak.
type hosts struct {
	before, least, unhealthy float64
	known                    bool
}

func (p *picture) hosts(g groupPicture, o outbreak) hosts {
	healthy := p.group(g, "HealthyHostCount", "Minimum")
	during := healthy.Between(o.window())
	var h hosts
	h.before, h.known = healthy.Usual(o.first)
	if least, ok := during.Min(); ok {
		h.least, h.known = least.Value, true
	}
	if most, ok := p.group(g, "UnHealthyHostCount", "Maximum").Between(o.window()).Max(); ok {
		h.unhealthy = most.Value
	}
	return h
}

// lost reports targets that went away or failed.
func (h hosts) lost() bool { return h.known && (h.unhealthy > 0 || h.least < h.before) }

// left reports targets that went away and did not fail.
func (h hosts) left() bool { return h.known && h.unhealthy == 0 && h.least < h.before }

// gone reports a group of which no target was healthy and none unhealthy.
func (h hosts) gone() bool { return h.known && h.least == 0 && h.unhealthy == 0 && h.before > 0 }

func (p *picture) lostTargets(o outbreak, is func(hosts) bool) opinion {
	var out opinion
	for _, g := range p.groups {
		if h := p.hosts(g, o); is(h) {
			out.verdict = supported
			out.groups = append(out.groups, g)
			out.facts = append(out.facts, metricFact("HealthyHostCount of "+g.name,
				"%.0f before, as few as %.0f in the same time, up to %.0f unhealthy", h.before, h.least, h.unhealthy))
		}
	}
	return out
}

// unless keeps a cause possible where nothing else is supported.
func unless(others ...func(*picture, outbreak) opinion) func(*picture, outbreak) opinion {
	return func(p *picture, o outbreak) opinion {
		for _, other := range others {
			if other(p, o).verdict == supported {
				return opinion{}
			}
		}
		return opinion{verdict: possible}
	}
}

// unlessSupported keeps a judgement where none of the others is supported.
func unlessSupported(judge func(*picture, outbreak) opinion,
	others ...func(*picture, outbreak) opinion) func(*picture, outbreak) opinion {
	rest := unless(others...)
	return func(p *picture, o outbreak) opinion {
		if rest(p, o).verdict == ruledOut {
			return opinion{}
		}
		return judge(p, o)
	}
}
