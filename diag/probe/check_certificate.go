package probe

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// soon is how long before its end a certificate should have been renewed. ACM renews 60 days before ("Managed
// certificate renewal", AWS Certificate Manager User Guide) and common ACME clients 30.
const soon = 14 * 24 * time.Hour

// CertificateExpired finds a certificate that is no longer valid.
var CertificateExpired = certificateCheck("probe.certificate-expired", "Certificate expired", diag.SeverityError,
	"The server presents a certificate whose time is over. Clients refuse it; a load balancer does not judge the "+
		"certificates of its targets.",
	func(e *Endpoint, h *Handshake, c Certificate) (diag.Finding, bool) {
		return diag.Finding{Since: c.NotAfter, Evidence: dated("notAfter", c.NotAfter),
			Summary: fmt.Sprintf(
				"certificate of %s expired %s ago, on %s",
				e.target.address(),
				words.Span(e.now().Sub(c.NotAfter)),
				day(c.NotAfter),
			),
		}, !c.NotAfter.IsZero() && e.now().After(c.NotAfter)
	})

// CertificateNotYetValid finds a certificate that is not valid yet.
var CertificateNotYetValid = certificateCheck(
	"probe.certificate-not-yet-valid",
	"Certificate not yet valid",
	diag.SeverityError,
	"The server presents a certificate whose time has not come, or the clock of who asks is wrong.",
	func(e *Endpoint, h *Handshake, c Certificate) (diag.Finding, bool) {
		return diag.Finding{Evidence: dated("notBefore", c.NotBefore),
			Summary: fmt.Sprintf(
				"certificate of %s is valid only in %s, from %s",
				e.target.address(),
				words.Span(c.NotBefore.Sub(e.now())),
				day(c.NotBefore),
			),
		}, e.now().Before(c.NotBefore)
	},
)

// CertificateExpiresSoon finds a certificate that should have been renewed by now.
var CertificateExpiresSoon = certificateCheck(
	"probe.certificate-expires-soon",
	"Certificate expires soon",
	diag.SeverityWarning,
	"The certificate ends within 14 days, when one that is renewed by itself would have been: the renewal does "+
		"not work.",
	func(e *Endpoint, h *Handshake, c Certificate) (diag.Finding, bool) {
		left := c.NotAfter.Sub(e.now())
		return diag.Finding{Evidence: dated("notAfter", c.NotAfter),
			Summary: fmt.Sprintf(
				"certificate of %s expires in %s, on %s",
				e.target.address(),
				words.Span(left),
				day(c.NotAfter),
			),
		}, left >= 0 && left < soon && c.NotAfter.Sub(c.NotBefore) > 2*soon // some live for days and are renewed each day
	},
)

// CertificateWrongName finds a certificate that stands for other names.
var CertificateWrongName = certificateCheck(
	"probe.certificate-wrong-name",
	"Certificate for another name",
	diag.SeverityError,
	"The certificate does not stand for the name that was asked for: the listener has no certificate for it and "+
		"presents its default one, or the name leads to somebody else. Where an address was asked for by number it "+
		"is only worth knowing.",
	func(e *Endpoint, h *Handshake, c Certificate) (diag.Finding, bool) {
		names := strings.Join(c.Names[:min(len(c.Names), 5)], ", ")
		f := diag.Finding{
			Summary: fmt.Sprintf("certificate of %s stands for other names: %s", e.target.address(), orNone(names)),
			Evidence: []diag.Evidence{
				{Source: handshakeAction, Field: "chain[0].names", Value: orNone(strings.Join(c.Names, ", "))},
				{Source: handshakeAction, Field: "nameFault", Value: h.NameFault},
			},
		}
		return e.mild(f), h.NameFault != ""
	},
)

// CertificateUntrusted finds a certificate that leads to no trusted root.
var CertificateUntrusted = certificateCheck(
	"probe.certificate-untrusted",
	"Certificate not trusted",
	diag.SeverityError,
	"The chain leads to no root that is trusted here: self-signed, of a private authority, or without its intermediate "+
		"certificates. Where an address was asked for by number it is only worth knowing.",
	func(e *Endpoint, h *Handshake, c Certificate) (diag.Finding, bool) {
		f := diag.Finding{
			Summary: fmt.Sprintf(
				"certificate of %s is not trusted (issuer %s, %d in the chain): %s",
				e.target.address(),
				orNone(c.Issuer),
				len(h.Chain),
				h.TrustFault,
			),
			Evidence: []diag.Evidence{{Source: handshakeAction, Field: "trustFault", Value: h.TrustFault},
				{Source: handshakeAction, Field: "chain[0].issuer", Value: orNone(c.Issuer)}},
		}
		return e.mild(f), h.TrustFault != ""
	},
)

func certificateCheck(code diag.Code, title string, severity diag.Severity, doc string,
	judge func(*Endpoint, *Handshake, Certificate) (diag.Finding, bool)) *diag.Check[*Endpoint] {
	info := diag.Info{Code: code, Title: title, Doc: doc, Severity: severity, Actions: tlsActions, Limits: limits,
		Breaks: []diag.Mechanism{diag.Request}, Source: "RFC 5280; RFC 9525"}
	return &diag.Check[*Endpoint]{Info: info, Run: func(ctx context.Context, e *Endpoint) ([]diag.Finding, error) {
		h, err := e.Handshake(ctx)
		if err != nil || h == nil || len(h.Chain) == 0 {
			return nil, err
		}
		f, found := judge(e, h, h.Chain[0])
		if !found {
			return nil, nil
		}
		f.NextSteps = []diag.Step{e.openssl(), {
			Text: "See which certificates ACM has for the name, when they end and why a renewal waits.",
			Command: "aws acm list-certificates --query " +
				"'CertificateSummaryList[].[DomainName,Status,NotAfter,RenewalEligibility]' --output table",
			Doc: "https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html"}}
		return []diag.Finding{f}, nil
	}}
}

func (e *Endpoint) now() time.Time { return e.window.End }

// mild lowers a finding where the endpoint is an address by number, for which hardly any certificate stands.
func (e *Endpoint) mild(f diag.Finding) diag.Finding {
	if _, literal := e.target.literal(); literal {
		f.Severity = diag.SeverityInfo
	}
	return f
}

func dated(field string, at time.Time) []diag.Evidence {
	return []diag.Evidence{
		{Source: handshakeAction, Field: "chain[0]." + field, Value: at.UTC().Format(time.RFC3339), At: at},
	}
}

func day(at time.Time) string { return at.UTC().Format(time.DateOnly) }

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
