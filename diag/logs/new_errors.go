package logs

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// newErrorsWorth is how many lines of one new kind of error matter: a few are met by every program every day.
	newErrorsWorth = 8
	// templateShown is how much of a line's shape a summary tells.
	templateShown = 100
)

// errorHeads begin, and errorLevels stand in, lines that call themselves errors: Ruby's Logger, .NET's console logger,
// klog, nginx, log4j, slog, pino (whose levels are numbers: 50 is error, 60 fatal).
var (
	errorHeads  = []string{"E, [", "F, [", "fail: ", "crit: "}
	errorLevels = append([]string{"[error]", "[crit]", "[alert]", "[ERR]", "[FTL]", `: "error"`, `: "fatal"`,
		`"level":50,`,
		`"level":60,`, `:"Error"`, `:"critical"`, "=critical", "=ERR"}, loudLevels...)
)

// NewErrors reports lines that call themselves errors, are of no class that this package knows, and began within the
// window.
var NewErrors = &diag.Check[*Group]{
	Info: diag.Info{
		Code: "logs.new-errors", Title: "A new kind of error is logged",
		Doc: "Lines that call themselves errors and have one shape began within the window, or became many times more " +
			"frequent. They are of no class that is known, so that their own words must tell what is wrong.",
		Severity: diag.SeverityWarning, Confidence: diag.Likely, Actions: []string{filterAction},
		Breaks: application(), Needs: below(), Limits: limits,
		Source: "FilterLogEvents, Amazon CloudWatch Logs API Reference",
	},
	Run: func(ctx context.Context, g *Group) ([]diag.Finding, error) { return g.newErrors(ctx) },
}

func (g *Group) newErrors(ctx context.Context) ([]diag.Finding, error) {
	b, err := g.Breakdown(ctx)
	if b == nil {
		return nil, missingIsSilent(err)
	}
	for _, t := range b.unknownErrors() {
		onset := b.Onset(t, g.window)
		if onset.Course == Steady || onset.After < newErrorsWorth {
			continue
		}
		f := diag.Finding{Since: onset.Since, Evidence: g.evidence(t), Related: t.tasks(g.Resource()),
			NextSteps: g.steps(t, onset),
			Summary:   fmt.Sprintf("%s: %s", t.summary(g.name), shape(t.First().Text))}
		if onset.over(t.Last().At, g.window.End) {
			f.Until = t.Last().At
		}
		return []diag.Finding{f}, err
	}
	return nil, missingIsSilent(err)
}

// newError is the cause of lines of which no more is known than that they call themselves errors.
var newError = Cause{Stem: "new-errors", Title: "New kind of error",
	Advice: "Read what the error says, and what its code does; see what was changed just before the first one."}

// unknownErrors returns the lines that call themselves errors and are of no class, by their shapes, the most frequent
// first.
func (b *Breakdown) unknownErrors() []Tally {
	unknown := &Breakdown{}
	byShape := map[string][]Hit{}
	for _, e := range b.Entries {
		if _, ok := Classify(e.Text); ok || !callsItselfError(e.Text) {
			continue
		}
		unknown.Entries = append(unknown.Entries, e)
		shape := Template(e.Text)
		byShape[shape] = append(byShape[shape], Hit{Entry: e})
	}
	var tallies []Tally
	for _, c := range unknown.Templates() {
		tallies = append(tallies, Tally{Cause: &newError, Hits: byShape[c.Template]})
	}
	return tallies
}

// callsItselfError reports a line whose level is error or worse.
func callsItselfError(text string) bool {
	if toneOf(text) != toneLoud {
		return false
	}
	for _, h := range errorHeads {
		if strings.HasPrefix(text, h) {
			return true
		}
	}
	head, _, _ := strings.Cut(text[:min(len(text), levelHead)], "\n")
	return holdsWord(head, errorLevels)
}

// shape tells a line's shape in a few words.
func shape(text string) string {
	s := Template(text)
	if len(s) > templateShown {
		s = strings.ToValidUTF8(s[:templateShown], "") + "…"
	}
	return oneLine(s)
}
