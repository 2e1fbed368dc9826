package wiretest

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/guard"
	"github.com/awsdiag/awsdiag/diag/health"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/triage"
)

// guardedScope makes the scope of the server with guarded clients.
func guardedScope(t *testing.T, cfg aws.Config, options func(*triage.ScopeOptions)) triage.Scope {
	g, err := guard.New(guard.Options{Reason: "wire test"})
	require.NoError(t, err)
	guarded := g.Config(cfg, "123456789012")
	guarded.RetryMaxAttempts = 1
	scope, err := triage.NewScope(t.Context(), guarded, options)
	require.NoError(t, err)
	return scope
}

// TestDatabaseLoad reads a database's events, its clusters' state and what Performance Insights knows of it. A server
// that has no Performance Insights gives an error, and no idle database.
func TestDatabaseLoad(t *testing.T) {
	cfg, options := peer(t)
	ctx, now := t.Context(), time.Now()
	name := fmt.Sprintf("load-%d", now.UnixNano()%1_000_000_000)
	_, err := rds.NewFromConfig(cfg).CreateDBInstance(ctx, &rds.CreateDBInstanceInput{DBInstanceIdentifier: &name,
		Engine: aws.String("postgres"), DBInstanceClass: aws.String("db.t3.micro"), AllocatedStorage: aws.Int32(20),
		MasterUsername: aws.String("root1"), MasterUserPassword: aws.String("not-a-secret-1"),
		EnablePerformanceInsights: aws.Bool(true)})
	require.NoError(t, err)
	scope := guardedScope(t, cfg, options)
	window := diag.Last(time.Hour, now)
	source := metrics.NewSource(scope.Clients.CloudWatch, window)
	db := rdsdiag.NewDirectory(scope.Clients.RDS, source, window).DBInstance(name)
	events, err := db.Events(ctx)
	t.Logf("%d events, %v", len(events), err)
	sessions, err := rdsdiag.NewLoad(db, scope.Clients.PerformanceInsights, true).Sessions(ctx)
	t.Logf("sessions: %v, %v", sessions, err)
	assert.True(t, err != nil || sessions == nil || len(sessions.Total.Points) > 0, "no idle database without points")
	report := diag.Run(ctx, diag.On(db, rdsdiag.DBInstanceChecks()...))
	for _, i := range report.Inconclusive {
		assert.NotContains(t, []diag.Kind{diag.KindPanic, diag.KindContract}, i.Kind, i.Err)
		t.Logf("could not see: %s: %s", i.Code, i.Err)
	}
	for _, f := range report.Findings {
		assert.Less(t, f.Severity, diag.SeverityError, "%s: %s", f.Code, f.Summary)
		t.Logf("%s %s: %s", f.Severity, f.Code, f.Summary)
	}
}

// TestVolumes reads the status of the volumes of an instance. A server without it gives an error, and no sound volumes.
func TestVolumes(t *testing.T) {
	cfg, options := peer(t)
	ctx := t.Context()
	run, err := ec2.NewFromConfig(cfg).RunInstances(ctx, &ec2.RunInstancesInput{ImageId: aws.String("ami-12c6146b"),
		InstanceType: "t3.micro", MinCount: aws.Int32(1), MaxCount: aws.Int32(1)})
	require.NoError(t, err)
	scope := guardedScope(t, cfg, options)
	instance := ec2diag.NewInstance(scope.Clients.EC2, *run.Instances[0].InstanceId, diag.Last(time.Hour, time.Now()))
	described, err := instance.Describe(ctx)
	require.NoError(t, err)
	statuses, err := instance.VolumeStatuses(ctx)
	t.Logf("%d volumes attached, %d statuses, %v", len(described.BlockDeviceMappings), len(statuses), err)
	if len(described.BlockDeviceMappings) > 0 && err == nil {
		assert.Len(t, statuses, len(described.BlockDeviceMappings))
	}
	report := diag.Run(ctx, diag.On(instance, ec2diag.InstanceDepthChecks()...))
	if err != nil {
		assert.Error(t, report.Err())
	}
	for _, i := range report.Inconclusive {
		assert.NotContains(t, []diag.Kind{diag.KindPanic, diag.KindContract}, i.Kind, i.Err)
	}
}

// TestCertificates reads a certificate of ACM, and knows one that is not.
func TestCertificates(t *testing.T) {
	cfg, options := peer(t)
	ctx := t.Context()
	made, err := acm.NewFromConfig(cfg).RequestCertificate(ctx,
		&acm.RequestCertificateInput{DomainName: aws.String("shop.example.com")})
	require.NoError(t, err)
	scope := guardedScope(t, cfg, options)
	window := diag.Last(time.Hour, time.Now())
	certificate := albdiag.NewCertificate(scope.Clients.ACM, *made.CertificateArn, window, "shop.example.com")
	described, err := certificate.Describe(ctx)
	require.NoError(t, err)
	assert.Equal(t, "shop.example.com", *described.DomainName)
	report := diag.Run(ctx, diag.On(certificate, albdiag.CertificateChecks()...))
	for _, i := range report.Inconclusive {
		assert.NotContains(t, []diag.Kind{diag.KindPanic, diag.KindContract}, i.Kind, i.Err)
	}
	for _, f := range report.Findings {
		t.Logf("%s %s: %s", f.Severity, f.Code, f.Summary)
	}
	_, err = albdiag.NewCertificate(scope.Clients.ACM, *made.CertificateArn+"0", window).Describe(ctx)
	assert.Error(t, err)
}

// TestHealthEvents asks AWS Health. A server that does not know it gives an error, and no all-clear.
func TestHealthEvents(t *testing.T) {
	cfg, options := peer(t)
	scope := guardedScope(t, cfg, options)
	events := health.NewEvents(scope.Clients.Health, cfg.Region, diag.Last(time.Hour, time.Now()))
	issues, err := events.Issues(t.Context())
	t.Logf("%d issues, %v", len(issues), err)
	report := diag.Run(t.Context(), diag.On(events, health.EventChecks()...))
	assert.Equal(t, err == nil, report.Err() == nil)
	assert.Empty(t, report.Findings)
}
