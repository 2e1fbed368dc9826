package ssmdiag

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

const sourceSchema = "Systems Manager user guide, Session document schema"

// PreferencesInvalid reports a preferences document that is none.
var PreferencesInvalid = &diag.Check[*Preferences]{
	Info: diag.Info{
		Code: "ssm.session-preferences-invalid", Title: "Session preferences cannot be read", Severity: diag.SeverityError,
		Doc: "The document that holds the session preferences is not a session document of the type " +
			"Standard_Stream: sessions that name no document fail.",
		Actions: []string{callDocument}, Breaks: []diag.Mechanism{diag.Session}, Source: sourceSchema,
	},
	Run: func(ctx context.Context, p *Preferences) ([]diag.Finding, error) {
		d, err := p.document(ctx)
		if err != nil || d == nil || d.fault == nil {
			return nil, err
		}
		return []diag.Finding{{
			Summary:  fmt.Sprintf("document %s does not hold session preferences: %s", preferencesDocument, d.fault),
			Evidence: []diag.Evidence{{Source: callDocument, Field: "Content", Value: orEmpty(d.text)}},
			NextSteps: []diag.Step{{
				Text:    "See the document and who changed it.",
				Command: "aws ssm get-document --name " + preferencesDocument,
			}},
		}}, nil
	},
}

// RunAsWithoutUser reports preferences that leave the user of a session to the caller.
var RunAsWithoutUser = &diag.Check[*Preferences]{
	Info: diag.Info{
		Code: "ssm.session-run-as-without-user", Title: "Run As without a default user", Severity: diag.SeverityInfo,
		Doc: "Run As is on and names no default user: sessions start only for callers whose role or user has the tag " +
			"SSMSessionRunAs, and only on nodes that have the user it names.",
		Actions: []string{callDocument},
		Source:  "Systems Manager user guide, Turn on Run As support for Linux and macOS managed nodes",
	},
	Run: func(ctx context.Context, p *Preferences) ([]diag.Finding, error) {
		s, err := p.readable(ctx)
		if err != nil || !s.RunAs || s.RunAsUser != "" {
			return nil, err
		}
		return []diag.Finding{{
			Summary: "Run As is on without a default user: sessions fail for callers without the tag SSMSessionRunAs",
			Evidence: []diag.Evidence{
				{Source: callDocument, Field: "Content.inputs.runAsEnabled", Value: "true"},
				{Source: callDocument, Field: "Content.inputs.runAsDefaultUser", Value: "(empty)"},
			},
		}}, nil
	},
}

// SessionLogsRequireEncryption reports log targets that must be encrypted for a session to start.
var SessionLogsRequireEncryption = &diag.Check[*Preferences]{
	Info: diag.Info{
		Code: "ssm.session-logs-require-encryption", Title: "Session logs must be encrypted", Severity: diag.SeverityInfo,
		Doc: "The session preferences require that the bucket or the log group for session logs is encrypted. If it " +
			"is not, or if the node's role may not find out, sessions end as soon as they start.",
		Actions: []string{callDocument}, Source: sourceSchema,
		Limits: "It does not see whether the targets are encrypted.",
	},
	Run: func(ctx context.Context, p *Preferences) ([]diag.Finding, error) {
		s, err := p.readable(ctx)
		if err != nil {
			return nil, err
		}
		var targets []string
		var f diag.Finding
		if s.S3Bucket != "" && s.S3Encryption {
			targets = append(targets, "bucket "+s.S3Bucket)
			f.Evidence = append(f.Evidence, diag.Evidence{Source: callDocument,
				Field: "Content.inputs.s3EncryptionEnabled", Value: "true"})
			f.Related = append(
				f.Related,
				diag.Related{Resource: diag.Resource{Type: typeBucket, ID: s.S3Bucket}, Role: "session logs"},
			)
		}
		if s.LogGroup != "" && s.LogEncryption {
			targets = append(targets, "log group "+s.LogGroup)
			f.Evidence = append(f.Evidence, diag.Evidence{Source: callDocument,
				Field: "Content.inputs.cloudWatchEncryptionEnabled", Value: "true"})
			f.Related = append(
				f.Related,
				diag.Related{Resource: diag.Resource{Type: typeLogGroup, ID: s.LogGroup}, Role: "session logs"},
			)
		}
		if len(targets) == 0 {
			return nil, nil
		}
		f.Summary = "sessions start only if " + strings.Join(targets, " and ") + " is encrypted"
		return []diag.Finding{f}, nil
	},
}

// readable returns the preferences, zero where there are none or where [PreferencesInvalid] tells of them.
func (p *Preferences) readable(ctx context.Context) (SessionPreferences, error) {
	d, err := p.document(ctx)
	if err != nil || d == nil || d.fault != nil {
		return SessionPreferences{}, err
	}
	return d.read, nil
}

func orEmpty(s string) string {
	if strings.TrimSpace(s) == "" {
		return "(empty)"
	}
	return s
}
