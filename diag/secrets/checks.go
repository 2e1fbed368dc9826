package secrets

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/awsdiag/awsdiag/diag"
)

const sourceSecret = "secretsmanager:DescribeSecret"

var (
	actions    = []string{sourceSecret}
	breaksRead = []diag.Mechanism{diag.SecretRead}
)

// SecretChecks returns all checks on a secret.
func SecretChecks() []*diag.Check[*Secret] {
	return []*diag.Check[*Secret]{Missing, ScheduledForDeletion, NoCurrentVersion, ChangedAfterStart}
}

// known hides the error that says that the secret does not exist, which has a check of its own.
func known(err error) error {
	if diag.KindOf(err) == diag.KindNotFound {
		return nil
	}
	return err
}

func (s *Secret) stepDescribe() diag.Step {
	step := diag.Step{Text: "Look at the secret.", Command: "aws secretsmanager describe-secret --secret-id " + s.ref}
	if region := s.Resource().Region; region != "" {
		step.Command += " --region " + region
	}
	return step
}

// Missing finds a secret that does not exist.
var Missing = &diag.Check[*Secret]{
	Info: diag.Info{
		Code: "secrets.missing", Title: "Secret does not exist",
		Doc: "There is no secret of that name or ARN in the account and region that it was looked for in: it was " +
			"deleted, made anew (its ARN then ends in other letters), or is of another region.",
		Severity: diag.SeverityError, Actions: actions, Breaks: breaksRead,
		Source: "AWS Secrets Manager API Reference: DescribeSecret, ResourceNotFoundException",
	},
	Run: func(ctx context.Context, s *Secret) ([]diag.Finding, error) {
		_, err := s.Describe(ctx)
		if diag.KindOf(err) != diag.KindNotFound {
			return nil, err
		}
		_, said, _ := strings.Cut(err.Error(), ": ")
		return []diag.Finding{{
			Summary:  fmt.Sprintf("secret %s does not exist", s.Resource().ID),
			Evidence: []diag.Evidence{{Source: sourceSecret, Field: "error", Value: said}},
			NextSteps: []diag.Step{{Text: "List secrets of a like name, those scheduled for deletion included.",
				Command: "aws secretsmanager list-secrets --include-planned-deletion --filters Key=name,Values=" +
					s.Resource().ID + " --query 'SecretList[].[Name,ARN,DeletedDate]'"}},
		}}, nil
	},
}

// ScheduledForDeletion finds a secret that was deleted and can still be restored: nobody can read it meanwhile.
var ScheduledForDeletion = &diag.Check[*Secret]{
	Info: diag.Info{
		Code: "secrets.scheduled-for-deletion", Title: "Secret is scheduled for deletion",
		Doc:      "Somebody deleted the secret. It can be restored until its recovery window ends, but not be read.",
		Severity: diag.SeverityError, Actions: actions, Breaks: breaksRead,
		Source: "AWS Secrets Manager User Guide: Delete an AWS Secrets Manager secret",
	},
	Run: func(ctx context.Context, s *Secret) ([]diag.Finding, error) {
		d, err := s.Describe(ctx)
		if d == nil || d.DeletedDate == nil {
			return nil, known(err)
		}
		return []diag.Finding{{
			Since: *d.DeletedDate,
			Summary: fmt.Sprintf(
				"secret %s was deleted at %s and cannot be read",
				s.Resource().ID,
				stamp(*d.DeletedDate),
			),
			Evidence: []diag.Evidence{
				{Source: sourceSecret, Field: "DeletedDate", Value: stamp(*d.DeletedDate), At: *d.DeletedDate},
			},
			NextSteps: []diag.Step{s.stepDescribe(), {Text: "Restore it, if it is still needed.", Changes: true,
				Command: "aws secretsmanager restore-secret --secret-id " + s.ref}},
		}}, nil
	},
}

// NoCurrentVersion finds a secret none of whose versions is the current one: it was made without a value.
var NoCurrentVersion = &diag.Check[*Secret]{
	Info: diag.Info{
		Code: "secrets.no-current-version", Title: "Secret has no value",
		Doc:      "No version of the secret bears the stage AWSCURRENT: it was made without a value, and reading it fails.",
		Severity: diag.SeverityError, Actions: actions, Breaks: breaksRead,
		Source: "AWS Secrets Manager User Guide: What's in a Secrets Manager secret?",
	},
	Run: func(ctx context.Context, s *Secret) ([]diag.Finding, error) {
		d, err := s.Describe(ctx)
		if d == nil || d.DeletedDate != nil || d.Name == nil || current(d) {
			return nil, known(err)
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("secret %s has no current version: it holds no value", s.Resource().ID),
			Evidence: []diag.Evidence{{Source: sourceSecret, Field: "VersionIdsToStages",
				Value: fmt.Sprintf("%d versions, none AWSCURRENT", len(d.VersionIdsToStages))}},
			NextSteps: []diag.Step{s.stepDescribe()},
		}}, nil
	},
}

func current(d *secretsmanager.DescribeSecretOutput) bool {
	for _, stages := range d.VersionIdsToStages {
		if slices.Contains(stages, "AWSCURRENT") {
			return true
		}
	}
	return false
}

// ChangedAfterStart finds a secret that changed after the programs that read it started.
var ChangedAfterStart = &diag.Check[*Secret]{
	Info: diag.Info{
		Code: "secrets.changed-after-start", Title: "Secret changed after its consumers started",
		Doc: "The secret, or what is told of it, was changed after the programs that read it started. ECS tasks get a " +
			"secret once, when they start, and go on with the old value until they are replaced.",
		Severity: diag.SeverityInfo, Actions: actions,
		Source: "Amazon ECS Developer Guide: Pass sensitive data to a container",
		Limits: "It is silent unless told when the consumers started, and cannot tell a new value from a new description.",
	},
	Run: func(ctx context.Context, s *Secret) ([]diag.Finding, error) {
		d, err := s.Describe(ctx)
		if d == nil || s.started.IsZero() || !aws.ToTime(d.LastChangedDate).After(s.started) {
			return nil, known(err)
		}
		what, changed := "changed", *d.LastChangedDate
		if rotated := aws.ToTime(d.LastRotatedDate); rotated.After(s.started) {
			what = "rotated"
		}
		return []diag.Finding{{
			Since: changed,
			Summary: fmt.Sprintf(
				"secret %s was %s at %s, after the first of its consumers started at %s",
				s.Resource().ID,
				what,
				stamp(changed),
				stamp(s.started),
			),
			Evidence: []diag.Evidence{
				{Source: sourceSecret, Field: "LastChangedDate", Value: stamp(changed), At: changed},
			},
			NextSteps: []diag.Step{s.stepDescribe()},
		}}, nil
	},
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
