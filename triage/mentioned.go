package triage

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// What was asked about may be something that no check looks at by itself, such as a security group, a role or a
// repository. The walk then begins with whatever names it.

// mentionActions are what looking for mentions calls.
var mentionActions = append([]string{"elasticloadbalancing:DescribeLoadBalancers", "rds:DescribeDBClusters",
	"rds:DescribeDBInstances"}, usersActions...)

// mentionPlan looks in all scopes for ECS services, load balancers and databases whose configuration names a resource.
// Alone says that nothing else examines it: to find none is no answer then.
func mentionPlan(s *Scene, r diag.Resource, alone bool) diag.Plan {
	return diag.Observe(subjectOf(r), &diag.Survey[aResource]{
		Name: "triage.mentions", Actions: mentionActions,
		Links: func(ctx context.Context, _ aResource) ([]diag.Link, error) {
			if strings.HasSuffix(r.ID, "/*") {
				return nil, nil // a whole path: what reads it is not named there
			}
			var users []diag.Resource
			var errs []error
			for _, scene := range append([]*Scene{s}, s.others...) {
				found, err := scene.mentioning(ctx, wordsOf(r))
				for _, u := range found {
					users = append(users, u.In(scene.Scope.Account, scene.Scope.Region))
				}
				errs = append(errs, err)
			}
			if err := errors.Join(errs...); len(users) == 0 && err == nil && alone {
				return nil, diag.Errorf(diag.KindIncomplete,
					"no ECS service, load balancer or database of the scopes names %s: name one that uses it", r)
			}
			return around(r, users), errors.Join(errs...)
		},
	})
}

// secretSuffix is what Secrets Manager adds to the name in an ARN ("What's in a Secrets Manager secret").
var secretSuffix = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)

// wordsOf returns what a configuration that names a resource may hold.
func wordsOf(r diag.Resource) []string {
	words := []string{r.ID}
	if r.ARN != "" {
		words = append(words, r.ARN)
	}
	if r.Type == typeSecret {
		words = append(words, secretSuffix.ReplaceAllString(r.ID, ""))
	}
	return words
}

// mentioning returns what in the scene names any of the words.
func (s *Scene) mentioning(ctx context.Context, words []string) ([]diag.Resource, error) {
	names := func(described any, err error) (bool, error) {
		text, jsonErr := json.Marshal(described)
		for _, word := range words {
			if jsonErr == nil && holdsWord(string(text), word) {
				return true, nil
			}
		}
		return false, errors.Join(err, jsonErr)
	}
	users, err := s.users(ctx, func(ctx context.Context, service *ecsdiag.Service) (bool, error) {
		if found, err := names(service.Describe(ctx)); found || err != nil {
			return found, err
		}
		return names(service.TaskDefinition(ctx))
	})
	errs := []error{err}
	add := func(subject diag.Subject, described any, err error) {
		found, err := names(described, err)
		if found {
			users = append(users, subject.Resource())
		}
		errs = append(errs, err)
	}
	balancers, err := s.balancers.LoadBalancers(ctx)
	for _, lb := range balancers {
		described, err := lb.Describe(ctx)
		add(lb, described, err)
	}
	databases, dbErr := s.databases.DBInstances(ctx)
	for _, db := range databases {
		described, err := db.Describe(ctx)
		add(db, described, err)
	}
	clusters, clusterErr := s.databases.DBClusters(ctx)
	for _, db := range clusters {
		described, err := db.Describe(ctx)
		add(db, described, err)
	}
	return users, errors.Join(append(errs, err, dbErr, clusterErr)...)
}

// genericType makes up the type of an ARN that nothing else knows: "lambda", "function:x" is AWS::Lambda::Function.
func genericType(service, resource string) string {
	kind := resource
	if i := strings.IndexAny(resource, ":/"); i >= 0 {
		kind = resource[:i]
	}
	title := func(text string) string {
		var b strings.Builder
		for part := range strings.SplitSeq(text, "-") {
			if part != "" {
				b.WriteString(strings.ToUpper(part[:1]) + part[1:])
			}
		}
		return b.String()
	}
	return "AWS::" + title(service) + "::" + title(kind)
}
