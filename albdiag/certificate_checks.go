package albdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const certificateSource = "CertificateDetail, AWS Certificate Manager API Reference"

// paper is one row of the table that makes the checks of certificates.
type paper struct {
	info diag.Info
	// judge returns what is wrong, with its evidence; an empty summary is nothing. since is when it began, zero if
	// unknown.
	judge func(c *types.CertificateDetail, now time.Time, names []string) (summary string, facts []diag.Evidence, since time.Time)
	steps func(arn string, c *types.CertificateDetail) []diag.Step
}

// CertificateChecks are the checks of a certificate that a listener shows.
func CertificateChecks() []*diag.Check[*Certificate] {
	var checks []*diag.Check[*Certificate]
	for _, row := range papers() {
		row.info.Actions, row.info.Source = []string{callCertificate}, certificateSource
		if row.info.Severity >= diag.SeverityWarning {
			row.info.Breaks = []diag.Mechanism{diag.TLS}
		}
		checks = append(checks, &diag.Check[*Certificate]{Info: row.info, Run: row.run})
	}
	return checks
}

func papers() []paper {
	return []paper{
		{
			info: diag.Info{Code: "alb.certificate-expired", Title: "Certificate expired", Severity: diag.SeverityError,
				Doc: "The certificate that a listener shows has run out: clients that check it break off the handshake."},
			judge: judgeExpired, steps: renewSteps,
		},
		{
			info: diag.Info{Code: "alb.certificate-not-issued", Title: "Certificate not issued", Severity: diag.SeverityError,
				Doc: "The certificate that a listener shows is not valid: it waits for its names to be proved, was refused or revoked."},
			judge: judgeStatus, steps: renewSteps,
		},
		{
			info: diag.Info{Code: "alb.certificate-renewal-failed", Title: "Certificate is not renewed",
				Severity: diag.SeverityWarning,
				Doc: "AWS Certificate Manager tries to renew the certificate and cannot: it will run out. Most often the DNS record that " +
					"proves the name is gone."},
			judge: judgeRenewal, steps: renewSteps,
		},
		{
			info: diag.Info{Code: "alb.certificate-expiring", Title: "Certificate runs out soon", Severity: diag.SeverityWarning,
				Doc: "The certificate runs out within two weeks and AWS does not renew it: an imported certificate, or one that is not " +
					"eligible."},
			judge: judgeExpiring, steps: renewSteps,
		},
		{
			info: diag.Info{Code: "alb.certificate-wrong-name", Title: "Certificate without the name that clients ask for",
				Severity: diag.SeverityWarning,
				Doc: "Rules of the listener serve a host name that its only certificate does not hold: clients of that name break off " +
					"the handshake."},
			judge: judgeNames, steps: nameSteps,
		},
	}
}

func (r paper) run(ctx context.Context, c *Certificate) ([]diag.Finding, error) {
	described, err := c.Describe(ctx)
	if err != nil {
		return nil, err
	}
	summary, facts, since := r.judge(described, c.window.End, c.names)
	if summary == "" {
		return nil, nil
	}
	steps, named := r.steps(c.arn, described), "the certificate of "+defaultTo(described.DomainName, c.Resource().ID)
	if described.DomainName == nil {
		named = "certificate " + c.Resource().ID
	}
	if InIAM(c.arn) {
		steps = uploadSteps(c.Resource().ID)
		for i := range facts {
			facts[i].Source = strings.Replace(facts[i].Source, callCertificate, callServerCertificate, 1)
		}
	}
	return []diag.Finding{{Since: since, Evidence: facts, NextSteps: steps,
		Summary: named + " " + summary}}, nil
}

func certificateFact(field, value string) diag.Evidence {
	return evidence(callCertificate, "certificate."+field, value)
}

func expired(c *types.CertificateDetail, now time.Time) bool {
	return c.Status == types.CertificateStatusExpired || (c.NotAfter != nil && !now.Before(*c.NotAfter))
}

func judgeExpired(c *types.CertificateDetail, now time.Time, _ []string) (string, []diag.Evidence, time.Time) {
	if !expired(c, now) {
		return "", nil, time.Time{}
	}
	facts := []diag.Evidence{certificateFact("status", string(c.Status))}
	if c.NotAfter == nil {
		return "has expired", facts, time.Time{}
	}
	facts = append(facts, certificateFact("notAfter", c.NotAfter.UTC().Format(time.RFC3339)))
	return "expired " + words.Span(now.Sub(*c.NotAfter)) + " ago", facts, *c.NotAfter
}

func judgeStatus(c *types.CertificateDetail, _ time.Time, _ []string) (string, []diag.Evidence, time.Time) {
	says := map[types.CertificateStatus]string{
		types.CertificateStatusPendingValidation:  "is not issued yet: its names are not proved",
		types.CertificateStatusInactive:           "is inactive",
		types.CertificateStatusValidationTimedOut: "was never issued: nobody proved its names in 72 hours",
		types.CertificateStatusRevoked:            "was revoked", types.CertificateStatusFailed: "could not be issued",
	}[c.Status]
	if says == "" {
		return "", nil, time.Time{}
	}
	facts := []diag.Evidence{certificateFact("status", string(c.Status))}
	for _, reason := range []string{string(c.FailureReason), string(c.RevocationReason)} {
		if reason != "" {
			says += ": " + reason
			facts = append(facts, certificateFact("reason", reason))
		}
	}
	return says, facts, aws.ToTime(c.RevokedAt)
}

