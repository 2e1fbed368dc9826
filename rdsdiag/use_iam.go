package rdsdiag

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// refusesTokens is how PostgreSQL refuses a token of IAM, beside the words of a wrong password.
var refusesTokens = regexp.MustCompile(`PAM authentication failed|` + refusesLogins.String())

// ClientIAMDisabled reports a client that logs in with IAM to a database that does not take it.
var ClientIAMDisabled = &diag.Check[*Use]{
	Info: diag.Info{
		Code: "rds.client-iam-disabled", Title: "Database takes no IAM authentication", Severity: diag.SeverityInfo,
		Confidence: diag.Likely,
		Doc: "The client is configured to log in with a token of IAM, and the database has IAM authentication off, or its " +
			"engine has none: it takes the token for a wrong password. An error where the client's log shows refused logins.",
		Actions: useActions, Breaks: []diag.Mechanism{diag.DBAccept, diag.Application},
		Limits: "Whether the program heeds its configuration is not visible.",
		Source: "IAM database authentication for MariaDB, MySQL, and PostgreSQL",
	},
	Run: func(ctx context.Context, u *Use) ([]diag.Finding, error) {
		if u.client.IAM == nil {
			return nil, nil
		}
		by, err := u.client.IAM(ctx)
		if by == "" {
			return nil, err
		}
		findings, eachErr := u.each(ctx, func(t Told, db diag.Subject) (string, []diag.Evidence, []diag.Step) {
			engine, takes, proof := takesIAM(ctx, db)
			switch {
			case engine != "" && !SupportsIAMAuthentication(engine):
				return fmt.Sprintf("%s has it log in with IAM to %s, whose engine %s has no IAM "+
						"authentication", by, db.Resource().ID,
						engine), []diag.Evidence{evidence("environment", by, "(on)"), proof},
					[]diag.Step{{Text: "Have the client log in with a password; RDS can keep it in Secrets Manager."}}
			case takes == nil || *takes:
				return "", nil, nil
			}
			return fmt.Sprintf("%s has it log in with IAM to %s, which has IAM authentication off", by, db.Resource().ID),
				[]diag.Evidence{evidence("environment", by, "(on)"), proof}, enableIAM(db)
		})
		if len(findings) == 0 {
			return nil, errors.Join(err, eachErr)
		}
		refused, saidErr := u.said(ctx, refusesTokens)
		for i := range findings {
			if !refused.IsZero() {
				findings[i].Severity, findings[i].Since = diag.SeverityError, refused
				findings[i].Summary += ", as its log shows since " + words.Clock(refused)
			}
		}
		return findings, errors.Join(err, eachErr, saidErr)
	},
}

// takesIAM returns the engine of a database, whether it takes IAM authentication, and what shows it. Nil is not known.
func takesIAM(ctx context.Context, db diag.Subject) (engine string, takes *bool, proof diag.Evidence) {
	switch db := db.(type) {
	case *DBInstance:
		if d, err := db.Describe(ctx); err == nil {
			takes = d.IAMDatabaseAuthenticationEnabled
			return aws.ToString(d.Engine), takes, instanceEvidence("IAMDatabaseAuthenticationEnabled",
				fmt.Sprint(aws.ToBool(takes)))
		}
	case *DBCluster:
		if d, err := db.Describe(ctx); err == nil {
			takes = d.IAMDatabaseAuthenticationEnabled
			return aws.ToString(d.Engine), takes, clusterEvidence("IAMDatabaseAuthenticationEnabled",
				fmt.Sprint(aws.ToBool(takes)))
		}
	}
	return "", nil, diag.Evidence{}
}

func enableIAM(db diag.Subject) []diag.Step {
	kind := "instance"
	if _, ok := db.(*DBCluster); ok {
		kind = "cluster"
	}
	return []diag.Step{{Text: "Switch it on; the database is not interrupted.", Changes: true, Command: fmt.Sprintf(
		"aws rds modify-db-%s --db-%s-identifier %s --enable-iam-database-authentication --apply-immediately", kind, kind,
		db.Resource().ID)}, {Text: "Give the database user the role rds_iam (PostgreSQL) or the plugin " +
		"AWSAuthenticationPlugin (MySQL, MariaDB)."}}
}
