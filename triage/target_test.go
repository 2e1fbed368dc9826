package triage

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

func TestParseTarget(t *testing.T) {
	const account, region = "111122223333", "eu-west-1"
	tests := []struct {
		name, target, typ string
		want              diag.Resource
	}{
		{"load balancer ARN", "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188", "",
			diag.Resource{Type: typeLoadBalancer, ID: "web", Account: account, Region: region}},
		{"network load balancer ARN",
			"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/tcp/50dc6c495c0c9188", "",
			diag.Resource{Type: typeLoadBalancer, ID: "tcp", Account: account, Region: region}},
		{"target group ARN", "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/943f017f100becff", "",
			diag.Resource{Type: typeTargetGroup, ID: "web", Account: account, Region: region}},
		{"service ARN of another partition", "arn:aws-cn:ecs:cn-north-1:111122223333:service/prod/api", "",
			diag.Resource{Type: typeService, ID: "prod/api", Account: account, Region: "cn-north-1"}},
		{"task definition ARN", "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:7", "",
			diag.Resource{Type: typeTaskDefinition, ID: "api:7", Account: account, Region: region}},
		{"log group ARN", "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/api:*", "",
			diag.Resource{Type: typeLogGroup, ID: "/ecs/api", Account: account, Region: region}},
		{"service", "prod/api", "", diag.Resource{Type: typeService, ID: "prod/api"}},
		{"instance", "i-0123456789abcdef0", "", diag.Resource{Type: typeInstance, ID: "i-0123456789abcdef0"}},
		{"log group", "/ecs/prod/api", "", diag.Resource{Type: typeLogGroup, ID: "/ecs/prod/api"}},
		{"log group with a type", "ecs/api", typeLogGroup, diag.Resource{Type: typeLogGroup, ID: "ecs/api"}},
		{"ARN of what nothing looks at", "arn:aws:sqs:eu-west-1:111122223333:queue", "",
			diag.Resource{Type: "AWS::Sqs::Queue", ID: "queue", Account: "111122223333", Region: "eu-west-1"}},
		{"id of a security group", "sg-0123456789abcdef0", "",
			diag.Resource{Type: "AWS::EC2::SecurityGroup", ID: "sg-0123456789abcdef0"}},
		{"ARN of a listener",
			"arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2",
			"", diag.Resource{Type: typeLoadBalancer, ID: "web", Account: "111122223333", Region: "eu-west-1"}},
		{"plain name", " web ", "", diag.Resource{ID: "web"}},
		{"plain name with a type", "web", typeCluster, diag.Resource{Type: typeCluster, ID: "web"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseTarget(tt.target, tt.typ)
			require.NoError(t, err)
			got.ARN = ""
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestParseTargetRefuses(t *testing.T) {
	tests := []struct{ name, target, typ, says string }{
		{"half an ARN", "arn:aws:ecs", "", "not an ARN"},
		{"ARN without a resource", "arn:aws:sqs:eu-west-1:111122223333:", "", "names no resource"},
		{"unknown type", "web", "AWS::SQS::Queue", typeLoadBalancer},
		{"type that contradicts the ARN", "arn:aws:ecs:eu-west-1:111122223333:cluster/prod", typeService, typeCluster},
		{"service without a cluster", "api", typeService, "cluster/service"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseTarget(tt.target, tt.typ)
			require.Error(t, err)
			assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
			assert.Contains(t, err.Error(), tt.says)
			assert.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestSymptomKinds(t *testing.T) {
	for _, k := range SymptomKinds() {
		got, err := ParseSymptomKind(string(k))
		require.NoError(t, err)
		assert.Equal(t, k, got)
		for _, m := range asked[k] {
			assert.Contains(t, diag.Mechanisms(), m, k)
		}
	}
	_, err := ParseSymptomKind("http-418")
	assert.ErrorContains(t, err, `"http-418": want one of access-denied, db-slow`)
}

func TestWindow(t *testing.T) {
	now := time.Date(2026, 2, 11, 14, 37, 21, 0, time.UTC)
	tests := []struct {
		name     string
		since    time.Time
		lookback time.Duration
		start    time.Time
	}{
		{"by default three hours", time.Time{}, 0, now.Add(-3 * time.Hour)},
		{"as told", time.Time{}, time.Hour, now.Add(-time.Hour)},
		{"noticed lately", now.Add(-10 * time.Minute), 0, now.Add(-3 * time.Hour)},
		{"noticed long ago", now.Add(-24 * time.Hour), 0, now.Add(-26 * time.Hour)},
		{"noticed longer ago than anybody remembers", now.AddDate(0, -2, 0), 0, now.Add(-maxLookback)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Symptom{Since: tt.since}.window(now, tt.lookback)
			require.NoError(t, err)
			assert.Equal(t, diag.Window{Start: tt.start, End: now}, got)
		})
	}
	_, err := Symptom{}.window(now, -time.Minute)
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
}
