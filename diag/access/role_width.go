package access

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// width is one row of the table of checks on how much a role may do.
type width struct {
	code       diag.Code
	title, doc string
	// says follows "role x " in the summary.
	says string
	// wide tells what of a statement without conditions is too wide, "" for nothing.
	wide func(Statement) string
	// advice says what to do instead.
	advice string
}

// widths are the ways in which a role may do more than it needs ("Security best practices in IAM", grant least
// privilege, IAM User Guide).
var widths = []width{
	{"access.role-administrator", "Role may do everything",
		"A policy of the role allows every action on every resource, as AdministratorAccess does. Whoever gets into " +
			"the task or onto the host that runs with it owns the account.",
		"may do everything", administrator,
		"Find out what the role used, and give it a policy of just that"},
	{"access.pass-role-too-broad", "Role may pass any role on",
		"A policy of the role allows iam:PassRole on every role, without saying to which service: it may start " +
			"something that runs with more than it has itself (\"Granting a user permissions to pass a role to an " +
			"AWS service\", IAM User Guide).",
		"may pass any role on", passesAny,
		"Name the roles that it is to pass on, and the service with the condition key iam:PassedToService"},
	{"access.wildcards-too-broad", "Role may use whole services",
		"A policy of the role allows every action of services that hold secrets, data or permissions, on every resource.",
		"may use whole services on every resource", wholeService,
		"Name the actions and the resources that it needs"},
}

// RoleChecks returns the checks on how much a role may do beside what it is needed for. They are advice, and no part of
// a diagnosis unless somebody adds them: what a role may do too much breaks nothing.
func RoleChecks() []*diag.Check[*Role] {
	var checks []*diag.Check[*Role]
	for _, w := range widths {
		checks = append(checks, w.check())
	}
	return checks
}

func (w width) check() *diag.Check[*Role] {
	return &diag.Check[*Role]{
		Info: diag.Info{Code: w.code, Title: w.title, Doc: w.doc, Severity: diag.SeverityInfo, Actions: actionsPolicies,
			Limits: "A permissions boundary, a policy of the organization and Deny statements may take away what a policy " +
				"allows.",
			Source: "AWS Identity and Access Management User Guide: Security best practices in IAM"},
		Run: w.run,
	}
}

func (w width) run(ctx context.Context, r *Role) ([]diag.Finding, error) {
	policies, err := r.Policies(ctx)
	if diag.KindOf(err) == diag.KindNotFound {
		return nil, nil // a role that is not there has a check of its own
	}
	var evidence []diag.Evidence
	var by, what []string
	for _, p := range policies {
		for _, s := range p.Document.Statements {
			found := ""
			if !s.Deny && len(s.Conditions) == 0 && slices.Contains(s.Resources, "*") {
				found = w.wide(s)
			}
			if found == "" {
				continue
			}
			evidence = append(evidence, diag.Evidence{Source: p.source(), Field: p.Name + " Statement " + s.Sid,
				Value: "Allow " + found + " on *"})
			by, what = appendOnce(by, p.Name), appendOnce(what, found)
		}
	}
	if len(evidence) == 0 {
		return nil, err
	}
	return []diag.Finding{{
		Summary: fmt.Sprintf("role %s %s (%s), by policy %s", r.name, w.says, strings.Join(what, ", "),
			strings.Join(by, ", ")),
		Evidence: evidence[:min(len(evidence), maxSamples)],
		NextSteps: []diag.Step{{Text: w.advice + ".",
			Command: "aws iam generate-service-last-accessed-details --arn " + r.Resource().ARN}},
	}}, err
}

func appendOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// everyAction reports the patterns that stand for every action of every service.
func everyAction(pattern string) bool { return strings.Trim(pattern, "*") == "" || pattern == "*:*" }

func administrator(s Statement) string {
	if slices.ContainsFunc(s.Actions, everyAction) {
		return "*"
	}
	return ""
}

// passesAny leaves administrators out: they have a finding already.
func passesAny(s Statement) string {
	for _, a := range s.Actions {
		if !everyAction(a) && matchFold(a, "iam:PassRole") {
			return a
		}
	}
	return ""
}

// guarded are services that hold secrets, data or permissions.
var guarded = strings.Fields("iam sts kms secretsmanager ssm s3 dynamodb rds ec2 lambda organizations")

func wholeService(s Statement) string {
	var whole []string
	for _, a := range s.Actions {
		service, name, _ := strings.Cut(strings.ToLower(a), ":")
		if name == "*" && slices.Contains(guarded, service) {
			whole = appendOnce(whole, service+":*")
		}
	}
	return strings.Join(whole, ", ")
}
