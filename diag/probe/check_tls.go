package probe

import (
	"context"
	"crypto/tls"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
)

// NotTLS finds a port that is asked over TLS and does not speak it.
var NotTLS = handshakeCheck(diag.Info{
	Code: "probe.not-tls", Title: "Port does not speak TLS",
	Doc: "The port answers a TLS handshake with something else, such as plain HTTP: the endpoint is http, the health " +
		"check or listener has the wrong protocol, or this is the wrong port.",
	Severity: diag.SeverityError,
	Breaks:   []diag.Mechanism{diag.HealthCheck, diag.Request},
	Source:   "RFC 8446, section 5.1",
}, func(e *Endpoint, h *Handshake) (string, diag.Evidence, bool) {
	return fmt.Sprintf("%s does not speak TLS: it answers with something else", e.target.address()),
		failed(h), h.is(ReasonNotTLS)
})

// TLSFailed finds a handshake that does not come to its end.
var TLSFailed = handshakeCheck(diag.Info{
	Code: "probe.tls-failed", Title: "TLS handshake fails",
	Doc: "The connection opens but the handshake fails: no common version or cipher, a name that the server does not " +
		"know, a listener for another protocol, or a server that closes or does not answer.",
	Severity: diag.SeverityError,
	Breaks:   []diag.Mechanism{diag.HealthCheck, diag.Request},
	Needs:    []diag.Mechanism{diag.Application, diag.TaskRun},
	Source:   "RFC 8446, section 6",
}, func(e *Endpoint, h *Handshake) (string, diag.Evidence, bool) {
	return fmt.Sprintf("TLS handshake with %s fails: %s", e.target.address(), h.Text), failed(h),
		!h.OK() && !h.is(ReasonNotTLS)
})

// TLSOutdated finds a server that speaks no version of TLS which clients still accept.
var TLSOutdated = handshakeCheck(diag.Info{
	Code: "probe.tls-outdated", Title: "Only outdated TLS",
	Doc: "The best version that the server offers is older than TLS 1.2. Browsers, current libraries and AWS clients " +
		"refuse it.",
	Severity: diag.SeverityWarning,
	Breaks:   []diag.Mechanism{diag.Request},
	Source:   "RFC 8996",
}, func(e *Endpoint, h *Handshake) (string, diag.Evidence, bool) {
	version := tls.VersionName(h.Version)
	return fmt.Sprintf("%s speaks %s at best: most clients want TLS 1.2", e.target.address(), version),
		diag.Evidence{Source: handshakeAction, Field: "version", Value: version},
		h.OK() && h.Version != 0 && h.Version < tls.VersionTLS12
})

func failed(h *Handshake) diag.Evidence {
	return diag.Evidence{Source: handshakeAction, Field: h.Address.String(), Value: h.String()}
}

// handshakeCheck makes a check that looks at one fact of a handshake.
func handshakeCheck(
	info diag.Info,
	judge func(*Endpoint, *Handshake) (string, diag.Evidence, bool),
) *diag.Check[*Endpoint] {
	info.Actions, info.Limits = tlsActions, limits
	return &diag.Check[*Endpoint]{Info: info, Run: func(ctx context.Context, e *Endpoint) ([]diag.Finding, error) {
		h, err := e.Handshake(ctx)
		if err != nil || h == nil {
			return nil, err
		}
		summary, evidence, found := judge(e, h)
		if !found {
			return nil, nil
		}
		return []diag.Finding{
			{Summary: summary, Evidence: []diag.Evidence{evidence}, NextSteps: []diag.Step{e.openssl()}},
		}, nil
	}}
}
