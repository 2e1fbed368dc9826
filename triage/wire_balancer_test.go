package triage_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/wire"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/triage"
)

// recordedScope makes real clients that a recording answers; CloudWatch speaks CBOR, or JSON where the server knows no
// other.
func recordedScope(t *testing.T, server string) triage.Scope {
	replay, err := wire.Load(server)
	require.NoError(t, err)
	scope, err := triage.NewScope(t.Context(), replay.Config(), func(o *triage.ScopeOptions) {
		if server == "moto" {
			o.CloudWatch = append(o.CloudWatch,
				func(o *cloudwatch.Options) { o.Protocol = awsjson.New10(schemas.GraniteServiceVersion20100801) })
		}
	})
	require.NoError(t, err)
	return scope
}

// TestRecordedLoadBalancers reads load balancers from what servers answered to real clients (Query XML).
func TestRecordedLoadBalancers(t *testing.T) {
	tests := []struct {
		server, name string
		algorithm    string
		certificates int
	}{
		{"moto", "web-14291", "round_robin", 1},
		{"ministack", "web-14300", "", 0}, // whose listeners have none
	}
	for _, tt := range tests {
		t.Run(tt.server, func(t *testing.T) {
			scope := recordedScope(t, tt.server)
			window := diag.Last(3600e9, recorded)
			directory := albdiag.NewDirectory(scope.Clients.ELB, metrics.NewSource(scope.Clients.CloudWatch, window), window)
			lb := directory.LoadBalancer(balancer(t, tt.server))
			described, err := lb.Describe(t.Context())
			require.NoError(t, err)
			assert.Equal(t, tt.name, *described.LoadBalancerName)
			rules, err := lb.Rules(t.Context())
			require.NoError(t, err)
			require.Len(t, rules, 4, "of two listeners")
			assert.Equal(t, "10", aws.ToString(rules[0].Rule.Priority), "in the order in which the listener tries them")
			assert.True(t, rules[1].Default())
			attributes, err := lb.Attributes(t.Context())
			require.NoError(t, err)
			assert.NotEmpty(t, attributes)
			groups, err := lb.TargetGroups(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, groups)
			targets, err := groups[0].Targets(t.Context())
			require.NoError(t, err)
			var conditions []albdiag.Condition
			for _, target := range targets {
				assert.Equal(t, 8080, target.Port)
				assert.Equal(t, 8080, target.HealthPort, "the traffic port, where no other is told")
				conditions = append(conditions, target.Condition())
			}
			assert.Equal(t, []albdiag.Condition{albdiag.Healthy, albdiag.Healthy}, conditions)
			own, err := groups[0].Attributes(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "300", own["deregistration_delay.timeout_seconds"])
			assert.Equal(t, tt.algorithm, own["load_balancing.algorithm.type"])
			shown, err := lb.Certificates(t.Context())
			require.NoError(t, err)
			assert.Len(t, shown, tt.certificates)
		})
	}
}

// TestRecordedStoppedTarget reads an answer of which one target was stopped.
func TestRecordedStoppedTarget(t *testing.T) {
	exchanges, err := wire.Exchanges("moto")
	require.NoError(t, err)
	i := slices.IndexFunc(exchanges, func(e wire.Exchange) bool {
		return e.Operation == "DescribeTargetHealth" &&
			e.Variant == ""
	})
	require.GreaterOrEqual(t, i, 0)
	client := elasticloadbalancingv2.NewFromConfig((&wire.Replay{Only: &exchanges[i]}).Config())
	tg := albdiag.NewTargetGroup(client, "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/t/1", nil,
		diag.Last(3600e9, recorded))
	targets, err := tg.Targets(t.Context())
	require.NoError(t, err)
	require.Len(t, targets, 2)
	assert.Equal(t, albdiag.Healthy, targets[0].Condition())
	assert.Equal(t, albdiag.InvalidState, targets[1].Condition())
}

// TestRecordedMetrics reads the same figure in JSON and in CBOR.
func TestRecordedMetrics(t *testing.T) {
	for server, want := range map[string][]float64{"moto": {0, 1, 2, 0, 1, 2, 0, 1, 2, 0}, "ministack": {2}} {
		t.Run(server, func(t *testing.T) {
			scope := recordedScope(t, server)
			source := metrics.NewSource(scope.Clients.CloudWatch, diag.Last(3600e9, recorded))
			// The recording answers the query m1, the second of a call.
			asked := []metrics.Metric{metrics.LoadBalancerMetric("app/web/1", "RequestCount", "Sum"),
				metrics.LoadBalancerMetric("app/web/1", "UnHealthyHostCount", "Maximum")}
			set, err := source.Fetch(t.Context(), asked...)
			var values []float64
			for _, p := range set.Series(asked[1]).Points {
				values = append(values, p.Value)
			}
			assert.Equal(t, want, values, "%v", err)
			assert.Empty(t, set.Series(asked[0]).Points)
		})
	}
}

// TestRecordedDatabases reads a database and its events, and knows an unknown one and an unknown action.
func TestRecordedDatabases(t *testing.T) {
	for server, id := range map[string]string{"moto": "db-14291", "ministack": "db-14300"} {
		t.Run(server, func(t *testing.T) {
			scope := recordedScope(t, server)
			window := diag.Last(3600e9, recorded)
			directory := rdsdiag.NewDirectory(scope.Clients.RDS, metrics.NewSource(scope.Clients.CloudWatch, window), window)
			described, err := directory.DBInstance(id).Describe(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "available", *described.DBInstanceStatus)
			assert.Equal(t, int32(5432), *described.Endpoint.Port)
			events, err := directory.DBInstance(id).Events(t.Context())
			if server == "moto" {
				require.NoError(t, err)
			} else {
				assert.Error(t, err, "an action that the server does not know is no quiet day")
				assert.Empty(t, events)
			}
			_, err = directory.DBInstance("nope").Describe(t.Context())
			assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
		})
	}
}
