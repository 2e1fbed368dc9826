package triage

import (
	"context"
	"errors"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// lateAnswers are the causes in a program's log that the log of its database tells more of: what a statement waited
// for.
var lateAnswers = []string{"database-timeout", "database-lock-wait", "database-pool-exhausted"}

// databaseLogs leads from the database of a service to the log that it exports, where the log of the service tells that
// the database answers late; and from that log to this one, which tells why. It costs nothing where that does not.
func (s *Scene) databaseLogs() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name:    "triage.database-logs",
		Actions: []string{"ecs:DescribeTaskDefinition", "logs:FilterLogEvents", "rds:DescribeDBInstances"},
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			late, err := s.answersLate(ctx, service)
			if len(late) == 0 {
				return nil, err
			}
			hosts, err := endpointHosts(ctx, service)
			errs := []error{err}
			var links []diag.Link
			for _, host := range hosts {
				db, exported, err := s.exports(ctx, host)
				errs = append(errs, err)
				for _, group := range exported {
					s.first("database log", group.ID)
					links = append(links, diag.Link{From: db, To: group, Role: "logs to"})
					for _, own := range late {
						links = append(links, diag.Link{From: own, To: group, Role: "tells of statements in"})
					}
				}
			}
			return links, errors.Join(errs...)
		},
	}
}

// exports returns the database instance of an endpoint, if it is one of the scope, and the log groups that it exports
// to ("Publishing database logs to Amazon CloudWatch Logs", Amazon RDS User Guide).
func (s *Scene) exports(ctx context.Context, host string) (diag.Resource, []diag.Resource, error) {
	found, named, err := s.databaseAt(ctx, host)
	db, ok := found.(*rdsdiag.DBInstance)
	if !ok || named.Account != s.Scope.Account || named.Region != s.Scope.Region {
		return named, nil, err
	}
	described, describeErr := db.Describe(ctx)
	var groups []diag.Resource
	if described != nil {
		for _, name := range described.EnabledCloudwatchLogsExports {
			groups = append(groups, diag.Resource{Type: typeLogGroup, ID: "/aws/rds/instance/" + named.ID + "/" + name})
		}
	}
	return named, groups, errors.Join(err, describeErr)
}

// answersLate returns the logs of a service that tell that its database answers late.
func (s *Scene) answersLate(ctx context.Context, service *ecsdiag.Service) ([]diag.Resource, error) {
	groups, err := s.ownLogs(ctx, service)
	var late []diag.Resource
	for _, group := range groups {
		breakdown, _ := group.Breakdown(ctx) // an incomplete one is told by the group's own checks
		if tellsOf(breakdown, lateAnswers) {
			late = append(late, group.Resource())
		}
	}
	return late, err
}
