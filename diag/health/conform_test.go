package health_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshealth "github.com/aws/aws-sdk-go-v2/service/health"
	"github.com/aws/aws-sdk-go-v2/service/health/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/health"
	"github.com/awsdiag/awsdiag/diag/health/healthfake"
)

var (
	now    = time.Date(2026, 2, 11, 14, 0, 0, 0, time.UTC)
	window = diag.Last(3*time.Hour, now)
)

const region = "eu-west-1"

func subject(events ...healthfake.Event) (*health.Events, []diagfake.Fake) {
	fake := &healthfake.Client{Events: events}
	return health.NewEvents(fake, region, window), []diagfake.Fake{fake}
}

func began(minutes int) time.Time { return now.Add(-time.Duration(minutes) * time.Minute) }

// services are one service of each kind of issue.
var services = map[diag.Code]string{
	"health.host-issue": "EC2", "health.network-issue": "VPC", "health.container-issue": "FARGATE",
	"health.image-issue":    "ECR",
	"health.balancer-issue": "ELASTICLOADBALANCING", "health.database-issue": "RDS", "health.permission-issue": "IAM",
	"health.secret-issue": "SECRETSMANAGER", "health.name-issue": "ROUTE53", "health.log-issue": "CLOUDWATCH",
	"health.dependency-issue": "DYNAMODB",
}

func TestConform(t *testing.T) {
	for _, check := range health.EventChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*health.Events]{
			Healthy: func() (*health.Events, []diagfake.Fake) {
				elsewhere := healthfake.Issue(services[check.Code], "us-west-2", began(50))
				old := healthfake.Issue("EC2", region, began(900))
				old.StatusCode, old.EndTime = types.EventStatusCodeClosed, aws.Time(began(400))
				if check == health.NotSubscribed {
					return subject(healthfake.Issue("EC2", region, began(50)).Names("i-0123456789abcdef0"))
				}
				return subject(elsewhere, old)
			},
			Broken: func() (*health.Events, []diagfake.Fake) {
				if check == health.NotSubscribed {
					fake := &healthfake.Client{Unsubscribed: true}
					return health.NewEvents(fake, region, window), []diagfake.Fake{fake}
				}
				return subject(healthfake.Issue(services[check.Code], region, began(50)),
					healthfake.Issue(services[check.Code], region, began(40)).Names("i-0123456789abcdef0"))
			},
		})
	}
}

func TestReadOnly(t *testing.T) { diagtest.ReadOnly[health.EventAPI](t) }

// TestIssues tells what AWS says, on what it names.
func TestIssues(t *testing.T) {
	upcoming := healthfake.Issue("RDS", region, began(-60))
	global := healthfake.Issue("ROUTE53", "global", began(30))
	ended := healthfake.Issue("ECS", region, began(170))
	ended.StatusCode, ended.EndTime = types.EventStatusCodeClosed, aws.Time(began(100))
	maintenance := healthfake.Issue("RDS", region, began(20)).Names("arn:aws:rds:eu-west-1:111122223333:db:orders",
		"UNKNOWN")
	maintenance.EventTypeCategory = types.EventTypeCategoryScheduledChange
	x, fakes := subject(upcoming, global, ended, maintenance)
	issues, err := x.Issues(t.Context())
	require.NoError(t, err)
	var told []string
	for _, i := range issues {
		told = append(told, fmt.Sprintln(i.Service, i.Open, i.Maintenance, i.Entities))
	}
	assert.Equal(t, []string{"ECS false false []\n", "ROUTE53 true false []\n",
		"RDS true true [arn:aws:rds:eu-west-1:111122223333:db:orders]\n"}, told)
	assert.Equal(t,
		"AWS reports trouble of ROUTE53 in global since 2026-02-11T13:30:00Z (open): We are investigating increased error "+
			"rates of ROUTE53 in the global Region.", issues[1].String())
	assert.Len(t, fakes[0].Calls(), 3, "events, what they say, what they name")

	report := diag.Runner{Window: window}.Run(t.Context(), diag.Observe(x, health.EventSurvey))
	require.NoError(t, report.Err())
	assert.Len(t, report.Events, 4)
	assert.Equal(t, "aws-health", report.Events[0].Kind)
}

// TestEntities puts a finding on each resource that AWS names.
func TestEntities(t *testing.T) {
	for value, want := range map[string]string{
		"i-0a1b": "AWS::EC2::Instance i-0a1b", "vol-0a1b": "AWS::EC2::Volume vol-0a1b",
		"arn:aws:rds:eu-west-1:111122223333:db:orders":                                           "AWS::RDS::DBInstance orders",
		"arn:aws:ecs:eu-west-1:111122223333:task/prod/4f1c":                                      "AWS::ECS::Task 4f1c",
		"arn:aws:ecs:eu-west-1:111122223333:service/prod/api":                                    "AWS::ECS::Service prod/api",
		"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/front/50dc6c495c0": "AWS::ElasticLoadBalancingV2::LoadBalancer front",
		"arn:aws:sqs:eu-west-1:111122223333:jobs":                                                "AWS::Health::Service EC2 jobs", "something": "AWS::Health::Service EC2 something",
	} {
		x, _ := subject(healthfake.Issue("EC2", region, began(50)).Names(value))
		issues, err := x.Issues(t.Context())
		require.NoError(t, err)
		require.Len(t, issues, 1)
		f := diagtest.Only(t, diagtest.Run(t, x, health.EventChecks()[1]), "health.host-issue")
		assert.Equal(t, want, f.Resource.Type+" "+f.Resource.ID)
	}
}

// TestUnsubscribed: an account without support is asked once, and told of as an info.
func TestUnsubscribed(t *testing.T) {
	fake := &healthfake.Client{Unsubscribed: true}
	report := diag.Run(t.Context(), diag.On(health.NewEvents(fake, region, window), health.EventChecks()...))
	require.NoError(t, report.Err())
	assert.Equal(t, diag.SeverityInfo, report.Worst())
	diagtest.Want(t, report, "health.not-subscribed")
	assert.Len(t, fake.Calls(), 1)
}

func TestMerge(t *testing.T) {
	from, to := &healthfake.Client{Events: []healthfake.Event{healthfake.Issue("EC2", region, began(50)).Names("i-0a1b")}},
		&healthfake.Client{}
	arns := []string{*from.Events[0].Arn}
	events, err := from.DescribeEvents(t.Context(), &awshealth.DescribeEventsInput{})
	require.NoError(t, err)
	details, err := from.DescribeEventDetails(t.Context(), &awshealth.DescribeEventDetailsInput{EventArns: arns})
	require.NoError(t, err)
	entities, err := from.DescribeAffectedEntities(t.Context(),
		&awshealth.DescribeAffectedEntitiesInput{Filter: &types.EntityFilter{EventArns: arns}})
	require.NoError(t, err)
	for range 2 {
		assert.True(t, to.Merge(nil, events))
		assert.True(t, to.Merge(nil, details))
		assert.True(t, to.Merge(nil, entities))
	}
	assert.False(t, to.Merge(nil, &awshealth.DescribeEventTypesOutput{}))
	assert.Equal(t, from.Events, to.Events)
}
