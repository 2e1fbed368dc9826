package triage

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

var (
	// wantsIAM and isOn find a variable that switches IAM authentication on; userName one that names the database user.
	wantsIAM = regexp.MustCompile(`(?i)(?:^|_)iam(?:_|$)`)
	isOn     = regexp.MustCompile(`(?i)^(?:1|true|yes|on|iam|enabled)$`)
	userName = regexp.MustCompile(`(?i)(?:^|_)(?:db|database|pg|postgres|mysql|rds)_?(?:user|user_?name)$|^PGUSER$`)
	// refusedToken is how PostgreSQL refuses a token; MySQL's words are those of a wrong password.
	refusedToken = regexp.MustCompile(`PAM authentication failed`)
)

// databaseLogins asks whether the task role of a service may log in to the databases that its environment names, where
// these take IAM authentication and the service uses it: its environment says so, or its log shows refused tokens.
func (s *Scene) databaseLogins() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name: "triage.database-logins",
		Actions: []string{"ecs:DescribeServices", "ecs:DescribeTaskDefinition", "logs:FilterLogEvents",
			"rds:DescribeDBClusters",
			"rds:DescribeDBInstances"},
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			definition, err := service.TaskDefinition(ctx)
			if err != nil || aws.ToString(definition.TaskRoleArn) == "" {
				return nil, err
			}
			var links []diag.Link
			for _, c := range definition.ContainerDefinitions {
				needs, needsErr := s.loginNeeds(ctx, service, c, placeOf(*definition.TaskRoleArn, s.Scope.Region))
				err = errors.Join(err, needsErr)
				links = append(links, s.grant(service.Resource(), *definition.TaskRoleArn, "acts as", needs)...)
			}
			return links, err
		},
	}
}

func (s *Scene) loginNeeds(
	ctx context.Context, service *ecsdiag.Service, c types.ContainerDefinition, at arn.ARN,
) ([]access.Need, error) {
	user, uses := loginOf(c.Environment)
	told := toldIn(c.Environment)
	if user == "" || len(told) == 0 {
		return nil, nil
	}
	var errs []error
	if !uses {
		refused, err := s.said(ctx, service, refusedToken)
		if refused.IsZero() {
			return nil, err
		}
	}
	var needs []access.Need
	for _, t := range told {
		db, err := s.databases.ByEndpoint(ctx, t.Host)
		errs = append(errs, err)
		if id := loginResource(ctx, db); id != "" {
			needs = append(needs, access.DatabaseLogin(named(at, "rds-db", "dbuser:"+id+"/"+user))...)
		}
	}
	return needs, errors.Join(errs...)
}

// loginOf returns the database user that an environment names, and reports that it switches IAM authentication on.
func loginOf(environment []types.KeyValuePair) (user string, uses bool) {
	for _, e := range environment {
		name, value := aws.ToString(e.Name), aws.ToString(e.Value)
		if userName.MatchString(name) && !strings.ContainsAny(value, "/ ") {
			user = value
		}
	}
	return user, switchesIAM(environment) != ""
}

// switchesIAM returns the variable that switches IAM authentication on, empty if none does.
func switchesIAM(environment []types.KeyValuePair) string {
	for _, e := range environment {
		if wantsIAM.MatchString(aws.ToString(e.Name)) && isOn.MatchString(aws.ToString(e.Value)) {
			return aws.ToString(e.Name)
		}
	}
	return ""
}

// loginResource is the id that policies call a database by, empty where it takes no IAM authentication.
func loginResource(ctx context.Context, db diag.Subject) string {
	switch db := db.(type) {
	case *rdsdiag.DBInstance:
		if d, err := db.Describe(ctx); err == nil && aws.ToBool(d.IAMDatabaseAuthenticationEnabled) {
			return aws.ToString(d.DbiResourceId)
		}
	case *rdsdiag.DBCluster:
		if d, err := db.Describe(ctx); err == nil && aws.ToBool(d.IAMDatabaseAuthenticationEnabled) {
			return aws.ToString(d.DbClusterResourceId)
		}
	}
	return ""
}
