package probe

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// TLSExpected finds a TLS port that is asked in plain HTTP.
var TLSExpected = exchangeCheck(diag.Info{
	Code: "probe.tls-expected", Title: "Plain HTTP on a TLS port",
	Doc: "The port refuses plain HTTP and answers a TLS handshake: the endpoint is https, or the health check or " +
		"listener has the wrong protocol.",
	Breaks: []diag.Mechanism{diag.HealthCheck, diag.Request},
	Source: "RFC 9110, section 4.2.2",
}, "was asked in plain HTTP and speaks TLS", ReasonTLSExpected)

// ConnectionClosed finds a server that accepts and then hangs up.
var ConnectionClosed = exchangeCheck(diag.Info{
	Code: "probe.connection-closed", Title: "Connection closed without an answer",
	Doc: "The connection opens, the request is sent, and the other end closes: the program crashed over the request, " +
		"speaks another protocol, or stands behind something that accepts for it and cannot reach it.",
	Breaks: []diag.Mechanism{diag.TargetReachable, diag.HealthCheck, diag.Request},
	Needs:  []diag.Mechanism{diag.Application, diag.TaskRun},
	Source: "RFC 9112, section 9.5",
}, "closes the connection instead of answering", ReasonClosed)

// NoAnswer finds a server that accepts and never answers.
var NoAnswer = exchangeCheck(diag.Info{
	Code: "probe.no-answer", Title: "No answer to the request",
	Doc: "The connection opens and no answer comes in time: the program hangs, all its workers are busy, or it waits " +
		"for something that does not answer, such as a database.",
	Breaks: []diag.Mechanism{diag.TargetReachable, diag.HealthCheck, diag.Request},
	Needs:  []diag.Mechanism{diag.Application, diag.DBServe, diag.DBAccept},
	Source: "RFC 9110",
}, "accepts the connection and does not answer", ReasonTimeout)

// NotHTTP finds a port that speaks something else.
var NotHTTP = exchangeCheck(diag.Info{
	Code: "probe.not-http", Title: "Port does not speak HTTP",
	Doc:    "What answers is neither HTTP nor TLS: another program has the port, or the port is the wrong one.",
	Breaks: []diag.Mechanism{diag.HealthCheck, diag.Request},
	Source: "RFC 9112, section 4",
}, "does not answer in HTTP", ReasonNotHTTP)

// RedirectLoop finds redirects without an end.
var RedirectLoop = exchangeCheck(diag.Info{
	Code: "probe.redirect-loop", Title: "Redirects without an end",
	Doc: "Redirects lead back to a page already asked for, or to more pages than a client follows. Often an " +
		"application " +
		"redirects to https behind a load balancer that speaks plain HTTP to it, and does not heed X-Forwarded-Proto.",
	Breaks: []diag.Mechanism{diag.HealthCheck, diag.Request},
	Source: "RFC 9110, section 15.4",
}, "redirects without an end", ReasonRedirects)

// RequestFailed finds a request that fails in any other way, such as at the target of a redirect.
var RequestFailed = exchangeCheck(diag.Info{
	Code: "probe.request-failed", Title: "Request fails on the way",
	Doc: "The endpoint accepts connections, and the request fails in another way: mostly at the host that a redirect " +
		"leads to.",
	Breaks: []diag.Mechanism{diag.Request},
	Needs:  []diag.Mechanism{diag.NetworkPath, diag.TaskRun},
	Source: "RFC 9110",
}, "fails on the way", ReasonNoName, ReasonLookup, ReasonRefused, ReasonNoRoute, ReasonNotTLS, ReasonTLS, ReasonOther)

func exchangeChecks() []*diag.Check[*Endpoint] {
	return []*diag.Check[*Endpoint]{TLSExpected, ConnectionClosed, NoAnswer, NotHTTP, RedirectLoop, RequestFailed}
}

func exchangeCheck(info diag.Info, what string, reasons ...Reason) *diag.Check[*Endpoint] {
	info.Severity, info.Actions, info.Limits = diag.SeverityError, httpActions, limits
	return &diag.Check[*Endpoint]{Info: info, Run: func(ctx context.Context, e *Endpoint) ([]diag.Finding, error) {
		r, err := e.Request(ctx)
		if err != nil || r == nil || !slices.Contains(reasons, r.Reason) {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("%s %s%s: %s", e.target, what, after(r), r.Text),
			Evidence: append(
				hops(r),
				diag.Evidence{Source: requestAction, Field: "failure", Value: r.Failure.String()},
			),
			NextSteps: []diag.Step{e.curl()},
		}}, nil
	}}
}

// after tells of redirects where the failure is behind them.
func after(r *Response) string {
	if len(r.Hops) == 0 || r.Reason == ReasonRedirects {
		return ""
	}
	return fmt.Sprintf(" after %s, at %s", words.Count(len(r.Hops), "redirect"), r.URL)
}

func hops(r *Response) []diag.Evidence {
	var evidence []diag.Evidence
	for i, h := range r.Hops {
		evidence = append(evidence, diag.Evidence{Source: requestAction, Field: fmt.Sprintf("hops[%d]", i),
			Value: fmt.Sprintf("%s %d to %s", h.URL, h.Status, h.Location)})
	}
	return evidence
}

// excerpt is the beginning of a body in one line.
func excerpt(body string) string {
	const most = 300
	line := []rune(strings.Join(strings.Fields(body), " "))
	if len(line) > most {
		return string(line[:most]) + "…"
	}
	return string(line)
}
