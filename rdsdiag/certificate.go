package rdsdiag

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// certificateSoon and certificateLater are the times before the end of a certificate at which it becomes a warning and
// an information.
const certificateSoon, certificateLater = 14 * 24 * time.Hour, 60 * 24 * time.Hour

// CertificateExpired reports a server certificate that has ended.
var CertificateExpired = certificateCheck(diag.Info{
	Code: "rds.certificate-expired", Title: "Server certificate expired", Severity: diag.SeverityError,
	Doc:    "The certificate of the database server has expired: clients that verify it refuse to connect.",
	Breaks: []diag.Mechanism{diag.DBAccept},
}, func(left time.Duration) diag.Severity {
	if left <= 0 {
		return diag.SeverityError
	}
	return 0
})

// CertificateExpiring reports a server certificate that ends soon.
var CertificateExpiring = certificateCheck(diag.Info{
	Code: "rds.certificate-expiring", Title: "Server certificate expires", Severity: diag.SeverityWarning,
	Doc: "The certificate of the database server ends within 60 days; within 14 it is a warning. RDS rotates it in a " +
		"maintenance window where the engine can do so without a restart.",
}, func(left time.Duration) diag.Severity {
	switch {
	case left <= 0 || left > certificateLater:
		return 0
	case left > certificateSoon:
		return diag.SeverityInfo
	}
	return diag.SeverityWarning
})

func certificateCheck(info diag.Info, judge func(left time.Duration) diag.Severity) *diag.Check[*DBInstance] {
	info.Actions, info.Source = []string{callInstances}, "Using SSL/TLS to encrypt a connection to a DB instance"
	info.Limits = "Whether clients verify the certificate is not visible."
	return &diag.Check[*DBInstance]{Info: info, Run: func(ctx context.Context, i *DBInstance) ([]diag.Finding, error) {
		d, err := i.Describe(ctx)
		if err != nil || d.CertificateDetails == nil || d.CertificateDetails.ValidTill == nil {
			return nil, err
		}
		till := *d.CertificateDetails.ValidTill
		severity := judge(till.Sub(i.window.End))
		if severity == 0 {
			return nil, nil
		}
		return []diag.Finding{i.certificateFinding(d, till, severity)}, nil
	}}
}

func (i *DBInstance) certificateFinding(d *types.DBInstance, till time.Time, severity diag.Severity) diag.Finding {
	ca := aws.ToString(d.CertificateDetails.CAIdentifier)
	f := diag.Finding{Resource: i.resource(d), Severity: severity, Evidence: []diag.Evidence{
		instanceEvidence("CertificateDetails.ValidTill", till.UTC().Format(time.RFC3339)),
		instanceEvidence("CertificateDetails.CAIdentifier", ca)}}
	left := till.Sub(i.window.End)
	f.Summary = fmt.Sprintf("the server certificate of %s (%s) expires in %s, on %s", i.ref.id, ca, words.Span(left),
		till.UTC().Format("2006-01-02 15:04 UTC"))
	if left <= 0 {
		f.Summary = fmt.Sprintf("the server certificate of %s (%s) expired on %s", i.ref.id, ca,
			till.UTC().Format("2006-01-02 15:04 UTC"))
		f.Since = till
	}
	f.NextSteps = []diag.Step{
		{Text: "See which certificate authorities there are, and whether a change restarts the engine.",
			Command: "aws rds describe-certificates"},
		{Text: "Give the clients the new root certificates, then change it.", Changes: true,
			Command: "aws rds modify-db-instance --db-instance-identifier " + i.ref.id + " --ca-certificate-identifier " +
				"rds-ca-rsa2048-g1 --apply-immediately"},
	}
	return f
}
