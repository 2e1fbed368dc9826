package rdsdiag

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// How engines refuse writes and logins: PostgreSQL's messages 25006 and 28P01, MySQL's errors 1290, 1836, 1792 and
// 1045, SQL Server's 18456 and 3906, Oracle's ORA-01017.
var (
	refusesWrites = regexp.MustCompile(`(?i)read-only transaction|running with the --(?:super-)?read-only option|` +
		`running in read-only mode|read only transaction|because the database is read-only`)
	refusesLogins = regexp.MustCompile(`(?i)authentication failed for user|access denied for user|login failed for user|` +
		`ORA-01017`)
)

// ClientCredentialsStale reports a client that logs in with what its secret held when it started.
var ClientCredentialsStale = &diag.Check[*Use]{
	Info: diag.Info{
		Code: "rds.client-credentials-stale", Title: "Client logs in with an old password", Severity: diag.SeverityError,
		Confidence: diag.Likely,
		Doc: "The client's log shows refused logins that began after its secret changed, and the client started before that: " +
			"ECS tasks get a secret once, when they start.",
		Actions: useActions, Breaks: []diag.Mechanism{diag.SecretRead, diag.DBAccept},
		Limits: "A change of the secret's description cannot be told from one of its value.",
		Source: "Pass sensitive data to a container (Amazon ECS Developer Guide)",
	},
	Run: func(ctx context.Context, u *Use) ([]diag.Finding, error) {
		known := false
		_, err := u.each(ctx, func(_ Told, db diag.Subject) (string, []diag.Evidence, []diag.Step) {
			known = known || db != nil
			return "", nil, nil
		})
		if !known || u.client.Secrets == nil {
			return nil, err
		}
		refused, saidErr := u.said(ctx, refusesLogins)
		if refused.IsZero() {
			return nil, errors.Join(err, saidErr)
		}
		given, started, secretsErr := u.client.Secrets(ctx)
		var findings []diag.Finding
		for _, r := range given {
			if started.IsZero() || !r.Changed.After(started) || refused.Before(r.Changed.Add(-blur)) {
				continue
			}
			findings = append(findings, diag.Finding{Resource: u.client.Resource, Since: r.Changed,
				Summary: fmt.Sprintf("secret %s was changed at %s, after the client started at %s: it logs in with the old password, "+
					"and is refused since %s", r.Secret.ID, stamp(r.Changed), stamp(started), words.Clock(refused)),
				Evidence: []diag.Evidence{{Source: "secretsmanager:DescribeSecret", Field: "LastChangedDate",
					Value: stamp(r.Changed),
					At:    r.Changed}, {Source: "ecs:DescribeTasks", Field: "tasks[].startedAt", Value: stamp(started), At: started}},
				Related:   []diag.Related{{Resource: r.Secret, Role: "secret"}},
				NextSteps: []diag.Step{{Text: "Start the client anew, so that it gets the new password; with ECS, force a new deployment.", Changes: true}}})
		}
		return findings, errors.Join(err, saidErr, secretsErr)
	},
}

// blur is how much earlier than the change of its secret a first refused login may seem: clocks differ, and a rotation
// changes the database before the secret is done.
const blur = 2 * time.Minute

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
