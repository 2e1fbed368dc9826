package logs

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const (
	filterAction   = "logs:FilterLogEvents"
	describeAction = "logs:DescribeLogGroups"
)

// limits is what no check of this package can see.
const limits = "Reads the newest 10 MB of the window in full and the rest through a filter pattern, within a limit " +
	"of calls; what lies beyond is told as incomplete. Knows the idioms of common languages and servers, not every " +
	"text. A group that does not exist is told by logs.group-missing alone."

// classChecks makes one check of each cause.
func classChecks() []*diag.Check[*Group] {
	var checks []*diag.Check[*Group]
	for _, cause := range causeTable().list {
		checks = append(checks, &diag.Check[*Group]{
			Info: diag.Info{
				Code: diag.Code("logs." + cause.Stem), Title: cause.Title,
				Doc: cause.Doc +
					" Recognised by the words of the kernel, server, runtime or library that reported it.",
				Severity: diag.SeverityWarning, Confidence: diag.Likely, Actions: []string{filterAction},
				Breaks: cause.Breaks, Needs: cause.Needs, Limits: limits,
				Source: "FilterLogEvents, Amazon CloudWatch Logs API Reference",
			},
			Run: func(ctx context.Context, g *Group) ([]diag.Finding, error) { return g.judge(ctx, cause) },
		})
	}
	return checks
}

// judge tells whether what was seen of a cause is worth a finding.
func (g *Group) judge(ctx context.Context, cause *Cause) ([]diag.Finding, error) {
	b, err := g.Breakdown(ctx)
	tally, ok := b.Tally(cause.Stem)
	tally = tally.outsideLambda()
	if !ok || len(tally.Hits) == 0 {
		return nil, missingIsSilent(err)
	}
	onset := b.Onset(tally, g.window)
	severity := tally.severity(onset, g.window)
	if severity == 0 {
		return nil, err
	}
	finding := diag.Finding{
		Severity: severity, Summary: tally.summary(g.name), Evidence: g.evidence(tally), Related: tally.tasks(g.Resource()),
		NextSteps: g.steps(tally, onset), Since: onset.Since, SinceAtLeast: onset.AtLeast,
	}
	if onset.over(tally.Last().At, g.window.End) {
		finding.Until = tally.Last().At
	}
	if tally.Guessed() {
		// What a program only supposes is no more than a hint: memory metrics, exit codes or the kernel decide.
		finding.Severity, finding.Confidence = min(severity, diag.SeverityWarning), diag.Possible
		finding.Summary = "Only supposed: " + finding.Summary
	}
	return []diag.Finding{finding}, err
}

// missingIsSilent drops the error of a group that is not there: sixty checks that say so say less than one.
func missingIsSilent(err error) error {
	if diag.KindOf(err) == diag.KindNotFound {
		return nil
	}
	return err
}

const (
	// recent is how near to now something that ends programs must have happened to be going on still: crash loops wait
	// longer from one attempt to the next, up to a quarter of an hour ("Service throttle logic", Amazon ECS).
	recent = 15 * time.Minute
	// noiseWorth is how many events of a new kind of noise are worth a word.
	noiseWorth = 5
)

// severity judges by weight and course: what ends programs now is an error, what is new or grew is a warning, and what
// was always there is information. Zero means not worth a finding.
func (t Tally) severity(onset Onset, window diag.Window) diag.Severity {
	changed := onset.Course != Steady
	switch t.Cause.Weight {
	case Noise:
		if changed && onset.After >= noiseWorth {
			return diag.SeverityInfo
		}
		return 0
	case Ends:
		if last, ok := t.lastWords(); ok && window.End.Sub(last.At) <= max(recent, window.Duration()/8) {
			return diag.SeverityError
		}
		if changed {
			return diag.SeverityWarning
		}
	case Fails:
		if changed && onset.After > 1 {
			return diag.SeverityWarning
		}
	}
	return diag.SeverityInfo
}

// lastWords returns the latest hit that ended its stream.
func (t Tally) lastWords() (Hit, bool) {
	for i := len(t.Hits) - 1; i >= 0; i-- {
		if t.Hits[i].Last {
			return t.Hits[i], true
		}
	}
	return Hit{}, false
}

func (t Tally) summary(group string) string {
	times := fmt.Sprintf("once in the log %s, at %s", group, clock(t.First().At))
	if n := len(t.Hits); n > 1 {
		times = fmt.Sprintf("%d times in %s of the log %s, from %s to %s", n, words.Count(len(t.Streams()), "stream"), group,
			clock(t.First().At), clock(t.Last().At))
	}
	return oneLine(t.what() + ": " + times)
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// evidence quotes the first and the last line and tells how many there were.
func (g *Group) evidence(t Tally) []diag.Evidence {
	first, last := t.First(), t.Last()
	evidence := []diag.Evidence{g.quote("first", first)}
	if len(t.Hits) > 1 {
		evidence = append(evidence, g.quote("last", last), diag.Evidence{
			Source: filterAction, Field: "events of this class", Value: rate(t), At: last.At,
		})
	}
	return evidence
}

// quoteLength is how much of a trace is quoted; a single line is quoted whole.
const quoteLength = 2000

func (g *Group) quote(which string, h Hit) diag.Evidence {
	text := h.Text
	if len(text) > quoteLength {
		text = strings.ToValidUTF8(text[:quoteLength], "") + "…"
	}
	return diag.Evidence{Source: filterAction, Field: fmt.Sprintf("%s event in stream %s", which, h.Stream),
		Value: text, At: h.At}
}

func rate(t Tally) string {
	span := t.Last().At.Sub(t.First().At)
	if span < time.Minute {
		return fmt.Sprintf("%d within %s", len(t.Hits), words.Span(span))
	}
	return fmt.Sprintf("%d within %s, %.1f a minute", len(t.Hits), words.Span(span),
		float64(len(t.Hits))/span.Minutes())
}

// taskStream is the name that the awslogs driver gives to a task's stream: prefix/container/task-id.
var taskStream = regexp.MustCompile(`/([0-9a-f]{32})$`)

// relatedTasks is how many tasks a finding names.
const relatedTasks = 5

// tasks names the ECS tasks that wrote the hits, the first ones.
func (t Tally) tasks(group diag.Resource) []diag.Related {
	var related []diag.Related
	seen := map[string]bool{}
	for _, h := range t.Hits {
		m := taskStream.FindStringSubmatch(h.Stream)
		if m == nil || seen[m[1]] || len(related) == relatedTasks {
			continue
		}
		seen[m[1]] = true
		task := diag.Resource{Type: "AWS::ECS::Task", ID: m[1]}.In(group.Account, group.Region)
		related = append(related, diag.Related{Resource: task, Role: "wrote it"})
	}
	return related
}

// aroundHit is how much of the log the command in a step shows before and after an event.
const aroundHit = 30 * time.Second

func (g *Group) steps(t Tally, onset Onset) []diag.Step {
	at := t.First()
	for _, h := range t.Hits {
		if h.At.Equal(onset.Since) {
			at = h
			break
		}
	}
	return []diag.Step{
		{Text: t.Cause.Advice},
		{Text: "Read the lines around the first one.", Command: fmt.Sprintf(
			"aws logs filter-log-events --log-group-name %s --log-stream-names %s --start-time %d --end-time %d",
			shell(g.name), shell(at.Stream), at.At.Add(-aroundHit).UnixMilli(), at.At.Add(aroundHit).UnixMilli())},
	}
}

// plain is what a shell takes for one word as it stands.
var plain = regexp.MustCompile(`^[\w./:@%+=,-]+$`)

func shell(word string) string {
	if plain.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
