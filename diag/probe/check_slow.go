package probe

import (
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// Slow finds an answer whose first byte takes long.
var Slow = &diag.Check[*Endpoint]{
	Info: diag.Info{
		Code: "probe.slow", Title: "Slow answer",
		Doc: "The connection opens in time and the first byte of the answer takes longer than the threshold: the " +
			"time goes to the program and to what it waits for, not to the network.",
		Severity: diag.SeverityWarning, Confidence: diag.Likely, Actions: httpActions, Limits: limits + " One " +
			"request is a small sample.",
		Breaks: []diag.Mechanism{diag.Request},
		Needs:  []diag.Mechanism{diag.Application, diag.DBServe},
		Source: "Health checks for your target groups, Elastic Load Balancing User Guide",
	},
	Run: func(ctx context.Context, e *Endpoint) ([]diag.Finding, error) {
		r, err := e.Request(ctx)
		if err != nil || r == nil || !r.OK() || r.Timings.FirstByte < e.slow {
			return nil, err
		}
		t := r.Timings
		layers := fmt.Sprintf("DNS %s, connect %s, TLS %s, first byte %s, total %s", words.Span(t.DNS), words.Span(t.Connect),
			words.Span(t.TLS), words.Span(t.FirstByte), words.Span(t.Total))
		return []diag.Finding{{
			Summary: fmt.Sprintf(
				"%s takes %s to the first byte, more than %s",
				e.target,
				words.Span(t.FirstByte),
				words.Span(e.slow),
			),
			Evidence: append(hops(r), diag.Evidence{Source: requestAction, Field: "timings", Value: layers}),
			NextSteps: []diag.Step{{Text: "Ask a few times more and see in which layer the time goes.",
				Command: `curl -s -o /dev/null -w '%{time_namelookup} %{time_connect} %{time_appconnect} ` +
					`%{time_starttransfer} %{time_total}\n' ` +
					quoted(
						e.target.String(),
					)}},
		}}, nil
	},
}
