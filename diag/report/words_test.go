package report

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

func TestKindOf(t *testing.T) {
	for typ, want := range map[string]string{
		"AWS::ECS::Service":                         "ECS service",
		"AWS::ECS::TaskDefinition":                  "task definition",
		"AWS::ElasticLoadBalancingV2::LoadBalancer": "load balancer",
		"AWS::EC2::SecurityGroup":                   "security group",
		"AWS::EC2::Instance":                        "EC2 instance",
		"AWS::EC2::VPC":                             "EC2 VPC",
		"AWS::EC2::VPCEndpoint":                     "VPC endpoint",
		"AWS::RDS::DBInstance":                      "DB instance",
		"AWS::Logs::LogGroup":                       "log group",
		"AWS::SecretsManager::Secret":               "secret",
		"AWS::EC2::NetworkInsightsPath":             "network path",
		"AWS::KMS::Key":                             "KMS key",
		"Queue":                                     "queue",
		"":                                          "",
	} {
		assert.Equal(t, want, kindOf(diag.Resource{Type: typ}), typ)
	}
}

func TestLasting(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Minute:                    "0 s",
		0:                               "0 s",
		59 * time.Second:                "59 s",
		59*time.Second + 900*1000*1000:  "59 s",
		90 * time.Second:                "2 min",
		34 * time.Minute:                "34 min",
		59*time.Minute + 45*time.Second: "1 h",
		125 * time.Minute:               "2 h 5 min",
		47 * time.Hour:                  "47 h",
		50 * time.Hour:                  "2 days",
	} {
		assert.Equal(t, want, lasting(d), d)
	}
}

func TestNear(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	assert.Equal(t, "07:59:00", near(now.Add(-time.Minute), now))
	assert.Equal(t, "2026-03-01 23:00:00", near(now.Add(-9*time.Hour), now))
	assert.Equal(t, "07:00:00", near(now.Add(-time.Hour).In(time.FixedZone("", 9*3600)), now), "times are told in UTC")
}

func TestSentenceNamesItsResource(t *testing.T) {
	lb := diag.Resource{Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: "shop-alb"}
	service := diag.Resource{Type: "AWS::ECS::Service", ID: "shop/api"}
	for _, test := range []struct {
		name, summary, want string
		resource            diag.Resource
	}{
		{"named already", "shop-alb answers 503", "shop-alb answers 503", lb},
		{"named by its last part", "service api is down", "service api is down", service},
		{"not named", "answers 503", "load balancer shop-alb: answers 503", lb},
		{"its kind is named", "load balancer answered 503", "load balancer shop-alb answered 503", lb},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want,
				sentence(diag.Root{Finding: diag.Finding{Summary: test.summary, Resource: test.resource}}))
		})
	}
}
