package triage

import (
	"context"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
)

// typeFunction is a Lambda function. Lambda itself is not asked: a function's log tells what it does, and CloudTrail what
// was done to it.
const typeFunction = "AWS::Lambda::Function"

// functionLogs begins the names of the log groups that Lambda writes to unless told otherwise ("Sending Lambda function logs
// to CloudWatch Logs").
const functionLogs = "/aws/lambda/"

func functionLog(name string) diag.Resource {
	return diag.Resource{Type: typeLogGroup, ID: functionLogs + name}
}

// functionPlan leads from a function to its log. Where there is none, it never ran, or writes elsewhere; that is no answer to
// who asked about it.
func functionPlan(s *Scene, r, from diag.Resource) diag.Plan {
	if s.Scope.Clients.Logs == nil {
		return diag.Plan{}
	}
	return diag.Observe(subjectOf(r), &diag.Survey[aResource]{
		Name: "triage.function-log", Actions: []string{"logs:DescribeLogGroups"},
		Links: func(ctx context.Context, f aResource) ([]diag.Link, error) {
			group := s.LogGroup(functionLog(r.ID))
			_, err := group.Describe(ctx)
			if found, err := s.foundIf(err, group); len(found) == 0 {
				if err == nil && from.IsZero() {
					err = diag.Errorf(diag.KindIncomplete, "there is no log group %s: what function %s does is not seen",
						functionLogs+r.ID, r.ID)
				}
				return nil, err
			}
			return []diag.Link{{From: f.Resource(), To: group.Resource(), Role: "logs to"}}, nil
		},
	})
}

// functionOfLog leads from the log of a function to the function: what is changed of that is felt in its log.
var functionOfLog = &diag.Survey[*logs.Group]{
	Name: "triage.function-of-log",
	Links: func(_ context.Context, group *logs.Group) ([]diag.Link, error) {
		name, ok := strings.CutPrefix(group.Resource().ID, functionLogs)
		if !ok || name == "" || strings.Contains(name, "/") {
			return nil, nil
		}
		return []diag.Link{{From: group.Resource(), To: diag.Resource{Type: typeFunction, ID: name}, Role: "written by"}}, nil
	},
}

// seekFunction looks for a function by its log.
func seekFunction(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
	if s.Scope.Clients.Logs == nil {
		return nil, nil
	}
	group := s.LogGroup(functionLog(r.ID))
	_, err := group.Describe(ctx)
	if found, err := s.foundIf(err, group); len(found) == 0 {
		return nil, err
	}
	return []diag.Resource{{Type: typeFunction, ID: r.ID}}, nil
}
