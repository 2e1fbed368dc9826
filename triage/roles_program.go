package triage

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// maxRefused bounds the calls that a log says were refused which a role is asked about.
const maxRefused = 20

// refusedTo asks whether the role that a service's log names as refused may indeed not do what it was refused. It costs
// nothing where the log tells of no refusal.
func (s *Scene) refusedTo(from diag.Resource) *diag.Survey[*logs.Group] {
	return &diag.Survey[*logs.Group]{
		Name: "triage.refused-to",
		Actions: append([]string{"ecs:DescribeServices", "ecs:DescribeTaskDefinition", "logs:FilterLogEvents"},
			endpointActions...),
		Links: func(ctx context.Context, group *logs.Group) ([]diag.Link, error) {
			breakdown, _ := group.Breakdown(ctx) // an incomplete one is told by the group's own checks
			denials, unknown := refusals(breakdown), identityRefused(breakdown)
			if len(denials) == 0 && !unknown {
				return nil, nil
			}
			definition, err := s.Service(from).TaskDefinition(ctx)
			if err != nil || definition == nil {
				return nil, err
			}
			endpoints, links, err := s.refusedThrough(ctx, from, func(ctx context.Context) (ec2diag.Location, error) {
				return locationOf(ctx, s.Service(from))
			}, denials)
			links = append(links, s.refusedLinks(from, definition, denials, access.Through(endpoints...))...)
			if unknown {
				links = append(links, s.grant(from, aws.ToString(definition.TaskRoleArn), "acts as",
					[]access.Need{{Purpose: access.ForProgram}})...)
			}
			return links, err
		},
	}
}

// identityRefused reports that AWS does not know, or no longer takes, the credentials of a program: their role may be
// gone.
func identityRefused(b *logs.Breakdown) bool {
	if b == nil {
		return false
	}
	return slices.ContainsFunc(b.Tallies, func(t logs.Tally) bool {
		return t.Cause != nil && slices.Contains([]string{"bad-api-key", "aws-token-expired", "aws-no-credentials"},
			t.Cause.Stem) &&
			slices.ContainsFunc(t.Hits, func(h logs.Hit) bool { return awsIdentity.MatchString(h.Text) })
	})
}

// awsIdentity matches what AWS and its SDKs say of credentials that do not hold ("Common error types", AWS STS API
// Reference; "Credential loading errors", AWS SDKs).
var awsIdentity = regexp.MustCompile(`InvalidClientTokenId|UnrecognizedClientException|ExpiredToken|security token included in the request is|` +
	`(?i:unable to (?:locate|load) credentials|no valid credential|failed to (?:refresh|retrieve) (?:cached )?credentials|credentials provider)`)

// refusals reads the entries of a log in which AWS refuses a call, each sentence once.
func refusals(b *logs.Breakdown) []access.Denial {
	if b == nil {
		return nil
	}
	var all []access.Denial
	seen := map[string]bool{}
	for _, t := range b.Tallies {
		if t.Cause == nil || t.Cause.Stem != "access-denied" {
			continue
		}
		for _, h := range t.Hits {
			d, ok := access.ParseDenial(h.Text)
			key := d.Action + " " + d.Resource + " " + d.Role
			if ok && !seen[key] && len(all) < maxRefused {
				seen[key] = true
				all = append(all, d)
			}
		}
	}
	return all
}

// refusedLinks files a grant for each role that was refused something. A message that names no role is about the task
// role, which is the one that programs use.
func (s *Scene) refusedLinks(service diag.Resource, td *types.TaskDefinition, denials []access.Denial,
	more ...access.GrantOption,
) []diag.Link {
	task, execution := aws.ToString(td.TaskRoleArn), aws.ToString(td.ExecutionRoleArn)
	needs, told := map[string][]access.Need{}, map[string][]access.Denial{}
	var roles []string
	for _, d := range denials {
		role := roleOf(d, task, execution)
		if role == "" || d.Account != "" && s.Scope.Account != "" && d.Account != s.Scope.Account {
			continue
		}
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
		needs[role] = append(needs[role], access.Refused(d)...)
		told[role] = append(told[role], d)
	}
	var links []diag.Link
	for _, role := range roles {
		options := append([]access.GrantOption{access.Told(told[role]...)}, more...)
		switch role {
		case task:
			options = append(options, s.beside(td, access.TaskRole)...)
		case execution:
			options = append(options, s.beside(td, access.ExecutionRole)...)
		}
		links = append(links, s.grant(service, role, "calls AWS as", needs[role], options...)...)
	}
	return links
}

// roleOf returns the role that a denial is about: by ARN where the task definition names it, else by its name.
func roleOf(d access.Denial, task, execution string) string {
	if d.Role == "" && d.Principal == "" {
		return task
	}
	for _, known := range []string{task, execution} {
		if d.Role != "" && known[strings.LastIndex(known, "/")+1:] == d.Role {
			return known
		}
	}
	return d.Role
}

// startRefusals are the calls that AWS refused the execution role, by the reasons of tasks that did not start.
func startRefusals(stopped []ecsdiag.StoppedTask, executionRole string) []access.Denial {
	var all []access.Denial
	seen := map[string]bool{}
	for _, t := range stopped {
		texts := []string{aws.ToString(t.StoppedReason)}
		for _, c := range t.Containers {
			texts = append(texts, aws.ToString(c.Reason))
		}
		for _, text := range texts {
			d, ok := access.ParseDenial(text)
			key := d.Action + " " + d.Resource + " " + string(d.Kind)
			if ok && !seen[key] && (d.Role == "" || strings.HasSuffix(executionRole, "/"+d.Role)) && len(all) < maxRefused {
				seen[key] = true
				all = append(all, d)
			}
		}
	}
	return all
}
