package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/triage"
)

// NoOwnerTag reports services that nobody owns.
var NoOwnerTag = &diag.Check[*ecsdiag.Service]{
	Info: diag.Info{
		Code: "house.no-owner-tag", Title: "Service without an owner",
		Doc:      "Every service carries the tag owner, so that somebody is called at night.",
		Severity: diag.SeverityWarning,
		Actions:  []string{"ecs:DescribeServices"},
	},
	Run: func(ctx context.Context, s *ecsdiag.Service) ([]diag.Finding, error) {
		service, err := s.Describe(ctx)
		if err != nil {
			return nil, err
		}
		for _, tag := range service.Tags {
			if aws.ToString(tag.Key) == "owner" {
				return nil, nil
			}
		}
		return []diag.Finding{{
			Summary:  aws.ToString(service.ServiceName) + " has no owner tag",
			Evidence: []diag.Evidence{{Source: "ecs:DescribeServices", Field: "tags", Value: "owner missing"}},
			NextSteps: []diag.Step{{
				Text:    "Find out who owns it, and say so.",
				Command: "aws ecs tag-resource --resource-arn " + aws.ToString(service.ServiceArn) + " --tags key=owner,value=TEAM",
				Changes: true,
			}},
		}}, nil
	},
}

// catalogue is the one of the module, with the house check on every service.
func catalogue() triage.Catalogue {
	const service = "AWS::ECS::Service"
	c := triage.Default()
	builtIn := c[service]
	c[service] = func(s *triage.Scene, r, from diag.Resource) diag.Plan {
		return diag.Join(builtIn(s, r, from), diag.On(s.Service(r), NoOwnerTag))
	}
	return c
}
