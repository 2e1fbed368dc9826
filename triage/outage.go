package triage

import (
	"context"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/health"
	"github.com/awsdiag/awsdiag/diag/images"
	"github.com/awsdiag/awsdiag/diag/scaling"
)

// outages is the plan that reads what AWS itself says is wrong.
func (s *Scene) outages() diag.Plan {
	if s.health == nil {
		return diag.Plan{}
	}
	return diag.Join(diag.On(s.health, health.EventChecks()...), diag.Observe(s.health, health.EventSurvey))
}

// builtOn are the AWS services, by AWS Health's names, that a resource of a type runs on.
var builtOn = map[string][]string{
	typeLoadBalancer:   {"ELASTICLOADBALANCING", "ELB"},
	typeTargetGroup:    {"ELASTICLOADBALANCING", "ELB"},
	typeService:        {"ECS", "FARGATE", "EC2"},
	typeCluster:        {"ECS", "FARGATE", "EC2", "AUTOSCALING", "EC2AUTOSCALING"},
	typeTask:           {"ECS", "FARGATE", "EC2"},
	typeInstance:       {"EC2", "EBS", "SSM"},
	typeDBInstance:     {"RDS", "AURORA"},
	typeDBCluster:      {"RDS", "AURORA"},
	typeLogGroup:       {"CLOUDWATCH", "LOGS"},
	typeSecret:         {"SECRETSMANAGER", "KMS"},
	typeGrant:          {"IAM", "STS", "KMS"},
	typePath:           {"VPC", "NATGATEWAY", "TRANSITGATEWAY", "INTERNETCONNECTIVITY"},
	images.TypeImage:   {"ECR"},
	scaling.TypeTarget: {"AUTOSCALING"},
}

// runsOn links a resource to the AWS services under it that have trouble according to AWS. All resources read one
// answer, and where nothing is wrong nothing is linked.
func (s *Scene) runsOn(r diag.Resource) diag.Plan {
	services := builtOn[r.Type]
	if s.health == nil || len(services) == 0 {
		return diag.Plan{}
	}
	return diag.Observe(suspect{r}, &diag.Survey[suspect]{
		Name:    "triage.runs-on",
		Actions: []string{"health:DescribeAffectedEntities", "health:DescribeEventDetails", "health:DescribeEvents"},
		Links: func(ctx context.Context, of suspect) ([]diag.Link, error) {
			issues, _ := s.health.Issues(ctx) // its own checks tell of an error
			var links []diag.Link
			for _, i := range issues {
				l := diag.Link{From: of.Resource(), To: i.Resource(), Role: "runs on"}
				if !i.Maintenance && len(i.Entities) == 0 && slices.Contains(services, i.Service) && !slices.Contains(links, l) {
					links = append(links, l)
				}
			}
			return links, nil
		},
	})
}

// suspect is a resource of which only what lies around it is of interest.
type suspect struct{ of diag.Resource }

// Resource names it.
func (s suspect) Resource() diag.Resource { return s.of }
