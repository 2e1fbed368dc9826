package logs

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// LambdaMemoryNearLimit reports invocations of a Lambda function that used nearly all of its memory, and as trouble
// those
// that failed with all of it used.
var LambdaMemoryNearLimit = &diag.Check[*Group]{
	Info: diag.Info{
		Code: "logs.lambda-memory-near-limit", Title: "Lambda function near its memory limit",
		Doc: "Invocations used nine tenths of the function's memory or more. At the limit Lambda ends the invocation, and " +
			"before it the function is slow, since processor time comes with memory.",
		Severity: diag.SeverityWarning, Confidence: diag.Likely, Actions: []string{filterAction}, Limits: limits +
			" The memory that a REPORT line tells is the most that the execution environment ever used.",
		Breaks: []diag.Mechanism{diag.Application, diag.Request}, Needs: []diag.Mechanism{diag.Application},
		Source: sourceLambdaReport,
	},
	Run: func(ctx context.Context, g *Group) ([]diag.Finding, error) {
		b, err := g.Breakdown(ctx)
		all := b.invocations()
		near := slices.DeleteFunc(slices.Clone(all), func(v Invocation) bool { return !v.NearMemoryLimit() })
		if len(near) == 0 {
			return nil, missingIsSilent(err)
		}
		return []diag.Finding{g.memoryFinding(all, near)}, err
	},
}

func (g *Group) memoryFinding(all, near []Invocation) diag.Finding {
	failed := slices.DeleteFunc(slices.Clone(near), func(v Invocation) bool {
		return v.MaxMemoryUsed < v.MemorySize || v.Status == "" || v.TimedOut
	})
	most := slices.MaxFunc(near, func(a, b Invocation) int { return cmp.Compare(a.MaxMemoryUsed, b.MaxMemoryUsed) })
	f := diag.Finding{
		Severity: diag.SeverityInfo, Since: near[0].Entry.At, SinceAtLeast: near[0].RequestID == all[0].RequestID,
		Summary: fmt.Sprintf("%d of %s in the log %s used at least 90 %% of the function's memory: up to %d MB of %d MB",
			len(near), words.Count(len(all), "invocation"), g.name, most.MaxMemoryUsed, most.MemorySize),
		Evidence: g.evidence(tallyOf(near)),
		NextSteps: []diag.Step{
			{Text: "Give the function more memory, or see what it keeps between invocations.", Changes: true,
				Command: "aws lambda update-function-configuration --function-name " + shell(lastSegment(g.name)) +
					fmt.Sprintf(" --memory-size %d", 2*most.MemorySize)},
		},
	}
	if len(failed) > 0 {
		f.Severity, f.Since, f.SinceAtLeast = diag.SeverityWarning, failed[0].Entry.At, false
		f.Summary = fmt.Sprintf("%d of %s in the log %s failed with all of the function's %d MB used",
			len(failed), words.Count(len(all), "invocation"), g.name, failed[0].MemorySize)
		f.Evidence = g.evidence(tallyOf(failed))
	}
	return f
}
