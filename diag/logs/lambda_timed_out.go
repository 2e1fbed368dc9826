package logs

import (
	"context"
	"fmt"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const sourceLambdaReport = "Using CloudWatch Logs with Lambda, AWS Lambda Developer Guide"

// LambdaTimedOut reports invocations of a Lambda function that its time limit ended.
var LambdaTimedOut = &diag.Check[*Group]{
	Info: diag.Info{
		Code: "logs.lambda-timed-out", Title: "Lambda function timed out",
		Doc: "Invocations ran into the time limit of the function and were ended: it waited for something, or the limit is " +
			"too short.",
		Severity: diag.SeverityWarning, Actions: []string{filterAction}, Limits: limits, Source: sourceLambdaReport,
		Breaks: []diag.Mechanism{diag.Application, diag.Request},
		Needs:  []diag.Mechanism{diag.NetworkPath, diag.NameResolution, diag.DBServe, diag.DBAccept},
	},
	Run: func(ctx context.Context, g *Group) ([]diag.Finding, error) {
		b, err := g.Breakdown(ctx)
		all := b.invocations()
		out := slices.DeleteFunc(slices.Clone(all), func(v Invocation) bool { return !v.TimedOut })
		if len(out) == 0 {
			return nil, missingIsSilent(err)
		}
		tally := tallyOf(out)
		onset := b.Onset(tally, g.window)
		limit := slices.MaxFunc(out, func(a, b Invocation) int { return int(a.Duration - b.Duration) }).Duration
		return []diag.Finding{{
			Severity: max(tally.severity(onset, g.window), diag.SeverityInfo), Since: onset.Since, SinceAtLeast: onset.AtLeast,
			Summary: fmt.Sprintf("%d of %s in the log %s ran into the time limit of %s, from %s to %s", len(out),
				words.Count(len(all), "invocation"), g.name, words.Span(limit), clock(tally.First().At),
				clock(tally.Last().At)),
			Evidence: g.evidence(tally),
			NextSteps: []diag.Step{
				{Text: "See what the function waits for: the last lines that an ended invocation wrote. In a VPC, a path that is " +
					"missing to AWS or to a database looks like this."},
				{Text: "Give the function more time only if the work needs it.", Changes: true},
			},
		}}, err
	},
}

// invocations returns what the entries tell of Lambda invocations.
func (b *Breakdown) invocations() []Invocation {
	if b == nil {
		return nil
	}
	return Invocations(b.Entries)
}

// tallyOf makes hits of invocations that were ended.
func tallyOf(invocations []Invocation) Tally {
	t := Tally{Cause: causeOf("worker-timeout")}
	for _, v := range invocations {
		t.Hits = append(t.Hits, Hit{Entry: v.Entry})
	}
	return t
}

// outsideLambda leaves out what [LambdaTimedOut] reports with more detail.
func (t Tally) outsideLambda() Tally {
	t.Hits = slices.DeleteFunc(slices.Clone(t.Hits), func(h Hit) bool {
		v, ok := ParseReport(h.Text)
		return ok && v.TimedOut
	})
	return t
}