func judgeRenewal(c *types.CertificateDetail, now time.Time, _ []string) (string, []diag.Evidence, time.Time) {
	r := c.RenewalSummary
	if r == nil || expired(c, now) || (r.RenewalStatus != types.RenewalStatusFailed &&
		r.RenewalStatus != types.RenewalStatusPendingValidation) {
		return "", nil, time.Time{}
	}
	says := "cannot be renewed"
	if r.RenewalStatus == types.RenewalStatusPendingValidation {
		says = "waits to be renewed: its names are not proved any more"
	}
	facts := []diag.Evidence{certificateFact("renewalSummary.renewalStatus", string(r.RenewalStatus))}
	if r.RenewalStatusReason != "" {
		says += " (" + string(r.RenewalStatusReason) + ")"
		facts = append(facts, certificateFact("renewalSummary.renewalStatusReason", string(r.RenewalStatusReason)))
	}
	if c.NotAfter != nil {
		says += ", and runs out in " + words.Span(c.NotAfter.Sub(now))
		facts = append(facts, certificateFact("notAfter", c.NotAfter.UTC().Format(time.RFC3339)))
	}
	return says, facts, aws.ToTime(r.UpdatedAt)
}

func judgeExpiring(c *types.CertificateDetail, now time.Time, _ []string) (string, []diag.Evidence, time.Time) {
	const soon = 14 * 24 * time.Hour
	renewed := c.Type != types.CertificateTypeImported && c.RenewalEligibility == types.RenewalEligibilityEligible
	if c.NotAfter == nil || expired(c, now) || c.NotAfter.Sub(now) > soon || renewed {
		return "", nil, time.Time{}
	}
	return fmt.Sprintf("runs out in %s, and AWS does not renew it", words.Span(c.NotAfter.Sub(now))), []diag.Evidence{
		certificateFact("notAfter", c.NotAfter.UTC().Format(time.RFC3339)), certificateFact("type", string(c.Type)),
		certificateFact("renewalEligibility", string(c.RenewalEligibility)),
	}, time.Time{}
}

func judgeNames(c *types.CertificateDetail, _ time.Time, names []string) (string, []diag.Evidence, time.Time) {
	held := slices.Clone(c.SubjectAlternativeNames)
	if c.DomainName != nil {
		held = append(held, *c.DomainName)
	}
	missing := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.ContainsFunc(held, func(h string) bool { return covers(h, name) })
	})
	if len(held) == 0 || len(missing) == 0 {
		return "", nil, time.Time{}
	}
	few := missing[:min(len(missing), maxNamed)]
	return "does not hold " + strings.Join(few, ", ") + ", which the listener serves", []diag.Evidence{
		certificateFact("subjectAlternativeNames", strings.Join(held[:min(len(held), maxNamed)], " ")),
		evidence(callRules, "rules[].conditions[host-header]", strings.Join(few, " ")),
	}, time.Time{}
}

// covers reports that a name of a certificate stands for a host: it is the same, or *.example.com for one label more
// (RFC 6125, 6.4.3).
func covers(name, host string) bool {
	if parent, ok := strings.CutPrefix(name, "*."); ok {
		_, rest, _ := strings.Cut(host, ".")
		return strings.EqualFold(parent, rest)
	}
	return strings.EqualFold(name, host)
}

func renewSteps(arn string, c *types.CertificateDetail) []diag.Step {
	steps := []diag.Step{{Text: "See its state, and the records that prove its names.",
		Command: "aws acm describe-certificate --certificate-arn " + arn}}
	if c.Type == types.CertificateTypeImported {
		return append(steps, diag.Step{Text: "Import a new one under the same ARN: listeners take it at once.", Changes: true,
			Command: "aws acm import-certificate --certificate-arn " + arn +
				" --certificate fileb://<pem> --private-key fileb://<key>"})
	}
	for _, d := range c.DomainValidationOptions {
		if r := d.ResourceRecord; r != nil && r.Name != nil && r.Value != nil &&
			d.ValidationStatus != types.DomainStatusSuccess {
			steps = append(steps, diag.Step{Text: fmt.Sprintf("Put the record into DNS that proves %s: %s %s %s.",
				aws.ToString(d.DomainName), *r.Name, r.Type, *r.Value), Changes: true})
		}
	}
	return steps
}

// uploadSteps replace a certificate of IAM, which nobody renews ("Manage server certificates in IAM").
func uploadSteps(name string) []diag.Step {
	return []diag.Step{
		{Text: "See when it ends.", Command: "aws iam get-server-certificate --server-certificate-name " + name +
			" --query ServerCertificate.ServerCertificateMetadata"},
		{Text: "Ask AWS Certificate Manager for a certificate, which it renews, or import a new one there.", Changes: true,
			Command: "aws acm request-certificate --domain-name <name> --validation-method DNS"},
		{Text: "Have the listener show it.", Changes: true,
			Command: "aws elbv2 modify-listener --listener-arn <listener-arn> --certificates CertificateArn=<certificate-arn>"},
	}
}

func nameSteps(arn string, _ *types.CertificateDetail) []diag.Step {
	return []diag.Step{
		{Text: "See the names that it holds.",
			Command: "aws acm describe-certificate --certificate-arn " + arn + " --query Certificate.SubjectAlternativeNames"},
		{Text: "Add a certificate for the missing name to the listener.", Changes: true,
			Command: "aws elbv2 add-listener-certificates --listener-arn <listener-arn> --certificates " +
				"CertificateArn=<certificate-arn>"},
	}
}
