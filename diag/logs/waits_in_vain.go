package logs

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// WaitsInVain reports programs that wait for something at their start until they are ended, and do so again.
var WaitsInVain = &diag.Check[*Group]{
	Info: diag.Info{
		Code: "logs.waits-in-vain", Title: "Program waits in vain",
		Doc: "The last thing that several streams say, again and again, is that they wait for something: a lock of the " +
			"migrations, a " +
			"database, a broker, another service. The program never gets to listen or to work, and is ended for that. A " +
			"program that " +
			"waits for work, or for its turn to lead, is let pass.",
		Severity: diag.SeverityError, Confidence: diag.Likely, Actions: []string{filterAction}, Limits: limits,
		Breaks: []diag.Mechanism{diag.Application},
		Needs: []diag.Mechanism{diag.NetworkPath, diag.NameResolution, diag.DBServe,
			diag.DBAccept},
		Source: "FilterLogEvents, Amazon CloudWatch Logs API Reference; Liquibase documentation, DATABASECHANGELOGLOCK table",
	},
	Run: func(ctx context.Context, g *Group) ([]diag.Finding, error) {
		b, err := g.Breakdown(ctx)
		if b == nil {
			return nil, missingIsSilent(err)
		}
		waits, ended := b.vainWaits(g.window.End)
		t := Tally{Hits: waits}
		if streams := t.Streams(); ended == 0 || len(streams) < vainStreams {
			return nil, missingIsSilent(err)
		}
		first, last := t.First(), t.Last()
		return []diag.Finding{{
			Summary: fmt.Sprintf("%s of the log %s end waiting (%q): %d lines, from %s to %s",
				words.Count(len(t.Streams()), "stream"),
				g.name, waitsFor.FindString(last.Text), len(waits), clock(first.At), clock(last.At)),
			Evidence: g.evidence(t), Related: t.tasks(g.Resource()), Since: first.At,
			NextSteps: []diag.Step{
				{Text: "See whether what it waits for is there, and who holds the lock if it is one."},
				{Text: "A lock that a killed migration left behind is released by hand, once no migration runs any more: Liquibase's " +
					"\"release-locks\", Flyway's or the framework's own way.", Changes: true},
			},
		}}, err
	},
}

const (
	// vainLines are how many lines that say so make waiting in one stream, vainFor over how long, vainAfter how many
	// others may follow: of its end.
	vainLines = 4
	vainFor   = 30 * time.Second
	vainAfter = 6
	// vainStreams are how many streams must have waited: one may still get there.
	vainStreams = 2
)

// waitsFor finds lines of programs and start scripts that say for what they wait.
var (
	waitsFor = regexp.MustCompile(`(?i)\bwait(?:ing)? (?:for|on|until)\b[^\n]{0,80}?\b(?:lock|database|db|postgres\w*|mysql|mariadb|` +
		`mongo\w*|redis|cache|kafka|rabbit\w*|brokers?|servers?|service|host|port|dependenc(?:y|ies)|upstream|migrations?|schema|` +
		`config\w*|secrets?|vault|elasticsearch|opensearch|(?:become|be|is|are) (?:ready|available|healthy|up|reachable|released))\b|` +
		`\bwait-for-it(?:\.sh)?: |` +
		`\b(?:is|are) (?:unavailable|unreachable|not (?:yet )?(?:ready|available|reachable|up))\b[^\n]{0,12}\b(?:sleeping|waiting|retrying)`)
	// waitsForWork finds those that have nothing to do, or whose turn it is not.
	waitsForWork = regexp.MustCompile(`(?i)\b(?:messages?|jobs?|tasks?|events?|work|requests?|connections|clients?|leader\w*|lease|election|` +
		`shutdown|termination|in-flight|to (?:finish|drain|close|stop))\b`)
)

// vainWaits returns the lines of the streams that end with waiting, by time, and how many of those streams have ended.
func (b *Breakdown) vainWaits(now time.Time) ([]Hit, int) {
	of, after := map[string][]Entry{}, map[string]int{}
	for _, e := range b.Entries {
		if waitsFor.MatchString(e.Text) && !waitsForWork.MatchString(e.Text) {
			of[e.Stream], after[e.Stream] = append(of[e.Stream], e), 0
		} else {
			after[e.Stream]++
		}
	}
	ended := 0
	vain := map[string]bool{}
	for stream, list := range of {
		last := list[len(list)-1].At
		if len(list) < vainLines || last.Sub(list[0].At) < vainFor || after[stream] > vainAfter {
			continue
		}
		vain[stream] = true
		if now.Sub(b.StreamEnds[stream]) > max(silence, last.Sub(list[0].At)/time.Duration(len(list)-1)*2) {
			ended++
		}
	}
	var hits []Hit
	for _, e := range b.Entries {
		if vain[e.Stream] && waitsFor.MatchString(e.Text) && !waitsForWork.MatchString(e.Text) {
			hits = append(hits, Hit{Entry: e})
		}
	}
	return hits, ended
}
