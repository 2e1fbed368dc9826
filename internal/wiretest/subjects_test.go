package wiretest

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/triage"
)

// TestSubjects reads a load balancer, a metric and a database that were seeded over the wire. A server that does not
// know CloudWatch's protocol must lead to an error, and never to an empty answer.
func TestSubjects(t *testing.T) {
	cfg, options := peer(t)
	now := time.Now()
	name := fmt.Sprintf("subjects-%d", now.UnixNano()%1_000_000_000)
	w, err := seed(t.Context(), cfg, name)
	require.NoError(t, err)
	scope, err := triage.NewScope(t.Context(), cfg, options)
	require.NoError(t, err)
	window := diag.Last(time.Hour, now)
	source := metrics.NewSource(scope.Clients.CloudWatch, window)

	lb := albdiag.NewDirectory(scope.Clients.ELB, source, window).LoadBalancer(w.loadBalancer)
	groups, err := lb.TargetGroups(t.Context())
	require.NoError(t, err)
	require.Len(t, groups, 1)
	targets, err := groups[0].Targets(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, targets)
	for _, target := range targets {
		assert.Equal(t, port, target.Port)
	}

	var o triage.ScopeOptions
	options(&o)
	client := cloudwatch.NewFromConfig(cfg, o.CloudWatch...)
	figure := metrics.LoadBalancerMetric(w.loadBalancer, "HTTPCode_ELB_502_Count", "Sum")
	_, err = client.PutMetricData(t.Context(), &cloudwatch.PutMetricDataInput{Namespace: aws.String("AWS/ApplicationELB"),
		MetricData: []types.MetricDatum{{
			MetricName: aws.String(figure.Name), Value: aws.Float64(37), Timestamp: aws.Time(now.Add(-20 * time.Minute)),
			Unit: types.StandardUnitCount,
			Dimensions: []types.Dimension{{Name: aws.String("LoadBalancer"),
				Value: aws.String(metrics.LoadBalancerDimension(w.loadBalancer))}},
		}}})
	set, fetchErr := source.Fetch(t.Context(), figure)
	if err != nil {
		t.Logf("the server does not take metrics in this protocol: %v", err)
		assert.Error(t, fetchErr)
	} else {
		require.NoError(t, fetchErr)
		assert.Equal(t, 37.0, set.Series(figure).Sum())
	}

	_, err = rds.NewFromConfig(cfg).CreateDBInstance(t.Context(),
		&rds.CreateDBInstanceInput{DBInstanceIdentifier: &name, Engine: aws.String("postgres"),
			DBInstanceClass: aws.String("db.t3.micro"), AllocatedStorage: aws.Int32(20), MasterUsername: aws.String("root1"),
			MasterUserPassword: aws.String("not-a-secret-1")})
	require.NoError(t, err)
	databases := rdsdiag.NewDirectory(scope.Clients.RDS, source, window)
	described, err := databases.DBInstance(name).Describe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "available", *described.DBInstanceStatus)
	_, err = databases.DBInstance("nobody").Describe(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
}
