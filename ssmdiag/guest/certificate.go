package guest

import (
	"context"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// PortCertificate is the certificate that a port presents, as openssl tells of it.
type PortCertificate struct {
	Subject, Issuer     string
	NotBefore, NotAfter time.Time
	// Verify is what openssl's verification came to: 0 for ok, 10 for expired, 18 and 19 for self-signed, 20 for an
	// unknown issuer, 62 for another host name (openssl-verification-options(1)); -1 where it does not say.
	Verify int
	// Problem is that in words, or why there is no certificate.
	Problem string
}

var (
	subjectRow  = regexp.MustCompile(`^\s*subject\s*=\s*(.*)$`)
	issuerRow   = regexp.MustCompile(`^\s*issuer\s*=\s*(.*)$`)
	dateRow     = regexp.MustCompile(`^\s*(notBefore|notAfter)\s*=\s*(.+)$`)
	verifyRow   = regexp.MustCompile(`^\s*Verify return code: (\d+) \(([^)]*)\)`)
	verifyError = regexp.MustCompile(`verify error:num=(\d+):([^:]+)`)
	noHandshake = regexp.MustCompile(`(?i)no peer certificate available|wrong version number|handshake failure|unexpected eof|` +
		`connect: ?(?:errno|connection)|(?:connection refused|timed out|no route to host|network is unreachable)|` +
		`name or service not known|gethostbyname failure|getaddrinfo|alert [a-z ]+:`)
)

// opensslTime is how openssl prints dates: "Mar  2 09:00:00 2026 GMT".
const opensslTime = "Jan _2 15:04:05 2006 MST"

// ParseCertificate reads the output of openssl s_client and x509. It is ok too where that tells why there is none.
func ParseCertificate(text string) (PortCertificate, bool) {
	c := PortCertificate{Verify: -1}
	for _, line := range lines(text) {
		if m := subjectRow.FindStringSubmatch(line); m != nil && c.Subject == "" {
			c.Subject = m[1]
		} else if m := issuerRow.FindStringSubmatch(line); m != nil && c.Issuer == "" {
			c.Issuer = m[1]
		} else if m := dateRow.FindStringSubmatch(line); m != nil {
			c.dated(m[1], m[2])
		} else if m := verifyRow.FindStringSubmatch(line); m != nil {
			c.verified(m[1], m[2])
		} else if m := verifyError.FindStringSubmatch(line); m != nil && c.Verify < 0 {
			c.verified(m[1], m[2])
		} else if c.Problem == "" && c.Subject == "" && noHandshake.MatchString(line) {
			c.Problem = strings.TrimSpace(line)
		}
	}
	return c, c.Subject != "" || !c.NotAfter.IsZero() || c.Verify > 0 || c.Problem != ""
}

func (c *PortCertificate) dated(name, text string) {
	at, err := time.Parse(opensslTime, strings.TrimSpace(text))
	switch {
	case err != nil:
	case name == "notBefore" && c.NotBefore.IsZero():
		c.NotBefore = at
	case name == "notAfter" && c.NotAfter.IsZero():
		c.NotAfter = at
	}
}

// verified keeps the first verdict that is not ok: it is about the port's own certificate or the chain to it.
func (c *PortCertificate) verified(code, words string) {
	n, err := strconv.Atoi(code)
	if err != nil || c.Verify > 0 {
		return
	}
	if c.Verify = n; n != 0 {
		c.Problem = strings.TrimSpace(words)
	}
}

// TLSPort is a port that speaks TLS, as a guest sees it: mostly one of its own.
type TLSPort struct {
	guest   *Guest
	command Command
	to      string
}

var _ diag.Subject = (*TLSPort)(nil)

// NewTLSPort makes a port of a host, by name or address, to look at from a guest.
func NewTLSPort(from *Guest, host string, port int) (*TLSPort, error) {
	c, err := Certificate(host, port)
	if err != nil {
		return nil, err
	}
	return &TLSPort{from, c, net.JoinHostPort(host, strconv.Itoa(port))}, nil
}

// Resource names the machine that looks.
func (p *TLSPort) Resource() diag.Resource { return p.guest.Resource() }

// Certificate returns the certificate that the port presents.
func (p *TLSPort) Certificate(ctx context.Context) (PortCertificate, error) {
	return fact(ctx, p.guest, p.command, ParseCertificate)
}

// certificateSoon is how long before its end a certificate is a warning: the last of the reminders that ACM sends is a
// day before, and issuers renew weeks before.
const certificateSoon = 14 * 24 * time.Hour

// The checks of ports that speak TLS.
var (
	// CertificateExpired reports certificates out of their time.
	CertificateExpired = certificateRule{"guest.certificate-expired", "Certificate expired", diag.SeverityError,
		"The certificate that the port presents is not valid now: clients that check it break off.",
		func(c PortCertificate, now time.Time) string {
			switch {
			case !c.NotAfter.IsZero() && !now.Before(c.NotAfter):
				return "expired at " + stamp(c.NotAfter)
			case !c.NotBefore.IsZero() && now.Before(c.NotBefore):
				return "is not valid before " + stamp(c.NotBefore)
			case c.NotAfter.IsZero() && c.Verify == 10:
				return "has expired"
			}
			return ""
		}}.check()
	// CertificateExpiring reports certificates that end soon.
	CertificateExpiring = certificateRule{"guest.certificate-expiring", "Certificate expires", diag.SeverityWarning,
		"The certificate that the port presents ends within two weeks.",
		func(c PortCertificate, now time.Time) string {
			if left := c.NotAfter.Sub(now); left > 0 && left < certificateSoon {
				return fmt.Sprintf("ends in %d days, at %s", int(left.Hours()/24), stamp(c.NotAfter))
			}
			return ""
		}}.check()
	// CertificateMissing reports ports that present none.
	CertificateMissing = certificateRule{"guest.tls-fails", "No TLS on the port", diag.SeverityError,
		"The port presents no certificate: nothing listens, or what listens speaks no TLS or breaks off.",
		func(c PortCertificate, _ time.Time) string {
			if c.Subject == "" && c.NotAfter.IsZero() && c.Verify <= 0 {
				return "presents no certificate: " + c.Problem
			}
			return ""
		}}.check()
)

// certificateRule is what the checks of certificates differ in.
type certificateRule struct {
	code     diag.Code
	title    string
	severity diag.Severity
	doc      string
	wrong    func(c PortCertificate, now time.Time) string
}

func (r certificateRule) check() *diag.Check[*TLSPort] {
	return &diag.Check[*TLSPort]{
		Info: diag.Info{Code: r.code, Title: r.title, Doc: r.doc, Severity: r.severity, Actions: actions,
			Breaks: []diag.Mechanism{diag.Application}, Source: "openssl-s_client(1), openssl-x509(1)"},
		Run: func(ctx context.Context, p *TLSPort) ([]diag.Finding, error) {
			c, err := p.Certificate(ctx)
			if c == (PortCertificate{}) {
				return nil, err
			}
			wrong := r.wrong(c, p.guest.fleet.window.End)
			if wrong == "" {
				return nil, err
			}
			what := "the certificate of " + p.to
			if c.Subject == "" {
				what = p.to
			}
			return []diag.Finding{{
				Summary: fmt.Sprintf("%s, seen from %s, %s", what, p.guest.id, wrong),
				Evidence: []diag.Evidence{p.guest.evidence(p.command, strings.TrimSpace(fmt.Sprintf("subject=%s notAfter=%s %s",
					c.Subject, stamp(c.NotAfter), c.Problem)))},
			}}, err
		},
	}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "(unknown)"
	}
	return t.UTC().Format(time.RFC3339)
}
