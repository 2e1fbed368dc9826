package rdsdiag_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

func (w *world) directory() *rdsdiag.Directory {
	return rdsdiag.NewDirectory(w.rds, w.source(), w.window)
}

func (w *world) callsOf(action string) (n int) {
	for _, c := range w.rds.Calls() {
		if c.Action == action {
			n++
		}
	}
	return n
}

func TestByEndpoint(t *testing.T) {
	w := newWorld()
	w.cluster().CustomEndpoints = []string{"reports.cluster-custom-c1abcdefghij.eu-west-1.rds.amazonaws.com"}
	d := w.directory()
	for host, want := range map[string]string{
		"shop-db.c1abcdefghij.eu-west-1.rds.amazonaws.com":                dbID,
		"SHOP-DB.c1abcdefghij.eu-west-1.rds.amazonaws.com.":               dbID,
		" shop-db.c1abcdefghij.eu-west-1.rds.amazonaws.com:5432":          dbID,
		"shop-aurora.cluster-c1abcdefghij.eu-west-1.rds.amazonaws.com":    clusterID,
		"shop-aurora.cluster-ro-c1abcdefghij.eu-west-1.rds.amazonaws.com": clusterID,
		"reports.cluster-custom-c1abcdefghij.eu-west-1.rds.amazonaws.com": clusterID,
		"shop-db.c1abcdefghij.eu-west-1.rds.amazonaws.com.evil.example":   "",
		"db.internal": "", "": "", ":5432": "",
	} {
		subject, err := d.ByEndpoint(t.Context(), host)
		require.NoError(t, err, host)
		if want == "" {
			assert.Nil(t, subject, host)
			continue
		}
		require.NotNil(t, subject, host)
		assert.Equal(t, want, subject.Resource().ID, host)
		assert.NotEmpty(t, subject.Resource().ARN, host)
	}
	assert.Equal(t, 1, w.callsOf("rds:DescribeDBInstances"), "listed once for all hosts")
	assert.Equal(t, 1, w.callsOf("rds:DescribeDBClusters"))
}

func TestByEndpointWithoutPermission(t *testing.T) {
	w := newWorld()
	w.rds.Deny("rds:DescribeDBClusters")
	subject, err := w.directory().ByEndpoint(t.Context(), "shop-db.c1abcdefghij.eu-west-1.rds.amazonaws.com")
	require.NoError(t, err, "what was found needs no more")
	assert.Equal(t, dbID, subject.Resource().ID)
	_, err = w.directory().ByEndpoint(t.Context(), "db.internal")
	assert.Equal(t, diag.KindDenied, diag.KindOf(err), "not found may be not seen")
}

// TestFleetIsCheap lists a fleet in pages of a hundred and describes nothing twice.
func TestFleetIsCheap(t *testing.T) {
	w := newWorld()
	w.rds.DBInstances = nil
	for n := range 250 {
		w.rds.DBInstances = append(w.rds.DBInstances, rdsfake.Instance(fmt.Sprintf("db-%03d", n), dbID+"-params", now))
	}
	d := w.directory()
	instances, err := d.DBInstances(t.Context())
	require.NoError(t, err)
	require.Len(t, instances, 250)
	for _, i := range instances {
		_, err := i.Describe(t.Context())
		require.NoError(t, err)
	}
	assert.Same(t, instances[7], d.DBInstance("DB-007"), "identifiers are of no case")
	assert.Equal(t, 3, w.callsOf("rds:DescribeDBInstances"))
}

// TestOneRunCallsOnce runs all there is on one instance: each call is made once.
func TestOneRunCallsOnce(t *testing.T) {
	w := newWorld()
	i := w.instance()
	report := diag.Runner{Window: w.window}.Run(t.Context(), diag.On(i, rdsdiag.DBInstanceChecks()...), diag.Observe(i,
		rdsdiag.DBInstanceSurvey))
	require.NoError(t, report.Err())
	assert.Len(t, w.cw.Calls(), 1, "one call for all metrics")
	for action, want := range map[string]int{"rds:DescribeDBInstances": 1, "rds:DescribeDBParameters": 1,
		"rds:DescribeEvents":                    2,
		"rds:DescribePendingMaintenanceActions": 1, "rds:DescribeDBLogFiles": 0} {
		assert.Equal(t, want, w.callsOf(action), action)
	}
}

func TestNotFound(t *testing.T) {
	w := newWorld()
	_, err := rdsdiag.NewDBInstance(w.rds, "gone", w.source(), w.window).Describe(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err), err)
	assert.ErrorContains(t, err, "describing database instance gone")
	_, err = rdsdiag.NewDBCluster(w.rds, "gone", w.source(), w.window).Describe(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err), err)
}

func TestInstanceLinksAndSettings(t *testing.T) {
	w := newWorld()
	w.db().DBClusterIdentifier = aws.String(clusterID)
	w.db().MonitoringRoleArn = aws.String("arn:aws:iam::111122223333:role/service/rds-monitoring")
	links, err := rdsdiag.DBInstanceSurvey.Links(t.Context(), w.instance())
	require.NoError(t, err)
	got := map[string]bool{}
	for _, l := range links {
		assert.Equal(t, rdsfake.InstanceARN(dbID), l.From.ARN)
		got[l.Role+" "+l.To.String()] = l.Context
	}
	for role, context := range map[string]bool{"guarded by EC2::SecurityGroup sg-0db": false,
		"placed in EC2::Subnet subnet-a": false,
		"placed in EC2::Subnet subnet-b": false, "encrypted by KMS::Key 11111111-2222-3333-4444-555555555555": false,
		"belongs to RDS::DBCluster shop-aurora": false, "monitored as IAM::Role rds-monitoring": true,
		"placed in EC2::VPC vpc-1": true} {
		is, ok := got[role]
		assert.True(t, ok, "%s in %v", role, got)
		assert.Equal(t, context, is, role)
	}
	settings, err := rdsdiag.DBInstanceSurvey.Settings(t.Context(), w.instance())
	require.NoError(t, err)
	values := map[string]string{}
	for _, s := range settings {
		values[s.Name] = s.Value
	}
	assert.Equal(t, "db.m6g.large", values["DBInstanceClass"])
	assert.Equal(t, "5432", values["Endpoint.Port"])
	assert.Equal(t, "true", values["IAMAuthenticationSupported"])
	assert.NotContains(t, values, "DBInstanceArn")
}

func TestClusterLinks(t *testing.T) {
	links, err := rdsdiag.DBClusterSurvey.Links(t.Context(), newWorld().dbCluster())
	require.NoError(t, err)
	var roles []string
	for _, l := range links {
		roles = append(roles, l.Role+" "+l.To.ID)
	}
	assert.Equal(t, []string{"writes to shop-aurora-1", "reads from shop-aurora-2", "guarded by sg-0db"}, roles)
}

// TestStoppedStartsByItself quotes when RDS will start a stopped database.
func TestStoppedStartsByItself(t *testing.T) {
	w := newWorld(status("stopped"))
	w.db().AutomaticRestartTime = aws.Time(now.Add(48 * time.Hour))
	f := diagtest.Only(t, diagtest.Run(t, w.instance(), rdsdiag.DBInstanceChecks()...), "rds.stopped")
	assert.Contains(t, f.Summary, "RDS starts it by itself at 2026-03-06 12:00 UTC")
	assert.Equal(t, "aws rds start-db-instance --db-instance-identifier shop-db", f.NextSteps[2].Command)
}
